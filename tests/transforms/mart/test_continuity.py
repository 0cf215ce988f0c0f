"""Five-row tests of the constant contact person and of predictability."""

from __future__ import annotations

from typing import Any

import pytest

from tests.transforms.mart.test_mart import closed, figures
from tests.transforms.mart.test_tables import whole
from tests.transforms.sql_bench import CONFIG, Bench

PERMITS, CARE = CONFIG["journeys"]
JOURNEYS = [PERMITS | {"topics": ["vergunning"]}, CARE]
TERM = {"opened_at": "2025-06-01 12:00+02", "planned_end_at": "2025-06-20 12:00+02"}


def contacts(*teams: tuple[str | None, str | None], **more: Any) -> Bench:
    """(resident, team) a contact, one a day."""
    bench = Bench(journeys=JOURNEYS)
    for number, (client, team) in enumerate(teams, 1):
        row = {"contact_id": str(number), "sequence": number, "topic": "vergunning"}
        row |= {"client": client, "team": team, "contacted_at": f"2025-03-{number:02} 09:00+01"}
        bench.insert("raw.contacts", row | more)
    return bench


def test_continuity_is_the_share_of_the_most_met_team_as_a_mean_over_residents() -> None:
    bench = contacts(
        *(("p", team) for team in "AAAB"),
        *(("q", team) for team in "ABC"),
        ("r", "A"),
        (None, "A"),
    )
    rows = bench.build("mart.kpi_values")
    mean = whole(rows, "continuity.team.mean")
    assert mean["value"] == pytest.approx(100 * (3 / 4 + 1 / 3) / 2)
    assert (mean["n"], mean["n_excluded"]) == (2, 1)
    assert whole(rows, "continuity.team.last_three")["numerator"] == 0


@pytest.mark.parametrize(("teams", "is_same"), [("ABBB", True), ("BBBA", False), ("BB", None)])
def test_the_last_three_contacts_decide(teams: str, is_same: bool | None) -> None:
    rows = contacts(*(("p", team) for team in teams)).build("core.client_continuity")
    assert {row["is_last_three_same"] for row in rows if row["level"] == "team"} == {is_same}


def test_a_contact_without_a_known_team_is_skipped() -> None:
    rows = contacts(("p", "A"), ("p", None), ("p", "A"), ("p", "A")).build("core.client_continuity")
    assert {(row["contacts"], row["most"]) for row in rows if row["level"] == "team"} == {(3, 3)}


def test_persons_are_counted_apart_from_teams() -> None:
    bench = contacts(("p", "A"), ("p", "A"), ("p", "A"))
    bench.connection.execute("update raw.contacts set actor = contact_id")
    rows = bench.build("mart.kpi_values")
    assert whole(rows, "continuity.team.mean")["value"] == 100
    assert whole(rows, "continuity.person.mean")["value"] == pytest.approx(100 / 3)


def test_the_spread_of_lead_times_is_p90_over_the_median() -> None:
    found = figures(closed([1, 2, 3, 6]).build("mart.kpi_predictability"))
    assert found["predictability.closed.p90_p50"]["value"] == pytest.approx(5.1 / 2.5)
    assert found["predictability.km.p90_p50"]["value"] == pytest.approx(6 / 2)


def test_a_curve_that_does_not_come_down_to_a_tenth_tells_no_spread() -> None:
    cases = [TERM | {"closed_at": "2025-06-05 12:00+02"}, TERM | {"case_id": "b"}]
    rows = Bench([{}, {"case_id": "b"}], cases).build("mart.kpi_predictability")
    assert figures(rows)["predictability.km.p90_p50"]["value"] is None


@pytest.mark.parametrize(
    ("denominator", "kept", "n"),
    [("closed", 1, 2), ("closed_plus_overdue_open", 1, 3), ("due", 1, 3)],
)
def test_a_promise_is_kept_on_its_last_day_and_broken_by_an_overdue_open_case(
    denominator: str, kept: int, n: int
) -> None:
    late = TERM | {"planned_end_at": "2025-07-20 12:00+02"}
    cases = [
        TERM | {"case_id": "a", "closed_at": "2025-06-20 23:30+02"},
        TERM | {"case_id": "b", "closed_at": "2025-06-21 00:30+02"},
        TERM | {"case_id": "c"},
        late | {"case_id": "d"},
        {"case_id": "e", "closed_at": "2025-06-05 12:00+02"},
    ]
    rows = Bench([{"case_id": name} for name in "abcde"], cases).build("mart.kpi_values")
    found = whole(rows, f"predictability.{denominator}.promised")
    assert (found["numerator"], found["denominator"]) == (kept, n)
