"""Handoffs, ping-pong and the partners' time of a run on Lindeveld are those of its own ledger.

The ledger is what the simulation knows while it runs: who worked on a case, and each wait with the
party that it was for. Registrations are soiled only after that, so every difference is the dirt's:
equal stamps move a hundredth of the events back to the one before, and a migration puts an event and
an `employee` on cases that nobody worked on. What waits for a partner when the data end is in
neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from lindeveld import casework
from lindeveld.configuration import configuration
from lindeveld.desired import write_desired
from lindeveld.dirt import soil
from lindeveld.exports import CALLBACKS, CONTACTS, number_of, write
from lindeveld.journeys import PARTNERS, Step
from lindeveld.records import Case
from lindeveld.residents import citizen_numbers
from lindeveld.simulation import simulate
from lindeveld.town import Scale, Town
from lindeveld.world import truth

from pipelines.reading import current_run
from pipelines.settings import Settings
from tests.conftest import TEST_KEY, Query, run
from transforms.privacy import pseudonymise

SCALE = Scale(residents=3000)
NAMES = {names["nl"] for names in PARTNERS.values()}
DAY = 86_400


@dataclass
class Known:
    """What the ledger knows of a case: units in order of work, seconds with partners, and which of
    its events the dirt moved."""

    teams: list[str] = field(default_factory=list)
    actors: list[str] = field(default_factory=list)
    partner_s: float = 0.0
    moved: int = 0
    is_migrated: bool = False


@dataclass
class Ledger:
    cases: dict[str, Known]
    query: Query
    settings: Settings

    def of(self, sql: str) -> dict[str, dict[str, Any]]:
        """Rows of the warehouse by pseudonym of the case, which every query gives as case_id."""
        return {row["case_id"]: row for row in self.query(sql).to_dicts()}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    folder = tmp_path_factory.mktemp("ledger")
    waits: defaultdict[int, float] = defaultdict(float)
    usual = casework._wait

    def watched(town: Town, case: Case, step: Step, seconds: float) -> Iterator[Any]:
        begun = town.env.now
        yield from usual(town, case, step, seconds)
        if step.waits_for in NAMES:
            waits[id(case)] += town.env.now - begun

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(casework, "_wait", watched)
        systems = simulate(SCALE)
    known = [
        Known(
            [event.team for event in case.events if event.team],
            [event.actor for event in case.events if event.actor],
            waits[id(case)],
        )
        for case in systems.cases
    ]
    before = [[event.at for event in case.events] for case in systems.cases]
    soil(systems, truth()["dirt"], SCALE.seed)
    for case, found, stamps in zip(systems.cases, known, before, strict=True):
        own = [event.at for event in case.events if event.actor != "migratie"]
        found.moved = sum(a != b for a, b in zip(own, stamps, strict=True))
        found.is_migrated = len(case.events) > len(own)
    write(systems, citizen_numbers(SCALE.residents), folder)
    assert (folder / CONTACTS).exists()
    assert (folder / CALLBACKS).exists()
    write_desired(folder)
    (folder / "municipality.yaml").write_text(configuration(SCALE), encoding="utf-8")
    settings = run(Settings(folder / "municipality.yaml", folder / "home"))
    numbers = pl.Series([number_of("LV", case) for case in systems.cases])
    names = pseudonymise(numbers, TEST_KEY.encode(), "case")
    return Ledger(dict(zip(names, known, strict=True)), Query(settings), settings)


def runs(units: list[str]) -> list[str]:
    return [unit for before, unit in pairwise([None, *units]) if unit != before]  # type: ignore[misc]


def ping_pongs(units: list[str]) -> int:
    stretches = runs(units)
    return sum(a == b for a, b in zip(stretches, stretches[2:], strict=False))


COUNTED = """
    select c.case_id, h.handoffs, h.ping_pongs, h.units from core.case_handoffs as h
    inner join core.cases as c on c.case_key = h.case_key where h.level = '{level}'
"""


def test_handoffs_between_teams_are_those_of_the_ledger_case_by_case(ledger: Ledger) -> None:
    """No dirt touches them: equal stamps keep their order, the migration has no team."""
    found = ledger.of(COUNTED.format(level="team"))
    assert found.keys() == ledger.cases.keys()
    for name, known in ledger.cases.items():
        stretches = runs(known.teams)
        expected = (
            (len(stretches) - 1, ping_pongs(known.teams), len(set(stretches)))
            if stretches
            else (None, None, None)
        )
        assert tuple(found[name][k] for k in ("handoffs", "ping_pongs", "units")) == expected


def test_handoffs_between_organisations_are_those_of_the_ledger(ledger: Ledger) -> None:
    found = ledger.of(COUNTED.format(level="organisation"))
    for name, known in ledger.cases.items():
        sides = [team if team in NAMES else "own" for team in known.teams]
        if sides:
            assert found[name]["handoffs"] == len(runs(sides)) - 1
            assert found[name]["ping_pongs"] == ping_pongs(sides)


def test_handoffs_between_persons_differ_by_the_migration_alone(ledger: Ledger) -> None:
    """It comes between two persons or two events of one: at most two handoffs a migrated case."""
    found = ledger.of(COUNTED.format(level="person"))
    added = 0
    for name, known in ledger.cases.items():
        expected = max(len(runs(known.actors)) - 1, 0)
        more = (found[name]["handoffs"] or 0) - expected
        assert 0 <= more <= (2 if known.is_migrated else 0)
        added += more
    assert sum(known.is_migrated for known in ledger.cases.values()) > 50
    assert added > 50


PARTNER = """
    select c.case_id, p.until_answer_us / 1e6 as answer_s, p.until_return_us / 1e6 as return_s
    from core.partner_times as p inner join core.cases as c on c.case_key = p.case_key
