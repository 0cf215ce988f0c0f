"""What every reader of an event log hands over, and what the readers share.

What belongs here: the raw frame, its refusal, the check of the columns. What does not: anything
about one file format, and the meaning of the values (`event_log.py`).
"""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import polars as pl

STAMPS = (
    "occurred_at",
    "opened_at",
    "closed_at",
    "planned_end_at",
    "legal_end_at",
    "contacted_at",
    "promised_at",
    "due_at",
    "done_at",
)
EVENTS = "events."  # before the activity, the role of a column with the moment of that activity
SHAPE_CHARACTERS = 40

QUARANTINE = pl.Schema(
    {
        "row_number": pl.Int64(),
        "column_name": pl.String(),
        "shape": pl.String(),
        "reason": pl.String(),
    }
)
FINDINGS = pl.Schema({"finding": pl.String(), "affected": pl.Int64(), "detail": pl.String()})
OWNER_STATISTICS = pl.Schema({"statistic": pl.String(), "value": pl.String()})


class SourceError(Exception):
    """A source that cannot be used; the message says what is wrong, where, and what to do."""


class PassingSourceError(SourceError):
    """A source that cannot be used now, for a reason that may pass by itself."""


def refusal(file: Path | str, what: str, mend: str) -> SourceError:
    name = file.name if isinstance(file, Path) else file
    return SourceError(f"{name}: {what}\n  Mend: {mend}")


def stamps_among(roles: Collection[str]) -> list[str]:
    """Those of the roles that hold a moment."""
    activities = [role for role in roles if role.startswith(EVENTS)]
    return [role for role in STAMPS if role in roles] + activities


@dataclass(frozen=True)
class RawLog:
    """One file as read, before its values get a meaning.

    `frame` has `sequence` (Int64, 1 = first data row or event) and the mapped columns by their
    role, as text except where the file types its dates; `rejected` holds rows that could not even
    be split into columns.
    """

    frame: pl.DataFrame
    rejected: pl.DataFrame = field(default_factory=QUARANTINE.to_frame)
    findings: pl.DataFrame = field(default_factory=FINDINGS.to_frame)
    owner_statistics: pl.DataFrame = field(default_factory=OWNER_STATISTICS.to_frame)

    @property
    def rows_read(self) -> int:
        return self.frame.height + self.rejected.height


def numbered(columns: Mapping[str, pl.Series]) -> pl.DataFrame:
    """The columns by their role, with the place of each row, from 1."""
    frame = pl.DataFrame([values.alias(role) for role, values in columns.items()])
    return frame.select(pl.int_range(1, pl.len() + 1).alias("sequence"), pl.all())


def check_columns(file: Path | str, columns: Mapping[str, str], present: Sequence[str]) -> None:
    """Raise SourceError where the file, or query, lacks a mapped column or has it twice.

    A first row without any mapped name may be data on persons; it is never repeated, since
    messages are kept.
    """
    missing = {role: name for role, name in columns.items() if name not in present}
    if missing and len(missing) == len(columns):
        raise refusal(
            file,
            f"none of its {len(present)} columns has a name that the configuration maps, such as"
            f" {next(iter(columns.values()))!r}; the first row may be no header.",
            "export the file with a header, or correct the names under `columns:` of this source.",
        )
    if missing:
        said = "; ".join(_missing(role, name, present) for role, name in missing.items())
        raise refusal(
            file,
            f"{said}. It has: {', '.join(map(repr, present)) or 'no columns'}.",
            "correct the names in the configuration, or let the export give these columns.",
        )
    twice = [name for name in columns.values() if present.count(name) > 1]
    if twice:
        raise refusal(
            file,
            f"column {twice[0]!r} stands twice in the header; which one is meant cannot be told.",
            "rename or drop one of the two in the export.",
        )


def _missing(role: str, name: str, present: Sequence[str]) -> str:
    lowered = {found.lower(): found for found in reversed(present)}
    close = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.5)
    guess = f" (closest: {lowered[close[0]]!r})" if close else ""
    key = role if role.startswith(EVENTS) else f"columns.{role}"
    return f"column {name!r} for {key} is missing{guess}"


def dates_alone(values: pl.Series, midnight: str) -> pl.Series:
    """Stamps as text, without their time where each is at midnight: a column of dates, in systems
    that have no dates without a time."""
    is_dates = values.drop_nulls().str.ends_with(midnight).all()
    return values.str.strip_suffix(midnight) if is_dates else values


def as_text(name: str, values: pl.Series, file: Path) -> pl.Series:
    """The values as text, the same whichever format typed them: 10001.0 becomes 10001."""
    if values.dtype.is_nested() or values.dtype == pl.Binary:
        raise refusal(
            file,
            f"column {name!r} holds {values.dtype} values where one text or number is expected.",
            "map another column, or flatten this one in the export.",
        )
    if values.dtype.is_float():
        values = values.fill_nan(None)
    if values.dtype.is_float() and (values.drop_nulls() % 1 == 0).all():
        values = values.cast(pl.Int64, strict=False)
    return values.cast(pl.String)


def shape_of(values: pl.Expr) -> pl.Expr:
    """The form of a value without the value: digits as 9, letters as a, at most 40 characters."""
    masked = values.cast(pl.String).str.replace_all(r"\d", "9")
    return masked.str.replace_all(r"\p{L}", "a").str.head(SHAPE_CHARACTERS).fill_null("")


def findings(*items: tuple[str, int, str]) -> pl.DataFrame:
    """(finding, affected, detail) as a frame; those that affect nothing are left out."""
    return pl.DataFrame([item for item in items if item[1]], schema=FINDINGS, orient="row")


@contextmanager
def memory_file() -> Iterator[tuple[BinaryIO, str]]:
    """A file to write, and the path at which a library may then read it.

    It lives in memory where the system can do so (Linux), since it holds personal data; else in a
    folder of this user alone, removed at once after use.
    """
    if hasattr(os, "memfd_create"):
        with os.fdopen(os.memfd_create("hartslag"), "wb") as handle:
            yield handle, f"/proc/self/fd/{handle.fileno()}"
    else:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "copy"
            with file.open("wb") as handle:
                yield handle, str(file)
