"""The assets of `raw`: files and queries, each taken once, and systems that are read by their API.

What belongs here: thin wrappers that name an asset and report on it. What does not: reading
(`connectors/`), loading (`load.py`, `pull.py`).
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Literal

import dagster as dg
import duckdb

from pipelines.connectors.kinds import api_tables
from pipelines.connectors.reading import Reading
from pipelines.keeping import keep_removed
from pipelines.key_renewal import hold_to_key
from pipelines.load import load_source
from pipelines.progress import tell
from pipelines.pull import PullReport, pull
from pipelines.resources import Workspace
from pipelines.settings import pseudonym_key
from pipelines.sources import ApiSource, RowSource
from pipelines.warehouse import RAW_TABLES

POOL = "warehouse"
FRESHNESS = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=36))
PULLED = (*(table.name for table in api_tables()), "api_pulls", "erased", "removals", "key_held")


class PullConfig(dg.Config):
    """How much is read: `front` what is new, `daily` besides what can change, `weekly` all."""

    cadence: Literal["front", "daily", "weekly"] = "daily"


def raw_assets() -> list[dg.AssetsDefinition]:
    return [_files_asset(), _systems_asset()]


def _specs(tables: tuple[str, ...]) -> list[dg.AssetSpec]:
    return [
        dg.AssetSpec(
            key=["raw", table],
            group_name="raw",
            freshness_policy=FRESHNESS,
            kinds={"duckdb"},
            deps=[dg.AssetKey(["config", "sources"])],
        )
        for table in tables
    ]


def _files_asset() -> dg.AssetsDefinition:
    @dg.multi_asset(name="raw_files", specs=_specs(RAW_TABLES), pool=POOL)
    def raw_files(
        context: dg.AssetExecutionContext, workspace: Workspace
    ) -> Iterator[dg.MaterializeResult]:
        """Every source's files and queries, pseudonymised, each taken once."""
        key, base = pseudonym_key(), workspace.settings.config_file.parent
        with workspace.warehouse() as connection:
            hold_to_key(connection, key)
            for source in workspace.municipality().sources:
                if isinstance(source, RowSource):
                    for done, note in enumerate(load_source(connection, source, base, key), 1):
                        context.log.info(note)
                        tell(f"{source.id}: parts", done, None)
        keep_removed(workspace.settings, workspace.municipality(), key)
        with workspace.warehouse() as connection:
            yield from _counted(connection, RAW_TABLES)

    return raw_files


def _systems_asset() -> dg.AssetsDefinition:
    @dg.multi_asset(name="raw_systems", specs=_specs(PULLED), pool=POOL)
    def raw_systems(
        context: dg.AssetExecutionContext, config: PullConfig, workspace: Workspace
    ) -> Iterator[dg.MaterializeResult]:
        """Every system that is read over the network, pseudonymised, since the last reading."""
        municipality, key = workspace.municipality(), pseudonym_key()
        with workspace.warehouse() as connection:
            hold_to_key(connection, key)
            for source in municipality.sources:
                if isinstance(source, ApiSource):
                    reading = Reading(config.cadence)
                    teller = _Teller(context, source.id)
                    report = pull(connection, source, municipality, key, reading, teller)
                    context.log.info(told(report))
        keep_removed(workspace.settings, municipality, key)
        with workspace.warehouse() as connection:
            yield from _counted(connection, PULLED)

    return raw_systems


def told(report: PullReport) -> str:
    """One line on a pull: records by table, and what was found on the way."""
    tables = ", ".join(f"{name} {count:,}" for name, count in report.read.items())
    found = ", ".join(f"{name} {count:,}" for name, count in report.findings.items())
    line = f"{report.source}: read {tables}; set aside {report.refused:,}"
    return f"{line}; {found}" if found else line


class _Teller:
    """Tells who started the run how far a list is, and Dagster's log every ten thousand records."""

    def __init__(self, context: dg.AssetExecutionContext, source: str) -> None:
        self._context, self._source = context, source
        self._logged: tuple[str, int] = "", 0

    def __call__(self, table: str, done: int, total: int | None) -> None:
        tell(f"{self._source}: {table}", done, total)
        step = (table, done // 10_000)
        if step[1] and step != self._logged:
            self._logged = step
            self._context.log.info(f"{table}: {done:,}{f' of {total:,}' if total else ''} records")


def _counted(
    connection: duckdb.DuckDBPyConnection, tables: tuple[str, ...]
) -> Iterator[dg.MaterializeResult]:
    for table in tables:
        row: Any = connection.execute(f"select count(*) from raw.{table}").fetchone()  # noqa: S608
        yield dg.MaterializeResult(
            asset_key=["raw", table], metadata={"dagster/row_count": int(row[0])}
        )
