"""One row a case: its dates become the case, its filled columns of steps become events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.connectors import case_export
from pipelines.connectors.case_export import CaseExportSource
from pipelines.connectors.files import FileBatch
from pipelines.connectors.raw_log import SourceError
from pipelines.load import load_source
from pipelines.warehouse import open_warehouse
from tests.pipelines.connectors.logs import KEY, write_csv, write_excel, write_parquet
from transforms.privacy import pseudonym

COLUMNS = {
    "case_id": "Zaaknummer",
    "opened_at": "Ontvangen op",
    "closed_at": "Afgedaan op",
    "case_type": "Zaaktype",
    "client": "BSN",
    "team": "Team",
    "result": "Resultaat",
}
EVENTS = {"Ontvangst": "Ontvangen op", "Intake": "Intake op", "Besluit": "Besluit op"}
HEADER = ("Zaaknummer", *["Zaaktype", "BSN", "Team", "Resultaat"], "Ontvangen op", "Intake op")
HEADER = (*HEADER, "Besluit op", "Afgedaan op")
NINE = "2026-01-05T09:00:00+01:00"
TEXT = """Z1,Vergunning,999990019,Team A,Verleend,2026-01-05,2026-01-07T10:00:00+01:00,2026-01-09,2026-01-09
Z2,Vergunning,EMPTY,Team B,,2026-01-06,,,
Z3,Melding,,Team A,,,,,
Z2,Vergunning,,Team C,,2026-01-06,2026-01-08,,
Z4,Melding,,Team A,Gereed,2026-01-07,gisteren,2026-01-10,2026-01-10"""
ROWS = [
    {name: value or None for name, value in zip(HEADER, line.split(","), strict=True)}
    for line in TEXT.splitlines()
]


def source(**more: Any) -> CaseExportSource:
    known = {"id": "suite", "kind": "case_export", "path": "cases.csv", "columns": COLUMNS}
    known |= {"events": EVENTS, "max_quarantined_share": 0.5}
    return CaseExportSource.model_validate(known | more)


def read(file: Path, **more: Any) -> FileBatch:
    """Read a file and hold that every row is a case or in quarantine."""
    batch = case_export.CONNECTOR.read(source(**more), file, KEY)
    assert batch.rows_read == batch.tables["cases"].height + batch.quarantine.height
    return batch


@pytest.fixture
def batch(tmp_path: Path) -> FileBatch:
    write_csv(tmp_path / "cases.csv", ROWS)
    return read(tmp_path / "cases.csv")


def case(name: str) -> str:
    return pseudonym(name, KEY, "case")


def test_every_usable_row_is_a_case(batch: FileBatch) -> None:
    found = batch.tables["cases"].select("case_id", "case_type", "result", "client").rows()
    assert found == [
        (case("Z1"), "Vergunning", "Verleend", pseudonym("999990019", KEY, "client")),
        (case("Z2"), "Vergunning", None, None),
        (case("Z4"), "Melding", "Gereed", None),
    ]
    closed = batch.tables["cases"]["closed_at"].to_list()
    assert closed == [
        datetime(2026, 1, 8, 23, tzinfo=UTC),
        None,
        datetime(2026, 1, 9, 23, tzinfo=UTC),
    ]


def test_every_filled_column_of_a_step_is_an_event_and_nothing_else_is(batch: FileBatch) -> None:
    events = batch.tables["events"].select("case_id", "activity", "time_quality", "provenance")
    assert events.rows() == [
        (case("Z1"), "Ontvangst", "day", "file"),
        (case("Z1"), "Intake", "exact", "file"),
        (case("Z1"), "Besluit", "day", "file"),
        (case("Z2"), "Ontvangst", "day", "file"),
        (case("Z4"), "Ontvangst", "day", "file"),
        (case("Z4"), "Besluit", "day", "file"),
    ]


def test_a_row_without_a_start_and_a_case_that_comes_again_are_set_aside(batch: FileBatch) -> None:
    aside = batch.quarantine.select("row_number", "column_name", "reason").rows()
    assert [row[:2] for row in aside] == [(3, "opened_at"), (4, "case_id")]
    assert "is missing" in aside[0][2]
    assert "stands on an earlier row" in aside[1][2]


def test_a_step_that_cannot_be_read_costs_only_that_event_and_is_told(batch: FileBatch) -> None:
    [told] = batch.findings.filter(pl.col("finding") == "stamps_unreadable").to_dicts()
    assert told["affected"] == 1
    assert "column=events.Intake row=5" in told["detail"]


def test_events_with_a_date_alone_are_counted_once_over_all_steps(batch: FileBatch) -> None:
    told = batch.findings.filter(pl.col("finding") == "events_with_a_date_alone")
    assert told["affected"].to_list() == [5]


def test_the_team_of_a_case_is_that_of_its_last_event_alone(batch: FileBatch) -> None:
    events = batch.tables["events"].select("activity", "team").rows()
    assert events == [
        ("Ontvangst", None),
        ("Intake", None),
        ("Besluit", "Team A"),
        ("Ontvangst", "Team B"),
        ("Ontvangst", None),
        ("Besluit", "Team A"),
    ]


def test_events_of_one_moment_keep_the_order_of_the_mapping(tmp_path: Path) -> None:
    row = dict.fromkeys(HEADER, NINE) | {"Zaaknummer": "Z1"}
    write_csv(tmp_path / "cases.csv", [row])
    events = read(tmp_path / "cases.csv").tables["events"].sort("occurred_at", "sequence")
    assert events["activity"].to_list() == list(EVENTS)
    assert events["sequence"].is_unique().all()


def test_without_steps_there_are_cases_and_no_events(tmp_path: Path) -> None:
    write_csv(tmp_path / "cases.csv", ROWS)
    assert set(read(tmp_path / "cases.csv", events={}).tables) == {"cases"}


@pytest.mark.parametrize(("ending", "write"), [("xlsx", write_excel), ("parquet", write_parquet)])
def test_every_format_gives_the_same(
    ending: str, write: Callable[..., None], batch: FileBatch, tmp_path: Path
) -> None:
    write(tmp_path / f"cases.{ending}", ROWS)
    found = read(tmp_path / f"cases.{ending}")
    for table in ("cases", "events"):
        assert found.tables[table].equals(batch.tables[table])
    assert found.quarantine.equals(batch.quarantine)


def test_a_step_whose_column_is_not_there_is_named_by_its_key(tmp_path: Path) -> None:
    write_csv(tmp_path / "cases.csv", ROWS)
    said = r"column 'Besluit datum' for events\.Besluit is missing \(closest: 'Besluit op'\)"
    with pytest.raises(SourceError, match=said):
        read(tmp_path / "cases.csv", events={"Besluit": "Besluit datum"})


def test_too_many_rows_of_one_case_stop_the_run(tmp_path: Path) -> None:
    write_csv(tmp_path / "cases.csv", [ROWS[0]] * 5)
    with pytest.raises(SourceError, match="4 of 5 rows cannot be used"):
        read(tmp_path / "cases.csv")


def test_a_file_of_cases_lands_in_the_warehouse(tmp_path: Path) -> None:
    write_csv(tmp_path / "cases.csv", ROWS)
    with open_warehouse(tmp_path / "warehouse.duckdb") as connection:
        [line] = load_source(connection, source(), tmp_path, KEY)
        assert line == "suite: cases.csv: 5 rows read, 3 kept, 2 set aside"
        counted = connection.execute(
            "select (select count(*) from raw.cases), (select count(*) from raw.events),"
            " (select count(distinct sequence) from raw.events)"
        ).fetchall()
    assert counted == [(3, 6, 6)]
