"""Which rows of a file can be used, and why not the others.

What belongs here: reading stamps, setting rows aside with their reason, findings about stamps.
What does not: file formats (`csv_file.py`, `tabular.py`, `xes.py`) and pseudonyms (`event_log.py`).
"""

from __future__ import annotations

import polars as pl

from pipelines.connectors.instants import NO_OFFSET, NO_SUCH_TIME, UNREADABLE, to_instants
from pipelines.connectors.raw_log import FINDINGS, QUARANTINE, RawLog, shape_of, stamps_among
from pipelines.sources import RowSource

_STAMP_PROBLEMS = {
    UNREADABLE: "{at} is no date and time that can be read; write ISO 8601 with a year of"
    " four digits, or set `time_format:` of the source.",
    NO_OFFSET: "{at} has no offset; set `timezone:` of the source.",
    NO_SUCH_TIME: "{at} is in the hour that the clock skips in spring; look whether"
    " `timezone:` of the source is right.",
}


def judge(
    log: RawLog,
    source: RowSource,
    needed: tuple[str, ...],
    moments: tuple[str, ...] | None = None,
    unique: str | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """(good, quarantine, findings): the rows with instants in place of stamps and `time_quality`;
    the rows set aside, by row number; what people should know of the rows that are kept.

    A row that lacks one of the `needed` columns, the last of them its time, is set aside. Of the
    other stamps an unreadable one is missing, and told. `moments` are the columns whose stamps
    become events, by default that time; each has its `quality_of` in the good rows. A value of the
    column `unique` is good once.
    """
    written = log.frame.with_columns(
        pl.col(name).str.strip_chars().replace("", None)
        for name, dtype in log.frame.schema.items()
        if dtype == pl.String
    )
    stamps = {
        role: to_instants(written[role], source.timezone, source.time_format)
        for role in stamps_among(written.columns)
    }
    at = needed[-1]
    moments = (at,) if moments is None else moments
    problem = _problem(written, stamps[at], source, needed)
    if unique is not None:
        problem = _or_repeated(problem, written, unique)
    judged = written.with_columns(
        problem,
        stamps[at]["quality"].alias("time_quality"),
        *(stamps[role]["quality"].alias(quality_of(role)) for role in moments),
        *(parts["instant"].alias(role) for role, parts in stamps.items()),
    )
    is_good = problem.is_null()
    bad = judged.filter(~is_good).select(
        pl.col("sequence").alias("row_number"), pl.col("problem").struct.unnest()
    )
    quarantine = pl.concat([log.rejected, bad.select(QUARANTINE.names()).cast(QUARANTINE)])
    found = [
        finding
        for role, parts in stamps.items()
        for finding in _stamp_findings(role, parts.filter(is_good), written.filter(is_good))
    ]
    dated = [
        stamps[role].filter(is_good & stamps[role]["instant"].is_not_null()) for role in moments
    ]
    days = sum(int((parts["quality"] == "day").sum()) for parts in dated)
    found.append(("events_with_a_date_alone", days, ""))
    told = pl.DataFrame([row for row in found if row[1]], schema=FINDINGS, orient="row")
    return (
        judged.filter(is_good).drop("problem"),
        quarantine.sort("row_number"),
        pl.concat([log.findings, told]),
    )


def quality_of(role: str) -> str:
    """The column that says whether the stamps of a role are exact, or days."""
    return f"{role} quality"


def is_placeholder(column: str, source: RowSource) -> pl.Expr:
    """Whether the value is one of those that mean missing in this source."""
    values = [value.strip().lower() for value in source.missing_values]
    return pl.col(column).str.to_lowercase().is_in(values).fill_null(value=False)


def _problem(
    frame: pl.DataFrame, at: pl.DataFrame, source: RowSource, needed: tuple[str, ...]
) -> pl.Series:
    """Why a row cannot be used: column_name, reason and shape; null where it can."""
    reasons, time = [], needed[-1]
    for role in needed:
        is_missing = pl.col(role).is_null()
        if role != time:
            is_missing |= is_placeholder(role, source)
        reasons.append((role, is_missing, f"{role} is missing; without it the row says nothing."))
    for kind, reason in _STAMP_PROBLEMS.items():
        is_wrong = pl.lit((at["problem"] == kind).fill_null(False))
        reasons.append((time, is_wrong, reason.format(at=time)))
    problem = pl.coalesce(
        pl.when(wrong).then(
            pl.struct(column_name=pl.lit(role), reason=pl.lit(reason), shape=shape_of(pl.col(role)))
        )
        for role, wrong, reason in reasons
    )
    return frame.select(problem.alias("problem"))["problem"]


def _or_repeated(problem: pl.Series, frame: pl.DataFrame, role: str) -> pl.Series:
    """The problems, with one for each good row whose value an earlier good row has."""
    is_good = pl.col("problem").is_null()
    is_first = pl.struct(role, is_good.alias("is_good")).is_first_distinct()
    repeated = pl.struct(
        column_name=pl.lit(role),
        reason=pl.lit(f"{role} stands on an earlier row; this kind of source gives it one row."),
        shape=shape_of(pl.col(role)),
    )
    told = pl.when(is_good & ~is_first).then(repeated).otherwise("problem")
    return frame.with_columns(problem).select(told.alias("problem"))["problem"]


def _stamp_findings(
    role: str, parts: pl.DataFrame, rows: pl.DataFrame
) -> list[tuple[str, int, str]]:
    """(finding, affected, detail) of one column of stamps in the rows that are kept."""
    found = []
    for kind in _STAMP_PROBLEMS:
        wrong = rows.filter((parts["problem"] == kind).fill_null(False))
        if wrong.height:
            first, shape = wrong.select("sequence", shape_of(pl.col(role))).row(0)
            found.append(
                (f"stamps_{kind}", wrong.height, f"column={role} row={first} form={shape}")
            )
    ambiguous = int(parts["is_ambiguous"].sum())
    found.append(("stamps_twice_on_the_clock", ambiguous, f"column={role}"))
    return found
