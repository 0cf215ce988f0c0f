"""Marked personal data: putting it into answers, and looking for it in whatever was written."""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

MARK = "Geplant"
# What the tables of `raw` are for may be kept as it is: names of types, departments and channels,
# and words of closed lists. Everything else gets the mark.
KEPT = {
    *("identificatie", "omschrijving", "omschrijvingGeneriek", "naam", "kanaal"),
    *("communicatiekanaalNaam", "gespreksresultaat", "verantwoordelijkeAfdeling"),
    *("betrokkeneType", "soortActor", "rol", "status", "actie", "resource", "codeSoortObjectId"),
    *("doorlooptijd", "servicenorm", "duur", "next", "previous"),
}
PERSONAL = ("medewerker", "natuurlijk_persoon", "niet_natuurlijk_persoon", "vestiging")
_TECHNICAL = re.compile(r"^(https?://|[0-9a-f-]{36}$|\d{4}-\d\d-\d\d|P\d+[DWMY]$)")
_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_PACKED = re.compile(rb"e[AFJN][A-Za-z0-9+/]{20,}={0,2}")  # zlib in base64, as dlt keeps its state


class Planter:
    """Puts a mark, each with its own number, in every text that is not technical or kept."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def mark(self) -> str:
        return f"{MARK}{next(self._numbers):06d}"

    def plant(self, value: Any, name: str = "", is_person: bool = False) -> Any:
        if isinstance(value, list):
            return [self.plant(item, name, is_person) for item in value]
        if isinstance(value, dict):
            kind = value.get("betrokkeneType") or value.get("soortActor") or ""
            of_person = is_person or kind in PERSONAL
            grown = {key: self.plant(item, key, of_person) for key, item in value.items()}
            return {**grown, f"nieuw{next(self._numbers)}": self.mark()}
        if not isinstance(value, str) or _TECHNICAL.match(value):
            return value
        is_kept = name in KEPT and not (is_person and name in ("naam", "identificatie"))
        if name == "identificatie" and value.startswith("ZAAK-"):
            is_kept = False
        return value if is_kept else self.mark()


class Seeker:
    """Finds marks, whatever their capitals, and the uuids by which systems know cases and people."""

    def __init__(self, identifiers: set[str] = frozenset()) -> None:  # type: ignore[assignment]
        self._identifiers = {name.encode() for name in identifiers}
        self._mark = MARK.lower().encode()

    def finds(self, content: bytes) -> bool:
        lowered = content.lower()
        if self._mark in lowered or self._identifiers & set(_UUID.findall(lowered)):
            return True
        return any(self.finds(inner) for inner in _inflated(content))

    def files_with(self, folder: Path) -> list[Path]:
        files = [file for file in folder.rglob("*") if file.is_file()]
        return [file for file in files if any(map(self.finds, contents(file)))]


def contents(file: Path) -> Iterator[bytes]:
    """The bytes of a file, and what they hold once unpacked and joined."""
    raw = file.read_bytes()
    yield file.name.encode() + b"\0" + raw
    if raw[:2] == b"\x1f\x8b":
        yield gzip.decompress(raw)
    if raw[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            yield from (packed.read(name) for name in packed.namelist())
    if file.suffix == ".parquet":
        yield pl.read_parquet(file).write_csv().encode()
    if raw[:15] == b"SQLite format 3":
        yield from _rows_of_sqlite(file)
    if file.suffix == ".duckdb":
        yield from _rows_of_duckdb(file)


def _rows_of_sqlite(file: Path) -> Iterator[bytes]:
    """Long values lie on several pages of the file, so its bytes alone do not show them whole."""
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        for (table,) in connection.execute("select name from sqlite_master where type = 'table'"):
            for row in connection.execute(f'select * from "{table}"'):
                yield repr(row).encode()
    finally:
        connection.close()


def _rows_of_duckdb(file: Path) -> Iterator[bytes]:
    with duckdb.connect(file, read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables"
        ).fetchall()
        for schema, table in tables:
            for row in connection.execute(f'select * from "{schema}"."{table}"').fetchall():
                yield repr(row).encode()


def _inflated(content: bytes) -> Iterator[bytes]:
    for packed in _PACKED.findall(content):
        try:
            yield zlib.decompress(base64.b64decode(packed))
        except (zlib.error, binascii.Error):
            continue
