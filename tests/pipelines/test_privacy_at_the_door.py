"""Marked personal data in every field of every answer: nothing of it may be in any file."""

from __future__ import annotations

import gzip
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import yaml

from pipelines.runs import run_daily
from pipelines.settings import Settings
from tests.pipelines.connectors.replay import Recordings, replaying
from tests.pipelines.recorded import KEY, is_absent, municipality

pytestmark = is_absent
MARK = "Geplant"
# What the tables of `raw` are for may be kept as it is: names of types, departments and channels,
# and what is no person at all. Everything else gets the mark.
KEPT = {
    *[
        "identificatie",
        "omschrijving",
        "omschrijvingGeneriek",
        "naam",
        "kanaal",
        "communicatiekanaalNaam",
    ],
    *[
        "betrokkeneType",
        "soortActor",
        "rol",
        "status",
        "actie",
        "resource",
        "codeSoortObjectId",
        "code",
    ],
    *["doorlooptijd", "servicenorm", "duur", "gespreksresultaat", "next", "previous"],
}
PERSONAL = ("medewerker", "natuurlijk_persoon", "niet_natuurlijk_persoon", "vestiging")
_TECHNICAL = re.compile(r"^(https?://|[0-9a-f-]{36}$|\d{4}-\d\d-\d\d|P\d+[DWMY]$)")


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


@contextmanager
def _kept(folder: Path, prefix: str) -> Iterator[str]:
    """A temporary folder that stays, so that it can be searched."""
    yield tempfile.mkdtemp(prefix=prefix, dir=folder)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with all that a daily run on planted answers wrote, temporary files included."""
    folder = tmp_path_factory.mktemp("planted")
    recordings, planter = Recordings(), Planter()
    recordings.bodies = {path: planter.plant(body) for path, body in recordings.bodies.items()}
    with pytest.MonkeyPatch.context() as patch, replaying(recordings) as base:
        patch.setenv("HARTSLAG_KEY", KEY.decode())
        patch.setenv("HARTSLAG_CASES_CLIENT_ID", "reader")
        patch.setenv("HARTSLAG_CASES_SECRET", "a secret of a server that only replays")
        patch.setenv("HARTSLAG_CONTACTS_TOKEN", "a token of a server that only replays")
        patch.setattr(tempfile, "TemporaryDirectory", lambda prefix: _kept(folder, prefix))
        config = folder / "municipality.yaml"
        asked = municipality(base, audit_trail=True).model_dump(mode="json", exclude_none=True)
        config.write_text(yaml.safe_dump(asked), encoding="utf-8")
        outcome = run_daily(Settings(config, folder / "home"), lambda done, total: None)
        assert outcome.ok, outcome.errors
        yield folder


def test_the_loader_left_files_to_search(written: Path) -> None:
    assert any(written.glob("hartslag-*/**/*.jsonl*"))


def test_no_mark_is_in_any_file(written: Path) -> None:
    files = [file for file in written.rglob("*") if file.is_file()]
    assert len(files) > 60
    found = [file for file in files if MARK.encode() in _unpacked(file)]
    assert found == []


def test_no_mark_is_in_any_column_of_the_warehouse(written: Path) -> None:
    with duckdb.connect(written / "home" / "warehouse.duckdb", read_only=True) as connection:
        columns = connection.execute(
            "select table_schema, table_name, column_name from information_schema.columns"
            " where data_type = 'VARCHAR'"
        ).fetchall()
        assert len(columns) > 200
        for schema, table, column in columns:
            query = f'select count(*) from {schema}.{table} where "{column}" like ?'
            [(marked,)] = connection.execute(query, [f"%{MARK}%"]).fetchall()
            assert marked == 0, (schema, table, column)


def test_the_marks_would_be_found(written: Path) -> None:
    """The search finds a mark that is there, packed or not."""

    file = written / "packed.gz"
    file.write_bytes(gzip.compress(f"x{MARK}000001".encode()))
    assert MARK.encode() in _unpacked(file)
    file.unlink()


def _unpacked(file: Path) -> bytes:
    content = file.read_bytes()
    if file.suffix == ".parquet":
        return pl.read_parquet(file).write_csv().encode()
    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
