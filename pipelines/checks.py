"""The tests of the SQL models, and the checks on the data, as asset checks; an error blocks
everything downstream.

What belongs here: what Dagster is told of a check and its outcome. What does not: what is asked
(`transforms/models.py`, `transforms/checks/`), and its limits (`check_settings.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import dagster as dg
import duckdb

from transforms.data_checks import DataCheck, load_data_checks
from transforms.models import Model, ModelTest, failing_rows
from transforms.privacy import is_pseudonym

ERROR, WARN = dg.AssetCheckSeverity.ERROR, dg.AssetCheckSeverity.WARN


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


def data_check_specs(schema: str) -> list[dg.AssetCheckSpec]:
    """The checks on the data that stand under a table of `schema`; whether one blocks is said by
    the severity of its outcome, which the municipality chooses."""
    return [
        dg.AssetCheckSpec(
            name=check.name,
            asset=dg.AssetKey(check.table.split(".")),
            description=f"{check.meaning}\n\nMend: {check.mend}",
            blocking=True,
            metadata={"query": dg.MetadataValue.md(f"```sql\n{check.rows}\n```")},
        )
        for check in load_data_checks()
        if check.table.split(".")[0] == schema
    ]


def check_results(connection: duckdb.DuckDBPyConnection, model: Model) -> list[dg.AssetCheckResult]:
    return [
        _result(connection, model.name, test, ERROR if test.severity == "error" else WARN)
        for test in model.tests
    ]


def data_check_results(
    connection: duckdb.DuckDBPyConnection, asked: Iterable[dg.AssetCheckKey] | None = None
) -> Iterator[dg.AssetCheckResult]:
    """The outcome of each check on the data, or of those that are asked, once all of `core` is
    made; its limits are told beside it."""
    limits = {
        name: (severity, {"threshold": threshold, "at_least": at_least})
        for name, severity, threshold, at_least in connection.execute(
            "select check_name, severity, threshold, at_least from config.checks"
        ).fetchall()
    }
    names = None if asked is None else {(key.asset_key.path[-1], key.name) for key in asked}
    for check in load_data_checks():
        if names is None or (check.table.split(".")[-1], check.name) in names:
            severity, told = limits[check.name]
            level = ERROR if severity == "error" else WARN
            yield _result(connection, check.table, check, level, told)


def blocks(check: dg.AssetCheckResult) -> bool:
    """Whether nothing downstream may be built on this result."""
    return not check.passed and check.severity is ERROR


def blocking_names(evaluations: Iterable[dg.AssetCheckEvaluation]) -> tuple[str, ...]:
    """The checks that stopped a run, as `core.cases: orphans`."""
    return tuple(
        f"{'.'.join(each.asset_key.path)}: {each.check_name}"
        for each in evaluations
        if not each.passed and each.blocking and each.severity is ERROR
    )


def _shown(value: Any) -> str:
    """A value as Dagster, which forgets nothing, may keep it."""
    return "a pseudonym" if is_pseudonym(str(value)) else str(value)


def _result(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    test: ModelTest | DataCheck,
    severity: dg.AssetCheckSeverity,
    limits: dict[str, Any] | None = None,
) -> dg.AssetCheckResult:
    count, rows = failing_rows(connection, test)
    metadata: dict[str, Any] = {"failing_rows": dg.MetadataValue.int(count), **(limits or {})}
    if count:
        metadata["first_failing_rows"] = dg.MetadataValue.table(
            [dg.TableRecord({k: _shown(v) for k, v in row.items()}) for row in rows]
        )
    return dg.AssetCheckResult(
        asset_key=dg.AssetKey(table.split(".")),
        check_name=test.name,
        passed=count == 0,
        severity=severity,
        metadata=metadata,
    )
