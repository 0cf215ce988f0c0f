"""Where residents take contact in a journey: how often in each phase, by channel.

What belongs here: the rows of dots below the heartbeat, their sentence and their table. What does
not: counting (`mart.contact_moments`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import sqrt

from dashboards.marts import Record
from dashboards.text import Text
from dashboards.views import Table, number_cell, plain

_ROW, _LARGEST = 34.0, 12.0
_SHOWN = 6
_Beat = Mapping[tuple[str, str], Record]


@dataclass(frozen=True)
class Moments:
    """`channels` from the busiest now; each with its row per (phase, moment)."""

    finding: str
    channels: Sequence[tuple[str, _Beat]]
    table: Table | None


def moments_of(phases: Sequence[Record], rows: Sequence[Record], text: Text) -> Moments:
    """From the rows of one journey in `contact_moments`."""
    found: dict[str, dict[tuple[str, str], Record]] = {}
    for row in rows:
        name = row["channel"] or text("value.unknown")
        found.setdefault(name, {})[row["phase"], row["moment"]] = row
    ordered = sorted(found.items(), key=lambda item: (-_busy(item[1]), item[0]))
    return Moments(_finding(phases, rows, text), ordered, _table(phases, ordered, text))


def moment_rows(
    moments: Moments, centres: Mapping[str, float], top: float, text: Text
) -> tuple[str, float]:
    """SVG of a row per channel with a dot per phase, its surface and number the contacts per 100
    cases now; and how far down it reaches."""
    shown = moments.channels[:_SHOWN]
    if not shown:
        return "", top
    most = max((_rate(row) for _, beat in shown for row in _now(beat).values()), default=0.0)
    parts = [f'<text class="head" x="0" y="{top + 16:.0f}">{escape(text("moments.head"))}</text>']
    for place, (name, beat) in enumerate(shown):
        y = top + 24 + _ROW * (place + 0.5)
        parts.append(f'<text x="0" y="{y + 4:.0f}">{escape(name)}</text>')
        for phase, row in _now(beat).items():
            if phase not in centres:
                continue
            x, radius = centres[phase] - 14, _LARGEST * sqrt(_rate(row) / most) if most else 0.0
            words = number_cell(row["per_100"], text, bool(row["is_withheld"]), 1).words
            parts.append(f'<circle class="contact" cx="{x:.0f}" cy="{y:.0f}" r="{radius:.1f}"/>')
            parts.append(f'<text x="{x + 16:.0f}" y="{y + 4:.0f}">{escape(words)}</text>')
    return "".join(parts), top + 24 + _ROW * len(shown)


def _now(beat: _Beat) -> dict[str, Record]:
    return {phase: row for (phase, moment), row in beat.items() if moment == "now"}


def _rate(row: Record) -> float:
    return float(row["per_100"] or 0.0)


def _busy(beat: _Beat) -> float:
    """Contacts now; a channel of before alone comes last."""
    return sum(row["contacts"] or 0 for row in _now(beat).values())


def _finding(phases: Sequence[Record], rows: Sequence[Record], text: Text) -> str:
    """In which phase residents take contact most often, and by which channel."""
    now = [row for row in rows if row["moment"] == "now" and row["per_100"] is not None]
    if not now:
        return text("moments.none")
    per_phase = {p["phase"]: sum(_rate(r) for r in now if r["phase"] == p["phase"]) for p in phases}
    busiest = max(phases, key=lambda phase: per_phase[phase["phase"]])
    own = [row for row in now if row["phase"] == busiest["phase"]]
    if not own:
        return text("moments.none")
    channel = max(own, key=_rate)["channel"] or text("value.unknown")
    return text("moments.finding", phase=text.of(busiest), channel=channel)


def _table(
    phases: Sequence[Record], channels: Sequence[tuple[str, _Beat]], text: Text
) -> Table | None:
    """A row per phase and channel."""
    rows = []
    for phase in phases:
        for name, beat in channels:
            found = [beat.get((phase["phase"], moment)) for moment in ("before", "now")]
            if not any(found):
                continue
            now = found[1]
            rates = [
                number_cell(row["per_100"], text, bool(row["is_withheld"]), 1)
                if row
                else plain(text("moments.no_contact"))
                for row in found
            ]
            counts = number_cell(now["contacts"], text, bool(now["is_withheld"])) if now else None
            rows.append(
                [
                    plain(text.of(phase)),
                    plain(name),
                    *rates,
                    counts or plain(text("moments.no_contact")),
                ]
            )
    head = [text(f"column.{name}") for name in ("phase", "channel", "before", "after", "contacts")]
    return Table(text("moments.table"), head, rows, frozenset({2, 3, 4})) if rows else None
