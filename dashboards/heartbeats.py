"""The heartbeat of a journey: how residents fare in each phase, before, now and as desired.

What belongs here: the drawing, its sentence and its table. What does not: scoring
(`mart.heartbeat`), and contact moments (`moments.py`). A survey and signals of the
process are never averaged; the table says which.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from dashboards.marts import Marts, Record
from dashboards.moments import Moments, moment_rows, moments_of
from dashboards.text import Text
from dashboards.views import Table, number_cell, plain

MOMENTS = ("before", "now", "desired")
_LEVELS = {"positive": 0, "neutral": 1, "negative": 2}
_STEP, _ROW, _LEFT, _TOP = 150.0, 46.0, 108.0, 26.0
_EVERYONE = "all"


@dataclass(frozen=True)
class Heartbeat:
    """The section of one journey; no drawing where no phase has a score or a contact."""

    finding: str
    drawing: Markup | None
    table: Table | None
    moments: Moments


def heartbeat_of(journey: Record, marts: Marts, text: Text) -> Heartbeat:
    key = journey["journey"]
    phases = sorted(marts.rows("phases", journey=key), key=lambda row: int(row["position"]))
    rows = marts.rows("heartbeat", journey=key)
    beats = {(row["persona"], row["phase"], row["moment"]): row for row in rows}
    everyone = {
        (phase, moment): row["score"]
        for (persona, phase, moment), row in beats.items()
        if persona == _EVERYONE
    }
    moments = moments_of(phases, marts.rows("contact_moments", journey=key), text)
    known = any(everyone.values()) or bool(moments.channels)
    return Heartbeat(
        _finding(phases, everyone, text),
        _drawing(phases, everyone, moments, text.of(journey), text) if known else None,
        _table(phases, beats, text),
        moments,
    )


def _finding(
    phases: Sequence[Record], scores: Mapping[tuple[str, str], str | None], text: Text
) -> str:
    """How many phases went up or down, and how many are as desired."""
    pairs = [(scores.get((p["phase"], "before")), scores.get((p["phase"], "now"))) for p in phases]
    known = [(_LEVELS[a], _LEVELS[b]) for a, b in pairs if a in _LEVELS and b in _LEVELS]
    wishes = [
        (scores.get((p["phase"], "now")), scores.get((p["phase"], "desired"))) for p in phases
    ]
    wished = [now == desired for now, desired in wishes if now and desired]
    if not known and not wished:
        return text("heartbeat.none")
    said = text(
        "heartbeat.finding",
        up=text.none_or(sum(now < before for before, now in known)),
        down=text.none_or(sum(now > before for before, now in known)),
        n=text.number(len(known)),
    )
    if not wished:
        return said
    met, n = text.none_or(sum(wished)), text.number(len(wished))
    return f"{said} {text('heartbeat.desired', met=met, n=n)}"


def _drawing(
    phases: Sequence[Record],
    scores: Mapping[tuple[str, str], str | None],
    moments: Moments,
    name: str,
    text: Text,
) -> Markup:
    """Three levels and the channels of contact, a column per phase; a line per moment with a mark
    and a dash of its own."""
    width = _LEFT + _STEP * len(phases) + 20
    centres = {p["phase"]: _LEFT + _STEP * (place + 0.5) for place, p in enumerate(phases)}
    bottom = _TOP + _ROW * len(_LEVELS) + 34
    parts = []
    for score, level in _LEVELS.items():
        y = _TOP + _ROW * level + _ROW / 2
        parts.append(f'<path class="ground" d="M{_LEFT:.0f},{y:.0f}H{width:.0f}"/>')
        parts.append(f'<text x="0" y="{y + 4:.0f}">{escape(text(f"beat.{score}"))}</text>')
    for phase in phases:
        x, words = centres[phase["phase"]], escape(text.of(phase))
        parts.append(f'<text class="phase" x="{x:.0f}" y="{bottom - 8:.0f}">{words}</text>')
    parts += [_line(phases, scores, moment, shift) for shift, moment in enumerate(MOMENTS)]
    rows, height = moment_rows(moments, centres, bottom, text)
    legend = "".join(
        f'<g transform="translate({_LEFT + 130 * n:.0f},6)">{_mark(moment, 8, 4)}'
        f'<text x="20" y="8">{escape(text(f"moment.{moment}"))}</text></g>'
        for n, moment in enumerate(MOMENTS)
    )
    return Markup(  # noqa: S704 (its texts are escaped)
        f'<svg class="beats" role="img" aria-label="{escape(text("heartbeat.title", name=name))}" '
        f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}">'
        f"{legend}{''.join(parts)}{rows}</svg>"
    )


def _line(
    phases: Sequence[Record], scores: Mapping[tuple[str, str], str | None], moment: str, shift: int
) -> str:
    """A little apart from each other, so that equal scores do not hide one another."""
    points = []
    for place, phase in enumerate(phases):
        score = scores.get((phase["phase"], moment))
        if score in _LEVELS:
            x = _LEFT + _STEP * (place + 0.5) + 14 * (shift - 1)
            y = _TOP + _ROW * _LEVELS[score] + _ROW / 2 + 5 * (shift - 1)
            points.append((x, y))
    marks = "".join(_mark(moment, x, y) for x, y in points)
    path = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
    return f'<polyline class="beat {moment}" points="{path}"/>{marks}'


def _mark(moment: str, x: float, y: float) -> str:
    if moment == "now":
        return f'<circle class="beat now" cx="{x:.0f}" cy="{y:.0f}" r="6"/>'
    if moment == "before":
        return f'<rect class="beat before" x="{x - 5:.0f}" y="{y - 5:.0f}" width="10" height="10"/>'
    path = f"M{x:.0f},{y - 7:.0f}l7,7l-7,7l-7,-7z"
    return f'<path class="beat desired" d="{path}"/>'


def _table(
    phases: Sequence[Record], beats: Mapping[tuple[str, str, str], Record], text: Text
) -> Table | None:
    """A row per phase and persona, with what each score rests on."""
    personas = sorted({persona for persona, _, _ in beats}, key=lambda name: (name != "all", name))
    rows = []
    for phase in phases:
        for persona in personas:
            found = [beats.get((persona, phase["phase"], moment)) for moment in MOMENTS]
            if not any(row and row["score"] for row in found[:2]):
                continue
            now = found[1]
            who = text("heartbeat.everyone") if persona == _EVERYONE else persona.capitalize()
            rows.append(
                [
                    plain(text.of(phase)),
                    plain(who),
                    *(plain(_score(row, text)) for row in found),
                    plain(text.member("beat_basis", now["basis"]) if now and now["basis"] else ""),
                    number_cell(now["cases"] if now else None, text),
                ]
            )
    columns = ("phase", "persona", "before", "after", "desired", "beat_basis", "cases")
    head = [text(f"column.{name}") for name in columns]
    return Table(text("heartbeat.table"), head, rows, frozenset({6})) if rows else None


def _score(row: Record | None, text: Text) -> str:
    if row is None or row["score"] is None:
        return text("value.withheld") if row and row["is_withheld"] else text("value.unknown")
    return text(f"beat.{row['score']}")