"""


def test_the_partners_time_is_that_of_the_ledger_where_the_dirt_moved_nothing(
    ledger: Ledger,
) -> None:
    """To the second a stamp: the ledger keeps fractions, the export does not."""
    found = ledger.of(PARTNER)
    clean = {n: k for n, k in ledger.cases.items() if not k.moved and not k.is_migrated}
    with_partner = [n for n, k in clean.items() if n in found and set(k.teams) & NAMES]
    assert len(with_partner) > 150
    for name in with_partner:
        known = clean[name]
        partners = sum(team in NAMES for team in known.teams)
        assert found[name]["answer_s"] == pytest.approx(known.partner_s, abs=2 * partners)


def test_over_all_cases_the_dirt_hides_about_a_hundredth_of_the_partners_time(
    ledger: Ledger,
) -> None:
    """A moved answer gives its wait to what comes next; a moved question adds one. Both befall a
    share d of the events, so the difference stays within the waits of 2 d of them, and chance."""
    found = ledger.of(PARTNER)
    cases = {n: k for n, k in ledger.cases.items() if n in found and not k.is_migrated}
    true = sum(known.partner_s for known in cases.values())
    answers = sum(team in NAMES for known in cases.values() for team in known.teams)
    share = truth()["dirt"]["equal_stamp_share"]
    allowed = 2 * share + 3 * (2 * share / answers) ** 0.5
    measured = sum(found[name]["answer_s"] for name in cases)
    assert measured == pytest.approx(true, rel=allowed)
    assert measured != pytest.approx(true, rel=1e-4)


def test_a_migration_amid_a_wait_hides_what_went_before_it(ledger: Ledger) -> None:
    """Its event looks like the last thing done, so never more is measured than was waited; an
    equal stamp may add to that, and such cases are left out."""
    found = ledger.of(PARTNER)
    migrated = {n: k for n, k in ledger.cases.items() if k.is_migrated and not k.moved}
    hidden = [
        known.partner_s - found[name]["answer_s"]
        for name, known in migrated.items()
        if name in found
    ]
    assert min(hidden) > -4
    assert max(hidden) > DAY


def test_the_other_reading_of_an_event_is_far_from_the_ledger(ledger: Ledger) -> None:
    """Lindeveld stamps what is done; read as an arrival its stamps tell another story. Cases that
    lost their end are left out: there the reading runs on to the end of the data."""
    open_cases = set(
        ledger.query("select case_id from core.cases where closed_at is null")["case_id"]
    )
    found = {k: row for k, row in ledger.of(PARTNER).items() if k not in open_cases}
    true = sum(ledger.cases[name].partner_s for name in found)
    assert sum(row["return_s"] for row in found.values()) < 0.7 * true


def test_what_is_published_adds_up_to_the_ledger(ledger: Ledger) -> None:
    values = pl.read_parquet(current_run(ledger.settings) / "marts" / "kpi_values.parquet")
    found = values.filter(
        pl.col("definition") == "handoffs.team.per_known_case",
        pl.col("segment_kind") == "all",
        pl.col("period_kind") == "all",
    )
    total = sum(max(len(runs(known.teams)) - 1, 0) for known in ledger.cases.values())
    assert found["numerator"].sum() == total


def test_lindeveld_has_no_starts_no_reopenings_and_no_reassessments(ledger: Ledger) -> None:
    """It simulates none of them, so none may be measured."""
    marts = current_run(ledger.settings) / "marts"
    values = pl.read_parquet(marts / "kpi_values.parquet")
    reasons = pl.read_parquet(marts / "not_measurable.parquet")
    for kpi, reason in (
        ("flow", "no_starts"),
        ("reopened", "no_end_marks"),
        ("reassessment", "no_lifelong_needs"),
        ("continuity", "no_contact_teams"),
    ):
        given = reasons.filter((pl.col("kpi") == kpi) & (pl.col("reason") == reason))
        assert given["journey"].n_unique() == 8
        measured = values.filter(pl.col("kpi") == kpi)["definition"].unique()
        assert set(measured) <= {"reopened.events_after_end"}


def test_events_after_the_end_are_the_migration_and_nothing_else(ledger: Ledger) -> None:
    """What the wide reading of reopened counts here is administration, and its definition says so."""
    found = ledger.of(
        "select c.case_id from core.reopenings as r"
        " inner join core.cases as c on c.case_key = r.case_key where r.has_later_event"
    )
    assert found
    assert all(ledger.cases[name].is_migrated for name in found)


def persons(ledger: Ledger) -> list[str]:
    return ledger.query("select unit from core.units where level = 'person'")["unit"].to_list()


def test_the_warehouse_knows_persons_and_nothing_published_does(ledger: Ledger) -> None:
    """Not by definition, not by figure, and not by a single pseudonym in any file."""
    of_persons = ledger.query(
        "select distinct definition from mart.kpi_values where definition like '%person%'"
    )["definition"]
    assert {"handoffs.person.per_known_case", "continuity.person.mean"} <= set(of_persons)
    names = persons(ledger)
    assert len(names) > 20
    folder = current_run(ledger.settings)
    for file in folder.rglob("*"):
        if file.is_file() and file.suffix != ".parquet":
            text = file.read_text(encoding="utf-8", errors="replace")
            assert ".person." not in text, file
            assert not [name for name in names if name in text], file
    for file in (folder / "marts").glob("*.parquet"):
        frame = pl.read_parquet(file).select(pl.col(pl.String))
        for column in frame.iter_columns():
            assert not column.is_in(names).any(), (file.name, column.name)
            assert not column.str.contains(".person.", literal=True).any(), (file.name, column.name)
