"""What every reader of event logs hands over, and the errors they raise."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

QUARANTINE = {
    "row_number": pl.Int64,
    "column_name": pl.String,
    "shape": pl.String,
    "reason": pl.String,
}
OWNER_STATISTICS = {"statistic": pl.String, "value": pl.String}


class SourceError(Exception):
    """A source that cannot be used; the message says what is wrong, where, and what to do."""


@dataclass(frozen=True)
class RawLog:
    """`frame` has `sequence` (1-based row or event number) and the mapped columns by their role;
    `rejected` holds rows that could not even be split into columns."""

    frame: pl.DataFrame
    rows_read: int
    rejected: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=QUARANTINE))
    owner_statistics: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=OWNER_STATISTICS)
    )


def shape_of(column: str) -> pl.Expr:
    """A value with every digit as 9 and every letter as a: its form, not its content."""
    text = pl.col(column).cast(pl.String)
    return (
        text.str.replace_all(r"\p{L}", "a").str.replace_all(r"\d", "9").str.slice(0, 40)
    ).fill_null("")
