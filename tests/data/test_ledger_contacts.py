"""The daily run's figures on contacts and callbacks are those of Lindeveld's own ledger.

The ledger knows what truly happened; the exports have the usual dirt. What it hides is stated with
a bound that follows from the ledger itself: contacts of one month an hour late, residents who gave
no name, cases that lost their end. Contacts sent twice carry one number, so they hide nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

import polars as pl
import pytest
from lindeveld.clock import DAY, HOUR, epoch, local
from lindeveld.configuration import configuration
from lindeveld.contact_centre import ANONYMOUS, PROMISED, SETTLED
from lindeveld.desired import write_desired
from lindeveld.dirt import soil
from lindeveld.exports import KANALEN, write
from lindeveld.journeys import JOURNEYS
from lindeveld.records import Case, Contact, Systems
from lindeveld.residents import citizen_numbers
from lindeveld.simulation import simulate
from lindeveld.town import Scale
from lindeveld.world import truth

from pipelines.settings import Settings
from tests.conftest import Query, run

SCALE = Scale(residents=6000, months=12)
WINDOWS = {"24h": DAY, "7d": 7 * DAY, "14d": 14 * DAY, "28d": 28 * DAY}
Key = Callable[[Contact], object]


@dataclass(frozen=True)
class Ledger:
    """What the systems hold after the dirt, and what was true before it, by number."""

    systems: Systems
    was_at: dict[int, float]
    was_closed_at: dict[int, float | None]

    def contacts(self) -> list[Contact]:
        """As exported, each once, in order of time."""
        once = {contact.number: contact for contact in self.systems.contacts}
        return sorted(once.values(), key=lambda contact: (int(contact.at), contact.number))

    def asked(self) -> list[Contact]:
        """Where the resident took the initiative."""
        return [contact for contact in self.contacts() if contact.kind != "callback"]

    def counted(self, window: str = "") -> list[Contact]:
        """Those that count for first contact: no status questions, the window over."""
        until = max(int(contact.at) for contact in self.contacts()) - WINDOWS.get(window, 0)
        return [c for c in self.asked() if c.kind != "status" and int(c.at) <= until]

    def has_slipped(self, contact: Contact) -> bool:
        return contact.at != self.was_at[contact.number]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ledger")


@pytest.fixture(scope="module")
def ledger(folder: Path) -> Ledger:
    systems = simulate(SCALE)
    was_at = {contact.number: contact.at for contact in systems.contacts}
    was_closed_at = {case.number: case.closed_at for case in systems.cases}
    soil(systems, truth()["dirt"], SCALE.seed)
    write(systems, citizen_numbers(SCALE.residents), folder)
    write_desired(folder)
    (folder / "municipality.yaml").write_text(configuration(SCALE), encoding="utf-8")
    return Ledger(systems, was_at, was_closed_at)


@pytest.fixture(scope="module")
def warehouse(ledger: Ledger, folder: Path) -> Query:
    return Query(run(Settings(config_file=folder / "municipality.yaml", home=folder)))


@pytest.fixture(scope="module")
def figures(warehouse: Query) -> pl.DataFrame:
    return warehouse("select * from mart.kpi_values where period = 'all'")


def figure(
    figures: pl.DataFrame, definition: str, journey: str = "all", kind: str = "all"
) -> dict[str, tuple[float, int]]:
    """(numerator, n) by segment."""
    found = figures.filter(
        pl.col("definition") == definition,
        pl.col("journey") == journey,
        pl.col("segment_kind") == kind,
    )
    rows = found.select("segment", "numerator", "n").iter_rows()
    return {segment: (numerator, n) for segment, numerator, n in rows}


def tally(
    contacts: list[Contact], is_yes: Callable[[Contact], bool], by: Key
) -> dict[object, tuple[float, int]]:
    """(how many yes, how many) by group."""
    yes, n = Counter(by(c) for c in contacts if is_yes(c)), Counter(by(c) for c in contacts)
    return {group: (yes[group], n[group]) for group in n}


def is_settled(contact: Contact) -> bool:
    return contact.result == SETTLED


@pytest.mark.parametrize("reading", ["registered", "process"])
@pytest.mark.parametrize("window", WINDOWS)
def test_what_was_settled_is_what_the_ledger_knows(
    ledger: Ledger, figures: pl.DataFrame, reading: str, window: str
) -> None:
    """Label and process agree, since every employee here registers what happened."""
    definition, counted = f"first_contact.{reading}.{window}", ledger.counted(window)
    expected = tally(counted, is_settled, lambda c: c.journey)
    for journey in JOURNEYS:
        assert figure(figures, definition, journey.id)["all"] == expected[journey.id]
    assert figure(figures, definition) == tally(counted, is_settled, lambda _: "all")
    by_channel = tally(counted, is_settled, lambda c: KANALEN[c.channel])
    assert figure(figures, definition, kind="channel") == by_channel


def by_topic(contact: Contact) -> object:
    return contact.resident, contact.journey


def by_client(contact: Contact) -> object:
    return contact.resident


def gaps(contacts: list[Contact], key: Key) -> dict[int, tuple[float, float]]:
    """Seconds since the contact of the same known resident before it, and until that after it."""
    threads: defaultdict[object, list[Contact]] = defaultdict(list)
    for contact in contacts:
        if contact.resident is not None:
            threads[key(contact)].append(contact)
    far, found = float("inf"), {}
    for thread in threads.values():
        at = [-far, *(int(contact.at) for contact in thread), far]
        for place, contact in enumerate(thread, 1):
            found[contact.number] = (at[place] - at[place - 1], at[place + 1] - at[place])
    return found


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize(("name", "key"), [("topic", by_topic), ("client", by_client)])
def test_who_did_not_come_back_per_contact_and_per_question(
    ledger: Ledger, figures: pl.DataFrame, name: str, key: Key, window: str
) -> None:
    seconds, found = WINDOWS[window], gaps(ledger.asked(), key)
    counted = [c for c in ledger.counted(window) if c.resident is not None]
    seen_from = min(int(c.at) for c in ledger.contacts()) + seconds
    once = {c.number for c in counted if found[c.number][1] > seconds}
    first = {c.number for c in counted if found[c.number][0] > seconds and int(c.at) >= seen_from}
    per_contact = figure(figures, f"first_contact.no_repeat.{name}.{window}")["all"]
    assert per_contact == (len(once), len(counted))
    per_question = figure(figures, f"first_contact.question.{name}.{window}")["all"]
    assert per_question == (len(once & first), len(first))


def same_question(a: Contact, b: Contact) -> bool:
    """The same case where both have one that is known, else the same topic."""
    cases = [c.case.number for c in (a, b) if c.case is not None and c.case.number > 0]
    return cases[0] == cases[1] if len(cases) == 2 else a.journey == b.journey


def later_pairs(ledger: Ledger) -> Iterator[tuple[Contact, Contact]]:
    threads: defaultdict[int, list[Contact]] = defaultdict(list)
    for contact in ledger.asked():
        if contact.resident is not None:
            for before in threads[contact.resident]:
                yield before, contact
            threads[contact.resident].append(contact)


@pytest.mark.parametrize("window", WINDOWS)
def test_settled_and_not_repeated(ledger: Ledger, figures: pl.DataFrame, window: str) -> None:
    repeated = {
        a.number
        for a, b in later_pairs(ledger)
        if 0 < int(b.at) - int(a.at) <= WINDOWS[window] and same_question(a, b)
    }
    counted = [c for c in ledger.counted(window) if c.resident is not None]
    yes = sum(is_settled(c) and c.number not in repeated for c in counted)
    assert figure(figures, f"first_contact.settled.{window}")["all"] == (yes, len(counted))


@pytest.mark.parametrize("window", WINDOWS)
def test_an_hour_too_late_hides_no_more_than_what_lies_an_hour_from_the_edge(
    ledger: Ledger, figures: pl.DataFrame, window: str
) -> None:
    """Only a pair of which one slipped, and whose gap is within that hour of 0 or of the window,
    can be judged otherwise than it was."""
    seconds = WINDOWS[window]
    pairs = [
        (a, b, ledger.was_at[b.number] - ledger.was_at[a.number])
        for a, b in later_pairs(ledger)
        if a.journey == b.journey
    ]
    at_risk = {
        contact.number
        for a, b, gap in pairs
        if ledger.has_slipped(a) != ledger.has_slipped(b)
        and min(abs(gap), abs(gap - seconds)) <= HOUR + 1
        for contact in (a, b)
    }
    truly_again = {a.number for a, _, gap in pairs if 0 <= gap <= seconds}
    counted = [c for c in ledger.counted(window) if c.resident is not None]
    truly_once = sum(c.number not in truly_again for c in counted)
    told, n = figure(figures, f"first_contact.no_repeat.topic.{window}")["all"]
    assert n == len(counted)
    assert abs(told - truly_once) <= len(at_risk)
    assert len(at_risk) < 0.01 * n


def test_who_gave_no_name_is_the_part_that_cannot_be_tested(
    ledger: Ledger, figures: pl.DataFrame
) -> None:
    counted = ledger.counted()
    known = sum(contact.resident is not None for contact in counted)
    assert figure(figures, "contacts.identified")["all"] == (known, len(counted))


def test_anonymity_hides_most_repeats_of_questions_without_a_case(
    ledger: Ledger, warehouse: Query
) -> None:
    """Both contacts must be known, each with chance 0.65: 42 percent are seen, within 3.3 standard
    errors of a share (once in a thousand)."""
    from_then = epoch(SCALE.first) + WINDOWS["28d"]
    true = sum(c.kind == "repeat" and c.case is None and c.at >= from_then for c in ledger.asked())
    seen = warehouse.one(
        "select count(*) from core.contacts as c inner join core.contact_questions as q"
        " on q.contact_key = c.contact_key and q.match_key = 'topic' and q.before_us is not null"
        " where c.reason = 'zelfde vraag' and c.case_id is null"
        f" and epoch_us(c.contacted_at) >= {from_then} * 1000000.0"
    )
    share = (1 - ANONYMOUS) ** 2
    assert seen / true == pytest.approx(share, abs=3.3 * (share * (1 - share) / true) ** 0.5)


def is_open(contact: Contact, closed_at: float | None) -> bool:
    """Whether the contact's case is known and, with that end, was open then."""
    case = contact.case
    if case is None or case.number < 1:
        return False
    return int(case.opened_at) <= int(contact.at) and not (
        closed_at is not None and int(closed_at) <= int(contact.at)
    )


