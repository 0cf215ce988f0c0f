"""Time stamps as written in a file become UTC instants.

What belongs here: reading stamps and saying why one cannot be read. What does not: which column
holds what, and what happens to a row without an instant (`event_log.py`).
"""

from __future__ import annotations

import re

import polars as pl

DEFAULT_ZONE = "Europe/Amsterdam"
UNREADABLE, NO_OFFSET, NO_SUCH_TIME = "unreadable", "without_offset", "skipped_by_the_clock"
INSTANT = pl.Datetime("us", "UTC")
LOCAL = pl.Datetime("us")

# The common forms are tried first: ten times faster than the pattern below, which reads them all.
_COMMON = tuple(f"%Y-%m-%d{t}%H:%M:%S%.f{z}" for t in (" ", "T") for z in ("%:z", "Z", ""))
_ISO = (
    r"^(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:[Tt ](?P<clock>(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)(?:[.,](?P<fraction>\d{1,9}))?"
    r"\s?(?P<offset>[Zz]|[+-](?:0\d|1[0-5])(?::?[0-5]\d)?)?)?$"
)
_CLOCK_DIRECTIVE = re.compile(r"%[-_0]?[HIklMTRXrsc+]")
_FIRST_YEAR = 1000  # below it stands a year of two digits, or an empty date of some system


def to_instants(values: pl.Series, zone: str | None, time_format: str | None) -> pl.DataFrame:
    """Read stamps: text, dates or datetimes.

    Gives, per value: `instant` (UTC, microseconds), `quality` ('exact', or 'day' for a date
    alone), `problem` (null or one of the three above), `is_local` (it had
    no offset) and `is_ambiguous` (in the autumn hour that exists twice; the earlier is taken).
    A null has no instant and no problem. `zone` is that of stamps without an offset; a date alone
    is midnight in it, or in Amsterdam. Text is read by `time_format` if given, else or failing
    that as ISO 8601.
    """
    frame = _parsed(values, time_format)
    frame = frame.with_columns(
        pl.when(pl.col("instant").dt.year() >= _FIRST_YEAR).then("instant").alias("instant"),
        pl.when(pl.col("local").dt.year() >= _FIRST_YEAR).then("local").alias("local"),
    ).with_columns(is_local=pl.col("local").is_not_null())
    first, last = _placed("earliest", zone), _placed("latest", zone)
    day = pl.when("is_day").then(_placed("earliest", zone or DEFAULT_ZONE))
    return frame.with_columns(first=pl.coalesce(first, day), last=last).select(
        instant=pl.coalesce("instant", "first"),
        quality=pl.when("is_day").then(pl.lit("day")).otherwise(pl.lit("exact")),
        problem=pl.when(pl.col("is_given") & pl.coalesce("instant", "first").is_null())
        .then(
            pl.when(~pl.col("is_local"))
            .then(pl.lit(UNREADABLE))
            .when(pl.lit(zone is None))
            .then(pl.lit(NO_OFFSET))
            .otherwise(pl.lit(NO_SUCH_TIME))
        )
        .cast(pl.String),
        is_local="is_local",
        is_ambiguous=(pl.col("first") != pl.col("last")).fill_null(False),
    )


def _placed(which: str, zone: str | None) -> pl.Expr:
    """The local stamp as an instant in its zone; null where that time was skipped in spring."""
    if zone is None:
        return pl.lit(None, INSTANT)
    placed = pl.col("local").dt.replace_time_zone(
        zone,
        ambiguous=pl.lit(which),
        non_existent="null",
    )
    return placed.dt.convert_time_zone("UTC")


