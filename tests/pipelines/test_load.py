"""Each file is taken once, and again only when it, its mapping or the key changed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.configuration import load_municipality
from pipelines.connectors.event_log import EventLogSource
from pipelines.connectors.raw_log import SourceError
from pipelines.load import load_source
from pipelines.warehouse import WarehouseBusyError, open_warehouse
from tests.conftest import REPOSITORY

KEY = b"k" * 32
HEADER = "case,event,at\n"
ONE = HEADER + "A,Receive,2026-01-05T09:00:00+01:00\nA,Decide,2026-01-06T09:00:00+01:00\n"
TWO = HEADER + "B,Receive,2026-01-07T09:00:00+01:00\n"


@pytest.fixture
def source() -> EventLogSource:
    example = load_municipality(REPOSITORY / "data" / "example" / "municipality.yaml").sources[0]
    columns = example.columns.model_copy(update=dict.fromkeys(type(example.columns).model_fields))
    wanted = {"case_id": "case", "activity": "event", "occurred_at": "at"}
    return example.model_copy(
        update={"path": "*.csv", "columns": columns.model_copy(update=wanted)},
    )


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_warehouse(tmp_path / "warehouse.duckdb") as connection:
        yield connection


def count(warehouse: duckdb.DuckDBPyConnection, table: str) -> Any:
    return warehouse.execute(f"select count(*) from raw.{table}").fetchall()[0][0]


def load(
    warehouse: duckdb.DuckDBPyConnection, source: EventLogSource, folder: Path, key: bytes = KEY
) -> str:
    return "\n".join(load_source(warehouse, source, folder, key))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.csv").write_text(ONE, encoding="utf-8")
    (tmp_path / "two.csv").write_text(TWO, encoding="utf-8")
    return tmp_path


def test_an_unchanged_file_is_not_read_again(
    warehouse: duckdb.DuckDBPyConnection, source: EventLogSource, folder: Path
) -> None:
    load(warehouse, source, folder)
    assert load(warehouse, source, folder).count("taken before, unchanged") == 2
    assert (count(warehouse, "files"), count(warehouse, "events")) == (2, 3)


def test_a_changed_file_replaces_what_it_gave(
    warehouse: duckdb.DuckDBPyConnection, source: EventLogSource, folder: Path
) -> None:
    load(warehouse, source, folder)
    (folder / "one.csv").write_text(ONE + "A,Send,2026-01-08T09:00:00+01:00\n", encoding="utf-8")
    load(warehouse, source, folder)
    assert (count(warehouse, "files"), count(warehouse, "events")) == (2, 4)


def test_a_file_that_is_gone_takes_its_rows_along(
    warehouse: duckdb.DuckDBPyConnection, source: EventLogSource, folder: Path
) -> None:
    load(warehouse, source, folder)
    (folder / "two.csv").unlink()
    assert "two.csv is no longer named" in load(warehouse, source, folder)
    assert (count(warehouse, "files"), count(warehouse, "events")) == (1, 2)


def test_the_same_bytes_under_two_names_count_once(
    warehouse: duckdb.DuckDBPyConnection, source: EventLogSource, folder: Path
) -> None:
    (folder / "one (1).csv").write_text(ONE, encoding="utf-8")
    assert "one.csv holds the same bytes as one (1).csv" in load(warehouse, source, folder)
    assert "one.csv was taken before" in load(warehouse, source, folder)
    assert (count(warehouse, "files"), count(warehouse, "events")) == (3, 3)
    found = warehouse.execute("select finding, affected from raw.findings").fetchall()
    assert ("files_given_twice", 1) in found


def test_a_repeated_file_is_read_when_the_first_is_gone(
    warehouse: duckdb.DuckDBPyConnection, source: EventLogSource, folder: Path
) -> None:
    (folder / "one (1).csv").write_text(ONE, encoding="utf-8")
    load(warehouse, source, folder)
    (folder / "one (1).csv").unlink()
    load(warehouse, source, folder)
    assert (count(warehouse, "files"), count(warehouse, "events")) == (2, 3)


def test_another_key_reads_everything_anew(
    warehouse: duckdb.DuckDBPyConnection, source: EventLogSource, folder: Path
) -> None:
    load(warehouse, source, folder)
    before = warehouse.execute("select distinct case_id from raw.events").fetchall()
    load(warehouse, source, folder, b"another key of 32 characters ...")
    after = warehouse.execute("select distinct case_id from raw.events").fetchall()
    assert count(warehouse, "events") == 3
    assert not set(before) & set(after)


def test_an_unusable_file_leaves_what_it_gave_before(
    warehouse: duckdb.DuckDBPyConnection, source: EventLogSource, folder: Path
) -> None:
    load(warehouse, source, folder)
    (folder / "one.csv").write_text("case;event\nA;Receive\n", encoding="utf-8")
    with pytest.raises(SourceError):
        load(warehouse, source, folder)
    assert count(warehouse, "events") == 3


def test_a_warehouse_in_use_is_said_to_be(tmp_path: Path) -> None:
    file = tmp_path / "warehouse.duckdb"
    code = f"import duckdb, time; c = duckdb.connect({str(file)!r}); print(1, flush=True); input()"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with (
            pytest.raises(WarehouseBusyError, match="in use by another process"),
            open_warehouse(file),
        ):
            pass
        holder.kill()
