"""Rows reach the warehouse as they were read, however many came before them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines import landing
from pipelines.connectors.api_tables import ApiTable
from pipelines.connectors.seen import Seen

TABLE = ApiTable(
    "things",
    "thing",
    {"thing": "text", "said": "text", "number": "bigint", "day": "date", "at": "timestamp"},
)


def row(key: int, **more: Any) -> dict[str, Any]:
    return {"thing": f"{abs(key):032x}", **dict.fromkeys(["said", "number", "day", "at"]), **more}


def taken(folder: Path) -> list[tuple[Any, ...]]:
    """What the loader's query finds in the files."""
    query = (folder / "things.model").read_text(encoding="utf-8").removeprefix("dialect: duckdb\n")
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        found = f'select thing, said, number, day, "at" from ({query}) where said is not null'
        return connection.execute(found).fetchall()


def test_a_value_after_many_rows_without_one_is_kept(tmp_path: Path) -> None:
    """DuckDB takes the columns of JSON from its first 20,480 rows, and refuses what comes later."""
    last = row(60_000, said="2024-01-01T00:00:00", number=7, day=date(2026, 1, 2))
    last["at"] = datetime(2026, 1, 2, 3, 4, 5, 678, UTC)
    pages = [[row(n) for n in range(first, first + 500)] for first in range(0, 30_000, 500)]
    assert len(list(landing.landed(TABLE, "source", [*pages, [last]], tmp_path))) == 1
    [found] = taken(tmp_path)
    assert found == tuple(last.values())
    assert len(list(tmp_path.glob("*.parquet"))) == 2


def test_no_rows_give_the_loader_nothing(tmp_path: Path) -> None:
    assert list(landing.landed(TABLE, "source", [], tmp_path)) == []


@pytest.mark.parametrize("change", [{"said": "b"}, {"number": 2}, {"day": date(2026, 1, 1)}])
def test_a_row_has_another_version_when_a_value_is_another(change: dict[str, Any]) -> None:
    before = landing.version_of(row(1, said="a"))
    assert landing.version_of(row(1, said="a")) == before
    assert landing.version_of({**row(1, said="a"), **change}) != before


def test_files_hold_no_more_rows_than_they_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing, "ROWS_PER_FILE", 4)
    list(landing.landed(TABLE, "source", [[row(n), row(-n)] for n in range(1, 6)], tmp_path))
    heights = sorted(pl.read_parquet(file).height for file in tmp_path.glob("*.parquet"))
    assert heights == [2, 4, 4]


def test_a_key_is_first_once() -> None:
    with Seen() as seen:
        assert [seen.is_first(key) for key in "abab"] == [True, True, False, False]


def test_values_of_another_type_than_their_column_are_named() -> None:
    odd = row(1, said=5, number=True, day=datetime(2026, 1, 1, tzinfo=UTC))
    assert list(TABLE.misfits(odd)) == [(n, odd[n]) for n in ("said", "number", "day")]
    assert list(TABLE.misfits(row(1, said="a", number=5, day=date(2026, 1, 1)))) == []
