"""OCEL 2.0 logs flattened on one type of object, whose objects are the cases.

What belongs here: which objects are the cases, and what each event knows of them. What does not:
the forms of the file (`ocel_json.py`, `ocel_sqlite.py`) and the meaning of the columns
(`event_log.py`).

The columns of a flattened log have the names that pm4py gives them, and besides:
`case:<attribute>` is what that attribute of the case was at the time of the event, and
`object:<type>` the related object of another type.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from pipelines.connectors.instants import INSTANT, to_instants
from pipelines.connectors.object_log import ObjectLog, table
from pipelines.connectors.ocel_json import read_json
from pipelines.connectors.ocel_sqlite import read_sqlite
from pipelines.connectors.raw_log import RawLog, check_columns, findings, numbered, refusal

if TYPE_CHECKING:
    from pipelines.connectors.event_log import EventLogSource

_JSON = (".json", ".jsonocel")
OCEL = (*_JSON, ".sqlite", ".sqlite3", ".db")
CASE, ACTIVITY, AT = "case:concept:name", "concept:name", "time:timestamp"
_FIXED = {CASE: "object", ACTIVITY: "activity", AT: "at"}
_OF_CASE, _RELATED = "case:", "object:"
_START = datetime(1, 1, 1, tzinfo=UTC)
_INITIAL = "1970-01-01"  # the date by which OCEL says that a value holds from the start


def read_ocel(source: EventLogSource, file: Path, columns: Mapping[str, str]) -> RawLog:
    """A row for each event and each case that it is related to, by event, then by relation.

    Raises SourceError where the file is no whole OCEL 2.0, or lacks the case type or a column.
    """
    log = _read(file, frozenset(columns.values()))
    kind = _case_type(source, log)
    check_columns(file, columns, _present(log, kind))
    events = table(log.events, "event", "activity", "at")
    objects = table(log.objects, "object", "type")
    links = table(log.relations, "event", "object", "qualifier").join(
        objects.unique("object", keep="first"), "object", how="left", maintain_order="left"
    )
    known = events.unique("event", keep="first", maintain_order=True)
    rows = _rows(known, links.filter(pl.col("type") == kind), source)
    if rows.is_empty():
        what = f"none of its {known.height} events is related to an object of type {kind!r}."
        raise refusal(file, what, "correct `case_object_type:` of this source, or the export.")
    held = _held(log, rows, source)
    values = {role: _values(name, rows, log, links, held) for role, name in columns.items()}
    told = findings(
        ("events_given_twice", events.height - known.height, ""),
        ("objects_given_twice", objects.height - objects["object"].n_unique(), ""),
        ("events_without_a_case_object", known.height - rows["event"].n_unique(), f"type={kind}"),
        ("relations_to_no_object", links["type"].null_count(), ""),
        ("attributes_without_a_readable_time", held["instant"].null_count(), ""),
    )
    return RawLog(numbered(values), findings=told)


def _read(file: Path, wanted: frozenset[str]) -> ObjectLog:
    if file.stat().st_size == 0:
        raise refusal(file, "is empty.", "export it again.")
    log = ObjectLog(file, wanted)
    (read_json if file.name.lower().endswith(_JSON) else read_sqlite)(log)
    return log


def _case_type(source: EventLogSource, log: ObjectLog) -> str:
    chosen, types = source.case_object_type, sorted(log.object_names)
    if chosen in types:
        return chosen
    if chosen is None:
        what = "holds events of objects, and objects of which type are the cases is not said."
    else:
        close = difflib.get_close_matches(chosen, types, n=1, cutoff=0.5)
        guess = f" (closest: {close[0]!r})" if close else ""
        what = f"has no objects of type {chosen!r}{guess}."
    raise refusal(
        log.file,
        f"{what} Its types are: {', '.join(map(repr, types)) or 'none'}.",
        "name one of them as `case_object_type:` of this source.",
    )


def _present(log: ObjectLog, kind: str) -> list[str]:
    """The columns of the flattened log, each once; an attribute cannot take a fixed name."""
    of_case = (f"{_OF_CASE}{name}" for name in sorted(log.object_names[kind]))
    related = (f"{_RELATED}{name}" for name in sorted(log.object_names) if name != kind)
    return list(dict.fromkeys((*_FIXED, *sorted(log.event_names), *of_case, *related)))


def _rows(events: pl.DataFrame, links: pl.DataFrame, source: EventLogSource) -> pl.DataFrame:
    """Each event (event, activity, at, instant) with each case (object) that it is related to."""
    cases = links.select("event", "object").unique(keep="first", maintain_order=True)
    rows = events.join(cases, "event", maintain_order="left_right")
    instants = to_instants(rows["at"], source.timezone, source.time_format)["instant"]
    return rows.with_columns(instants)


def _held(log: ObjectLog, rows: pl.DataFrame, source: EventLogSource) -> pl.DataFrame:
    """The attributes of the cases, with the instant from which each held; null if unreadable."""
    said = table(log.object_values, "object", "name", "at", "value").drop_nulls("value")
    values = said.join(rows, "object", how="semi", maintain_order="left")
    instants = to_instants(values["at"], source.timezone, source.time_format)["instant"]
    is_initial = pl.col("at").is_null() | pl.col("at").str.starts_with(_INITIAL)
    start = pl.when(is_initial).then(pl.lit(_START, INSTANT)).alias("instant")
    return values.with_columns(start.fill_null(instants))


def _values(
    name: str, rows: pl.DataFrame, log: ObjectLog, links: pl.DataFrame, held: pl.DataFrame
) -> pl.Series:
    """One column of the flattened log, a value for each of `rows`."""
    if name in _FIXED:
        return rows[_FIXED[name]]
    if name in log.event_names:
        values = table(log.event_values, "event", "name", "value")
        return _first_value(rows, values.filter(pl.col("name") == name))
    if name.startswith(_RELATED):
        related = links.filter(pl.col("type") == name.removeprefix(_RELATED))
        by_qualifier = related.sort("qualifier", maintain_order=True)
        return _first_value(rows, by_qualifier.select("event", value="object"))
    return _latest_value(rows, held.filter(pl.col("name") == name.removeprefix(_OF_CASE)))


def _first_value(rows: pl.DataFrame, values: pl.DataFrame) -> pl.Series:
    """For each row the first value of its event."""
    first = values.unique("event", keep="first", maintain_order=True).select("event", "value")
    return rows.join(first, "event", how="left", maintain_order="left")["value"]


def _latest_value(rows: pl.DataFrame, values: pl.DataFrame) -> pl.Series:
    """For each row the value of its case that is the latest not later than the event."""
    asked = rows.select("object", pl.col("instant").fill_null(_START)).with_row_index("row")
    known = values.drop_nulls("instant").sort("instant", maintain_order=True)
    found = asked.sort("instant").join_asof(
        known.select("object", "instant", "value"),
        on="instant",
        by="object",
        check_sortedness=False,
    )
    return found.sort("row")["value"]
