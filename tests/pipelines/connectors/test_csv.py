"""CSV as it really comes: other delimiters, old character sets, rows that are broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipelines.connectors.logs import COLUMNS, read_text

AT = "2026-01-05T09:00:00+01:00"
HEAD = "case,event,at\n"


def row(case: str, event: str = "Receive") -> str:
    return f"{case},{event},{AT}\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str, tmp_path: Path) -> None:
    text = (HEAD + row("A") + row("B")).replace(",", delimiter)
    assert read_text(tmp_path, text).tables["events"].height == 2


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_do_not_matter(end: str, mark: str, tmp_path: Path) -> None:
    text = mark + (HEAD + row("A") + row("B")).replace("\n", end)
    assert read_text(tmp_path, text).tables["events"]["activity"].to_list() == [
        "Receive",
        "Receive",
    ]


@pytest.mark.parametrize("name", ["log.txt", "log.tsv", "LOG.CSV"])
def test_other_names_for_csv_are_read(name: str, tmp_path: Path) -> None:
    assert read_text(tmp_path, HEAD + row("A"), name=name).tables["events"].height == 1


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    batch = read_text(tmp_path, HEAD + row("A") + "\n\n" + row("B") + "\n")
    assert (batch.rows_read, batch.quarantine.height) == (2, 0)


def test_a_text_may_hold_the_delimiter_a_quote_and_a_line_break(tmp_path: Path) -> None:
    batch = read_text(tmp_path, HEAD + row("A", '"Ask, ""please"",\nagain"') + row("B"))
    assert batch.tables["events"]["activity"].to_list() == ['Ask, "please",\nagain', "Receive"]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (f"X,Receive,{AT},one,more\n", "more fields than the header"),
        ("X,Receive\n", "fewer fields than the header"),
        (f'X,"Receive,{AT}\n', "quotation mark"),
        ("X,Receive,yesterday\n", "no date and time"),
        (f",Receive,{AT}\n", "case_id is missing"),
        (f"X,,{AT}\n", "activity is missing"),
        (f"X, unknown ,{AT}\n", "activity is missing"),
        ("X,Receive,\n", "occurred_at is missing"),
        ("X,Receive,2026-01-05T09:00:00\n", "has no offset"),
    ],
)
def test_a_broken_row_is_set_aside_alone_with_its_number(
    broken: str, reason: str, tmp_path: Path
) -> None:
    text = HEAD + row("A") + row("B") + broken + row("C") + row("D")
    batch = read_text(tmp_path, text, max_quarantined_share=0.5)
    assert batch.tables["events"]["sequence"].to_list() == [1, 2, 4, 5]
    [aside] = batch.quarantine.to_dicts()
    assert (aside["row_number"], reason in aside["reason"]) == (3, True)


def test_what_is_kept_of_a_broken_row_is_its_form_alone(tmp_path: Path) -> None:
    text = HEAD + row("A") + "Jansen,Bel 06-1234,gisteren\n" + f"Jansen,b,{AT},06-1\n"
    batch = read_text(tmp_path, text, max_quarantined_share=1.0)
    shapes = batch.quarantine["shape"].to_list()
    assert shapes == ["aaaaaaaa", "aaaaaa,a,9999-99-99a99:99:99+99:99,99-9"]


def test_rows_after_an_unclosed_quote_survive(tmp_path: Path) -> None:
    rows = [row(f"C{number}") for number in range(200)]
    rows[17] = f'C17,"Receive,{AT}\n'
    batch = read_text(tmp_path, HEAD + "".join(rows))
    assert batch.quarantine["row_number"].to_list() == [18]
    assert batch.tables["events"].height == 199


def test_one_percent_of_broken_rows_costs_one_percent(tmp_path: Path) -> None:
    breaks = {
        100: f"C,Receive,{AT},extra\n",
        200: "C,Receive\n",
        300: f'C,"Receive,{AT}\n',
        400: "C,Receive,31-31-2026\n",
        500: f",Receive,{AT}\n",
    }
    rows = [breaks.get(number, row(f"C{number}")) for number in range(1, 501)]
    batch = read_text(tmp_path, HEAD + "".join(rows))
    assert batch.quarantine["row_number"].to_list() == sorted(breaks)
    assert (batch.rows_read, batch.tables["events"].height) == (500, 495)


def test_an_old_character_set_is_read_and_told(tmp_path: Path) -> None:
    text = (HEAD + row("A", "Café") + row("B")).encode("cp1252")
    batch = read_text(tmp_path, text)
    assert batch.tables["events"]["activity"].to_list() == ["Café", "Receive"]
    assert batch.findings.rows() == [("lines_read_as_windows_1252", 1, "")]


def test_utf_16_is_read(tmp_path: Path) -> None:
    batch = read_text(tmp_path, (HEAD + row("A", "Café")).encode("utf-16"))
    assert batch.tables["events"]["activity"].to_list() == ["Café"]


def test_an_optional_date_that_cannot_be_read_is_missing_and_told(tmp_path: Path) -> None:
    text = f"case,event,at,closed\nA,Receive,{AT},{AT}\nB,Receive,{AT},n.v.t.\n"
    batch = read_text(tmp_path, text, columns=COLUMNS | {"closed_at": "closed"})
    assert batch.tables["events"].height == 2
    assert batch.tables["cases"]["closed_at"].is_null().to_list() == [False, True]
    assert batch.findings.rows() == [("stamps_unreadable", 1, "column=closed_at row=2 form=a.a.a.")]


def test_the_hour_that_comes_twice_is_told(tmp_path: Path) -> None:
    text = HEAD + "A,Receive,2025-10-26 02:30:00\n"
    batch = read_text(tmp_path, text, timezone="Europe/Amsterdam")
    assert batch.findings["finding"].to_list() == ["stamps_twice_on_the_clock"]


def test_a_placeholder_is_no_value_of_a_case(tmp_path: Path) -> None:
    later = "2026-01-06T09:00:00+01:00"
    text = f"case,event,at,channel\nA,Receive,{AT},EMPTY\nA,Decide,{later},web\n"
    batch = read_text(tmp_path, text, columns=COLUMNS | {"channel": "channel"})
    [case] = batch.tables["cases"].to_dicts()
    assert (case["channel"], case["has_conflicts"]) == ("web", False)


def test_two_values_for_one_case_are_a_conflict_and_the_first_counts(tmp_path: Path) -> None:
    earlier = "2026-01-04T09:00:00+01:00"
    text = f"case,event,at,channel\nA,Decide,{AT},web\nA,Receive,{earlier},desk\n"
    batch = read_text(tmp_path, text, columns=COLUMNS | {"channel": "channel"})
    [case] = batch.tables["cases"].to_dicts()
    assert (case["channel"], case["has_conflicts"]) == ("desk", True)


def test_a_person_is_hashed_and_a_placeholder_for_a_person_is_nobody(tmp_path: Path) -> None:
    text = f"case,event,at,who\nA,Receive,{AT},Jansen\nA,Decide,{AT},empty\n"
    batch = read_text(tmp_path, text, columns=COLUMNS | {"actor": "who"})
    someone, nobody = batch.tables["events"]["actor"].to_list()
    assert (len(someone), nobody) == (32, None)
    assert "Jansen" not in str(batch)


def test_columns_that_are_not_named_are_never_read(tmp_path: Path) -> None:
    text = f"case,event,at,bsn\nA,Receive,{AT},123456782\n"
    batch = read_text(tmp_path, text)
    assert not any(
        "123456782" in frame.write_csv()
        for frame in (batch.tables["events"], batch.tables["cases"])
    )


def test_equal_instants_keep_the_order_of_the_file(tmp_path: Path) -> None:
    batch = read_text(tmp_path, HEAD + row("A", "Zorg") + row("A", "Aanvraag"))
    assert batch.tables["events"]["activity"].to_list() == ["Zorg", "Aanvraag"]
    assert batch.tables["events"]["sequence"].to_list() == [1, 2]