def test_status_questions_by_word_are_those_of_the_ledger(
    ledger: Ledger, figures: pl.DataFrame
) -> None:
    asked = ledger.asked()
    status = [contact for contact in asked if contact.kind == "status"]
    found = figure(figures, "failure_demand.status.words")["all"]
    assert found == (len(status), len(asked))
    linked = sum(is_open(c, c.case.closed_at) for c in status if c.case)
    assert figure(figures, "failure_demand.linked")["all"] == (linked, len(status))
    for journey in JOURNEYS:
        own = tally(asked, lambda c: c.kind == "status", lambda c: c.journey)[journey.id]
        assert figure(figures, "failure_demand.status.words", journey.id)["all"] == own


def looks_like_a_status_question(ledger: Ledger, contact: Contact, cases: list[Case]) -> bool:
    case = contact.case
    if case is None or contact.result == PROMISED or not is_open(contact, case.closed_at):
        return False
    begins = any(0 <= int(c.opened_at) - int(contact.at) <= DAY for c in cases)
    return local(case.opened_at).date() < local(contact.at).date() and not begins


def test_the_process_takes_repeats_for_status_questions_and_misses_some(
    ledger: Ledger, figures: pl.DataFrame
) -> None:
    """The difference of the two readings, by what the ledger says that the contacts were. Cases
    that lost their end add those who asked again after it."""
    cases: defaultdict[int, list[Case]] = defaultdict(list)
    for case in ledger.systems.cases:
        cases[case.resident].append(case)
    taken = [
        c
        for c in ledger.asked()
        if c.resident is not None and looks_like_a_status_question(ledger, c, cases[c.resident])
    ]
    assert figure(figures, "failure_demand.status.process")["all"] == (
        len(taken),
        len(ledger.asked()),
    )
    kinds = Counter(contact.kind for contact in taken)
    assert kinds["question"] == 0
    missed = sum(c.kind == "status" for c in ledger.asked()) - kinds["status"]
    explained = sum(
        c.kind == "status" and (c.result == PROMISED or c.case is None or c.case.number < 1)
        for c in ledger.asked()
    )
    assert explained <= missed
    after_the_end = sum(
        not is_open(c, ledger.was_closed_at[c.case.number]) for c in taken if c.case
    )
    lost = {c.number for c in ledger.systems.cases if c.closed_at != ledger.was_closed_at[c.number]}
    assert after_the_end <= sum(c.case is not None and c.case.number in lost for c in taken)


