"""Filters and the address, both ways, and which combinations have figures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.app.address import Unknown, View, address_of, language_of, view_of
from dashboards.app.choices import Choices
from dashboards.app.periods import Period, overlap, year_before
from dashboards.app.selection import NoSlice, Slice, journeys_of, slice_of

MONTHS = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13)]
CHOICES = Choices(
    journeys={
        "passport": {"journey": "passport", "service_formula": "snel"},
        "youth & care": {"journey": "youth & care", "service_formula": "ontwerp"},
    },
    formulas={"snel": {}, "ontwerp": {}},
    segments={
        "channel": ["balie", "e-mail"],
        "target_group": ["jongeren"],
        "team": ["Jeugd + Gezin"],
        "topic": [],
        "partner": [],
    },
    months=MONTHS,
    definitions={"on_time.due.rolled": {}},
    adds={},
    phases={"passport": ["request"]},
    activities={"passport": frozenset({"Aanvraag = ontvangen", "Klaar"})},
)


def maybe(values: list[str]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(values)


@st.composite
def views(draw: st.DrawFn) -> View:
    journey = draw(maybe(list(CHOICES.journeys)))
    view = View(
        lang=draw(st.sampled_from(["nl", "en"])),
        journey=journey,
        formula=draw(maybe(list(CHOICES.formulas))),
        channel=draw(maybe(["balie", "e-mail"])),
        team=draw(maybe(["Jeugd + Gezin"])),
        kpi=draw(maybe(list(CHOICES.definitions))),
        first=draw(maybe(MONTHS[:12])),
        last=draw(maybe(MONTHS[12:])),
        with_first=draw(maybe(MONTHS[:12])),
    )
    return replace(view, step=draw(maybe(["Klaar"]))) if journey == "passport" else view


@given(views())
def test_an_address_gives_the_view_that_it_was_written_for(view: View) -> None:
    assert view_of(address_of(view), CHOICES) == (view, [])


@given(st.text())
def test_no_address_breaks_anything(search: str) -> None:
    view, unknown = view_of(search, CHOICES)
    assert view_of(address_of(view), CHOICES) == (view, [])
    assert all(len(u.value) <= 60 for u in unknown)


@pytest.mark.parametrize(
    ("search", "name"),
    [
        ("?journey=nope", "journey"),
        ("?channel=<script>alert(1)</script>", "channel"),
        ("?first=2024-13", "first"),
        ("?kpi=on_time' or 1=1 --", "kpi"),
        ("?phase=request", "phase"),
        ("?journey=passport&step=Elders", "step"),
        ("?journey=passport&following=Klaar", "following"),
        ("?first=2025-01&last=2024-01", "last"),
    ],
)
def test_what_a_run_does_not_have_is_named_and_left_out(search: str, name: str) -> None:
    view, unknown = view_of(search, CHOICES)
    assert [u.name for u in unknown] == [name]
    assert getattr(view, name) is None


def test_a_long_value_is_cut_before_it_is_shown() -> None:
    _, unknown = view_of("?team=" + "x" * 9000, CHOICES)
    assert unknown == [Unknown("team", "x" * 60)]


def test_other_parameters_are_ignored() -> None:
    assert view_of("?utm_source=mail&fbclid=1", CHOICES) == (View(), [])


@pytest.mark.parametrize(
    ("search", "language"), [("?lang=en", "en"), ("?lang=fr", "nl"), ("", "nl")]
)
def test_the_language_is_dutch_unless_asked(search: str, language: str) -> None:
    assert language_of(search) == language


def test_one_cut_at_a_time_has_figures() -> None:
    assert slice_of(View(), CHOICES) == Slice("all")
    assert slice_of(View(formula="snel"), CHOICES) == Slice("all", "service_formula", "snel")
    assert slice_of(View(journey="passport"), CHOICES) == Slice("passport")
    assert slice_of(View(journey="passport", formula="snel"), CHOICES) == Slice("passport")
    cut = View(journey="passport", channel="balie")
    assert slice_of(cut, CHOICES) == Slice("passport", "channel", "balie")
    assert slice_of(View(channel="balie"), CHOICES) == Slice("all", "channel", "balie")


@pytest.mark.parametrize(
    ("view", "reason"),
    [
        (View(journey="passport", channel="balie", team="Jeugd + Gezin"), "two_segments"),
        (View(formula="snel", channel="balie"), "segment_of_formula"),
        (View(journey="passport", formula="ontwerp"), "other_formula"),
    ],
)
def test_two_cuts_at_once_have_none_and_it_is_said_why(view: View, reason: str) -> None:
    assert slice_of(view, CHOICES) == NoSlice(reason)  # type: ignore[arg-type]


def test_a_formula_is_about_its_own_journeys() -> None:
    assert journeys_of(View(formula="snel"), CHOICES) == ["passport"]
    assert journeys_of(View(), CHOICES) == ["passport", "youth & care"]


def test_a_year_before_is_the_same_months() -> None:
    assert year_before(Period("2025-02", "2025-04"), CHOICES) == Period("2024-02", "2024-04")
    assert year_before(Period("2024-02", "2024-04"), CHOICES) is None
    assert year_before(Period(), CHOICES) is None


def test_periods_may_share_months() -> None:
    assert overlap(Period("2025-01", "2025-06"), Period("2025-05", "2025-12"), CHOICES) == 2
