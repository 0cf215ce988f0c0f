"""Excel and Parquet know their types; Excel has habits of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from pipelines.connectors.raw_log import SourceError
from tests.pipelines.connectors.logs import read, read_text, write_excel

LOCAL = "Europe/Amsterdam"
ROW = {"case": "A", "event": "Receive", "at": "2026-01-05T09:00:00+01:00"}


def test_excel_dates_and_numbers_are_read_as_people_see_them(tmp_path: Path) -> None:
    file = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(file, {"default_date_format": "dd-mm-yyyy hh:mm"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["case", "event", "at"])
        stamp = datetime(2026, 1, 5, 9, 30, tzinfo=UTC).replace(tzinfo=None)
        sheet.write_number(1, 0, 10001)
        sheet.write_string(1, 1, "Receive")
        sheet.write_datetime(1, 2, stamp)
    batch = read(file, timezone=LOCAL)
    [event] = batch.tables["events"].to_dicts()
    assert event["occurred_at"] == datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
    csv = read_text(tmp_path, "case,event,at\n10001,Receive,2026-01-05T09:30:00+01:00\n")
    assert csv.tables["events"]["case_id"].to_list() == [event["case_id"]]


def test_an_excel_column_of_midnights_is_a_column_of_dates(tmp_path: Path) -> None:
    file = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(file, {"default_date_format": "dd-mm-yyyy"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["case", "event", "at"])
        sheet.write_row(1, 0, ["A", "Receive"])
        sheet.write_datetime(1, 2, date(2026, 1, 5))
    batch = read(file, timezone=LOCAL)
    assert batch.tables["events"]["time_quality"].to_list() == ["day"]


def test_a_sheet_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    write_excel(tmp_path / "log.xlsx", [ROW])
    with pytest.raises(SourceError, match="no sheet 'Blad1'; the workbook has: events"):
        read(tmp_path / "log.xlsx", sheet="Blad1")


def test_what_is_no_workbook_is_said_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no Excel workbook that can be opened"):
        read_text(tmp_path, b"PK but not really", "log.xlsx")


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    file = tmp_path / "log.parquet"
    pl.DataFrame(
        {"case": [1, 2], "event": ["a", "b"], "at": [datetime(2026, 1, 5, 8, tzinfo=UTC)] * 2}
    ).write_parquet(file)
    assert (
        read(file).tables["events"]["occurred_at"].to_list()
        == [datetime(2026, 1, 5, 8, tzinfo=UTC)] * 2
    )


def test_parquet_stamps_without_zone_need_one(tmp_path: Path) -> None:
    file = tmp_path / "log.parquet"
    at = pl.Series([datetime(2026, 1, 5, 9, tzinfo=UTC)]).dt.replace_time_zone(None)
    pl.DataFrame({"case": ["A"], "event": ["a"], "at": at}).write_parquet(file)
    with pytest.raises(SourceError, match="set `timezone:`"):
        read(file)
    [found] = read(file, timezone=LOCAL).tables["events"]["occurred_at"].to_list()
    assert found == datetime(2026, 1, 5, 8, tzinfo=UTC)


def test_a_parquet_cut_short_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "log.parquet"
    pl.DataFrame([ROW]).write_parquet(file)
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(SourceError, match="no Parquet file that can be read whole"):
        read(file)
