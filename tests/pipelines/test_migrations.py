"""A warehouse of an earlier version comes to the present shape, with its rows; a later one is left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import migrations
from pipelines.migrations import MIGRATIONS, PRESENT, Migration, NewerWarehouseError, version_of
from pipelines.warehouse import last_key, note_key, open_warehouse

FROZEN = Path(__file__).parent / "schema" / "version_1.sql"
VERSIONED = (
    "create schema meta;"
    "create table meta.schema_version (version integer, applied_at timestamptz);"
    "insert into meta.schema_version values (1, now());"
)
OLDER = (
    "alter table raw.contacts drop column reason;"
    "alter table raw.zgw_zaken drop column andere_zaken;"
    "drop table raw.callbacks;"
)
ROWS = {"files": 1, "events": 2, "contacts": 1, "zgw_zaken": 1, "api_pulls": 3}

Shape = list[tuple[Any, ...]]


def shape(connection: duckdb.DuckDBPyConnection) -> Shape:
    """Every column and its type, but those of the loader's own tables."""
    return connection.execute(
        "select table_schema, table_name, column_name, data_type, is_nullable"
        " from information_schema.columns where table_name not in ('_dlt_version') order by all"
    ).fetchall()


def frozen(folder: Path, *more: str) -> Path:
    file = folder / "warehouse.duckdb"
    with duckdb.connect(file) as connection:
        for text in (FROZEN.read_text(encoding="utf-8"), *more):
            connection.execute(text)
    return file


@pytest.fixture(scope="module")
def new_shape(tmp_path_factory: pytest.TempPathFactory) -> Shape:
    with open_warehouse(tmp_path_factory.mktemp("new") / "warehouse.duckdb") as connection:
        assert version_of(connection) == PRESENT
        return shape(connection)


@pytest.mark.parametrize("more", ["", VERSIONED, OLDER], ids=["no version", "version 1", "older"])
def test_an_earlier_warehouse_ends_as_a_new_one_with_its_rows(
    more: str, new_shape: Shape, tmp_path: Path
) -> None:
    file = frozen(tmp_path, more)
    with open_warehouse(file) as connection:
        assert shape(connection) == new_shape
        assert version_of(connection) == PRESENT
        for table, rows in ROWS.items():
            assert connection.execute(f"select count(*) from raw.{table}").fetchall() == [(rows,)]
        assert connection.execute("from raw._dlt_version").fetchall() == []
        assert last_key(connection) == "new-key"
    with open_warehouse(file) as connection:
        steps = connection.execute("select version from meta.schema_version order by all")
        assert len(steps.fetchall()) == PRESENT


def test_the_numbers_of_migrations_follow_each_other() -> None:
    assert [migration.version for migration in MIGRATIONS] == list(range(1, PRESENT + 1))


def test_a_warehouse_of_a_later_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = frozen(tmp_path, VERSIONED, "update meta.schema_version set version = 999")
    before = file.read_bytes()
    with pytest.raises(NewerWarehouseError) as caught, open_warehouse(file):
        pass
    told = str(caught.value)
    assert (str(file) in told, "version 999" in told, "Mend: " in told) == (True, True, True)
    assert file.read_bytes() == before


def test_a_migration_that_fails_halfway_changes_nothing_and_is_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, halfway = frozen(tmp_path), "delete from raw.events; select error('halfway');"
    wrong = (*MIGRATIONS, Migration(PRESENT + 1, halfway))
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", wrong)
        with pytest.raises(duckdb.Error, match="halfway"), open_warehouse(file):
            pass
    with open_warehouse(file) as connection:
        assert version_of(connection) == PRESENT
        assert connection.execute("select count(*) from raw.events").fetchall() == [(2,)]


def test_a_warehouse_knows_the_keys_it_was_made_with(tmp_path: Path) -> None:
    with open_warehouse(tmp_path / "warehouse.duckdb") as connection:
        assert last_key(connection) is None
        for key in ("a", "a", "b", "a"):
            note_key(connection, key)
        assert last_key(connection) == "a"
        noted = connection.execute("select key_fingerprint from meta.pseudonym_keys").fetchall()
        assert noted == [("a",), ("b",), ("a",)]
