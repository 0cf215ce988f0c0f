"""What the command line tells: figures as a table, sources as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from rich.table import Table


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
    return f" of {file['cases']:,} cases{still_open}"


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
