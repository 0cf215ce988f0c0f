"""Invented rows on how the work goes: waiting, hands, sides of an improvement and changes."""

from datetime import date, timedelta
from typing import Any

from dashboards.marts import SCHEMA, Record

_MONTHS = [date(2011, month, 1) for month in range(1, 13)]
_TEAMS = ("Balie", "Vergunningen", "Omgevingsdienst")


def process_tables(key: str, names: list[str], hurt: str) -> dict[str, list[Record]]:
    """By table, of one journey; `names` are its activities and `hurt` goes into names of units."""
    return {
        "bottlenecks": [_bottleneck(key, names, place) for place in range(3)],
        "activity_queues": _queues(key, names),
        "work_in_progress": _under_way(key),
        "performance_spectrum": _spectrum(key, names),
        "handover_network": _hands(key, hurt),
        "process_activity_parts": _activity_parts(key, names),
        "process_edge_parts": _edge_parts(key, names),
        "process_changes": _changes(key, names, hurt),
        "change_points": _points(key, names),
    }


def _bottleneck(key: str, names: list[str], place: int) -> Record:
    return {
        "journey": key,
        "rank": place + 1,
        "from_activity": names[place],
        "to_activity": names[place + 1],
        "occurrences": 1150 - 90 * place,
        "cases": 1150 - 90 * place,
        "total_days": 9000.0 / (place + 1),
        "share": 50.0 / (place + 1),
        "median_days": 7.5,
        "p90_days": 20.0,
        "slow_days": 2500.0,
        "median_working_days": 5.1,
        "handoff_share": None if place else 42.0,
        "is_withheld": False,
    }


def _queues(key: str, names: list[str]) -> list[Record]:
    usual: Record = {"journey": key, "busiest_weekday": 1, "batched_share": 0.0}
    return [
        usual
        | {
            "activity": names[0],
            "waiting_cases": 40,
            "waiting_median_days": 12.0,
            "busiest_weekday_share": 22.0,
        },
        usual
        | {
            "activity": names[1],
            "waiting_cases": 5,
            "waiting_median_days": None,
            "busiest_weekday_share": 61.0,
        },
    ]


def _under_way(key: str) -> list[Record]:
    first = date(2011, 1, 3)
    return [
        {
            "journey": key,
            "phase": phase,
            "week_start": first + timedelta(weeks=week),
            "cases": 40 + 5 * (week % 3),
        }
        for week in range(20)
        for phase in ("in", "none")
    ]


def _spectrum(key: str, names: list[str]) -> list[Record]:
    return [
        {
            "journey": key,
            "rank": 1,
            "from_activity": names[0],
            "to_activity": names[1],
            "month": month,
            "quarter": quarter,
            "passages": 10 + 5 * quarter,
        }
        for month in _MONTHS
        for quarter in (1, 2, 3, 4)
    ]


def _hands(key: str, hurt: str) -> list[Record]:
    units = [f"{name}{hurt}" for name in _TEAMS]
    pairs = {(0, 1): 400, (1, 2): 200, (2, 1): 180}
    return [
        {
            "journey": key,
            "level": "team",
            "from_unit": units[a],
            "to_unit": units[b],
            "from_is_partner": a == 2,
            "to_is_partner": b == 2,
            "handoffs": n,
            "cases": n - 10,
            "ping_pongs": n if a == 2 else 0,
            "median_days": 4.0 + a,
            "total_days": 6.0 * n,
            "is_lower_bound": False,
            "is_withheld": False,
        }
        for (a, b), n in pairs.items()
    ]


def _activity_parts(key: str, names: list[str]) -> list[Record]:
    return [
        {
            "journey": key,
            "part_kind": side,
            "part": "form",
            "activity": name,
            "occurrences": 400,
            "cases": 400 - 20 * place,
            "part_cases": 400,
            "start_cases": 400 if place == 0 else 0,
            "end_cases": 400 if place == 5 else 0,
            "is_withheld": False,
        }
        for side in ("before", "after")
        for place, name in enumerate(names[:6])
    ]


def _edge_parts(key: str, names: list[str]) -> list[Record]:
    return [
        {
            "journey": key,
            "part_kind": side,
            "part": "form",
            "from_activity": names[place],
            "to_activity": names[place + 1],
            "occurrences": 400,
            "cases": 400 - 40 * place - (100 if side == "after" and place else 0),
            "part_cases": 400,
            "mean_s": 90_000.0,
            "median_s": 86_400.0 * (2 if side == "after" else 3),
            "is_withheld": False,
        }
        for side in ("before", "after")
        for place in range(5)
    ]


def change(key: str, **more: Any) -> Record:
    """A row of `process_changes`; whatever is not given is clear and of the whole case."""
    usual: Record = dict.fromkeys(SCHEMA["process_changes"])
    usual |= {"journey": key, "unit": "points", "first_months": 12, "second_months": 12}
    usual |= {"first_items": 400, "second_items": 405, "q_value": 0.004, "p_value": 0.001}
    return usual | {"is_clear": True, "is_withheld": False} | more


def _changes(key: str, names: list[str], hurt: str) -> list[Record]:
    form = {"comparison_kind": "improvement", "comparison": "form"}
    year = {"comparison_kind": "past_year", "comparison": "past_year"}
    shares = {"first_value": 90.0, "second_value": 65.0, "difference": -25.0}
    times = {"unit": "percent", "first_value": 3.0, "second_value": 2.0, "difference": -33.0}
    ends = {"activity": names[1], "other_activity": names[2]}
    return [
        change(key, **form, aspect="edge", **ends, **shares),
        change(key, **form, aspect="edge_time", **ends, **times),
        change(key, **form, aspect="activity", activity=names[2], **shares),
        change(key, **form, aspect="activity", activity=names[3], **shares),
        change(key, **form, aspect="lead_time", **(times | {"is_clear": False})),
        change(key, **year, aspect="lead_time", **times),
        change(key, **year, aspect="handoffs", **(times | {"unit": "absolute"})),
        change(key, **year, aspect="variant", activity='["a"]', **shares),
        change(
            key,
            comparison_kind="channel",
            comparison=f"Post{hurt}",
            aspect="again",
            activity=names[1],
            **shares,
        ),
    ]


def _points(key: str, names: list[str]) -> list[Record]:
    usual: Record = dict.fromkeys(SCHEMA["change_points"])
    usual |= {"journey": key, "unit": "points", "first_value": 20.0, "second_value": 45.0}
    usual |= {"difference": 25.0, "is_clear": True, "is_withheld": False, "aspect": "activity"}
    return [
        usual | {"activity": names[2], "month": date(2011, 4, 1), "improvement": "form"},
        usual | {"activity": names[4], "month": date(2011, 8, 1)},
    ]
