"""The page on Lindeveld says what the files of the simulation say."""

from __future__ import annotations

import re
from typing import Any

import pytest
from lindeveld.exports import CALLBACKS, CASES, CONTACTS
from lindeveld.journeys import JOURNEYS, Journey
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