def test_callbacks_are_kept_tried_and_open_as_in_the_ledger(
    ledger: Ledger, figures: pl.DataFrame
) -> None:
    callbacks, until = ledger.systems.callbacks, epoch(SCALE.last)
    done = [callback for callback in callbacks if callback.done_at is not None]
    kept = [callback for callback in done if int(callback.done_at or 0) <= int(callback.due_at)]
    due = [callback for callback in callbacks if int(callback.due_at) < until]
    tried = [callback for callback in callbacks if callback.attempts]
    at_once = [callback for callback in tried if callback.attempts == 1 and callback.done_at]
    days = [(int(c.done_at or 0) - int(c.promised_at)) / DAY for c in done]
    ages = [(until - int(c.promised_at)) / DAY for c in callbacks if c.done_at is None]
    for name, expected in {
        "callbacks.kept.closed": (len(kept), len(done)),
        "callbacks.kept.due": (len([c for c in kept if int(c.due_at) < until]), len(due)),
        "callbacks.attempts.mean": (sum(c.attempts for c in done), len(done)),
        "callbacks.attempts.first": (len(at_once), len(tried)),
        "callbacks.promised": (len(callbacks), len(ledger.asked())),
    }.items():
        assert figure(figures, name)["all"] == expected, name
    for name, values in {"time_to_done": days, "open_age": ages}.items():
        [(found, n)] = (
            figures.filter(
                pl.col("definition") == f"callbacks.{name}.median",
                pl.col("journey") == "all",
                pl.col("segment_kind") == "all",
            )
            .select("value", "n")
            .iter_rows()
        )
        assert (found, n) == (pytest.approx(median(values)), len(values))


def test_marks_are_those_that_residents_gave(ledger: Ledger, figures: pl.DataFrame) -> None:
    marks = [c.satisfaction for c in ledger.contacts() if c.satisfaction is not None]
    total, n = figure(figures, "satisfaction.mean")["all"]
    assert (total / n, n) == (pytest.approx(mean(marks)), len(marks))
