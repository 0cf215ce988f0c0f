"""The assets that mining makes: models, the desired journey, and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import dagster as dg

from pipelines.mining import mined_tables
from pipelines.progress import tell
from pipelines.raw_assets import POOL
from pipelines.resources import Workspace
from pipelines.warehouse import replace_tables
from transforms.mining.change_points import POINT_COLUMNS
from transforms.mining.changes import CHANGE_COLUMNS
from transforms.mining.deviations import DEVIATION_COLUMNS
from transforms.mining.fit import FIT_COLUMNS
from transforms.mining.lift import LIFT_COLUMNS

MINED_TABLES = (
    "mart.process_fit",
    "mart.deviations",
    "mart.variant_lift",
    "mart.process_changes",
    "mart.change_points",
)
_CHANGES_READ = (
    "core.process_months",
    "core.closed_paths",
    "core.case_paths",
    "core.cases",
    "config.desired_flows",
)
_READS = {
    "process_fit": ("mart.process_variants", "core.closed_paths", "config.desired_flows"),
    "deviations": (
        "core.closed_paths",
        "core.case_paths",
        "core.cases",
        "core.steps",
        "core.rule_checks",
        "config.desired_flows",
        "config.rules",
    ),
    "variant_lift": ("core.trait_counts",),
    "process_changes": (*_CHANGES_READ, "core.comparison_months"),
    "change_points": (*_CHANGES_READ, "core.cohorts", "config.improvements"),
}


def mining_assets() -> dg.AssetsDefinition:
    specs = [
        _spec("process_fit", "How well mined models, and the desired flow, fit.", FIT_COLUMNS),
        _spec("deviations", "Where cases leave the desired journey.", DEVIATION_COLUMNS),
        _spec("variant_lift", "What distinguishes slow cases, with intervals.", LIFT_COLUMNS),
        _spec("process_changes", "What differs between periods and groups.", CHANGE_COLUMNS),
        _spec("change_points", "Since when a journey goes differently.", POINT_COLUMNS),
    ]

    @dg.multi_asset(name="mined_models", specs=specs, pool=POOL)
    def mined(workspace: Workspace) -> Iterator[dg.MaterializeResult]:
        with workspace.warehouse() as connection:
            frames = mined_tables(connection, tell)
            replace_tables(connection, "mart", frames)
        for table, frame in frames.items():
            yield dg.MaterializeResult(
                asset_key=["mart", table], metadata={"dagster/row_count": frame.height}
            )

    return mined


def _spec(table: str, meaning: str, columns: Mapping[str, str]) -> dg.AssetSpec:
    described = [dg.TableColumn(name, description=text) for name, text in columns.items()]
    return dg.AssetSpec(
        key=["mart", table],
        group_name="mart",
        description=meaning,
        deps=[dg.AssetKey(name.split(".")) for name in _READS[table]],
        kinds={"python"},
        metadata={"dagster/column_schema": dg.TableSchema(columns=described)},
    )
