"""Lindeveld is simulated, repeatable, nobody's, and has in it what was planted."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any

import polars as pl
import pytest
from lindeveld.chance import lognormal, stream
from lindeveld.clock import epoch
from lindeveld.contact_centre import SETTLED
from lindeveld.exports import CALLBACKS, CASES, CONTACTS
from lindeveld.generate import generate
from lindeveld.records import Case
from lindeveld.residents import citizen_numbers, passes_eleven_test
from lindeveld.simulation import run
from lindeveld.teams import utilisation
from lindeveld.town import Scale, Town
from lindeveld.world import World, truth

from pipelines.checking import try_sources
from pipelines.configuration import load_municipality

SMALL = Scale(residents=4000, months=6)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lindeveld")
    generate(folder, SMALL)
    return folder


@pytest.fixture(scope="module")
def town() -> Town:
    town = Town(Scale(residents=9000, months=12), World())
    run(town)
    return town


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    assert generate(tmp_path, SMALL)
    for file in filter(Path.is_file, folder.rglob("*")):
        assert (tmp_path / file.relative_to(folder)).read_bytes() == file.read_bytes()


def test_what_was_made_before_is_not_made_again(folder: Path) -> None:
    assert not generate(folder, SMALL)


def test_another_seed_gives_another_town(folder: Path, tmp_path: Path) -> None:
    generate(tmp_path, Scale(residents=4000, months=6, seed=7))
    assert (tmp_path / CASES).read_bytes() != (folder / CASES).read_bytes()


def test_the_configuration_is_in_order_and_its_sources_can_be_read(folder: Path) -> None:
    municipality = load_municipality(folder / "municipality.yaml")
    reports = try_sources(municipality, folder)
    assert [report["files"][0]["table"] for report in reports] == [
        "events",
        "contacts",
        "callbacks",
    ]
    for report in reports:
        assert report["ok"]
        assert not report["files"][0]["set_aside"]
        assert not report["files"][0]["findings"]


def exported(folder: Path, name: str) -> pl.DataFrame:
    file = folder / name
    if file.suffix == ".xlsx":
        return pl.read_excel(file, infer_schema_length=0)
    return pl.read_csv(file, infer_schema=False)


def test_citizen_service_numbers_are_from_the_range_for_tests() -> None:
    numbers = citizen_numbers(27_000)
    assert len(set(numbers)) == 27_000
    assert all(number.startswith("999") and passes_eleven_test(int(number)) for number in numbers)
    assert not passes_eleven_test(int(citizen_numbers(100_000)[-1]))


@pytest.mark.parametrize("name", [CASES, CONTACTS, CALLBACKS])
def test_no_export_holds_a_number_or_address_of_anybody(name: str, folder: Path) -> None:
    text = exported(folder, name).write_csv()
    assert all(number.startswith("999") for number in re.findall(r"\b\d{9}\b", text))
    assert "@" not in text
    assert not re.search(r"\b0[1-9]\d{8}\b|\b[1-9]\d{3} ?[A-Z]{2}\b", text)


def test_links_between_the_exports_hold(folder: Path) -> None:
    cases = set(exported(folder, CASES)["zaaknummer"])
    contacts = exported(folder, CONTACTS)
    numbers = set(contacts["contactnummer"])
    assert set(contacts["zaaknummer"].drop_nulls()) - {""} <= cases
    assert set(contacts["vervolg_op"].drop_nulls()) - {""} <= numbers
    assert set(exported(folder, CALLBACKS)["contactnummer"]) <= numbers


def test_littles_law_holds_for_every_queue(town: Town) -> None:
    """The mean length of a queue is the rate of arrival times the mean wait (Little, 1961)."""
    seconds = town.env.now - epoch(town.begin)
    for team in town.teams.values():
        arrived = team.left + team.length
        rate, wait = arrived / seconds, team.waits_s() / arrived
        assert team.area / seconds == pytest.approx(rate * wait, rel=0.03)


def test_nobody_is_idle_all_day_nor_works_more_than_all_day(town: Town) -> None:
    for team in town.teams.values():
        assert 0.35 < utilisation(team, town.begin, town.scale.last) < 1.0


def test_times_are_skewed_with_the_mean_that_was_meant() -> None:
    chance = stream("test")
    drawn = sorted(lognormal(chance, 10.0, 0.6) for _ in range(40_000))
    assert mean(drawn) == pytest.approx(10.0, rel=0.02)
    assert drawn[20_000] < 9.0


def _closed(town: Town, journey: str, since: date) -> dict[tuple[float, int], Case]:
    start = epoch(since)
    return {
        (case.asked_at, case.resident): case
        for case in town.systems.cases
        if case.journey == journey and case.closed_at is not None and case.asked_at >= start
    }


def _days(case: Case) -> float:
    assert case.closed_at is not None
    return case.closed_at - case.asked_at


def _handoffs(case: Case) -> int:
    teams = [event.team for event in case.events if event.team]
    return sum(one != other for one, other in pairwise(teams))


def _settled(town: Town, entry: dict[str, Any]) -> float:
    """The share of questions since the improvement that were settled at once."""
    since = epoch(entry["went_live_on"])
    asked = [
        contact.result == SETTLED
        for contact in town.systems.contacts
        if contact.journey == entry["journey"]
        and contact.kind in ("question", "status", "repeat")
        and contact.at >= since
    ]
    return mean(asked)


def test_planted_effects_are_there_in_a_twin_world_without_them() -> None:
    """Two towns that differ in the plants alone: what differs is their effect, without noise."""
    planted = [entry for entry in truth()["improvements"] if entry["plants"]]
    town, twin = (
        Town(Scale(), World(without))
        for without in (frozenset(), frozenset(entry["id"] for entry in planted))
    )
    run(town)
    run(twin)
    checked = set()
    for entry in planted:
        now = _closed(town, entry["journey"], entry["went_live_on"])
        then = _closed(twin, entry["journey"], entry["went_live_on"])
        both = now.keys() & then.keys()
        for effect in entry["effects"]:
            if effect["kpi"] == "lead_time" and len(both) < 100:
                continue  # too recent: hardly any case of it is closed
            checked.add(entry["id"])
            if effect["kpi"] == "lead_time":
                ratio = mean(_days(now[k]) for k in both) / mean(_days(then[k]) for k in both)
                assert 100 * (ratio - 1) == pytest.approx(effect["change"], abs=6), entry["id"]
            if effect["kpi"] == "handoffs":
                change = mean(_handoffs(now[k]) - _handoffs(then[k]) for k in both)
                assert change == pytest.approx(effect["change"], abs=0.2), entry["id"]
            if effect["kpi"] == "first_contact_resolution":
                gain = _settled(town, entry) - _settled(twin, entry)
                assert 100 * gain == pytest.approx(effect["change"], abs=2), entry["id"]
    with_effect = {entry["id"] for entry in planted if entry["effects"]}
    assert with_effect - checked == {"digital_report"}
