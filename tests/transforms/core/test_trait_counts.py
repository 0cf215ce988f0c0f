"""Slow cases are counted per trait, beside all of which it is known."""

from __future__ import annotations

from tests.transforms.sql_bench import Bench


def test_slow_cases_are_counted_by_trait() -> None:
    """Eight cases of one to eight days, of which seven and eight are over the 75th percentile."""
    events, cases = [], []
    for days in range(1, 9):
        name = f"c{days}"
        cases.append(
            {
                "case_id": name,
                "channel": "desk" if days > 6 else "web" if days > 1 else None,
                "opened_at": "2025-03-01 09:00+01",
                "closed_at": f"2025-03-0{days + 1} 09:00+01",
            }
        )
        events += [{"case_id": name, "activity": "x", "team": "front"}] * (1 + (days == 8))
    found = {
        (row["trait"], row["value"]): (
            row["cases"],
            row["slow_cases"],
            row["all_cases"],
            row["all_slow_cases"],
        )
        for row in Bench(events, cases).build("core.trait_counts")
    }
    assert found == {
        ("channel", "desk"): (2, 2, 7, 2),
        ("channel", "web"): (5, 0, 7, 2),
        ("handoffs", "0"): (8, 2, 8, 2),
        ("activity", "x"): (8, 2, 8, 2),
        ("again", "x"): (1, 1, 8, 2),
    }


def test_open_and_negative_cases_are_not_compared() -> None:
    cases = [
        {"case_id": "open", "opened_at": "2025-03-01 09:00+01"},
        {"case_id": "odd", "opened_at": "2025-03-02 09:00+01", "closed_at": "2025-03-01 09:00+01"},
    ]
    assert Bench([{"case_id": "open"}, {"case_id": "odd"}], cases).build("core.trait_counts") == []
