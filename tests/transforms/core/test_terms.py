"""The statutory clock on worked examples: Amsterdam dates, receipt to rolled end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.transforms.core.test_pulled_cases import FIRST, SECOND, THIRD, CaseSystem
from tests.transforms.sql_bench import CONFIG, Bench

PERMITS, CARE = CONFIG["journeys"]
SUSPENDS = [{"starts_with": ["invite"], "ends_with": ["complete"]}]
TERM = {"weeks": 8, "legal_basis": "Awb 4:13", "extension_weeks": 6}
KNOWN = {"term": TERM, "suspends": SUSPENDS, "extended_by": ["extend"]}
PENALTIES = [
    {
        "legal_basis": "Awb 4:17",
        "valid_until": "2025-12-31",
        "steps": [
            {"days": 14, "eur_a_day": 23},
            {"days": 14, "eur_a_day": 35},
            {"days": 14, "eur_a_day": 45},
        ],
    },
    {
        "legal_basis": "Awb 4:17",
        "valid_from": "2026-01-01",
        "steps": [{"days": 1, "eur_a_day": 100}],
    },
]


def log(
    received: str,
    *events: tuple[str, str],
    journey: dict[str, Any] | None = None,
    closed: str | None = "2025-06-30",
    cutoff: str = "2025-07-01T00:00:00+02:00",
    legal_end: str | None = None,
    **config: Any,
) -> Bench:
    """One case with events (activity, date), all at noon."""
    source = CONFIG["sources"][0] | {"complete_until": cutoff}
    journeys = [PERMITS | KNOWN | (journey or {}), CARE]
    happened = [("receive", received), *events]
    rows = [{"activity": name, "occurred_at": f"{day} 12:00+01"} for name, day in happened]
    case = {"opened_at": f"{received} 09:00+01", "closed_at": closed and f"{closed} 09:00+01"}
    case["legal_end_at"] = legal_end and f"{legal_end} 12:00+01"
    return Bench(rows, [case], journeys=journeys, sources=[source], **config)


def term_of(bench: Bench) -> dict[str, Any]:
    [row] = bench.build("core.terms")
    return row


ROUND = [("invite", "2025-03-20"), ("complete", "2025-04-03")]
SECOND_ROUND = [("invite again", "2025-03-27"), ("complete again", "2025-04-10")]
TWO_RULES = [*SUSPENDS, {"starts_with": ["invite again"], "ends_with": ["complete again"]}]


@pytest.mark.parametrize(
    ("received", "events", "before_roll", "end"),
    [
        ("2025-03-03", [], "2025-04-28", "2025-04-28"),
        ("2025-02-21", [], "2025-04-18", "2025-04-22"),
        ("2025-03-03", ROUND, "2025-05-11", "2025-05-12"),
        ("2025-03-03", [*ROUND, *SECOND_ROUND], "2025-05-18", "2025-05-19"),
        ("2025-03-03", [("extend", "2025-04-01")], "2025-06-09", "2025-06-10"),
        ("2025-04-04", [], "2025-05-30", "2025-06-02"),
    ],
)
def test_the_worked_examples(
    received: str, events: list[tuple[str, str]], before_roll: str, end: str
) -> None:
    row = term_of(log(received, *events, journey={"suspends": TWO_RULES}))
    assert (str(row["end_before_roll_on"]), str(row["end_on"])) == (before_roll, end)
    assert row["clock_end_on"] == row["end_on"]


def test_the_day_of_completion_counts_where_a_lawyer_reads_it_so() -> None:
    bench = log("2025-03-03", *ROUND, calendar={"suspension_end": "inclusive"})
    assert term_of(bench)["suspended_days"] == 14


def test_a_round_of_a_day_suspends_nothing() -> None:
    bench = log("2025-03-03", ("invite", "2025-03-20"), ("complete", "2025-03-21"))
    assert term_of(bench)["suspended_days"] == 0


def test_a_period_that_lapses_ends_the_suspension_on_its_last_day() -> None:
    suspends = [SUSPENDS[0] | {"period_days": 10}]
    for setting in ("exclusive", "inclusive"):
        bench = log(
            "2025-03-03",
            *ROUND,
            journey={"suspends": suspends},
            calendar={"suspension_end": setting},
        )
        assert term_of(bench)["suspended_days"] == 10


def test_an_invitation_without_a_period_suspends_nothing() -> None:
    suspends = [SUSPENDS[0] | {"without_period": ["invite freely"]}]
    events = [("invite freely", "2025-03-20"), ("complete", "2025-04-03")]
    row = term_of(log("2025-03-03", *events, journey={"suspends": suspends}))
    assert (row["suspended_days"], row["is_known"]) == (0, True)


def test_waiting_for_a_partner_is_no_suspension_of_the_term_unless_configured() -> None:
    partner = SUSPENDS[0] | {"side": "partner"}
    foreign = partner | {"stops_term": True, "ground": "Awb 4:15 (2) a"}
    days = [
        term_of(log("2025-03-03", *ROUND, journey={"suspends": [how]}))["suspended_days"]
        for how in (partner, foreign)
    ]
    assert days == [0, 13]


def test_an_open_suspension_runs_to_the_cutoff() -> None:
    bench = log("2025-06-02", ("invite", "2025-06-20"), closed=None)
    assert term_of(bench)["suspended_days"] == 11


@pytest.mark.parametrize(
    ("announced", "is_late", "days"),
    [
        (["2025-04-22"], False, 42),  # the rolled end itself
        (["2025-04-23"], True, 0),
        (["2025-04-01", "2025-04-02"], False, 42),  # once
    ],
)
def test_an_extension_counts_once_and_only_in_time(
    announced: list[str], is_late: bool, days: int
) -> None:
    row = term_of(log("2025-02-21", *(("extend", day) for day in announced)))
    assert (row["is_extension_late"], row["extended_days"]) == (is_late, days)
    assert row["extension_times"] == len(announced)


def test_a_suspension_before_it_leaves_time_to_announce() -> None:
    events = [*ROUND, ("extend", "2025-05-12")]
    assert term_of(log("2025-03-03", *events))["extended_days"] == 42


@pytest.mark.parametrize(
    ("term", "end"),
    [
        ({"weeks": 12}, "2025-05-12"),  # a Sunday rolls
        ({"weeks": 26}, "2025-08-17"),  # art. 4: a long term does not
        ({"days": 90}, "2025-05-19"),
        ({"days": 91}, "2025-05-18"),
        ({"weeks": 12, "is_statutory": False}, "2025-05-11"),
        ({"days": 3}, "2025-02-18"),  # art. 2: two open days at the least
    ],
)
def test_which_terms_roll(term: dict[str, Any], end: str) -> None:
    received = {91: "2025-02-16", 90: "2025-02-17", 3: "2025-02-14"}.get(
        term.get("days", 0), "2025-02-16"
    )
    row = term_of(log(received, journey={"term": {"legal_basis": "x"} | term}))
    assert str(row["end_on"]) == end


def test_an_extended_term_is_one_long_term_where_the_municipality_reads_it_so() -> None:
    bench = log("2025-03-03", ("extend", "2025-04-01"), calendar={"roll_extended_terms": False})
    assert str(term_of(bench)["end_on"]) == "2025-06-09"


def test_a_term_holds_for_its_case_type_and_its_time() -> None:
    basis = {"legal_basis": "x", "extension_weeks": 0}
    terms = [
        basis | {"weeks": 4, "valid_until": "2025-02-28"},
        basis | {"weeks": 6, "valid_from": "2025-03-01"},
        basis | {"weeks": 2, "case_types": ["permit"], "valid_from": "2025-03-10"},
    ]
    journey = {"term": None, "terms": terms}
    days = [
        term_of(log(day, journey=journey))["term_days"]
        for day in ("2025-02-28", "2025-03-01", "2025-03-10")
    ]
    assert days == [28, 42, 14]


def test_a_term_may_start_with_an_activity() -> None:
    term = {"weeks": 2, "legal_basis": "Wmo 2015 art. 2.3.5", "starts_with": ["apply"]}
    row = term_of(log("2025-02-03", ("apply", "2025-03-03"), journey={"term": term}))
    assert (row["received_on"], row["base_end_on"]) == (date(2025, 3, 3), date(2025, 3, 17))
    assert log("2025-02-03", journey={"term": term}).build("core.terms") == []


@pytest.mark.parametrize(
    ("journey", "is_known"),
    [
        ({}, True),
        ({"suspends": []}, True),
        ({"suspends": None}, False),
        ({"extended_by": []}, False),
        ({"extended_by": [], "term": TERM | {"extension_weeks": 0}}, True),
    ],
)
def test_what_is_not_registered_is_unknown_and_not_none(
    journey: dict[str, Any], is_known: bool
) -> None:
    row = term_of(log("2025-03-03", journey=journey))
    assert row["is_known"] is is_known
    assert (row["clock_end_on"] is None) is not is_known


@pytest.mark.parametrize(
    ("legal_end", "differs"),
    [("2025-04-18", False), ("2025-04-22", False), ("2025-04-25", True), (None, None)],
)
def test_a_registered_end_that_the_clock_does_not_know_is_found(
    legal_end: str | None, differs: bool | None
) -> None:
    assert term_of(log("2025-02-21", legal_end=legal_end))["differs"] is differs


NOTICE = {"notice_of_default": ["notice"]}


@pytest.mark.parametrize(
    ("notice", "until", "starts", "days", "amount"),
    [
        ("2025-04-29", "2025-05-13", "2025-05-14", 0, 0),
        ("2025-04-29", "2025-05-15", "2025-05-14", 1, 23),
        ("2025-04-29", "2025-05-29", "2025-05-14", 15, 14 * 23 + 35),
        ("2025-05-05", "2025-12-01", "2025-05-20", 42, 1442),
        ("2025-04-01", "2025-05-14", "2025-05-13", 1, 23),  # before the end of the term
    ],
)
def test_the_penalty_runs_two_weeks_after_term_and_notice(
    notice: str, until: str, starts: str, days: int, amount: float
) -> None:
    bench = log("2025-03-03", ("notice", notice), journey=NOTICE, closed=until, penalties=PENALTIES)
    [row] = bench.build("core.penalties")
    assert (str(row["starts_on"]), row["days"], row["amount_eur"]) == (starts, days, amount)
    assert not row["is_running"]


def test_an_open_case_pays_up_to_the_cutoff() -> None:
    bench = log(
        "2025-03-03", ("notice", "2025-04-29"), journey=NOTICE, closed=None, penalties=PENALTIES
    )
    [row] = bench.build("core.penalties")
    assert (row["days"], row["amount_eur"], row["is_running"]) == (42, 1442, True)


def test_the_law_of_the_day_of_the_notice_tells_the_amount() -> None:
    bench = log(
        "2025-03-03",
        ("notice", "2026-01-05"),
        journey=NOTICE,
        closed="2026-03-02",
        penalties=PENALTIES,
    )
    [row] = bench.build("core.penalties")
    assert (row["days"], row["amount_eur"]) == (1, 100)


@pytest.mark.parametrize("term", [{"has_penalty": False}, {"is_statutory": False}])
def test_no_penalty_where_the_law_knows_none(term: dict[str, Any]) -> None:
    journey = NOTICE | {"term": TERM | term}
    bench = log("2025-03-03", ("notice", "2025-04-29"), journey=journey, penalties=PENALTIES)
    assert bench.build("core.penalties") == []


def test_the_version_of_the_case_type_tells_the_term_where_the_configuration_is_silent() -> None:
    for length, end in (("P56D", "2025-03-31"), ("P8W", "2025-03-31"), ("P2M", "2025-04-03")):
        system = CaseSystem(journeys=[PERMITS | {"term": None}, CARE])
        system.connection.execute("update raw.zgw_zaaktypen set doorlooptijd = ?", [length])
        row = term_of(system)
        assert (str(row["end_on"]), row["is_known"]) == (end, True)


@pytest.mark.parametrize(
    ("pulls", "seen", "days"),
    [
        ([FIRST], FIRST, 42),  # there in the first pull: nobody knows since when
        ([FIRST, SECOND, THIRD], THIRD, 42),
    ],
)
def test_an_extension_of_a_case_system_counts_from_the_last_pull_without_it(
    pulls: list[str], seen: str, days: int
) -> None:
    system = CaseSystem(verlenging_duur=None if seen != FIRST else "P42D")
    for pull in pulls:
        system.connection.execute(
            "insert into raw.api_pulls (source, began_at, _dlt_load_id, _dlt_id)"
            " values ('log', ?, '1', '1')",
            [pull],
        )
    if seen != FIRST:
        system.connection.execute("update raw.zgw_zaken set observed_to = ?", [seen])
        system.case(seen, verlenging_duur="P42D")
    row = term_of(system)
    assert row["extended_days"] == days
    assert row["announced_on"] == (None if seen == FIRST else date(2025, 3, 2))
