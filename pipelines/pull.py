"""Pulling one source over the network into `raw`: everything of a pull, or nothing.

What belongs here: the loader, the watermark, and what a pull reports. What does not: what is read
(`connectors/`), how rows reach the loader (`landing.py`), and what is gone (`vanishing.py`). dlt
keeps the versions (`scd2`); its own files lie in a folder that goes with the pull, and a pull
counts once dlt has marked its whole load as done, so nothing but the warehouse has to be kept.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from pipelines.arriving import sift_landed
from pipelines.connectors.api_tables import FROM, REFUSED, TO, ApiTable
from pipelines.connectors.kinds import connector_of
from pipelines.connectors.raw_log import SourceError
from pipelines.connectors.reading import Reading
from pipelines.connectors.records import Door, Row
from pipelines.connectors.walk import Listing, Tally, read_listing
from pipelines.errors import causes
from pipelines.landing import columns_of, landed, version_column
from pipelines.lending import lent, prepare
from pipelines.municipality import Municipality
from pipelines.sources import ApiSource
from pipelines.transactions import transaction
from pipelines.vanishing import as_known, refuse_vanished, retire_emptied
from transforms.privacy import fingerprint

Told = Callable[[str, int, int | None], None]

_LOADER = {
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "RUNTIME__LOG_LEVEL": "CRITICAL",
    "EXTRACT__NEXT_ITEM_MODE": "fifo",
    "LOAD__WORKERS": "1",
    "NORMALIZE__WORKERS": "1",
    "NORMALIZE__MODEL_NORMALIZER__ADD_DLT_LOAD_ID": "true",
}
_FIRST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class PullReport:
    """What one pull read, kept and refused, by table, and what people should know of it."""

    source: str
    began_at: datetime
    read: dict[str, int]
    kept: dict[str, int]
    refused: int
    findings: dict[str, int] = field(default_factory=dict)


def last_pull(connection: duckdb.DuckDBPyConnection, source: str, key: bytes) -> datetime | None:
    """When the last pull of a source that was loaded whole with this pseudonym key began.

    With another key no pseudonym meets an earlier one, so everything must be read anew.
    """
    known = connection.execute(
        "select 1 from information_schema.tables where table_schema = 'raw'"
        " and table_name = '_dlt_loads'"
    ).fetchall()
    if not known:
        return None
    [(began_at,)] = connection.execute(
        "select max(p.began_at) from raw.api_pulls as p inner join raw._dlt_loads as l"
        " on l.load_id = p._dlt_load_id and l.status = 0 where p.source = ? and p.is_whole"
        " and p.key_fingerprint = ?",
        [source, fingerprint(key)],
    ).fetchall()
    return began_at  # type: ignore[no-any-return]


def pull(
    connection: duckdb.DuckDBPyConnection,
    source: ApiSource,
    municipality: Municipality,
    key: bytes,
    reading: Reading | None = None,
    told: Told = lambda table, done, total: None,
    now: datetime | None = None,
) -> PullReport:
    """Read a source and load what it gave. `reading` without a `since` goes on from the last pull.

    Raises SourceError where the source cannot be read; then nothing of this pull is loaded.
    """
    since = last_pull(connection, source.id, key)
    began = max(now or datetime.now(UTC), since + timedelta(microseconds=1) if since else _FIRST)
    asked = reading or Reading()
    asked = Reading(asked.cadence, since, asked.period)
    organisations = {
        number: partner.id
        for partner in municipality.partners
        for number in partner.registration_numbers
    }
    door, tally = Door(key, organisations), Tally()
    listings = connector_of(source).listings(source, asked, began)
    _load(connection, source, asked, began, listings, door, tally, told)
    return PullReport(
        source.id,
        began,
        dict(tally.read),
        dict(tally.kept),
        len(tally.refused),
        {name: count for name, count in tally.findings.items() if count},
    )


def _load(
    connection: duckdb.DuckDBPyConnection,
    source: ApiSource,
    reading: Reading,
    began: datetime,
    listings: Iterable[Listing],
    door: Door,
    tally: Tally,
    told: Told,
) -> None:
    os.environ.update(_LOADER)
    import dlt
    from dlt.common.exceptions import DltException

    with tempfile.TemporaryDirectory(prefix="hartslag-") as folder:
        os.environ["DLT_DATA_DIR"] = folder
        pipeline = dlt.pipeline(
            f"pull_{source.id}",
            pipelines_dir=folder,
            destination=dlt.destinations.duckdb(lent(connection)),
            dataset_name="raw",
        )

        def pages_of(listing: Listing) -> Iterator[list[Row]]:
            yield from read_listing(listing, door, tally, told)
            if known := as_known(connection, source, listing, tally):
                yield known

        def files_of(table: ApiTable, pages: Iterable[list[Row]]) -> Iterator[Any]:
            return landed(table, source.id, pages, Path(folder))

        schema, resources, kept_whole = dlt.Schema(pipeline.pipeline_name), [], []
        for listing in listings:
            files = files_of(listing.table, pages_of(listing))
            schema.update_table(version_column(listing.table))
            resources.append(_resource(dlt, listing.table, listing.within, began, files))
            if listing.within is None:
                kept_whole.append(listing.table)
        refused = files_of(REFUSED, _refused_rows(connection, source, reading, tally))
        within = None if reading.is_sweep else REFUSED.key
        schema.update_table(version_column(REFUSED))
        resources.append(_resource(dlt, REFUSED, within, began, refused))
        resources.append(_pull_resource(dlt, source, reading, began, door, tally))
        try:
            pipeline.extract(resources, schema=schema)
            sift_landed(connection, Path(folder), door.key)
            pipeline.normalize()
            prepare(pipeline)
            with transaction(connection):
                pipeline.load()
                if reading.is_sweep and not tally.refused:
                    kept_whole.append(REFUSED)
                retire_emptied(connection, source, began, kept_whole, tally)
        except DltException as error:
            raise _plain(error) from None


def _resource(
    dlt: Any, table: ApiTable, within: str | None, began: datetime, files: Iterator[Any]
) -> Any:
    """One table's files for the loader, which keeps a version wherever a row changed."""
    return dlt.resource(
        files,
        name=table.name,
        primary_key=("source", table.key),
        merge_key=("source",) if within is None else ("source", within),
        write_disposition={
            "disposition": "merge",
            "strategy": "scd2",
            "validity_column_names": [FROM, TO],
            "boundary_timestamp": began,
        },
        columns={name: {"data_type": kind} for name, kind in columns_of(table).items()},
    )


