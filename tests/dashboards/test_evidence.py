"""Verdicts in words and on pages: every reason, every check, in both languages."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from dashboards.cards import improvement_pages
from dashboards.evidence import (
    gain_of,
    gain_sentence,
    measured_words,
    portfolio_finding,
    reason_sentence,
    wish_words,
)
from dashboards.kpis import read_kpis
from dashboards.marts import Marts
from dashboards.portfolio import portfolio_of
from dashboards.register import outcome_table
from dashboards.site import build_site
from dashboards.text import Language, Text, catalogue
from tests.dashboards.invented import invented
from tests.dashboards.invented_evidence import CHECKS, ROW, checks, frame, marts

REASONS = sorted(k.split(".")[1] for k in catalogue("nl") if k.startswith("reason."))


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_a_sentence_without_a_hole(language: Language, reason: str) -> None:
    words = reason_sentence(ROW | {"reason": reason}, checks(), Text(language))
    assert words.endswith(".")
    assert not re.search(r"[{}]|None|\b(near|traits)\b", words)
    assert not re.search(r"[{}.]|^$", Text(language)(f"reason_short.{reason}"))


@pytest.mark.parametrize(
    ("unit", "effect", "lower", "upper", "words"),
    [
        ("percent", -26.2, -41.6, -10.5, "26,2 % korter (10,5 tot 41,6 %)"),
        ("percent", 38.8, 12.3, 65.3, "38,8 % langer (12,3 tot 65,3 %)"),
        ("percent", -11.5, -33.8, 14.4, "11,5 % korter (33,8 % korter tot 14,4 % langer)"),
        ("points", 11.0, 7.6, 14.5, "11,0 punten hoger (7,6 tot 14,5 punten)"),
        ("absolute", -0.82, -1.21, -0.42, "0,82 lager (0,42 tot 1,21)"),
        ("absolute", -0.3, 0.1, 0.9, "0,30 lager (0,10 hoger tot 0,90 hoger)"),
        ("points", 0.0, -1.0, 0.0, "geen verschil (1,0 punten lager tot geen verschil)"),
        ("percent", -0.04, -8.0, 9.0, "geen verschil (8,0 % korter tot 9,0 % langer)"),
        ("percent", None, None, None, "niet gemeten"),
    ],
)
def test_what_was_measured_says_which_way_it_went(
    unit: str, effect: float | None, lower: float | None, upper: float | None, words: str
) -> None:
    row = {"unit": unit, "effect": effect, "lower": lower, "upper": upper}
    assert measured_words(row, Text("nl")).replace("\xa0", " ") == words


@pytest.mark.parametrize(
    ("change", "unit", "own", "words"),
    [
        (-20.0, "percent", "days", "20,0 % korter"),
        (-5.0, "absolute", "days", "5,0 dagen korter"),
        (10.0, "points", "percent", "10,0 punten hoger"),
        (10.0, "absolute", "percent", "10,0 punten hoger"),
        (-1.0, "absolute", "per_case", "1,00 keer per zaak lager"),
        (-20.0, "percent", "per_case", "20,0 % lager"),
    ],
)
def test_what_was_expected_is_in_the_unit_of_its_definition(
    change: float, unit: str, own: str, words: str
) -> None:
    said = wish_words(change, unit, {"unit": own}, Text("nl"))
    assert said.replace("\xa0", " ") == words


def test_what_it_cost_is_said_where_it_is_known() -> None:
    made = marts()
    [item] = made.rows("improvements")
    dear = ROW | {"improvement": "two", "definition": "lead_time.closed.median"}
    tables = {
        "improvements": frame(
            "improvements",
            [item | {"cost_eur": None}, item | {"improvement": "two", "cost_eur": None}],
        ),
        "improvement_evidence": frame("improvement_evidence", [ROW, dear, dear]),
    }
    words = portfolio_finding(Marts(made.manifest, {**made.tables, **tables}), Text("nl"))
    assert words.startswith("3 verwachtingen van 2 beoordeelde verbeterpunten: 3 zijn bewezen")
    assert "Van 2 verbeterpunten zijn de kosten niet bekend" in words


def test_the_outcomes_come_by_verdict_with_their_reason() -> None:
    made = marts()
    items = [
        made.rows("improvements")[0] | {"improvement": name, "name_nl": name, "went_live_on": day}
        for name, day in (
            ("early", date(2025, 1, 1)),
            ("worse", date(2025, 2, 1)),
            ("better", date(2025, 3, 1)),
            ("unjudged", date(2024, 1, 1)),
        )
    ]
    noise = {"verdict": "no_proof", "reason": "within_noise"}
    evidence = [
        ROW | {"improvement": "early"} | noise,
        ROW | {"improvement": "worse", "verdict": "worsened", "naive_verdict": "worsened"},
        ROW | {"improvement": "better"} | noise,
        ROW | {"improvement": "better", "definition": "lead_time.closed.median"},
    ]
    tables = {
        "improvements": frame("improvements", items),
        "improvement_evidence": frame("improvement_evidence", evidence),
    }
    made = Marts(made.manifest, {**made.tables, **tables})
    table = outcome_table(made, read_kpis(made), Text("nl"))
    assert table is not None
    said = [[row[place].words for place in (1, 2, 3, 7)] for row in table.rows]
    noise_nl, none_nl = "past bij gewone schommelingen", "geen bewijs van verandering"
    proven_nl = "groter dan gewone schommelingen"
    assert said == [
        ["better", f"{none_nl}; verbeterd", f"{noise_nl}; {proven_nl}", "verbeterd"],
        ["worse", "verslechterd", proven_nl, "verslechterd"],
        ["early", none_nl, noise_nl, "verbeterd"],
        ["unjudged", "niet te beoordelen", "onbekend", "onbekend"],
    ]


def test_what_would_settle_it_is_said() -> None:
    text = Text("en")
    waiting = ROW | {"reason": "enough_months", "weeks_needed": 11}
    assert "In about 11 weeks" in reason_sentence(waiting, checks(), text)
    unseen = reason_sentence(ROW | {"reason": "within_noise"}, checks(), text)
    assert "A change of 25.8" in unseen


def test_a_gain_is_counted_only_where_it_is_proven() -> None:
    gain = gain_of(ROW)
    assert gain is not None
    assert gain.amount == pytest.approx(740 * 50 * 0.262)
    assert gain.lower < gain.amount < gain.upper
    times = {"unit": "days", "direction": "lower", "counts": "cases"}
    assert "9,700 days of waiting" in gain_sentence(ROW, times, 85_000, Text("en"))
    assert gain_sentence(ROW | {"verdict": "no_proof"}, times, 85_000, Text("en")) == ""


@pytest.mark.parametrize(
    ("unit", "definition", "words"),
    [
        ("percent", {"unit": "working_days", "direction": "lower"}, "working days of waiting"),
        (
            "points",
            {"unit": "percent", "direction": "higher", "counts": "contacts"},
            "more contacts",
        ),
        (
            "points",
            {"unit": "percent", "direction": "lower", "counts": "journeys"},
            "fewer journeys",
        ),
        ("absolute", {"unit": "per_case", "direction": "lower"}, "times fewer"),
        ("absolute", {"unit": "mark", "direction": "higher"}, ""),
    ],
)
def test_a_gain_is_told_as_what_it_counts(
    unit: str, definition: dict[str, Any], words: str
) -> None:
    row = ROW | {"unit": unit, "effect": 0.5, "lower": 0.1, "upper": 0.9}
    told = gain_sentence(row, {"counts": "cases"} | definition, None, Text("en"))
    assert (words in told) if words else told == ""


def test_the_council_is_answered_in_one_sentence() -> None:
    words = portfolio_finding(marts(), Text("nl")).replace("\xa0", " ")
    assert words.startswith(
        "1 beoordeeld verbeterpunt, volgens het register € 85.000: één is bewezen beter"
    )
    assert "zou er 1 beter noemen" in words


@pytest.mark.parametrize("language", get_args(Language))
def test_a_card_has_everything_that_was_looked_at(language: Language) -> None:
    made, text = marts(), Text(language)
    [page] = improvement_pages(made, read_kpis(made), text)
    [card] = page.cards
    assert len(card.checks.rows) == len(CHECKS)
    assert len(card.charts) == 2
    assert "27" in card.charts[1].finding
    assert card.analyses is not None
    assert len(card.analyses.rows) == 5
    assert card.definitions is not None
    assert len(card.definitions.rows) == 1
    assert portfolio_of(made, read_kpis(made), text).changes is not None


def test_names_are_text_on_every_page_of_evidence(tmp_path: Path) -> None:
    build_site(marts(), tmp_path)
    for file in ("verbeterpunten.html", "verbeterpunt-one.html", "en/improvement-one.html"):
        content = (tmp_path / file).read_text(encoding="utf-8")
        assert "&lt;b&gt;" in content
        assert "<b>" not in content


def test_without_a_verdict_there_is_no_card(tmp_path: Path) -> None:
    marts = invented()
    unjudged = {"improvement_evidence": marts.tables["improvement_evidence"].clear()}
    build_site(Marts(marts.manifest, {**marts.tables, **unjudged}), tmp_path)
    assert "Geen verbeterpunten met een verwachting" in (
        tmp_path / "verbeterpunten.html"
    ).read_text(encoding="utf-8")
