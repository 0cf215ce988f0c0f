"""The pages of heartbeat, first contact and chain partners: what they say of which rows."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from dashboards.contact_page import first_contact_of
from dashboards.heartbeats import heartbeat_of
from dashboards.kpis import read_kpis
from dashboards.marts import SCHEMA, Marts
from dashboards.partners import partners_of
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
        ("neutral", "positive", "In 1 van de 1 fasen ging de ervaring omhoog, in 0 omlaag."),
        ("positive", "negative", "In 0 van de 1 fasen ging de ervaring omhoog, in 1 omlaag."),
        ("positive", "positive", "In 0 van de 1 fasen ging de ervaring omhoog, in 0 omlaag."),
    ],
)
def test_a_heartbeat_says_which_way_it_went(before: str, now: str, words: str) -> None:
    found = marts(heartbeat=[beat("before", before), beat("now", now), beat("desired", "positive")])
    told = heartbeat_of(journey(found), found, NL)
    assert told.finding.startswith(words)
    assert told.drawing is not None
    assert told.drawing.count('<circle class="beat now"') == 2  # in the line and in the legend
    assert f"{'1' if now == 'positive' else '0'} van de 1 fasen zijn zoals gewenst" in told.finding


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


def test_without_a_score_there_is_no_drawing() -> None:
    found = marts(heartbeat=[beat("now", None, is_withheld=True)])
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
    [table] = told.handoffs
    assert {row[0].words for row in table.rows} | {row[1].words for row in table.rows} == {
        "Vergunningen",
        "Omgevingsdienst (ketenpartner)",
    }


def test_without_partners_it_says_so() -> None:
    base = invented()
    empty = {"handover_network": base.tables["handover_network"].clear()}
    found = Marts(base.manifest, {**base.tables, **empty})
    told = partners_of(found, read_kpis(found), NL)
    assert (told.finding, told.times, told.handoffs) == (NL("partners.none"), None, [])


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
