"""What the command line tells: figures as a table, sources as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

import polars as pl
from rich.table import Table

if TYPE_CHECKING:
    from dashboards.marts import Marts, Record
    from dashboards.text import Text
    from pipelines.explaining import Figure


def source_lines(report: dict[str, Any]) -> Iterator[str]:
    """What `hartslag check` says of one source that can be read."""
    for asked in report.get("probes", ()):
        yield f"{report['source']}: {asked['what']}: {asked['found']}."
        if not asked["ok"]:
            yield f"  Mend: {asked['mend']}"
    for file in report.get("files", ()):
        yield (
            f"{report['source']}: {file['file']}: {file['kept']:,} {file['table']}{_cases(file)},"
            f" {file['first_at']:%Y-%m-%d} to {file['last_at']:%Y-%m-%d}."
        )
        for aside in file["set_aside"]:
            such_as = ", ".join(map(str, aside["such_as"]))
            yield f"  {aside['rows']:,} of {file['rows']:,} rows set aside, such as {such_as}:"
            yield f"    {aside['reason']}"
        for found in file["findings"]:
            said = found["finding"].replace("_", " ")
            yield f"  {found['affected']:,} {said} {found['detail']}".rstrip()


def _cases(file: dict[str, Any]) -> str:
    if "cases" not in file:
        return ""
    still_open = "" if file["open_cases"] is None else f" ({file['open_cases']:,} open)"
    return still_open if file["table"] == "cases" else f" of {file['cases']:,} cases{still_open}"


def figure_table(found: pl.DataFrame) -> Table:
    """Published figures as a table; a star marks the headline of its KPI."""
    names = ("definition", "journey", "segment", "period", "n", "value", "lower", "upper", "unit")
    table = Table(*names, "mature", "hash")
    for row in found.iter_rows(named=True):
        cells = ["withheld" if row["is_withheld"] else "–"] * 4
        if not row["is_withheld"]:
            cells = [_number(row[key]) for key in ("n", "value", "lower", "upper")]
        mature = {True: "yes", False: "no", None: "–"}[row["is_mature"]]
        star = " *" if row["is_headline"] else ""
        fixed = [row["definition"] + star, *(row[key] for key in names[1:4])]
        table.add_row(*fixed, *cells, row["unit"], mature, row["definition_hash"][:10])
    return table


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.2f}".removesuffix(".00")


def figure_lines(figure: Figure, language: Literal["nl", "en"]) -> Iterator[str]:
    """One figure with its definition, its rows step by step, and the SQL behind it."""
    body, row = figure.body, figure.published
    yield f"{body[f'name_{language}']} ({figure.definition})"
    for key in ("formula", "population", "exclusions"):
        yield f"  {key}: {body[f'{key}_{language}']}"
    yield f"  source: {body['source']}"
    yield f"  hash: {row['definition_hash']}"
    where = " / ".join(row[key] for key in ("journey", "segment", "period"))
    interval = (
        "" if row["lower"] is None else f" [{_number(row['lower'])}, {_number(row['upper'])}]"
    )
    yield f"{where}: {_number(row['value'])} {row['unit']}{interval}, n = {_number(row['n'])}"
    yield ""
    for step in figure.explanation.steps:
        yield f"{step.rows:>10,}  {step.nl if language == 'nl' else step.en}"
    if figure.explanation.steps[-1].rows != row["n"]:
        yield "  The warehouse was built anew since this figure was published."


def example_table(figure: Figure) -> Table:
    """Some of the rows behind a figure, by pseudonym."""
    return _bare_table(figure.explanation.columns, figure.explanation.examples)


def rows_table(rows: pl.DataFrame) -> Table:
    """Any rows as they are; what is not known is a dash."""
    return _bare_table(rows.columns, rows.rows())


def _bare_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    table = Table(*columns)
    for row in rows:
        table.add_row(*("–" if value is None else str(value) for value in row))
    return table


def verdict_table(marts: Marts, rows: Sequence[Record], text: Text) -> Table:
    """All verdicts, a row each."""
    from dashboards.evidence import measured_words, wish_words

    definitions = {item["definition"]: item for item in marts.rows("definitions")}
    names = {item["improvement"]: text.of(item) for item in marts.rows("improvements")}
    columns = ("improvement", "expected", "measured", "verdict", "naive")
    table = Table(*(text(f"column.{name}") for name in columns))
    for row in rows:
        wish = float(row["expected"]), row["expected_unit"]
        table.add_row(
            f"{names[row['improvement']]} ({row['improvement']})",
            f"{row['definition']}: {wish_words(*wish, definitions.get(row['definition']), text)}",
            measured_words(row, text),
            text(f"verdict.{row['verdict']}"),
            text(f"verdict.{row['naive_verdict']}"),
        )
    return table


def card_lines(marts: Marts, row: Record, text: Text) -> Iterator[str]:
    """One verdict in sentences."""
    from dashboards.evidence import (
        checks_of,
        expectation_sentence,
        gain_sentence,
        reason_sentence,
    )

    [item] = marts.rows("improvements", improvement=row["improvement"])
    yield f"{text.of(item)}: {text('verdict.' + row['verdict'])}"
    yield reason_sentence(row, checks_of(marts, row), text)
    definition = next(iter(marts.rows("definitions", definition=row["definition"])), None)
    yield expectation_sentence(row, definition, text)
    if gain := gain_sentence(row, definition, item["cost_eur"], text):
        yield gain
    yield f"{row['definition']} {(row['definition_hash'] or '')[:10]}, rule {row['rule']}"


def check_rows(marts: Marts, row: Record, text: Text) -> Table:
    """The checks of one verdict, passed or not."""
    from dashboards.cards import check_words
    from dashboards.evidence import checks_of

    names = {item["improvement"]: text.of(item) for item in marts.rows("improvements")}
    table = Table(*(text(f"column.{name}") for name in ("check", "outcome", "facts")))
    for check in checks_of(marts, row):
        said = text("value.yes" if check["passed"] else "value.no")
        table.add_row(text(f"check.{check['check']}"), said, check_words(check, names, text))
    return table
