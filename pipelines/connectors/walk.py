"""Walking the lists of an API: whole, or newest first down to a watermark.

What belongs here: early stops, the order that they rest on, what was read and what was refused.
What does not: requests (`rest.py`), fields (`records.py`), and loading (`pipelines/pull.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from pipelines.connectors.api_tables import REFUSED, ApiTable
from pipelines.connectors.raw_log import SourceError
from pipelines.connectors.records import (
    Door,
    MissingFieldError,
    Row,
    UnusableRecordError,
    instant,
    uuid,
)
from pipelines.connectors.rest import PAGE_SIZE, Page, Params
from pipelines.connectors.seen import Seen

# Two writers at one moment may be numbered in the other order; that is no broken order.
_TOLERANCE = timedelta(minutes=5)
_MANY = 20
Keep = Callable[[Mapping[str, Any], Door], Row | None]


class Lists(Protocol):
    """Who gives lists, page by page, in the name of a source; no page at all where what a list
    belongs to is gone. Raises SourceError where it cannot be read."""

    @property
    def source(self) -> str: ...

    def pages(self, path: str, params: Params | None = None) -> Iterator[Page]: ...


@dataclass(frozen=True)
class Listing:
    """What to read into one table: `asks` are the lists, as path and parameters, made when read.

    What the warehouse has and the lists no longer give is gone: of the whole source where `within`
    is null, else of those values of that column that the lists gave. Where `newest_by` names the
    instant by which the list runs newest first, reading stops at the first page that ends before
    `until`. `page_size` is null where the server has pages of its own size, or none.
    """

    api: Lists
    table: ApiTable
    keep: Keep
    asks: Iterable[tuple[str, Params]]
    within: str | None = None
    newest_by: str | None = None
    until: datetime | None = None
    page_size: int | None = PAGE_SIZE


@dataclass
class Tally:
    """What one pull met: rows read and kept per table, records refused, findings by name.

    `unusable` holds, by table, the keys that refused records may have: that they cannot be used
    does not make what was known of them gone.
    """

    read: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    refused: list[Row] = field(default_factory=list)
    unusable: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    findings: Counter[str] = field(default_factory=Counter)


def read_listing(
    listing: Listing,
    door: Door,
    tally: Tally,
    told: Callable[[str, int, int | None], None] = lambda table, done, total: None,
) -> Iterator[list[Row]]:
    """The rows to keep, page by page, each record once.

    `told` hears the table, the records read, and how many there are where the server says so.
    Raises SourceError where the server fails or no longer gives a field.
    """
    name, key, done = listing.table.name, listing.table.key, 0
    with Seen() as seen:
        for path, params in listing.asks:
            before = done
            for records, total in _pages(listing, path, params, tally):
                done += len(records)
                tally.read[name] += len(records)
                told(name, done, None if total is None else before + total)
                rows = [row for record in records if (row := _kept(listing, record, door, tally))]
                fresh = [row for row in rows if seen.is_first(row[key])]
                tally.kept[name] += len(fresh)
                tally.findings[f"{name}.repeated"] += len(rows) - len(fresh)
                if fresh:
                    yield fresh
        tally.unusable[name] = {known for known in tally.unusable[name] if known not in seen}
    _look_for_trails(listing, tally)


def _pages(
    listing: Listing, path: str, params: Params, tally: Tally
) -> Iterator[tuple[list[dict[str, Any]], int | None]]:
    size = {"pageSize": str(listing.page_size)} if listing.page_size else {}
    lowest: datetime | None = None
    is_ordered, is_there = listing.newest_by is not None, False
    for page in listing.api.pages(path, {**params, **size}):
        is_there = True
        yield page.records, page.total
        if not is_ordered or listing.newest_by is None or page.is_again:
            continue
        stamps = [at for record in page.records if (at := stamp_of(record, listing.newest_by))]
        if not _runs_down(lowest, stamps):
            is_ordered = False
            tally.findings[f"{listing.table.name}.order_broken"] += 1
            continue
        lowest = min([*stamps, *([lowest] if lowest else [])], default=None)
        if listing.until and lowest and lowest < listing.until:
            return
    tally.findings[f"{listing.table.name}.gone_meanwhile"] += not is_there


def _look_for_trails(listing: Listing, tally: Tally) -> None:
    """Raises SourceError where nothing at all of many was there: then the server lacks it. A few
    cases, which is all that a reading between two sweeps may ask for, can really all be gone."""
    gone = tally.findings[f"{listing.table.name}.gone_meanwhile"]
    if gone >= _MANY and not tally.read[listing.table.name]:
        raise SourceError(
            f"sources.{listing.api.source}: none of {gone} lists for {listing.table.name} is there."
            "\n  Mend: take out `audit_trail:` if this server keeps no trail."
        )


def stamp_of(record: Mapping[str, Any], name: str) -> datetime | None:
    """The instant by which a list is ordered; null where it cannot be read."""
    try:
        return instant(record, name)
    except (UnusableRecordError, MissingFieldError):
        return None


def _runs_down(lowest: datetime | None, stamps: list[datetime]) -> bool:
    """Whether no stamp lies above all before it, by more than two writers can differ."""
    for at in stamps:
        if lowest is not None and at > lowest + _TOLERANCE:
            return False
        lowest = at if lowest is None else min(lowest, at)
    return True


def _kept(listing: Listing, record: Any, door: Door, tally: Tally) -> Row | None:
    try:
        if not isinstance(record, dict):
            raise UnusableRecordError("record", "is no JSON object.")
        row = listing.keep(record, door)
        for column, value in listing.table.misfits(row) if row else ():
            raise UnusableRecordError(column, "is of another type than it should be.", value)
        return row
    except MissingFieldError as error:
        raise SourceError(
            f"sources.{listing.api.source}: the list for {listing.table.name} no longer gives the"
            f" field {str(error)!r}.\n  Mend: look which version the server runs since when, and at"
            " `profile:` of this source; nothing of this pull was loaded."
        ) from None
    except UnusableRecordError as error:
        tally.refused.append(_refused(listing, record, door, tally, error))
        return None


def _pseudonyms(said: str, door: Door) -> set[str]:
    return {pseudonym for kind in ("record", "case") if (pseudonym := door(kind, said))}


def _refused(
    listing: Listing, record: Any, door: Door, tally: Tally, error: UnusableRecordError
) -> Row:
    try:
        said = uuid(record if "uuid" in record else {"uuid": record.get("url")})
        name = door.record(said)
        tally.unusable[listing.table.name] |= {said, *_pseudonyms(said, door)}
    except (UnusableRecordError, AttributeError, TypeError):
        name = door("record", f"{listing.table.name} without a key")
    return {
        REFUSED.key: name,
        "resource": listing.table.name,
        "column_name": error.field,
        "shape": error.shape,
        "reason": f"{error.field} {error.reason}",
    }
