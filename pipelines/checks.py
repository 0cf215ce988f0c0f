"""The tests of the SQL models as asset checks; an error blocks everything downstream."""

from __future__ import annotations

from typing import Any

import dagster as dg
import duckdb

from transforms.models import Model, ModelTest, failing_rows
from transforms.privacy import is_pseudonym


def check_specs(model: Model) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(
            name=test.name,
            asset=dg.AssetKey([model.schema, model.table]),
            description=test.meaning or f"No rows from: {test.rows}",
            blocking=test.severity == "error",
        )
        for test in model.tests
    ]


def check_results(connection: duckdb.DuckDBPyConnection, model: Model) -> list[dg.AssetCheckResult]:
    return [_result(connection, model, test) for test in model.tests]


def blocks(check: dg.AssetCheckResult) -> bool:
    """Whether nothing downstream may be built on this result."""
    return not check.passed and check.severity is dg.AssetCheckSeverity.ERROR


def _shown(value: Any) -> str:
    """A value as Dagster, which forgets nothing, may keep it."""
    return "a pseudonym" if is_pseudonym(str(value)) else str(value)


def _result(
    connection: duckdb.DuckDBPyConnection, model: Model, test: ModelTest
) -> dg.AssetCheckResult:
    count, rows = failing_rows(connection, test)
    metadata: dict[str, dg.MetadataValue] = {"failing_rows": dg.MetadataValue.int(count)}
    if count:
        metadata["first_failing_rows"] = dg.MetadataValue.table(
            [dg.TableRecord({k: _shown(v) for k, v in row.items()}) for row in rows]
        )
    severe = test.severity == "error"
    return dg.AssetCheckResult(
        asset_key=dg.AssetKey([model.schema, model.table]),
        check_name=test.name,
        passed=count == 0,
        severity=dg.AssetCheckSeverity.ERROR if severe else dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )
