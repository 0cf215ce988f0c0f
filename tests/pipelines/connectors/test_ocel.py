"""OCEL 2.0: what a log of objects says of one type of them, and what is refused."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.connectors.contact_export import CONTACTS, ContactColumns, ContactExportSource
from pipelines.connectors.raw_log import SourceError
from tests.pipelines.connectors.logs import KEY
from tests.pipelines.connectors.ocels import (
    INITIAL,
    WRITERS,
    batch,
    content,
    event,
    flat,
    thing,
    write_json,
    write_sqlite,
)
from transforms.privacy import pseudonym

MON, TUE, WED, THU = (f"2025-03-0{day}T09:00:00+01:00" for day in (3, 4, 5, 6))
OBJECTS = [
    thing("Z1", "request", ("channel", INITIAL, "web"), ("result", WED, "granted")),
    thing("Z2", "request", ("channel", INITIAL, "desk"), ("channel", TUE, "phone")),
    thing("Jansen", "employee"),
    thing("Pietersen", "employee"),
    thing("Permits", "team"),
]
EVENTS = [
    event("e1", "Receive", MON, ("Z1", "of"), ("Jansen", "by"), ("Permits", "")),
    event("e2", "Receive", MON, ("Z2", "of"), ("Pietersen", "reads along"), ("Jansen", "by")),
    event("e3", "Advise", TUE, ("Z1", "of"), ("Z2", "of"), cost=12.5),
    event("e4", "Decide", WED, ("Z1", "of"), ("Z1", "again"), cost=3.0),
    event("e5", "Tidy up", THU, ("Jansen", "by")),
]


@pytest.fixture(params=list(WRITERS))
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    written = tmp_path / request.param
    WRITERS[request.param](written, EVENTS, OBJECTS)
    return written


def column(file: Path, role: str, name: str) -> list[str | None]:
    return flat(file, **{role: name}).frame[role].to_list()


def test_an_event_of_two_cases_is_an_event_of_each(file: Path) -> None:
    frame = flat(file).frame
    assert list(frame.select("sequence", "case_id", "activity").iter_rows()) == [
        (1, "Z1", "Receive"),
        (2, "Z2", "Receive"),
        (3, "Z1", "Advise"),
        (4, "Z2", "Advise"),
        (5, "Z1", "Decide"),
    ]


def test_another_type_makes_other_cases(file: Path) -> None:
    frame = flat(file, "employee").frame
    assert frame.filter(pl.col("case_id") == "Jansen")["activity"].to_list() == [
        "Receive",
        "Receive",
        "Tidy up",
    ]


def test_an_attribute_of_a_case_is_what_it_was_at_the_event(file: Path) -> None:
    assert column(file, "result", "case:result") == [None, None, None, None, "granted"]
    assert column(file, "channel", "case:channel") == ["web", "desk", "web", "phone", "web"]


def test_a_related_object_is_the_first_by_qualifier(file: Path) -> None:
    found = column(file, "actor", "object:employee")
    assert found == ["Jansen", "Jansen", None, None, None]
    assert column(file, "team", "object:team") == ["Permits", None, None, None, None]


def test_an_attribute_of_an_event_is_that_of_its_rows(file: Path) -> None:
    assert column(file, "team", "cost") == [None, None, "12.5", "12.5", "3"]


def test_the_rows_go_through_the_same_door(file: Path) -> None:
    found = batch(file, actor="object:employee", channel="case:channel", result="case:result")
    events, cases = found.tables["events"], found.tables["cases"]
    assert (found.rows_read, found.rows_kept) == (5, 5)
    assert events["actor"][0] == pseudonym("Jansen", KEY, "person")
    assert events["case_id"][0] == pseudonym("Z1", KEY, "case")
    assert events["occurred_at"][0] == datetime(2025, 3, 3, 8, tzinfo=UTC)
    assert cases.select("channel", "result", "has_conflicts").rows() == [
        ("web", "granted", False),
        ("desk", None, True),
    ]


def test_events_of_no_case_are_told(file: Path) -> None:
    assert flat(file).findings.rows() == [("events_without_a_case_object", 1, "type=request")]


@pytest.mark.parametrize("name", list(WRITERS))
def test_what_is_given_twice_counts_once_and_is_told(name: str, tmp_path: Path) -> None:
    lost = event("e6", "Receive", MON, ("Z9", "of"), ("Z1", "of"))
    WRITERS[name](tmp_path / name, [*EVENTS, EVENTS[0], lost], [*OBJECTS, OBJECTS[0]])
    log = flat(tmp_path / name)
    assert log.frame.height == 6
    assert dict(log.findings.select("finding", "affected").iter_rows()) == {
        "events_given_twice": 1,
        "objects_given_twice": 1,
        "events_without_a_case_object": 1,
        "relations_to_no_object": 1,
    }


@pytest.mark.parametrize("name", list(WRITERS))
def test_a_value_without_a_readable_time_is_not_used_and_told(name: str, tmp_path: Path) -> None:
    objects = [thing("Z1", "request", ("channel", INITIAL, "web"), ("channel", "later", "desk"))]
    WRITERS[name](tmp_path / name, EVENTS, objects)
    log = flat(tmp_path / name, channel="case:channel")
    assert log.frame["channel"].unique().to_list() == ["web"]
    assert ("attributes_without_a_readable_time", 1, "") in log.findings.rows()


@pytest.mark.parametrize("name", list(WRITERS))
def test_an_event_without_a_time_is_set_aside(name: str, tmp_path: Path) -> None:
    events = [event(f"e{number}", "Receive", MON, ("Z1", "of")) for number in range(30)]
    events[3]["time"] = None
    WRITERS[name](tmp_path / name, events, OBJECTS)
    found = batch(tmp_path / name)
    assert (found.rows_read, found.rows_kept) == (30, 29)
    assert found.quarantine["row_number"].to_list() == [4]


def test_a_type_that_is_not_said_or_not_there_is_asked_for_by_name(file: Path) -> None:
    with pytest.raises(
        SourceError, match=r"not said\. Its types are: 'employee', 'request', 'team'"
    ):
        flat(file, None)
    with pytest.raises(SourceError, match=r"no objects of type 'reqest' \(closest: 'request'\)"):
        flat(file, "reqest")


def test_a_column_that_is_not_there_names_those_that_are(file: Path) -> None:
    with pytest.raises(SourceError) as caught:
        flat(file, channel="case:chanel")
    message = str(caught.value)
    assert (
        "column 'case:chanel' for columns.channel is missing (closest: 'case:channel')" in message
    )
    assert "'case:result', 'object:employee', 'object:team'." in message
    with pytest.raises(SourceError, match=r"'object:request' for columns\.team is missing"):
        flat(file, team="object:request")


def test_a_type_that_no_event_is_related_to_is_refused(tmp_path: Path) -> None:
    write_json(tmp_path / "log.json", EVENTS, [*OBJECTS, thing("x", "parcel")])
    with pytest.raises(SourceError, match="none of its 5 events is related to an object of type"):
        flat(tmp_path / "log.json", "parcel")


WHOLE = json.dumps(content(EVENTS, OBJECTS))
NESTED = WHOLE.replace('"value": "web"', '"value": {"name": "Jansen"}')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        (WHOLE[:-40], "is no whole JSON file: "),
        ("case,event\n", "is no whole JSON file: Expecting value at line 1, column 1"),
        ("[" * 100_000, "cannot be read as JSON"),
        ("[]", "is JSON, but no OCEL 2.0: it has no `events`"),
        ('{"events": []}', "is JSON, but no OCEL 2.0: it has no `objects`"),
        ('{"events": {}, "objects": [1]}', "`objects` is no list of objects"),
        ('{"events": [{"type": "x"}], "objects": []}', "one of its `events` has no `id`"),
        ('{"ocel:events": {}, "ocel:objects": {}}', "is OCEL 1.0"),
        (NESTED, "'channel' holds a nested value"),
    ],
)
def test_json_of_no_use_is_named_with_what_to_do(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "log.json").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        flat(tmp_path / "log.json", channel="case:channel")
    message = str(caught.value)
    assert message.startswith("log.json: ")
    assert said in message
    assert "\n  Mend: " in message
    assert "Jansen" not in message


def test_json_in_another_encoding_is_refused(tmp_path: Path) -> None:
    text = json.dumps(content(EVENTS, [*OBJECTS, thing("Café", "team")]), ensure_ascii=False)
    (tmp_path / "log.json").write_bytes(text.encode("cp1252"))
    with pytest.raises(SourceError, match="cannot be read as JSON in UTF-8"):
        flat(tmp_path / "log.json")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("drop table event_object", "table 'event_object' is missing"),
        ('drop table "event_Type 0"', "table 'event_Type 0' is missing"),
        ("alter table event drop column ocel_type", "table 'event' lacks 'ocel_type'"),
        ('alter table "event_Type 0" drop column ocel_time', "lacks 'ocel_time'"),
        ("update \"object_Type 1\" set channel = x'ff00'", "'channel' holds a nested value"),
        ("update event set ocel_type = cast(x'ff' as text)", "can be read whole"),
    ],
)
def test_sqlite_of_no_use_is_named_with_what_to_do(change: str, said: str, tmp_path: Path) -> None:
    write_sqlite(tmp_path / "log.db", EVENTS, OBJECTS)
    with contextlib.closing(sqlite3.connect(tmp_path / "log.db")) as connection:
        connection.execute(change)
        connection.commit()
    with pytest.raises(SourceError) as caught:
        flat(tmp_path / "log.db", channel="case:channel")
    message = str(caught.value)
    assert message.startswith("log.db: ")
    assert said in message
    assert "\n  Mend: " in message


def test_what_is_no_sqlite_is_said_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "log.db").write_bytes(b"case,event,at\n" * 100)
    with pytest.raises(SourceError, match="no SQLite database that can be read whole"):
        flat(tmp_path / "log.db")


def test_a_sqlite_that_is_still_being_written_is_refused(tmp_path: Path) -> None:
    write_sqlite(tmp_path / "log.db", EVENTS, OBJECTS)
    with contextlib.closing(sqlite3.connect(tmp_path / "log.db")) as writer:
        writer.execute("pragma journal_mode = wal")
        writer.execute("delete from event where ocel_id = 'e1'")
        writer.commit()
        with pytest.raises(SourceError, match=r"still being written: log\.db-wal"):
            flat(tmp_path / "log.db")


def test_reading_leaves_nothing_beside_the_file(tmp_path: Path) -> None:
    write_sqlite(tmp_path / "log #1?.db", EVENTS, OBJECTS)
    with contextlib.closing(sqlite3.connect(tmp_path / "log #1?.db")) as connection:
        connection.execute("pragma journal_mode = wal")
    before = (tmp_path / "log #1?.db").read_bytes()
    assert flat(tmp_path / "log #1?.db").frame.height == 5
    assert [file.name for file in tmp_path.iterdir()] == ["log #1?.db"]
    assert (tmp_path / "log #1?.db").read_bytes() == before


def test_a_contact_export_is_no_log_of_objects(tmp_path: Path) -> None:
    write_json(tmp_path / "log.json", EVENTS, OBJECTS)
    columns = ContactColumns(contact_id="id", contacted_at="time")
    asked = ContactExportSource(id="log", kind="contact_export", path="log", columns=columns)
    with pytest.raises(SourceError, match="holds events and no other rows"):
        CONTACTS.read(asked, tmp_path / "log.json", KEY)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("sound") / "log.db"
    write_sqlite(file, EVENTS, OBJECTS)
    return file.read_bytes()


@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_damaged_sqlite_is_read_or_refused(sound: bytes, data: st.DataObject) -> None:
    damaged = bytearray(sound)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(sound) - 1))] = data.draw(st.integers(0, 255))
    keep = data.draw(st.integers(1, len(sound)) | st.just(len(sound)))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "log.db"
        file.write_bytes(damaged[:keep])
        with contextlib.suppress(SourceError):  # any other error fails
            assert flat(file, channel="case:channel", actor="object:employee").frame.height
