"""Stamps as they are written become the right instants."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from pipelines.connectors.instants import to_instants


def instant(text: str, zone: str | None = None, form: str | None = None) -> str | None:
    row = to_instants(pl.Series([text]), zone, form).row(0, named=True)
    return None if row["instant"] is None else f"{row['instant']:%Y-%m-%dT%H:%M:%S.%f}"


def problem(text: str, zone: str | None = None, form: str | None = None) -> str | None:
    found: str | None = to_instants(pl.Series([text]), zone, form)["problem"].item()
    return found


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05T10:00:00+01:00",
        "2026-01-05 10:00:00+01:00",
        "2026-01-05T10:00:00.000+01:00",
        "2026-01-05T10:00+01:00",
        "2026-01-05T10:00:00 +0100",
        "2026-01-05t10:00:00+01",
        "2026-01-05T09:00:00Z",
        "2026-01-05 09:00:00.000000000z",
        "2026-01-05T04:00:00-05:00",
        "2026-01-05T14:45:00+05:45",
    ],
)
def test_every_usual_spelling_of_an_instant_is_read(text: str) -> None:
    assert instant(text) == "2026-01-05T09:00:00.000000"


def test_offsets_may_be_mixed_in_one_column() -> None:
    stamps = pl.Series(["2026-07-01T12:00:00+02:00", "2026-07-01T10:00:00Z", "2026-07-01 12:00:00"])
    assert to_instants(stamps, "Europe/Amsterdam", None)["instant"].n_unique() == 1


def test_fractions_are_kept_to_the_microsecond() -> None:
    assert instant("2026-01-05T09:00:00.1234567Z") == "2026-01-05T09:00:00.123456"


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-05T10:00:00", "2026-01-05T09:00:00.000000"),
        ("2026-07-05T10:00:00", "2026-07-05T08:00:00.000000"),
    ],
)
def test_a_stamp_without_offset_is_in_the_zone_of_the_source(text: str, utc: str) -> None:
    assert instant(text, "Europe/Amsterdam") == utc


def test_without_offset_and_without_zone_nothing_is_guessed() -> None:
    assert instant("2026-01-05T10:00:00") is None
    assert problem("2026-01-05T10:00:00") == "without_offset"


@pytest.mark.parametrize("zone", [None, "Europe/Amsterdam"])
def test_a_date_alone_is_midnight_in_amsterdam_and_says_so(zone: str | None) -> None:
    row = to_instants(pl.Series(["2026-01-05"]), zone, None).row(0, named=True)
    assert row["instant"] == datetime(2026, 1, 4, 23, tzinfo=UTC)
    assert (row["quality"], row["problem"]) == ("day", None)


def test_the_autumn_hour_that_comes_twice_is_taken_as_the_first() -> None:
    row = to_instants(pl.Series(["2025-10-26 02:30:00"]), "Europe/Amsterdam", None).row(
        0, named=True
    )
    assert row["instant"] == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert row["is_ambiguous"]


def test_the_spring_hour_that_is_skipped_did_not_happen() -> None:
    assert problem("2026-03-29 02:30:00", "Europe/Amsterdam") == "skipped_by_the_clock"


@pytest.mark.parametrize(
    "text", ["05-01-26", "26-01-05 10:00:00", "0026-01-05", "2026-13-01", "2026-02-30", "soon"]
)
def test_what_is_no_full_date_is_unreadable(text: str) -> None:
    assert problem(text, "Europe/Amsterdam") == "unreadable"


@pytest.mark.parametrize(
    ("text", "form", "utc"),
    [
        ("05-01-2026 10:00", "%d-%m-%Y %H:%M", "2026-01-05T09:00:00.000000"),
        ("05-01-26 10:00", "%d-%m-%y %H:%M", "2026-01-05T09:00:00.000000"),
        ("20260105 1000 +0100", "%Y%m%d %H%M %z", "2026-01-05T09:00:00.000000"),
    ],
)
def test_a_format_of_the_source_is_honoured(text: str, form: str, utc: str) -> None:
    assert instant(text, "Europe/Amsterdam", form) == utc


def test_a_format_without_a_clock_gives_days() -> None:
    row = to_instants(pl.Series(["05-01-2026"]), "Europe/Amsterdam", "%d-%m-%Y").row(0, named=True)
    assert (row["instant"], row["quality"]) == (datetime(2026, 1, 4, 23, tzinfo=UTC), "day")


def test_typed_dates_and_datetimes_are_read_as_they_are() -> None:
    days = to_instants(pl.Series([date(2026, 1, 5)]), "Europe/Amsterdam", None)
    local = pl.Series([datetime(2026, 1, 5, 10, tzinfo=UTC)]).dt.replace_time_zone(None)
    naive = to_instants(local, "Europe/Amsterdam", None)
    aware = to_instants(pl.Series([datetime(2026, 1, 5, 9, tzinfo=UTC)]), None, None)
    assert days["quality"].item() == "day"
    assert naive["instant"].item() == aware["instant"].item() == datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_a_missing_stamp_is_no_problem() -> None:
    row = to_instants(pl.Series([None], dtype=pl.String), None, None).row(0, named=True)
    assert (row["instant"], row["problem"]) == (None, None)
