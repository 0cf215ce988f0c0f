"""Rows on their way between Polars and DuckDB."""

from __future__ import annotations

from typing import Protocol


class _Rows(Protocol):
    def __arrow_c_stream__(self, requested_schema: object = None, /) -> object: ...


class ArrowStream:
    """A frame or a relation as an Arrow stream, and nothing else of what holds it.

    DuckDB refuses a bare Polars frame without pyarrow; Polars, given a bare relation, makes DuckDB
    2.0 complain at exit of objects that it lost.
    """

    def __init__(self, rows: _Rows) -> None:
        self._rows = rows

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._rows.__arrow_c_stream__(requested_schema)
