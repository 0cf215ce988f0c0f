"""The recorded answers of real servers, pulled into a warehouse and built."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.config_tables import config_tables
from pipelines.municipality import Municipality
from pipelines.pull import pull
from pipelines.warehouse import open_warehouse, replace_tables
from tests.pipelines.connectors.replay import RECORDED, Recordings, replaying
from transforms.models import build, load_models, upstream
from transforms.privacy import pseudonym

is_absent = pytest.mark.skipif(
    not RECORDED.exists(), reason="the recorded answers are not beside this checkout"
)
KEY = b"a key for tests, of no worth at all"
TYPES = ("ZT-OMG-01", "ZT-MOR-01", "ZT-BEZ-01", "ZT-ADV-01")


def municipality(base: str, *, audit_trail: str | None) -> Municipality:
    return Municipality.model_validate(
        {
            "name": "Testdorp",
            "service_formulas": [{"id": "ontwerp", "name": "Ontwerp"}],
            "journeys": [
                {"id": "alles", "name": "Alles", "service_formula": "ontwerp", "case_types": TYPES}
            ],
            "sources": [
                {
                    "id": "cases",
                    "kind": "zgw",
                    "zaken": f"{base}/zaken/api/v1",
                    "catalogi": f"{base}/catalogi/api/v1",
                    **({"audit_trail": audit_trail} if audit_trail else {}),
                },
                {
                    "id": "contacts",
                    "kind": "klantinteracties",
                    "address": f"{base}/klantinteracties/api/v1",
                },
            ],
        }
    )


def built(connection: duckdb.DuckDBPyConnection, asked: Municipality, *names: str) -> None:
    models = load_models()
    replace_tables(connection, "config", config_tables(asked, models))
    needed = {part for name in names for part in upstream(models, name)}
    for model in models.values():
        if model.name in needed:
            build(connection, model)


@contextmanager
def pulled(file: Path, *, audit_trail: str | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with the recordings in it, built up to the contacts and the assignments."""
    with pytest.MonkeyPatch.context() as patch, replaying(Recordings()) as base:
        patch.setenv("HARTSLAG_CASES_CLIENT_ID", "reader")
        patch.setenv("HARTSLAG_CASES_SECRET", "a secret of a server that only replays")
        patch.setenv("HARTSLAG_CONTACTS_TOKEN", "a token of a server that only replays")
        asked = municipality(base, audit_trail=audit_trail)
        with open_warehouse(file) as connection:
            for source in asked.sources:
                pull(connection, source, asked, KEY)  # type: ignore[arg-type]
            built(connection, asked, "core.assignments", "core.suspensions", "core.first_contact")
            built(connection, asked, "core.callbacks", "core.case_relations")
            yield connection


def case_of(uuid: str) -> str:
    return pseudonym(uuid, KEY, "case")


def rows(warehouse: duckdb.DuckDBPyConnection, query: str, *given: Any) -> list[tuple[Any, ...]]:
    return warehouse.execute(query, list(given)).fetchall()


def instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
