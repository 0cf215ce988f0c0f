"""Contacts of an export: a row each, or the first event of each; topics in one or two columns."""

from __future__ import annotations

from pathlib import Path

from pipelines.connectors.contact_export import CONTACTS, ContactExportSource
from pipelines.connectors.files import FileBatch
from tests.transforms.desk import SOURCES, Desk

KEY = b"a key for tests alone, 32 bytes or more"
EVENTS = """ticket,at,who,what,part
1,2025-03-03T12:00:00+01:00,me,Afval,container
2,2025-03-03T10:00:00+01:00,me,Afval,
1,2025-03-03T09:00:00+01:00,me,Afval,rooster
3,2025-03-04T09:00:00+01:00,me,EMPTY,EMPTY
"""


def source(**more: object) -> ContactExportSource:
    columns = {"contact_id": "ticket", "contacted_at": "at", "client": "who", "topic": "what"}
    usual = {"id": "calls", "kind": "contact_export", "path": "calls.csv"}
    return ContactExportSource.model_validate(
        usual | {"columns": columns | {"subtopic": "part"}} | more
    )


def read(folder: Path, text: str = EVENTS) -> FileBatch:
    file = folder / "calls.csv"
    file.write_text(text, encoding="utf-8")
    return CONTACTS.read(source(), file, KEY)


def test_a_topic_and_its_part_are_one_topic(tmp_path: Path) -> None:
    topics = read(tmp_path).tables["contacts"]["topic"].to_list()
    assert topics == ["Afval / container", "Afval", "Afval / rooster", None]


def contacts(*batches: FileBatch) -> list[tuple[str | None, int]]:
    """Topic and hour of each contact, in order of time, its rows being events."""
    sources = [
        s | {"has_event_rows": True} if s["kind"] == "contact_export" else s for s in SOURCES
    ]
    desk = Desk(sources=sources)
    for number, batch in enumerate(batches, 1):
        for row in batch.tables["contacts"].to_dicts():
            where = {"source": "calls", "file_number": number}
            desk.insert("raw.contacts", row | where | {"sequence": 1000 * number + row["sequence"]})
    rows = desk.build("core.contacts")
    return [(row["topic"], row["contacted_at"].hour) for row in rows]


def test_the_first_event_of_a_contact_counts_wherever_it_stands(tmp_path: Path) -> None:
    expected = [("Afval / rooster", 8), ("Afval", 9), (None, 8)]
    assert contacts(read(tmp_path)) == expected
    head, *rows = EVENTS.splitlines(keepends=True)
    halves = [read(tmp_path, head + "".join(part)) for part in (rows[:2], rows[2:])]
    assert contacts(*halves) == expected
