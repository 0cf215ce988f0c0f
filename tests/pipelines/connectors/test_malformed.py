"""What cannot be used is refused in words that say what, where and how to mend it."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pipelines.connectors.raw_log import SourceError
from tests.pipelines.connectors.logs import COLUMNS, XES_COLUMNS, read_text, xes

AT = "2026-01-05T09:00:00+01:00"
EVENT = {"concept:name": "Receive", "time:timestamp": AT}
LOG = xes([({"concept:name": f"C{number}"}, [EVENT] * 3) for number in range(2000)])
BOMB = '<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "aaaa">]>\n<log>&a;</log>'


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("log.csv", b"", "log.csv: is empty"),
        ("log.csv", b"\n\n", "log.csv: is empty"),
        ("log.csv", b"case,event,at\n", "holds no rows"),
        ("log.csv", b"zaak;event;at\n1;a;b\n", "column 'case' for columns.case_id is missing"),
        ("log.csv", b"Case,event,at\n1,a,b\n", "(closest: 'Case')"),
        ("log.csv", b"case,event,at,at\n1,a,b,c\n", "column 'at' stands twice"),
        ("log.csv", b"\x00\x01\x02\x03" * 50, "log.csv: "),
        ("log.xes", b"", "log.xes: is empty"),
        ("log.xes", b"case,event\n", "is no whole XML file"),
        ("log.xes", b"<html><body/></html>", "log.xes: "),
        ("log.xes", LOG[:-300].encode(), "is no whole XML file"),
        ("log.xes", xes([]).encode(), "holds no events"),
        ("log.xes", xes([({"concept:name": "A"}, [])]).encode(), "holds no events"),
        ("log.xes", BOMB.encode(), "document type declaration"),
        ("log.xes.gz", b"", "log.xes.gz: is empty"),
        ("log.xes.gz", LOG.encode(), "gzip file is cut off or damaged"),
        ("log.xes.gz", gzip.compress(LOG.encode())[:-500], "gzip file is cut off or damaged"),
        ("log.xlsx", b"", "no Excel workbook"),
        ("log.parquet", b"", "no Parquet file"),
        (
            "log.csv.gz",
            gzip.compress(b"case,event,at\n", mtime=0),
            "is packed; only XES is read so",
        ),
        ("log.pdf", b"%PDF", "is of no known kind"),
    ],
)
def test_an_unusable_file_is_named_with_what_to_do(
    name: str, content: bytes, said: str, tmp_path: Path
) -> None:
    columns = XES_COLUMNS if ".xes" in name else COLUMNS
    with pytest.raises(SourceError) as caught:
        read_text(tmp_path, content, name, columns=columns)
    message = str(caught.value)
    assert message.startswith(name)
    assert said in message
    assert "\n  Mend: " in message


def test_too_many_unusable_rows_stop_the_run_with_the_reasons(tmp_path: Path) -> None:
    good = f"A,Receive,{AT}\n" * 90
    bad = "A,Receive,later\n" * 7 + "A,Receive\n" * 3
    with pytest.raises(SourceError) as caught:
        read_text(tmp_path, "case,event,at\n" + good + bad)
    message = str(caught.value)
    assert "10 of 100 rows cannot be used, more than the 5% of max_quarantined_share" in message
    assert "7 rows, such as 91, 92, 93: occurred_at is no date" in message
    assert "3 rows, such as 98, 99, 100: The row has fewer fields" in message


def test_stamps_without_any_offset_ask_for_a_time_zone(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="has no offset; set `timezone:`"):
        read_text(tmp_path, "case,event,at\nA,Receive,2026-01-05 09:00:00\n")


def test_a_first_row_that_is_no_header_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read_text(tmp_path, f"999000013,Jansen-Testnaam,{AT}\n")
    message = str(caught.value)
    assert "none of its 3 columns has a name that the configuration maps" in message
    assert "Jansen" not in message
    assert "999000013" not in message


def test_no_message_repeats_a_value(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read_text(tmp_path, "case,event,at\nJansen,Receive,Jansen belt terug\n")
    assert "Jansen" not in str(caught.value)
