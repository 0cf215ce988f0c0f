"""XES: declared defaults, stamps as written, encodings, and files that are not whole."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.connectors.raw_log import SourceError
from tests.pipelines.connectors.logs import XES_COLUMNS, read, read_text, xes

AT = "2026-01-05T09:00:00+01:00"
EVENT = {"concept:name": "Receive", "time:timestamp": AT}
CASE = {"concept:name": "A"}
GLOBALS = """
<global scope="trace">
  <string key="concept:name" value="UNKNOWN"/>
  <date key="enddate" value="1970-01-01T00:00:00.000+01:00"/>
</global>
<global scope="event">
  <string key="concept:name" value="UNKNOWN"/>
  <string key="org:resource" value="UNKNOWN"/>
</global>
"""


def test_a_value_equal_to_its_declared_default_is_missing(tmp_path: Path) -> None:
    closed = {"concept:name": "B", "enddate": "2026-01-06T09:00:00+01:00"}
    written = {"concept:name": "C", "enddate": "1969-12-31T23:00:00Z"}
    log = xes([(CASE, [EVENT]), (closed, [EVENT]), (written, [EVENT])], GLOBALS)
    columns = XES_COLUMNS | {"closed_at": "case:enddate", "actor": "org:resource"}
    batch = read_text(tmp_path, log, "log.xes", columns=columns)
    ends = batch.tables["cases"]["closed_at"].to_list()
    assert ends == [None, datetime(2026, 1, 6, 8, tzinfo=UTC), None]
    assert batch.tables["events"]["actor"].is_null().all()


@pytest.mark.parametrize(
    ("stamp", "utc", "quality"),
    [
        (AT, datetime(2026, 1, 5, 8, tzinfo=UTC), "exact"),
        ("2026-01-05T09:00:00.000", datetime(2026, 1, 5, 8, tzinfo=UTC), "exact"),
        ("2026-01-05", datetime(2026, 1, 4, 23, tzinfo=UTC), "day"),
    ],
)
def test_stamps_are_read_as_in_any_other_format(
    stamp: str, utc: datetime, quality: str, tmp_path: Path
) -> None:
    log = xes([(CASE, [EVENT | {"time:timestamp": stamp}])])
    batch = read_text(tmp_path, log, "log.xes", columns=XES_COLUMNS, timezone="Europe/Amsterdam")
    [event] = batch.tables["events"].to_dicts()
    assert (event["occurred_at"], event["time_quality"]) == (utc, quality)


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_the_declared_encoding_is_honoured(encoding: str, tmp_path: Path) -> None:
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>'
    log = xes([(CASE, [EVENT | {"concept:name": "Café & brûlé"}])], declaration=declaration)
    batch = read_text(tmp_path, log.encode(encoding), "log.xes", columns=XES_COLUMNS)
    assert batch.tables["events"]["activity"].to_list() == ["Café & brûlé"]


def test_an_event_without_a_name_or_time_is_set_aside(tmp_path: Path) -> None:
    log = xes([(CASE, [EVENT, {"concept:name": "Decide"}, {"time:timestamp": AT}])])
    batch = read_text(tmp_path, log, "log.xes", columns=XES_COLUMNS, max_quarantined_share=1.0)
    assert batch.quarantine.select("row_number", "column_name").rows() == [
        (2, "occurred_at"),
        (3, "activity"),
    ]


def test_an_attribute_that_no_event_has_is_refused_with_the_closest(tmp_path: Path) -> None:
    log = xes([(CASE, [EVENT | {"org:resource": "R1"}])])
    with pytest.raises(SourceError, match=r"'org:resourse'.*closest: 'org:resource'"):
        read_text(tmp_path, log, "log.xes", columns=XES_COLUMNS | {"actor": "org:resourse"})


def test_gzip_gives_the_same_as_plain(tmp_path: Path) -> None:
    log = xes([(CASE, [EVENT, EVENT | {"concept:name": "Decide"}])])
    plain = read_text(tmp_path, log, "log.xes", columns=XES_COLUMNS)
    packed = read_text(tmp_path, gzip.compress(log.encode()), "log.xes.gz", columns=XES_COLUMNS)
    assert plain.tables["events"].equals(packed.tables["events"])


def test_what_the_owner_printed_is_kept_to_compare(tmp_path: Path) -> None:
    head = """
<int key="meta_general:events_total" value="2"/>
<float key="meta_org:average" value="4.13"/>
<date key="meta_time:log_start" value="2010-10-02T20:02:47.000+02:00"/>
<string key="meta_3TU:language" value="eng"/>
"""
    batch = read_text(tmp_path, xes([(CASE, [EVENT])], head), "log.xes", columns=XES_COLUMNS)
    assert set(batch.owner_statistics.rows()) == {
        ("meta_general:events_total", "2"),
        ("meta_org:average", "4.13"),
        ("meta_time:log_start", "2010-10-02T18:02:47+00:00"),
    }


def test_the_real_log_is_read_whole_and_its_csv_says_the_same(shared: Path) -> None:
    columns = XES_COLUMNS | {"closed_at": "case:enddate", "opened_at": "case:startdate"}
    log = read(shared / "data" / "08_receipt.xes.gz", columns)
    assert (log.tables["events"].height, log.tables["cases"].height) == (8577, 1434)
    assert log.tables["cases"]["closed_at"].null_count() == 105
    assert log.tables["cases"]["closed_at"].min() > datetime(2010, 1, 1, tzinfo=UTC)  # type: ignore[operator]
    csv = read(shared / "data" / "receipt.csv", columns)
    assert csv.tables["events"].equals(log.tables["events"])
    assert csv.tables["cases"].equals(log.tables["cases"])
