"""XES (IEEE 1849) event logs, plain or gzipped, read by r4pm.

What belongs here: what is peculiar to XES - declared defaults, owner statistics, completeness of
the file. What does not: meaning of the columns (`event_log.py`).

r4pm takes what it can of a broken file, reads stamps without an offset as UTC, drops those that it
cannot read, and expects UTF-8. So it is given a copy, in memory, that was checked to be whole, in
UTF-8, and in which dates are texts, which our own code reads.
"""

from __future__ import annotations

import codecs
import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast
from xml.parsers import expat

import polars as pl

from pipelines.connectors.instants import to_instants
from pipelines.connectors.raw_log import (
    OWNER_STATISTICS,
    STAMPS,
    RawLog,
    as_text,
    check_columns,
    memory_file,
    numbered,
    refusal,
)

_CHUNK = 1 << 20
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"'][^>]*\?>")
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CLASSIFIER_VARIANTS = {
    "Activity classifier": "variants.activity",
    "Resource classifier": "variants.resource",
    "Group classifier": "variants.group",
}
_AGAIN = "copy or export the file again; nothing of it was loaded."


def read_xes(file: Path, columns: Mapping[str, str]) -> RawLog:
    """`columns` maps our roles to XES keys. Raises SourceError where the file is not whole."""
    import r4pm.df

    with memory_file() as (handle, path):
        _copy_whole(file, handle)
        try:
            frame, header = r4pm.df.import_xes(path)
        except Exception as error:
            raise refusal(
                file,
                "is XML, but no XES that can be read.",
                "export it again as XES 1.0 or IEEE 1849, or as CSV.",
            ) from error
    if frame.is_empty():
        raise refusal(
            file,
            "holds no events.",
            "check the period and filters of the export, then export it again.",
        )
    content = json.loads(header)
    defaults = _defaults(content)
    check_columns(file, columns, sorted({*frame.columns, *defaults}))
    declared_only = [pl.lit(None, pl.String).alias(key) for key in {*defaults} - {*frame.columns}]
    frame = frame.with_columns(declared_only)
    values = {
        role: _without_default(as_text(key, frame[key], file), defaults.get(key), role in STAMPS)
        for role, key in columns.items()
    }
    return RawLog(frame=numbered(values), owner_statistics=_owner_statistics(content))


def _copy_whole(file: Path, target: IO[bytes]) -> None:
    """Write the file as UTF-8 with dates as texts, having read it to its end as XML."""
    size, parser = 0, expat.ParserCreate("UTF-8")
    parser.StartDoctypeDeclHandler = lambda *_: _refuse_doctype(file)
    try:
        for chunk in _dates_as_text(_as_utf8(file)):
            size += len(chunk)
            parser.Parse(chunk, False)
            target.write(chunk)
        if size:
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        what = f"is no whole XML file: {expat.ErrorString(error.code)} at line {error.lineno}."
        raise refusal(file, what, _AGAIN) from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        what = f"the gzip file is cut off or damaged after {size:,} unpacked bytes ({error})."
        raise refusal(file, what, _AGAIN) from None
    except (UnicodeError, LookupError):
        what = "its bytes are not in the encoding that its first line declares."
        raise refusal(file, what, "correct the declaration, or export it as UTF-8.") from None
    if size == 0:
        raise refusal(file, "is empty.", "export it again.")
    target.flush()


def _refuse_doctype(file: Path) -> None:
    raise refusal(
        file,
        "carries a document type declaration, which XES has not and which can do harm.",
        "take the line with DOCTYPE out, or export it again.",
    )


def _as_utf8(file: Path) -> Iterator[bytes]:
    """The unpacked bytes, in UTF-8 whatever encoding the file declares."""
    with _opened(file) as stream:
        chunk = stream.read(_CHUNK)
        declared = _DECLARATION.match(chunk)
        encoding = "utf-16" if chunk[:2] in _UTF16_MARKS else "utf-8"
        if declared and encoding == "utf-8":
            encoding = declared[1].decode("ascii")
        if codecs.lookup(encoding).name in ("utf-8", "ascii"):
            while chunk:
                yield chunk
                chunk = stream.read(_CHUNK)
            return
        decoder = codecs.getincrementaldecoder(encoding)()
        text = re.sub(r"encoding\s*=\s*[\"'][^\"']*[\"']", "", decoder.decode(chunk), count=1)
        while chunk:
            yield text.encode()
            chunk = stream.read(_CHUNK)
            text = decoder.decode(chunk, final=not chunk)


def _dates_as_text(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same XML with `date` elements named `string`; no tag is cut between two chunks."""
    rest = b""
    for chunk in chunks:
        whole = rest + chunk
        cut = whole.rfind(b"<")
        cut = len(whole) if cut < 0 else cut
        yield _renamed(whole[:cut])
        rest = whole[cut:]
    yield _renamed(rest)


def _renamed(xml: bytes) -> bytes:
    return re.sub(rb"<(/?)date(?=[\s/>])", rb"<\1string", xml)


def _opened(file: Path) -> IO[bytes]:
    if file.suffix.lower() == ".gz":
        return cast("IO[bytes]", gzip.open(file, "rb"))
    return file.open("rb")


def _defaults(content: dict[str, Any]) -> dict[str, str]:
    """What the log declares for traces and events that lack an attribute, by column name."""
    return {
        prefix + attribute["key"]: str(attribute["value"]["content"])
        for prefix, part in (("case:", "global_trace_attrs"), ("", "global_event_attrs"))
        for attribute in content.get(part) or ()
    }


def _without_default(values: pl.Series, default: str | None, is_stamp: bool) -> pl.Series:
    """The values, those equal to the declared default as missing; r4pm has filled them in."""
    if default is None:
        return values
    same = [default]
    if is_stamp:
        different = values.unique().drop_nulls()
        [at] = to_instants(pl.Series([default]), "UTC", None)["instant"]
        found = to_instants(different, "UTC", None)["instant"]
        same += different.filter(found == at).to_list()
    return values.set(values.is_in(same), None)


def _owner_statistics(content: dict[str, Any]) -> pl.DataFrame:
    """The `meta_*` figures and dates that the owner of the log printed, and variant counts."""
    rows: list[tuple[str, str]] = []
    for attribute in content.get("log_attributes") or ():
        key, value = attribute["key"], attribute["value"]
        if key.startswith("meta_"):
            rows += [(key, text) for text in _figure(value["type"], str(value["content"]))]
        if key == "meta_general:classifiers":
            rows += _variants(attribute.get("own_attributes") or [])
    unique = [row for row in rows if Counter(key for key, _ in rows)[row[0]] == 1]
    return pl.DataFrame(unique, schema=OWNER_STATISTICS, orient="row")


def _figure(kind: str, text: str) -> Iterator[str]:
    """A number as it is, a stamp as an instant in UTC; other texts say nothing to compare."""
    if kind in ("Int", "Float"):
        yield text
    elif kind == "String":
        with suppress(ValueError):
            stamp = datetime.fromisoformat(text)
            yield (stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _variants(classifiers: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The number of different traces that the owner counted under each classifier."""
    return [
        (_CLASSIFIER_VARIANTS[classifier["key"]], str(own["value"]["content"]))
        for classifier in classifiers
        if classifier["key"] in _CLASSIFIER_VARIANTS
        for own in classifier.get("own_attributes") or ()
        if own["key"] == "meta_general:different_traces"
    ]
