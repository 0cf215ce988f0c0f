"""The page on Lindeveld says what the files of the simulation say."""

from __future__ import annotations

import re
from typing import Any

import pytest
from lindeveld.exports import CALLBACKS, CASES, CONTACTS
from lindeveld.journeys import JOURNEYS, LIFE_EVENTS, Journey, LifeEvent
from lindeveld.plots import lead_times
from lindeveld.town import Town
from lindeveld.world import truth

from tests.conftest import REPOSITORY

PAGE = (REPOSITORY / "docs" / "lindeveld.md").read_text(encoding="utf-8")
ENTRIES = truth()["improvements"]


def row(first: str) -> list[str]:
    [line] = re.findall(rf"^\| {first} \|.*$", PAGE, re.MULTILINE)
    return [cell.strip() for cell in line.strip("|").split("|")]


@pytest.mark.parametrize("journey", JOURNEYS, ids=[journey.id for journey in JOURNEYS])
def test_a_journey_is_told_as_it_is(journey: Journey) -> None:
    told = [journey.case_type, journey.formula, str(journey.term_weeks), f"{journey.yearly:g}"]
    assert row(journey.id)[1:] == told


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry["id"] for entry in ENTRIES])
def test_an_improvement_is_told_as_it_is(entry: dict[str, Any]) -> None:
    _, journey, day, effect, verdict, looks = row(entry["id"])
    assert (journey, day, verdict) == (
        entry["journey"],
        entry["went_live_on"].isoformat(),
        entry["verdict"],
    )
    trap = entry.get("looks_like")
    assert looks == (f"{trap['verdict']}: {trap['because']}" if trap else "")
    assert (effect == "none") is (not entry["effects"])
    for planted in entry["effects"]:
        if planted["unit"] != "per_case":
            assert f"{planted['change']:+g}".replace("-", "−") in effect


def test_the_exports_and_the_pictures_are_there() -> None:
    for name in (CASES, CONTACTS, CALLBACKS):
        assert f"| `{name}` |" in PAGE
    for picture in re.findall(r"\]\((lindeveld/[^)]+)\)", PAGE):
        assert (REPOSITORY / "docs" / picture).is_file()


@pytest.mark.parametrize("journey", JOURNEYS, ids=[journey.id for journey in JOURNEYS])
def test_the_picture_of_lead_times_is_of_this_simulation(town: Town, journey: Journey) -> None:
    """Its texts are text, so the number of cases and the median can be read in it."""
    picture = (REPOSITORY / "docs" / "lindeveld" / "lead_times.svg").read_text(encoding="utf-8")
    values = lead_times(town.systems)[journey.id]
    assert f"{journey.nl} ({len(values):,} zaken)".replace(",", ".") in picture
    assert f"mediaan {values[len(values) // 2]:.0f} dagen" in picture


@pytest.mark.parametrize("event", LIFE_EVENTS, ids=[event.id for event in LIFE_EVENTS])
def test_a_life_event_is_told_as_it_is(event: LifeEvent) -> None:
    first, last = event.days
    brings = ", ".join(f"{journey} {share:.0%}" for journey, share in event.brings.items())
    assert row(event.id)[1:] == [event.begins_with, f"{first:g} to {last:g}", brings]
