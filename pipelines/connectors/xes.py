"""XES (IEEE 1849) event logs, plain or gzipped, read by r4pm.

What belongs here: what is peculiar to XES - declared defaults, owner statistics, completeness of
the file. What does not: meaning of the columns (`event_log.py`).
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast
from xml.parsers import expat

import polars as pl

from pipelines.connectors.raw_log import OWNER_STATISTICS, RawLog, SourceError

_CHUNK = 1 << 20
_CLASSIFIER_VARIANTS = {
    "Activity classifier": "variants.activity",
    "Resource classifier": "variants.resource",
    "Group classifier": "variants.group",
}


def read_xes(file: Path, columns: dict[str, str]) -> RawLog:
    """`columns` maps our roles to XES keys. Raises SourceError where the file is not whole."""
    _refuse_incomplete(file)
    import r4pm.df

    try:
        frame, header = r4pm.df.import_xes(str(file))
    except Exception as error:
        raise SourceError(
            f"{file.name}: is no XES that can be read ({error}).\n"
            "  Mend: export it again as XES 1.0 or IEEE 1849, or as CSV."
        ) from None
    if frame.is_empty():
        raise SourceError(
            f"{file.name}: holds no events.\n"
            "  Mend: check the period and filters of the export, then export it again."
        )
    content = json.loads(header)
    known = sorted(frame.columns)
    return RawLog(
        frame=_mapped(frame, columns, _defaults(content), known, file),
        rows_read=frame.height,
        owner_statistics=_owner_statistics(content),
    )


def _refuse_incomplete(file: Path) -> None:
    """r4pm takes what it can of a broken file without a word, so it is read whole here first."""
    size, parser = 0, expat.ParserCreate()
    try:
        with _opened(file) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                parser.Parse(chunk, False)
        if size:
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise SourceError(
            f"{file.name}: is no whole XML file: {expat.ErrorString(error.code)} at line"
            f" {error.lineno}.\n  Mend: copy or export the file again; nothing of it was loaded."
        ) from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise SourceError(
            f"{file.name}: the gzip file is cut off or damaged after {size:,} unpacked bytes"
            f" ({error}).\n  Mend: copy or export the file again; nothing of it was loaded."
        ) from None
    if size == 0:
        raise SourceError(f"{file.name}: is empty.\n  Mend: export it again.")


def _opened(file: Path) -> IO[bytes]:
    if file.suffix == ".gz":
        return cast("IO[bytes]", gzip.open(file, "rb"))
    return file.open("rb")


def _defaults(content: dict[str, Any]) -> dict[str, str]:
    """Declared defaults by column name; dates in UTC without a zone, as r4pm gives them."""
    defaults = {}
    for prefix, part in (("case:", "global_trace_attrs"), ("", "global_event_attrs")):
        for attribute in content.get(part) or ():
            value = attribute["value"]
            text = str(value["content"])
            if value["type"] == "Date":
                text = _utc(text).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
            defaults[prefix + attribute["key"]] = text
    return defaults


def _utc(text: str) -> datetime:
    stamp = datetime.fromisoformat(text)
    return (stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)).astimezone(UTC)


def _mapped(
    frame: pl.DataFrame,
    columns: dict[str, str],
    defaults: dict[str, str],
    known: list[str],
    file: Path,
) -> pl.DataFrame:
    missing = [key for key in ("case_id", "activity", "occurred_at") if columns[key] not in known]
    if missing:
        key = missing[0]
        raise SourceError(
            f"{file.name}: columns.{key} names {columns[key]!r}, which no event has;"
            f" the log has: {', '.join(known)}.\n  Mend: correct columns.{key}."
        )
    selected = []
    for role, key in columns.items():
        if key not in known:
            selected.append(pl.lit(None, pl.String).alias(role))
            continue
        value = pl.col(key)
        if frame.schema[key] == pl.Datetime:
            as_text = value.dt.to_string("%Y-%m-%d %H:%M:%S%.6f")
            value = value.dt.replace_time_zone("UTC")
        else:
            as_text = value.cast(pl.String)
            value = as_text
        default = defaults.get(key)
        if default is not None:
            value = pl.when(as_text != default).then(value)
        selected.append(value.alias(role))
    return (
        frame.select(selected)
        .with_row_index("sequence", 1)
        .with_columns(pl.col("sequence").cast(pl.Int64))
    )


def _owner_statistics(content: dict[str, Any]) -> pl.DataFrame:
    """The scalar `meta_*` attributes that the owner of the log printed, and variant counts."""
    rows: list[tuple[str, str]] = []
    for attribute in content.get("log_attributes") or ():
        key, value = attribute["key"], attribute["value"]
        if key.startswith("meta_") and value["type"] in ("Int", "Float", "Date"):
            text = str(value["content"])
            rows.append((key, _utc(text).isoformat() if value["type"] == "Date" else text))
        if key == "meta_general:classifiers":
            rows += _variants(attribute.get("own_attributes") or [])
    unique = [row for row in rows if Counter(key for key, _ in rows)[row[0]] == 1]
    return pl.DataFrame(unique, schema=OWNER_STATISTICS, orient="row")


def _variants(classifiers: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The number of different traces that the owner counted under each classifier."""
    return [
        (_CLASSIFIER_VARIANTS[classifier["key"]], str(own["value"]["content"]))
        for classifier in classifiers
        if classifier["key"] in _CLASSIFIER_VARIANTS
        for own in classifier.get("own_attributes") or ()
        if own["key"] == "meta_general:different_traces"
    ]
