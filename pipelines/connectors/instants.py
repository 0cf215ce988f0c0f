"""Timestamps as they are written become instants in UTC."""

from __future__ import annotations

import polars as pl

from pipelines.municipality import EventLogSource

DEFAULT_ZONE = "Europe/Amsterdam"
_DAY = r"^\d{4}-\d{2}-\d{2}$"
_OFFSET = r":\d{2}(?:\.\d+)?\s?[+-]\d{2}:?\d{2}$"


def instants(column: str, dtype: pl.DataType, source: EventLogSource) -> dict[str, pl.Expr]:
    """Three expressions: `at` (UTC instant, null where unreadable), `is_day`, `lacks_offset`.

    A date alone is midnight in the source's zone. A local time that the clock shows twice is taken
    as the first; one that it skips is unreadable.
    """
    never = pl.lit(value=False)
    zone = source.timezone
    value = pl.col(column)
    if dtype == pl.Date:
        return {
            "at": _local(value.cast(pl.Datetime("us")), zone),
            "is_day": ~never,
            "lacks_offset": never,
        }
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone:
            at = value.dt.convert_time_zone("UTC").dt.cast_time_unit("us")
            return {"at": at, "is_day": never, "lacks_offset": never}
        local = value.dt.cast_time_unit("us")
        known = _local(local, zone) if zone else pl.lit(None, pl.Datetime("us", "UTC"))
        return {"at": known, "is_day": never, "lacks_offset": pl.lit(zone is None)}
    return _written(value.cast(pl.String), source)


def _written(text: pl.Expr, source: EventLogSource) -> dict[str, pl.Expr]:
    zone, pattern = source.timezone, source.time_format
    if pattern and "%z" in pattern:
        at = text.str.to_datetime(pattern, time_zone="UTC", time_unit="us", strict=False)
        return {"at": at, "is_day": pl.lit(value=False), "lacks_offset": pl.lit(value=False)}
    if pattern:
        local = text.str.to_datetime(pattern, time_unit="us", strict=False)
        has_offset = is_day = pl.lit(value=False)
        instant = pl.lit(None, pl.Datetime("us", "UTC"))
    else:
        tidy = (
            text.str.replace(r"^(\d{4}-\d{2}-\d{2})[Tt]", "${1} ")
            .str.replace(r"[Zz]$", "+00:00")
            .str.replace(r"^(\d{4}-\d{2}-\d{2} \d{2}:\d{2})($|[+-])", "${1}:00${2}")
            .str.replace(r"\s([+-]\d{2}:?\d{2})$", "${1}")
        )
        # A year below 1000 is two digits read as four.
        tidy = pl.when(tidy.str.contains(r"^[1-9]\d{3}-")).then(tidy)
        is_day, has_offset = tidy.str.contains(_DAY), tidy.str.contains(_OFFSET)
        full = pl.when(is_day).then(tidy + " 00:00:00").otherwise(tidy)
        local = full.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)
        instant = tidy.str.to_datetime(
            "%Y-%m-%d %H:%M:%S%.f%z", time_zone="UTC", time_unit="us", strict=False
        )
    needs_zone = ~has_offset & ~is_day
    here = _local(local, zone)
    if zone is None:
        here = pl.when(is_day).then(here)
    return {
        "at": pl.when(has_offset).then(instant).otherwise(here),
        "is_day": is_day.fill_null(value=False),
        "lacks_offset": (needs_zone & local.is_not_null()) if zone is None else pl.lit(value=False),
    }


def _local(naive: pl.Expr, zone: str | None) -> pl.Expr:
    return naive.dt.replace_time_zone(
        zone or DEFAULT_ZONE, ambiguous="earliest", non_existent="null"
    ).dt.convert_time_zone("UTC")
