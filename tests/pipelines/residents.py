"""A small town whose files tell of two residents, and whoever looks for one of them in a home."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from pipelines.configuration import load_municipality
from pipelines.keeping import keep_removed
from pipelines.load import load_source
from pipelines.settings import Settings
from pipelines.warehouse import open_warehouse
from tests.conftest import TEST_KEY
from tests.pipelines.planting import contents
from tests.pipelines.recorded import built
from transforms.privacy import pseudonym

ANNA, BRAM = "999000011", "999000023"
KEY = TEST_KEY.encode()
CASES = pl.DataFrame(
    [
        ("Z1", ANNA, "2025-01-06", "2025-02-03", "web"),
        ("Z2", ANNA, "2025-03-03", None, "phone"),
        ("Z3", BRAM, "2025-01-07", "2025-01-30", "web"),
        ("Z4", None, "2025-01-08", "2025-01-31", "desk"),
        *((f"Z{n}", f"99901{n:04}", "2025-02-03", "2025-03-03", "web") for n in range(10, 30)),
    ],
    ["zaak", "bsn", "begin", "einde", "kanaal"],
    orient="row",
)
EVENTS = pl.DataFrame(
    [
        (zaak, activity, f"{begin}T{hour:02}:00:00+01:00")
        for zaak, begin in CASES.select("zaak", "begin").rows()
        for hour, activity in ((9, "Receive"), (15, "Decide"))
    ],
    ["zaak", "wat", "om"],
    orient="row",
)
CONTACTS = pl.DataFrame(
    [
        ("K1", ANNA, "Z1", None, "2025-01-10T10:00:00+01:00"),
        ("K2", ANNA, None, "K1", "2025-01-11T10:00:00+01:00"),
        ("K3", BRAM, "Z1", "K1", "2025-01-12T10:00:00+01:00"),
        ("K4", None, "Z1", None, "2025-01-13T10:00:00+01:00"),
    ],
    ["nr", "bsn", "zaak", "volgt", "om"],
    orient="row",
)
CALLBACKS = pl.DataFrame(
    [("K1", "2025-01-10T10:00:00+01:00"), ("K3", "2025-01-12T10:00:00+01:00")],
    ["nr", "beloofd"],
    orient="row",
)
FILES = {"cases": CASES, "events": EVENTS, "contacts": CONTACTS, "callbacks": CALLBACKS}


def write(folder: Path, **files: pl.DataFrame) -> None:
    for name, frame in files.items():
        frame.write_csv(folder / f"{name}.csv")


def town(folder: Path, **more: Any) -> Settings:
    """The configuration of the town in `folder`, with its files; `more` are keys of it."""
    write(folder, **FILES)
    case = {"case_id": "zaak", "client": "bsn", "opened_at": "begin", "closed_at": "einde"}
    config = {
        "name": "Testdorp",
        "service_formulas": [{"id": "snel", "name": "Snel"}],
        "journeys": [{"id": "permits", "name": "Vergunningen", "service_formula": "snel"}],
        "sources": [
            _source("log", "event_log", "events", case_id="zaak", activity="wat", occurred_at="om"),
            {
                **_source("suite", "case_export", "cases", **case, channel="kanaal"),
                "events": {"Receive": "begin"},
            },
            _source(
                *("desk", "contact_export", "contacts"),
                contact_id="nr",
                client="bsn",
                case_id="zaak",
                follows="volgt",
                contacted_at="om",
            ),
            {
                **_source("promises", "callback_export", "callbacks"),
                "columns": {"contact_id": "nr", "promised_at": "beloofd"},
                "contacts": "desk",
            },
        ],
        **more,
    }
    file = folder / "municipality.yaml"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    return Settings(file, folder / "home")


def _source(name: str, kind: str, file: str, **columns: str) -> dict[str, Any]:
    said = {"id": name, "kind": kind, "path": f"{file}.csv", "columns": columns}
    is_of_cases = kind != "callback_export"
    return {**said, "journey": "permits"} if is_of_cases else said


def read_again(settings: Settings, key: bytes = KEY) -> None:
    """What a run does up to the cases and contacts, without what takes most of its time."""
    municipality = load_municipality(settings.config_file)
    with open_warehouse(settings.warehouse_file) as connection:
        for source in municipality.sources:
            list(load_source(connection, source, settings.config_file.parent, key))
    keep_removed(settings, municipality, key)
    with open_warehouse(settings.warehouse_file) as connection:
        built(connection, municipality, "core.cases", "core.contacts", "core.callbacks")


def client(number: str) -> str:
    return pseudonym(number, KEY, "client")


def case(number: str) -> str:
    return pseudonym(number, KEY, "case")


def contact(number: str) -> str:
    return pseudonym(number, KEY, "contact")


def files_with(home: Path, names: Collection[str]) -> set[str]:
    """The files below `home` in which one of the names stands, packed or not, as their path."""
    wanted = [name.encode() for name in names]
    return {
        str(file.relative_to(home))
        for file in home.rglob("*")
        if file.is_file() and any(name in said for said in contents(file) for name in wanted)
    }
