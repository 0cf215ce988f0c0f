"""A wrong configuration is refused with its place, its value and the mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.configuration import load_municipality
from pipelines.errors import ConfigurationError
from tests.conftest import REPOSITORY

EXAMPLE = (REPOSITORY / "data" / "example" / "municipality.yaml").read_text(encoding="utf-8")


def refusal(folder: Path, text: str) -> str:
    file = folder / "municipality.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_municipality(file)
    return str(caught.value).removeprefix(str(file))


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            "disclosure_threshold: 5",
            "disclosure_treshold: 5",
            ("line 3: disclosure_treshold: is no key", "did you mean 'disclosure_threshold'?"),
        ),
        (
            "disclosure_threshold: 5",
            "disclosure_threshold: 2",
            ("line 3: disclosure_threshold: is 2", "Mend: use 3 or more."),
        ),
        (
            "disclosure_threshold: 5",
            "disclosure_threshold: 5\ndisclosure_threshold: 6",
            ("line 3: disclosure_threshold: stands twice", "Mend: keep one"),
        ),
        (
            "disclosure_threshold: 5",
            "disclosure_threshold: 5\ncontacts: {status_topics: [a], internal_topics: [' A']}",
            ("line 4: contacts: 'A' stands for two kinds of contact; keep it in one",),
        ),
        ("name: Voorbeeldstad\n", "", ("name: is missing", "Mend: add it")),
        (
            "service_formula: ontwerp",
            "service_formula: ontwrp",
            ("line 14: journeys.permits.service_formula: is 'ontwrp'", "mean 'ontwerp'?"),
        ),
        ("weeks: 8", "weeks: acht", ("journeys.permits.term.weeks: is 'acht'", "a whole number")),
        ("weeks: 8", "weeks: 8, days: 9", ("permits.term: give either weeks or days",)),
        (
            "    term: {weeks: 8, legal_basis: Omgevingswet art. 16.64}",
            "    terms: [{weeks: 8, legal_basis: a}, {weeks: 6, legal_basis: b}]",
            ("journeys.permits: terms 'a' and 'b' hold for the same cases",),
        ),
        (
            "name: Voorbeeldstad",
            "name: Voorbeeldstad\ncalendar: {working_hours: {monday: 9-17}}",
            ("calendar.working_hours.monday: is '9-17': hours are written as 09:00-17:00",),
        ),
        (
            "    term: {weeks: 8",
            "    method: {design: 2025-01-01, discover: 2025-02-01}\n    term: {weeks: 8",
            ("permits.method: design begins on 2025-01-01, before discover does on 2025-02-01",),
        ),
        (
            "activities: [Receive request, Intake conversation]",
            "activities: [Receive request, Decide]",
            ("journeys.permits.phases: activity 'Decide' is in two phases", "keep it in one"),
        ),
        ("kind: event_log", "kind: xes", ("sources.permit_system.kind: is 'xes'", "'event_log'")),
        (
            "journey: permits\n    complete",
            "journey: permit\n    complete",
            ("line 36: sources.permit_system.journey: is 'permit'", "mean 'permits'?"),
        ),
        (
            "complete_until: 2026-03-02T00:00:00+01:00",
            "complete_until: 2026-03-02T00:00:00",
            ("sources.permit_system.complete_until: is ", "complete_until needs an offset"),
        ),
        ("at_least: 90, ", "", ("norms.1: give either at_most or at_least",)),
        (
            "definition: on_time.due.rolled",
            "definition: on_time.rolled",
            ("norms.1.definition: is 'on_time.rolled'", "mean 'on_time.due.rolled'?"),
        ),
        (
            "definition: lead_time.km.median",
            "definition: speed",
            ("improvements.intake_conversation.expected.1.definition: is 'speed'",),
        ),
        (
            "definition: lead_time.km.median",
            "definition: handoffs.person.per_known_case",
            ("improvements.intake_conversation.expected.1.definition", "about persons"),
        ),
        (
            "definition: lead_time.km.median",
            "definition: workload.opened",
            ("improvements.intake_conversation.expected.1.definition", "neither less nor more"),
        ),
        (
            "went_live_on: 2025-09-01",
            "went_live_on: 1 sept",
            ("line 53: improvements.intake_conversation.went_live_on: is '1 sept'", "2026-03-01"),
        ),
        (
            "id: intake_conversation",
            "id: Intake conversation",
            (".id: is 'Intake conversation'", "small letters"),
        ),
        ("name: Voorbeeldstad", "name: [Voorbeeldstad", (": is no valid YAML", "line 3")),
        (
            "    service_formula: ontwerp",
            "    desired: flow.bpmn\n    service_formula: ontwerp",
            ("journeys.permits.desired: is 'flow.bpmn', and there is no such file",),
        ),
        (
            "    service_formula: ontwerp",
            "    rules: [{kind: within, first: a, then: b}]\n    service_formula: ontwerp",
            ("a rule of kind 'within' has days and first and then, and nothing else",),
        ),
        (
            "    service_formula: ontwerp",
            "    rules: [{kind: response, first: a, then: a}]\n    service_formula: ontwerp",
            ("first and then are the same activity",),
        ),
    ],
)
def test_a_refusal_says_where_what_and_how_to_mend(
    right: str, wrong: str, said: tuple[str, ...], tmp_path: Path
) -> None:
    assert right in EXAMPLE
    message = refusal(tmp_path, EXAMPLE.replace(right, wrong, 1))
    for part in said:
        assert part in message
    assert "Mend: " in message


DATABASE = """
  - id: suite
    kind: database
    gives: contacts
    query: select * from contacten
    columns: {contact_id: nummer, contacted_at: moment}

