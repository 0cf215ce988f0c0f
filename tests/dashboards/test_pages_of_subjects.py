"""The pages of heartbeat, first contact and chain partners: what they say of which rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboards.asking import asking_of
from dashboards.contact_page import first_contact_of
from dashboards.heartbeats import heartbeat_of
from dashboards.kpis import read_kpis
from dashboards.marts import SCHEMA, Marts
from dashboards.method import method_phases, phase_on
from dashboards.partners import partners_of
from dashboards.register import status_of
from dashboards.text import Text
from tests.dashboards.invented import figure, invented

NL = Text("nl")


def beat(moment: str, score: str | None, persona: str = "all", **more: Any) -> dict[str, Any]:
    row = {"journey": "permits", "persona": persona, "phase": "in", "moment": moment}
    return row | {"basis": "survey", "score": score, "cases": 40, "is_withheld": False} | more


def marts(**tables: list[dict[str, Any]]) -> Marts:
    base = invented()
    frames = {name: pl.DataFrame(rows, schema=SCHEMA[name]) for name, rows in tables.items()}
    return Marts(base.manifest, {**base.tables, **frames})


def journey(found: Marts) -> dict[str, Any]:
    [row] = found.rows("journeys")
    return row


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        ("neutral", "positive", "ging de ervaring in 1 omhoog en in geen omlaag."),
        ("positive", "negative", "ging de ervaring in geen omhoog en in 1 omlaag."),
        ("positive", "positive", "ging de ervaring in geen omhoog en in geen omlaag."),
    ],
)
def test_a_heartbeat_says_which_way_it_went(before: str, now: str, words: str) -> None:
    found = marts(heartbeat=[beat("before", before), beat("now", now), beat("desired", "positive")])
    told = heartbeat_of(journey(found), found, NL)
    assert told.finding.startswith(f"Van de 1 fasen {words}")
    assert told.drawing is not None
    assert told.drawing.count('<circle class="beat now"') == 2  # in the line and in the legend
    assert f"Zoals gewenst: {'1' if now == 'positive' else 'geen'} van de 1." in told.finding


def test_personas_stand_in_the_table_alone() -> None:
    rows = [beat("now", "neutral"), beat("now", "negative", "truus", basis="signals")]
    found = marts(heartbeat=rows)
    told = heartbeat_of(journey(found), found, NL)
    assert told.table is not None
    cells = [[cell.words for cell in row] for row in told.table.rows]
    assert cells == [
        ["Intake", "iedereen", "onbekend", "neutraal", "onbekend", "enquête", "40"],
        ["Intake", "Truus", "onbekend", "negatief", "onbekend", "signalen uit het proces", "40"],
    ]


def test_contact_moments_are_drawn_by_channel_and_a_small_number_is_not() -> None:
    found = invented()
    told = heartbeat_of(journey(found), found, NL)
    assert told.moments.finding.endswith("in de fase Intake, het meest via telefoon.")
    assert told.drawing is not None
    assert told.drawing.count('class="contact"') == 2
    assert "20,5" in told.drawing
    assert NL("value.withheld") in told.drawing
    assert told.moments.table is not None
    cells = [[cell.words for cell in row] for row in told.moments.table.rows]
    assert cells == [
        ["Intake", "telefoon", "31,5", "20,5", "205"],
        ["Intake", "balie", "geen", "afgeschermd", "afgeschermd"],
    ]


@pytest.mark.parametrize(
    ("today", "phase"),
    [
        (date(2011, 5, 31), None),
        (date(2011, 6, 1), "define"),
        (date(2012, 1, 23), "discover"),
        (date(2012, 3, 1), "design"),
    ],
)
def test_a_journey_is_in_the_latest_phase_of_the_method_that_began(
    today: date, phase: str | None
) -> None:
    days = {row["phase"]: row["started_on"] for row in invented().rows("method_phases")}
    assert phase_on(days, today) == phase


def test_the_phases_of_the_method_tell_now_what_is_planned_and_what_is_not_known() -> None:
    told = method_phases(invented(), NL)
    assert told.finding == "Klantreizen per fase van de methode: ontdekken 1."
    assert told.table is not None
    assert [cell.words.replace("\N{NO-BREAK SPACE}", " ") for cell in told.table.rows[0]][1:] == [
        "1 jun 2011",
        "● 1 sep 2011, nu",
        "1 mrt 2012, gepland",
        "nog niet",
    ]


def test_what_residents_ask_is_told_of_what_was_measured_alone() -> None:
    names = {"failure_demand.status.words": 31.6, "contacts.inbound": 900.0}
    like = invented().rows("definitions")[0]
    known = [like | {"definition": n, "kpi": n.split(".")[0], "unit": "percent"} for n in names]
    figures = [figure("permits", name, value, n=900) for name, value in names.items()]
    found = marts(definitions=known, kpi_values=figures)
    told = asking_of("permits", read_kpis(found), NL)
    assert told.finding.startswith("Van de contacten is 32\N{NO-BREAK SPACE}% een vraag")
    assert "direct afgehandeld" not in told.finding
    assert told.table is not None
    assert [row[1].raw for row in told.table.rows] == [900.0, 31.6]
    assert asking_of("other", read_kpis(found), NL).table is None


def test_without_a_score_or_a_contact_there_is_no_drawing() -> None:
    found = marts(heartbeat=[beat("now", None, is_withheld=True)], contact_moments=[])
    told = heartbeat_of(journey(found), found, NL)
    assert told.drawing is None
    assert told.table is None
    assert told.finding == NL("heartbeat.none")


def test_partners_are_told_with_their_share_of_the_time() -> None:
    names = ("partner_time.until_answer.per_case", "partner_time.until_answer.share")
    base = invented()
    like = base.rows("definitions")[0]
    known = [
        like | {"definition": n, "kpi": "partner_time", "unit": u, "is_headline": False}
        for n, u in zip(names, ("days", "percent"), strict=True)
    ]
    figures = [figure("permits", names[0], 12.5), figure("permits", names[1], 20.4)]
    found = marts(definitions=known, kpi_values=figures)
    told = partners_of(found, read_kpis(found), NL)
    assert "20\N{NO-BREAK SPACE}%" in told.finding
    assert told.times is not None
    assert [cell.raw for cell in told.times.rows[0]] == [None, 12.5, 20.4]
    [permits] = told.journeys
    rows = permits.table.rows
    assert {row[0].words for row in rows} | {row[1].words for row in rows} == {
        "Vergunningen",
        "Omgevingsdienst (ketenpartner)",
    }
    assert permits.drawing is not None
    assert "ketenpartner" in permits.drawing
    assert permits.finding in permits.drawing


def test_without_partners_it_says_so() -> None:
    base = invented()
    empty = {"handover_network": base.tables["handover_network"].clear()}
    found = Marts(base.manifest, {**base.tables, **empty})
    told = partners_of(found, read_kpis(found), NL)
    assert (told.finding, told.times, told.journeys) == (NL("partners.none"), None, [])


def test_first_contact_names_the_range_of_its_readings() -> None:
    names = ("first_contact.process.7d", "first_contact.settled.7d")
    like = invented().rows("definitions")[0]
    known = [like | {"definition": n, "kpi": "first_contact", "unit": "percent"} for n in names]
    desk = {"segment_kind": "channel", "segment": "balie"}
    figures = [
        figure("all", names[0], 72.0, n=900),
        figure("all", names[1], 61.0, n=900),
        figure("permits", names[0], 58.0, n=90),
        figure("all", names[0], 80.0, n=300, **desk),
    ]
    found = marts(definitions=known, kpi_values=figures)
    told = first_contact_of(found, read_kpis(found), NL)
    plain = told.finding.replace("\N{NO-BREAK SPACE}", " ")
    assert plain.startswith("72,0 %")
    assert "tussen 61,0 % en 72,0 %" in plain
    by_journey, by_channel = told.tables
    assert [cell.raw for cell in by_journey.rows[0]] == [None, 58.0, None]
    assert [cell.words for cell in by_channel.rows[0]][:2] == ["balie", "80,0\N{NO-BREAK SPACE}%"]


@pytest.mark.parametrize(
    ("went_live", "verdict", "status"),
    [
        (date(2012, 2, 1), "not_yet", "planned"),
        (date(2011, 4, 1), "not_yet", "followed"),
        (date(2011, 4, 1), "no_proof", "judged"),
    ],
)
def test_an_improvement_is_planned_followed_or_judged(
    went_live: date, verdict: str, status: str
) -> None:
    base = invented()
    [row, *_] = base.rows("improvement_evidence")
    found = marts(improvement_evidence=[row | {"verdict": verdict}])
    item = {"improvement": row["improvement"], "went_live_on": went_live}
    assert status_of(item, found) == status
    unjudged = "planned" if status == "planned" else "live"
    assert status_of(item | {"improvement": "other"}, found) == unjudged
