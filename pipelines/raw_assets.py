"""The assets of `raw`: files and queries, each taken once, and systems that are read by their API.

What belongs here: thin wrappers that name an asset and report on it. What does not: reading
(`connectors/`), loading (`load.py`, `pull.py`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import dagster as dg
import duckdb

from pipelines.connectors.kinds import api_tables
from pipelines.connectors.raw_log import PassingSourceError
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
_MEANINGS = {
    "files": "Each file or part of a source that was taken, once per content and mapping.",
    "events": "What files tell of what happened to cases, pseudonymised.",
    "cases": "What files tell of cases, pseudonymised.",
    "contacts": "What files tell of contacts, pseudonymised.",
    "callbacks": "What files tell of promised callbacks, pseudonymised.",
    "quarantine": "Rows that could not be used, with the reason and the form of the value.",
    "owner_statistics": "What the owner of a log printed about it in its header.",
    "findings": "What was found about a file while it was read, counted.",
    "api_pulls": "Each reading of a system, with what it read, kept and refused.",
    "erased": "Who may not come back, as hashes of pseudonyms that lead to nobody.",
    "removals": "Rows that were erased or past their term, counted, with the reason.",
}
_OF_SYSTEMS = "Records of systems, each version with the moments between which it was seen so."
PULLED = (*(table.name for table in api_tables()), "api_pulls", "erased", "removals")


MOST_RETRIES, FIRST_WAIT_S = 3, 120


class Patience(dg.Config):
    """How often a reading begins again where a source is away for a while: after 2, 4 and 8
    minutes. A run that a person started waits for nothing."""

    retries: int = 0


class PullConfig(Patience):
    """How much is read: `front` what is new, `daily` besides what can change, `weekly` all."""

    cadence: Literal["front", "daily", "weekly"] = "daily"


@contextmanager
def retried(
    context: dg.AssetExecutionContext | dg.OpExecutionContext, patience: Patience
) -> Iterator[None]:
    """Ask Dagster to begin the step again where what went wrong may pass by itself."""
    try:
        yield
    except PassingSourceError as error:
        if not patience.retries:
            raise
        wait_s = FIRST_WAIT_S * 2**context.retry_number
        raise dg.RetryRequested(patience.retries, wait_s) from error


def raw_assets() -> list[dg.AssetsDefinition]:
    return [_files_asset(), _systems_asset()]


def _specs(tables: tuple[str, ...]) -> list[dg.AssetSpec]:
    return [
        dg.AssetSpec(
            key=["raw", table],
            group_name="raw",
            kinds={"duckdb"},
            description=_MEANINGS.get(table, _OF_SYSTEMS),
            deps=[dg.AssetKey(["config", "sources"])],
        )
        for table in tables
    ]


def _files_asset() -> dg.AssetsDefinition:
    @dg.multi_asset(name="raw_files", specs=_specs(RAW_TABLES), pool=POOL)
    def raw_files(
        context: dg.AssetExecutionContext, config: Patience, workspace: Workspace
    ) -> Iterator[dg.MaterializeResult]:
        """Every source's files and queries, pseudonymised, each taken once."""
        key, base = pseudonym_key(), workspace.settings.config_file.parent
        with retried(context, config), workspace.warehouse() as connection:
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
        with retried(context, config), workspace.warehouse() as connection:
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
        [(rows,)] = connection.execute(f"select count(*) from raw.{table}").fetchall()  # noqa: S608
        yield dg.MaterializeResult(asset_key=["raw", table], metadata={"dagster/row_count": rows})
