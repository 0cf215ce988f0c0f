"""JSON and SQLite give the same rows, and those of pm4py's own flattening."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pipelines.connectors.ocels import (
    INITIAL,
    WRITERS,
    Thing,
    batch,
    event,
    flat,
    thing,
    write_json,
)

TYPES = ("request", "employee", "team")
START, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
EMPLOYEES = ("employee0", "employee1", "employee2")
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=5)
VALUE = st.none() | TEXT | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False)
AT = st.integers(0, 40).map(lambda hours: (START + timedelta(hours=hours)).isoformat())


@st.composite
def logs(draw: st.DrawFn, value: st.SearchStrategy[Any]) -> tuple[list[Thing], list[Thing]]:
    """Events and objects, with relations to objects that are not there, and values over time."""
    names = [f"{kind}{number}" for kind in TYPES for number in range(3)]
    attributes = st.tuples(st.sampled_from(["channel", "result"]), st.just(INITIAL) | AT, value)
    objects = [
        thing(name, name[:-1], *draw(st.lists(attributes, max_size=4, unique_by=lambda v: v[:2])))
        for name in names
    ]
    links = st.lists(st.tuples(st.sampled_from([*names, "lost"]), st.sampled_from(["", "a", "b"])))
    events = [
        event(f"e{number}", draw(st.sampled_from("xyz")), draw(AT), *draw(links), cost=draw(value))
        for number in range(draw(st.integers(1, 6)))
    ]
    events.append(event("last", "x", START.isoformat(), ("request0", ""), cost=1))
    for name in ("channel", "result"):
        objects[0]["attributes"].append({"name": name, "time": END.isoformat(), "value": "z"})
    return events, objects


COLUMNS = {
    "actor": "object:employee",
    "team": "object:team",
    "organisation": "cost",
    "channel": "case:channel",
    "result": "case:result",
}


@settings(max_examples=40, deadline=None, derandomize=True)
@given(logs(VALUE))
def test_both_forms_of_the_file_give_the_same(log: tuple[list[Thing], list[Thing]]) -> None:
    events, objects = log
    with tempfile.TemporaryDirectory() as folder:
        for name, write in WRITERS.items():
            write(Path(folder) / name, events, objects)
        one, other = (flat(Path(folder) / name, **COLUMNS) for name in WRITERS)
        assert one.frame.equals(other.frame)
        assert one.findings.equals(other.findings)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(logs(st.none() | TEXT))
def test_the_rows_are_those_counted_by_hand(log: tuple[list[Thing], list[Thing]]) -> None:
    events, objects = log
    values = {each["id"]: each["attributes"] for each in objects}
    expected = []
    for each in events:
        names = [link["objectId"] for link in each["relationships"]]
        people = [link for link in each["relationships"] if link["objectId"] in EMPLOYEES]
        first = min(people, key=lambda link: link["qualifier"], default={"objectId": None})
        for case in dict.fromkeys(name for name in names if name.startswith("request")):
            held = [
                said
                for said in values[case]
                if said["name"] == "channel" and said["value"] is not None
                if said["time"] == INITIAL or said["time"] <= each["time"]
            ]
            last = max(held, key=lambda said: said["time"], default={"value": None})
            expected.append((case, each["type"], each["time"], first["objectId"], last["value"]))
    asked = {"actor": "object:employee", "channel": "case:channel"}
    with tempfile.TemporaryDirectory() as folder:
        write_json(Path(folder) / "log.json", events, objects)
        frame = flat(Path(folder) / "log.json", **asked).frame
    assert frame.select("case_id", "activity", "occurred_at", *asked).rows() == expected


def invented(seed: int) -> Any:
    """A log as pm4py holds it: 30 events of 12 objects, some of whose attributes change."""
    import pandas as pd
    from pm4py.objects.ocel.obj import OCEL

    chance = Random(seed)  # noqa: S311
    objects = pd.DataFrame(
        [(f"{kind}{n}", kind, chance.choice(["web", "desk"])) for kind in TYPES for n in range(4)],
        columns=["ocel:oid", "ocel:type", "channel"],
    )
    at = [pd.Timestamp(START + timedelta(minutes=chance.randrange(900))) for _ in range(30)]
    rows = [(f"e{n}", chance.choice("xyz"), at[n], chance.randrange(9) / 2) for n in range(30)]
    events = pd.DataFrame(rows, columns=["ocel:eid", "ocel:activity", "ocel:timestamp", "cost"])
    kinds = dict(zip(objects["ocel:oid"], objects["ocel:type"], strict=True))
    relations = pd.DataFrame(
        [
            (*rows[n][:3], name, kinds[name], chance.choice(["", "of"]))
            for n in range(30)
            for name in chance.sample(sorted(kinds), 3)
        ],
        columns=[
            *["ocel:eid", "ocel:activity", "ocel:timestamp"],
            *["ocel:oid", "ocel:type", "ocel:qualifier"],
        ],
    )
    changes = pd.DataFrame(
        [
            ("request0", "request", at[3], "channel", "phone"),
            ("request1", "request", at[5], "channel", "letter"),
        ],
        columns=["ocel:oid", "ocel:type", "ocel:timestamp", "ocel:field", "channel"],
    )
    return OCEL(events, objects, relations, object_changes=changes)


@dataclass(frozen=True)
class Written:
    """A log, and the two files that pm4py wrote of it."""

    log: Any
    files: tuple[Path, Path]


@pytest.fixture(scope="module", params=range(3))
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    import pm4py

    log, folder = invented(request.param), tmp_path_factory.mktemp("pm4py")
    files = folder / "log.jsonocel", folder / "log.sqlite"
    pm4py.write_ocel2_json(log, str(files[0]))
    pm4py.write_ocel2_sqlite(log, str(files[1]))
    return Written(log, files)


def flattened(written: Written, kind: str, *more: str) -> list[tuple[Any, ...]]:
    import pm4py

    names = ["case:concept:name", "concept:name", "time:timestamp", *more]
    frame = pm4py.ocel_flattening(written.log, kind)[names]
    return sorted(tuple(row) for row in frame.itertuples(index=False))


def test_the_flattened_log_is_that_of_pm4py(written: Written) -> None:
    for kind in TYPES:
        expected = flattened(written, kind, "cost")
        for file in written.files:
            rows = flat(file, kind, team="cost").frame.drop("sequence").iter_rows()
            found = [(c, a, datetime.fromisoformat(at), float(cost)) for c, a, at, cost in rows]
            assert sorted(found) == expected, (kind, file.name)


def test_attributes_that_never_change_are_those_of_pm4py(written: Written) -> None:
    expected = {(row[0], row[3]) for row in flattened(written, "employee", "case:channel")}
    for file in written.files:
        found = flat(file, "employee", channel="case:channel").frame
        assert set(found.select("case_id", "channel").iter_rows()) == expected


def test_both_files_that_pm4py_wrote_give_the_same(written: Written) -> None:
    asked = {"actor": "object:employee", "channel": "case:channel", "organisation": "cost"}
    one, other = (batch(file, **asked) for file in written.files)
    assert one.tables["cases"]["has_conflicts"].any()
    for table in ("events", "cases"):
        assert one.tables[table].equals(other.tables[table]), table
