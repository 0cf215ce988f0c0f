"""Where the work on each journey stands in the klantreis method: define, discover, design, deliver.

What belongs here: the table of journeys by phase, and its sentence. What does not: when a phase
began, which the configuration says (`mart.method_phases`).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dashboards.marts import Marts, Record
from dashboards.pages import journey_file
from dashboards.text import Text
from dashboards.views import Cell, Table, plain

PHASES = ("define", "discover", "design", "deliver")


@dataclass(frozen=True)
class MethodPhases:
    """The journeys by phase; no table where no day of any is known."""

    finding: str
    table: Table | None


def method_phases(marts: Marts, text: Text) -> MethodPhases:
    days: dict[str, dict[str, date]] = {}
    for row in marts.rows("method_phases"):
        days.setdefault(row["journey"], {})[row["phase"]] = row["started_on"]
    if not days:
        return MethodPhases(text("method_phase.none"), None)
    until = marts.manifest.data_until
    today = until.date() if until else date.max
    journeys = [row for row in marts.rows("journeys") if row["journey"] in days]
    rows = [_row(row, days[row["journey"]], today, text) for row in journeys]
    head = [text("column.journey"), *(text(f"method_phase.{phase}") for phase in PHASES)]
    table = Table(text("method_phase.table"), head, rows)
    counts = Counter(phase_on(days[row["journey"]], today) for row in journeys)
    parts = [
        f"{text(f'method_phase.{phase}')} {text.number(counts[phase])}"
        for phase in PHASES
        if counts[phase]
    ]
    if not parts:
        return MethodPhases(text("method_phase.not_begun"), table)
    return MethodPhases(text("method_phase.finding", phases=", ".join(parts)), table)


def phase_on(days: Mapping[str, date], today: date) -> str | None:
    """The latest phase that had begun; None before the first."""
    begun = [phase for phase in PHASES if phase in days and days[phase] <= today]
    return begun[-1] if begun else None


def _row(journey: Record, days: Mapping[str, date], today: date, text: Text) -> list[Cell]:
    """The day that each phase began, a mark at the one that it is in, a word at one to come."""
    now = phase_on(days, today)
    cells = [Cell(text.of(journey), href=journey_file(text.language, journey["journey"]))]
    for phase in PHASES:
        day = days.get(phase)
        if day is None:
            cells.append(plain(text("value.none_yet")))
        elif phase == now:
            cells.append(plain(text("method_phase.now", date=text.date(day))))
        elif day > today:
            cells.append(plain(text("method_phase.planned", date=text.date(day))))
        else:
            cells.append(plain(text.date(day)))
    return cells
