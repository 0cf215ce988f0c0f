"""Logs with one event a row: XES (IEEE 1849) and CSV, a file per journey.

What belongs here: both forms of the file. What does not: which journeys (`choice.py`).

XES is written by lxml an element at a time: r4pm and pm4py write it as well, but from a log that
is whole in memory, which a log of a million cases should never be.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
from lxml import etree

from pipelines.disk import quoted
from pipelines.exporting.choice import CASES, Choice, Progress, rows

Row = Mapping[str, Any]

CASE = {
    "case_name": "concept:name",
    "case_type": "case_type",
    "journey": "journey",
    "service_formula": "service_formula",
    "channel": "channel",
    "target_group": "target_group",
    "result": "result",
    "opened_at": "opened_at",
    "closed_at": "closed_at",
    "planned_end_at": "planned_end_at",
    "legal_end_at": "legal_end_at",
}
EVENT = {
    "activity": "concept:name",
    "occurred_at": "time:timestamp",
    "lifecycle": "lifecycle:transition",
    "team": "org:group",
    "organisation": "organisation",
    "phase": "phase",
}
"""Columns of the warehouse and their keys in XES; no person, neither resident nor employee."""

_QUERY = f"""
select c.case_key, {", ".join(f"c.{name}" for name in CASE)},
  {", ".join(f"e.{name}" for name in EVENT)}
from core.events as e
inner join ({CASES}) as c on c.case_key = e.case_key
where list_contains($journeys, c.journey)
order by c.case_key, e.occurred_at, e.sequence
"""  # noqa: S608 (the names are those above)
_EXTENSIONS = {
    "Concept": "concept",
    "Time": "time",
    "Lifecycle": "lifecycle",
    "Organizational": "org",
}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_xes(
    connection: duckdb.DuckDBPyConnection, choice: Choice, folder: Path, progress: Progress
) -> list[str]:
    """Writes `<journey>.xes.gz`; the same warehouse gives the same bytes. Returns the names."""
    done, total = 0, sum(journey.cases for journey in choice.journeys)
    names = [f"{journey.name}.xes.gz" for journey in choice.journeys]
    for journey, name in zip(choice.journeys, names, strict=True):
        with (
            (folder / name).open("wb") as file,
            gzip.GzipFile("", "wb", 6, file, mtime=0) as packed,
            etree.xmlfile(packed, encoding="utf-8") as out,
        ):
            out.write_declaration()
            with out.element("log", {"xes.version": "1849.2016", "xes.features": ""}):
                for element in _head(journey.name):
                    out.write(element, pretty_print=True)
                for trace in _traces(rows(connection, _QUERY, [journey.name])):
                    out.write(trace, pretty_print=True)
                    done += 1
                    if done % 1000 == 0:
                        progress(done, total)
    progress(total, total)
    return names


def _head(journey: str) -> Iterator[etree._Element]:
    for name, prefix in _EXTENSIONS.items():
        uri = f"http://www.xes-standard.org/{prefix}.xesext"
        yield etree.Element("extension", {"name": name, "prefix": prefix, "uri": uri})
    for scope, content in (
        ("trace", {"concept:name": "__INVALID__"}),
        (
            "event",
            {"concept:name": "__INVALID__", "time:timestamp": datetime(1970, 1, 1, tzinfo=UTC)},
        ),
    ):
        declared = etree.Element("global", {"scope": scope})
        _add(declared, content.items())
        yield declared
    yield etree.Element("classifier", {"name": "Activity", "keys": "concept:name"})
    named = etree.Element("string", {"key": "concept:name", "value": journey})
    yield named


def _traces(events: Iterable[Row]) -> Iterator[etree._Element]:
    for _, group in groupby(events, key=lambda row: row["case_key"]):
        of_case = list(group)
        trace = etree.Element("trace")
        _add(trace, ((key, of_case[0][name]) for name, key in CASE.items()))
        for row in of_case:
            event = etree.SubElement(trace, "event")
            _add(event, ((key, row[name]) for name, key in EVENT.items()))
        yield trace


def _add(parent: etree._Element, values: Iterable[tuple[str, Any]]) -> None:
    """An attribute for each value that is known; signs that XML cannot hold are left out."""
    for key, value in values:
        if isinstance(value, datetime):
            etree.SubElement(parent, "date", {"key": key, "value": value.isoformat()})
        elif value is not None:
            text = _NOT_XML.sub("", str(value))
            etree.SubElement(parent, "string", {"key": key, "value": text})


def write_csv(
    connection: duckdb.DuckDBPyConnection, choice: Choice, folder: Path, progress: Progress
) -> list[str]:
    """Writes `<journey>.csv` with the columns that pm4py gives a flat log; DuckDB streams it."""
    columns = [f'{_text(name)} as "case:{key}"' for name, key in CASE.items()]
    columns += [f'{_text(name)} as "{key}"' for name, key in EVENT.items()]
    names = []
    for number, journey in enumerate(choice.journeys, 1):
        names.append(f"{journey.name}.csv")
        file = quoted(folder / names[-1])
        connection.execute(
            f"copy (select {', '.join(columns)} from ({_QUERY})) to {file} (header)",  # noqa: S608
            {"journeys": [journey.name]},
        )
        progress(number, len(choice.journeys))
    return names


def _text(name: str) -> str:
    """A stamp as UTC with its offset."""
    return f"strftime({name}, '%Y-%m-%dT%H:%M:%S.%fZ')" if name.endswith("_at") else name