def _refused_rows(
    connection: duckdb.DuckDBPyConnection, source: ApiSource, reading: Reading, tally: Tally
) -> Iterator[list[Row]]:
    """The refused records, once all else was read.

    Raises SourceError where they are too many, or too much of what was known is no longer there.
    """
    if reading.is_sweep:
        refuse_vanished(connection, source, tally)
    read = sum(tally.read.values())
    if len(tally.refused) > source.max_quarantined_share * read:
        reasons = sorted({f"{row['resource']}: {row['reason']}" for row in tally.refused})[:3]
        raise SourceError(
            f"sources.{source.id}: {len(tally.refused)} of {read} records cannot be used, more than"
            f" the {source.max_quarantined_share:.0%} of max_quarantined_share; nothing was"
            " loaded.\n" + "".join(f"  {reason}\n" for reason in reasons) + "  Mend: look which"
            " version the server runs, or raise max_quarantined_share."
        )
    if tally.refused:
        yield tally.refused


def _pull_resource(
    dlt: Any, source: ApiSource, reading: Reading, began: datetime, door: Door, tally: Tally
) -> Any:
    def rows() -> Iterator[Row]:
        yield {
            "source": source.id,
            "began_at": began,
            "cadence": "weekly" if reading.is_sweep else reading.cadence,
            "is_whole": reading.period is None,
            "key_fingerprint": fingerprint(door.key),
            "rows_read": sum(tally.read.values()),
            "rows_kept": sum(tally.kept.values()),
            "rows_refused": len(tally.refused),
        }

    return dlt.resource(
        rows(),
        name="api_pulls",
        write_disposition="append",
        columns={"began_at": {"data_type": "timestamp"}},
    )


def _plain(error: BaseException) -> BaseException:
    """The SourceError behind an error of the loader, else that error."""
    return next((cause for cause in causes(error) if isinstance(cause, SourceError)), error)
