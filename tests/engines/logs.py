"""Warehouses to build on both engines: a small town that fills nearly every model."""

from __future__ import annotations

import csv
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from lindeveld.town import Scale

from pipelines.config_tables import config_tables
from pipelines.configuration import load_municipality
from pipelines.connectors.reading import Reading
from pipelines.demo import live_demo
from pipelines.load import load_source
from pipelines.pull import pull
from pipelines.settings import Settings, pseudonym_key
from pipelines.sources import ApiSource
from pipelines.warehouse import open_warehouse, replace_tables
from tests.conftest import TEST_KEY
from transforms.models import build, load_models

NOT_FILLED = {"core.zgw_changes", "core.zgw_suspensions"}
"""What no source of the small town tells: audit trails, and suspensions as the case system has them."""

RECEIVED, ASKED, GOT = "Aanvraag ontvangen", "Aanvulling gevraagd", "Aanvulling ontvangen"
WRITTEN, DECIDED, DEFAULT = "Besluit opgesteld", "Besluit genomen", "Ingebrekestelling"
PLANS = {
    "id": "plans",
    "name": "Bouwplannen",
    "service_formula": "ontwerp",
    "lifelong": True,
    "reassessed_within_months": 1,
    "term": {"weeks": 8, "legal_basis": "Awb 4:13", "extension_weeks": 0},
    "extended_by": [],
    "suspends": [{"starts_with": [ASKED], "ends_with": [GOT]}],
    "notice_of_default": [DEFAULT],
    "rules": [
        {"kind": "precedence", "first": ASKED, "then": DECIDED},
        {"kind": "within", "first": RECEIVED, "then": DECIDED, "days": 60},
        {"kind": "four_eyes", "first": WRITTEN, "then": DECIDED},
    ],
}
PENALTY = {
    "legal_basis": "Awb 4:17",
    "steps": [{"days": 14, "eur_a_day": 23}, {"days": 14, "eur_a_day": 35}],
}
COLUMNS = ("case", "event", "at", "stage", "employee", "team", "client", "opened", "closed", "due")
LOG = {
    "id": "plans_log",
    "kind": "event_log",
    "path": "plans.csv",
    "journey": "plans",
    "columns": {
        "case_id": "case",
        "activity": "event",
        "occurred_at": "at",
        "lifecycle": "stage",
        "actor": "employee",
        "team": "team",
        "client": "client",
        "opened_at": "opened",
        "closed_at": "closed",
        "legal_end_at": "due",
    },
}
RELATED = """
update raw.zgw_zaken set andere_zaken = 'gerelateerd:' || o.other
from (select zaak, lag(zaak) over (order by startdatum, zaak) as other,
  row_number() over (order by startdatum, zaak) as place from raw.zgw_zaken) as o
where o.zaak = zgw_zaken.zaak and o.other is not null and o.place % 5 <> 0
"""
OWNED = """
insert into raw.owner_statistics values
  ('plans_log', 1, 'meta_general:events_average', '6.5'),
  ('plans_log', 1, 'meta_time:log_start_date', '2026-01-05T09:00:00+01:00')
"""


def plan_rows() -> list[tuple[Any, ...]]:
    """Events of 60 cases with starts and ends, requests to complete, and notices of default."""
    chance, rows = random.Random(7), []  # noqa: S311 - a town is no secret
    for case in range(60):
        opened = datetime(2026, 1, 5, 9, tzinfo=UTC) + timedelta(
            days=2 * case, minutes=chance.randrange(300)
        )
        at, events, longest = opened, [(RECEIVED, 0.2)], 30 if case % 7 == 0 else 7
        if case % 3:
            events += [(ASKED, 0.1), (GOT, 0.3)]
        events += [(WRITTEN, 2.0)] * (1 + case % 2)
        events += [(DEFAULT, 0.1)] * (case % 7 == 0)
        events += [(DECIDED, 0.5)] * (case % 10 != 9)
        timed = []
        for event, days in events:
            at += timedelta(days=chance.randrange(1, longest), minutes=chance.randrange(600))
            is_unknown = case % 5 == 0 and event in (ASKED, WRITTEN)
            employee = "" if is_unknown else f"e{chance.randrange(4)}"
            timed.append((event, at, "start", employee))
            timed.append((event, at + timedelta(days=days), "complete", employee))
        closed = timed[-1][1] if events[-1][0] == DECIDED else ""
        about = (f"{100000009 + case % 20 * 9}", opened, closed, opened + timedelta(days=56))
        rows += [
            (case, event, when, stage, who, who and f"Team {who}", *about)
            for event, when, stage, who in timed
        ]
    return rows


def small_town(folder: Path) -> Path:
    """The warehouse of a Lindeveld whose systems were read by their APIs, with a log of plans."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARTSLAG_KEY", TEST_KEY)
        with live_demo(folder, Scale(1000, 6, 2026), lambda done, total: None) as settings:
            _with_plans(settings)
            with open_warehouse(settings.warehouse_file) as connection:
                read_all(connection, settings)
                connection.execute(RELATED)
                connection.execute(OWNED)
                build_all(connection)
            return settings.warehouse_file


def _with_plans(settings: Settings) -> None:
    with (settings.config_file.parent / "plans.csv").open(
        "w", encoding="utf-8", newline=""
    ) as file:
        csv.writer(file).writerows([COLUMNS, *plan_rows()])
    content = yaml.safe_load(settings.config_file.read_text("utf-8"))
    content["journeys"].append(PLANS)
    content["sources"].append(LOG)
    content["penalties"] = [PENALTY]
    settings.config_file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def read_all(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """The configuration, and every source of it, in `config` and `raw`."""
    municipality, base = load_municipality(settings.config_file), settings.config_file.parent
    tables = config_tables(municipality, load_models(), base)
    replace_tables(connection, "config", tables)
    for source in municipality.sources:
        if isinstance(source, ApiSource):
            pull(connection, source, municipality, pseudonym_key(), Reading("daily"))
        else:
            list(load_source(connection, source, base, pseudonym_key()))  # type: ignore[arg-type]


def build_all(connection: duckdb.DuckDBPyConnection) -> None:
    for model in load_models().values():
        build(connection, model)
