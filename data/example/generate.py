"""A small invented log: 360 permit cases, the same bytes for the same seed.

Nobody in it exists. Run `python data/example/generate.py` to write `permits.csv` anew.
"""

from __future__ import annotations

import csv
import random
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

SEED, CASES = 20261, 360
AMSTERDAM, UTC = ZoneInfo("Europe/Amsterdam"), ZoneInfo("UTC")
FIRST_DAY, CUT_OFF = datetime(2025, 1, 6, tzinfo=AMSTERDAM), datetime(2026, 3, 2, tzinfo=AMSTERDAM)
CHANGE = datetime(2025, 9, 1, tzinfo=AMSTERDAM)
COLUMNS = ("case", "event", "at", "employee", "team", "channel", "opened", "closed", "due")
CHANNELS = ("web", "web", "web", "desk", "e-mail", "phone")


def rows(seed: int = SEED, cases: int = CASES) -> list[dict[str, str]]:
    """One dictionary an event, in order of occurrence; the keys are COLUMNS."""
    chance = random.Random(seed)  # noqa: S311 - a simulation, no secret
    events = [event for number in range(cases) for event in _case(chance, number, cases)]
    return sorted(events, key=lambda event: (event["at"], event["case"]))


def _case(chance: random.Random, number: int, cases: int) -> list[dict[str, str]]:
    span = (CUT_OFF - FIRST_DAY) * (number / cases)
    opened = _office(FIRST_DAY + span + timedelta(hours=chance.uniform(0, 20)))
    steps = _steps(chance, with_intake=opened >= CHANGE)
    at, happened = opened, []
    for activity, team, days in steps:
        at = _office(at + timedelta(days=chance.lognormvariate(0, 0.6) * days))
        employee = f"{team[0].upper()}{chance.randint(1, 6)}"
        happened.append((activity, team, employee, at))
    seen = [event for event in happened if event[3] < CUT_OFF] or happened[:1]
    closed = at.astimezone(UTC).isoformat() if at < CUT_OFF else ""
    common = {
        "case": f"P{number:05d}",
        "channel": chance.choice(CHANNELS),
        "opened": opened.astimezone(UTC).isoformat(),
        "closed": closed,
        "due": (opened.replace(hour=23, minute=59) + timedelta(weeks=8))
        .astimezone(UTC)
        .isoformat(),
    }
    return [
        {**common, "event": a, "at": t.astimezone(UTC).isoformat(), "employee": e, "team": team}
        for a, team, e, t in seen
    ]


def _steps(chance: random.Random, *, with_intake: bool) -> list[tuple[str, str, float]]:
    """Activities with their team and typical days; the intake conversation spares a round."""
    steps = [("Receive request", "desk", 0.2)]
    if with_intake:
        steps.append(("Intake conversation", "permits", 2.0))
    steps.append(("Check completeness", "permits", 4.0))
    if chance.random() < (0.15 if with_intake else 0.4):
        steps += [("Ask for documents", "desk", 2.0), ("Receive documents", "desk", 12.0)]
        steps.append(("Check completeness", "permits", 3.0))
    if chance.random() < 0.5:
        steps += [("Ask advice", "permits", 2.0), ("Receive advice", "Environment agency", 11.0)]
    steps += [("Decide", "permits", 12.0), ("Send decision", "desk", 2.0)]
    return steps


def _office(moment: datetime) -> datetime:
    """The same moment, or the next one in office hours."""
    local = moment.astimezone(AMSTERDAM).replace(microsecond=0)
    while local.weekday() > 4 or not 9 <= local.hour < 17:
        local = (local + timedelta(hours=1)).replace(minute=local.second)
    return local


def as_csv(events: list[dict[str, str]]) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(events)
    return text.getvalue()


if __name__ == "__main__":
    Path(__file__).with_name("permits.csv").write_text(as_csv(rows()), encoding="utf-8")