improvements:"""


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            "gives: contacts",
            "gives: contact",
            (": sources.suite.gives: is 'contact'", "Mend: use 'events', 'cases', 'contacts'"),
        ),
        ("    gives: contacts\n", "", (": sources.suite.gives: is missing", "Mend: add it")),
        (
            "contacted_at: moment",
            "contacted_on: moment",
            (
                ": sources.suite.columns.contacted_at: is missing",
                ": sources.suite.columns.contacted_on: is no key",
                "did you mean 'contacted_at'?",
            ),
        ),
        (
            "query: select * from contacten",
            "query_file: a.sql\n    query: b",
            (": sources.suite: give either query or query_file",),
        ),
    ],
)
def test_a_source_with_variants_is_refused_as_precisely(
    right: str, wrong: str, said: tuple[str, ...], tmp_path: Path
) -> None:
    text = EXAMPLE.replace("\nimprovements:", DATABASE, 1)
    assert right in text
    message = refusal(tmp_path, text.replace(right, wrong, 1))
    for part in said:
        assert part in message


def test_one_mistake_gives_one_refusal(tmp_path: Path) -> None:
    message = refusal(tmp_path, EXAMPLE.replace("kind: event_log", "kind: xes"))
    assert message.count("Mend: ") == 1


def test_several_mistakes_are_all_told_at_once(tmp_path: Path) -> None:
    message = refusal(
        tmp_path, EXAMPLE.replace("weeks: 8", "weeks: acht").replace("kind: event_log", "kind: xes")
    )
    assert message.count("Mend: ") == 2


@pytest.mark.parametrize("text", ["", "# only a remark\n", "- a\n- list\n"])
def test_a_file_without_settings_says_how_to_begin(text: str, tmp_path: Path) -> None:
    assert "holds no settings" in refusal(tmp_path, text)


def test_a_missing_file_names_the_option(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="--config"):
        load_municipality(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize("folder", ["example", "receipt"])
def test_the_shipped_configurations_are_in_order(folder: str) -> None:
    assert load_municipality(REPOSITORY / "data" / folder / "municipality.yaml").journeys


@pytest.mark.parametrize("written", ["2025-02-30", "2025-13-01T00:00:00+01:00"])
def test_a_date_that_no_calendar_has_is_named(written: str, tmp_path: Path) -> None:
    file = tmp_path / "municipality.yaml"
    file.write_text(EXAMPLE.replace("2025-09-01", written), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_municipality(file)
    message = str(caught.value)
    assert "improvements.intake_conversation.went_live_on" in message
    assert f"is '{written}', which no calendar has" in message
    assert "Mend: write a date that exists" in message