def _parsed(values: pl.Series, time_format: str | None) -> pl.DataFrame:
    """`instant` of stamps with an offset, `local` of those without, `is_day`, `is_given`."""
    given = values.is_not_null().alias("is_given")
    none = pl.Series("none", [None], dtype=INSTANT).new_from_index(0, len(values))
    day = pl.Series("is_day", [values.dtype == pl.Date]).new_from_index(0, len(values))
    if isinstance(values.dtype, pl.Datetime) and values.dtype.time_zone is not None:
        instant = values.dt.convert_time_zone("UTC").cast(INSTANT)
        return pl.DataFrame([instant.alias("instant"), none.cast(LOCAL).alias("local"), day, given])
    if values.dtype in (pl.Date, pl.Datetime):
        return pl.DataFrame([none.alias("instant"), values.cast(LOCAL).alias("local"), day, given])
    texts = values.cast(pl.String)
    instant, local = none, none.cast(LOCAL)
    if time_format is not None:
        instant, local = _by_format(texts, time_format)
        if _CLOCK_DIRECTIVE.search(time_format) is None:
            day = local.is_not_null().alias("is_day")
    else:
        instant, local = _by_common_form(texts, instant, local)
    rest = (instant.is_null() & local.is_null() & given).arg_true()
    if len(rest):
        iso = _by_pattern(texts.gather(rest))
        instant = instant.clone().scatter(rest, iso["instant"])
        local = local.clone().scatter(rest, iso["local"])
        day = day.clone().scatter(rest, iso["is_day"])
    return pl.DataFrame([instant.alias("instant"), local.alias("local"), day, given])


def _by_common_form(
    texts: pl.Series, instant: pl.Series, local: pl.Series
) -> tuple[pl.Series, pl.Series]:
    """Fill (instants, local stamps) for the stamps in a common form; stop when none is left."""
    for form in _COMMON:
        read = texts.str.to_datetime(form, time_unit="us", strict=False)
        read = read.set(read.dt.year() < _FIRST_YEAR, None)
        if form.endswith("%.f"):
            local = local.zip_with(read.is_null(), read)
        else:
            read = read if form.endswith("z") else read.dt.replace_time_zone("UTC")
            instant = instant.zip_with(read.is_null(), read)
        if (instant.is_not_null() | local.is_not_null() | texts.is_null()).all():
            break
    return instant, local


def _by_format(texts: pl.Series, time_format: str) -> tuple[pl.Series, pl.Series]:
    """(instants, local stamps) by a strptime format; one of the two is all null."""
    read = texts.str.to_datetime(time_format, time_unit="us", strict=False)
    none = pl.Series([None], dtype=pl.Null).new_from_index(0, len(texts))
    if read.dtype == INSTANT:
        return read, none.cast(LOCAL)
    return none.cast(INSTANT), read.cast(LOCAL)


def _by_pattern(texts: pl.Series) -> pl.DataFrame:
    """ISO 8601 in all its usual spellings: `instant`, `local`, `is_day`."""
    parts = texts.str.extract_groups(_ISO).struct.unnest()
    clock = pl.col("clock").fill_null("00:00").str.pad_end(6, ":").str.pad_end(8, "0")
    digits = pl.col("fraction").fill_null("").str.pad_end(6, "0").str.head(6)
    offset = pl.col("offset").str.replace_all(":", "")
    minutes = (
        offset.str.slice(1, 2).cast(pl.Int64, strict=False).fill_null(0) * 60
        + offset.str.slice(3, 2).cast(pl.Int64, strict=False).fill_null(0)
    ) * pl.when(offset.str.starts_with("-")).then(-1).otherwise(1)
    wall = pl.concat_str("date", pl.lit(" "), clock).str.to_datetime(
        "%Y-%m-%d %H:%M:%S", time_unit="us", strict=False
    ) + pl.duration(microseconds=digits.cast(pl.Int64))
    frame = parts.select("offset", wall=wall, minutes=minutes, is_day=pl.col("clock").is_null())
    utc = (pl.col("wall") - pl.duration(minutes="minutes")).dt.replace_time_zone("UTC")
    return frame.select(
        instant=pl.when(pl.col("offset").is_not_null()).then(utc).cast(INSTANT),
        local=pl.when(pl.col("offset").is_null()).then("wall").cast(LOCAL),
        is_day=pl.col("is_day") & pl.col("wall").is_not_null(),
    )
