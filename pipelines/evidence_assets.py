"""The assets of the evidence: the verdicts on the register, and what stands beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from pipelines.evidence import judged
from pipelines.evidence_tables import EVIDENCE_TABLES, MEANINGS, evidence_tables
from pipelines.raw_assets import POOL
from pipelines.resources import Workspace
from pipelines.warehouse import read, replace_tables
from transforms.models import Model

JUDGED_TABLES = tuple(f"mart.{table}" for table in EVIDENCE_TABLES)


def evidence_assets(models: Mapping[str, Model]) -> dg.AssetsDefinition:
    specs = [
        dg.AssetSpec(
            key=["mart", table],
            group_name="mart",
            description=MEANINGS[table],
            deps=[dg.AssetKey(["mart", "kpi_values"]), dg.AssetKey(["mart", "definitions"])],
            kinds={"python"},
            metadata={
                "dagster/column_schema": dg.TableSchema([dg.TableColumn(name) for name in columns])
            },
        )
        for table, columns in EVIDENCE_TABLES.items()
    ]

    @dg.multi_asset(name="evidence", specs=specs, pool=POOL)
    def evidence(workspace: Workspace) -> Iterator[dg.MaterializeResult]:
        municipality = workspace.municipality()
        with workspace.warehouse() as connection:
            named = read(connection, "select definition, definition_hash from mart.definitions")
            found = judged(connection, municipality, models)
            threshold = municipality.disclosure_threshold
            tables = evidence_tables(found, dict(named.iter_rows()), threshold)
            replace_tables(connection, "mart", tables)
        said = Counter(each.verdict.verdict for each in found)
        for table, frame in tables.items():
            metadata: dict[str, Any] = {"dagster/row_count": frame.height}
            if table == "improvement_evidence":
                metadata |= dict(said)
            yield dg.MaterializeResult(asset_key=["mart", table], metadata=metadata)

    return evidence
