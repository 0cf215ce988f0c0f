"""Small lines over months as SVG of their own, so that many stand beside each other on one page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

_WIDTH, _HEIGHT, _ROOM = 220.0, 56.0, 5.0


@dataclass(frozen=True)
class Point:
    """A month; `value` is None where it is unknown or withheld, `is_settled` false while young."""

    value: float | None
    is_settled: bool


def sparkline(points: Sequence[Point], marks: Sequence[int], name: str) -> Markup:
    """A line from zero up, dashed where it is provisional, with an upright at each of `marks`.

    `name` is read instead of the picture. Marks are places among the points.
    """
    known = [point.value for point in points if point.value is not None]
    if len(known) < 2:
        return Markup("")
    top = max(known) or 1.0
    step = (_WIDTH - 2 * _ROOM) / max(len(points) - 1, 1)

    def at(place: int, value: float) -> str:
        y = _HEIGHT - _ROOM - (_HEIGHT - 2 * _ROOM) * value / top
        return f"{_ROOM + step * place:.1f},{y:.1f}"

    settled = [p.value if p.is_settled else None for p in points]
    last = max((i for i, value in enumerate(settled) if value is not None), default=0)
    is_young = any(p.value is not None and not p.is_settled for p in points)
    young = [
        p.value if is_young and (i == last or not p.is_settled) else None
        for i, p in enumerate(points)
    ]
    uprights = "".join(
        f'<path class="mark" d="M{_ROOM + step * m:.1f},0V{_HEIGHT:.0f}"/>' for m in marks
    )
    lines = "".join(
        f'<polyline class="{kind}" points="{" ".join(run)}"/>'
        for kind, values in (("line", settled), ("line young", young))
        for run in _runs(values, at)
    )
    return Markup(  # noqa: S704 (the name is escaped)
        f'<svg class="spark" role="img" aria-label="{escape(name)}" '
        f'viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}">'
        f'<path class="ground" d="M0,{_HEIGHT - _ROOM:.1f}H{_WIDTH:.0f}"/>{uprights}{lines}</svg>'
    )


def _runs(values: Sequence[float | None], at: Callable[[int, float], str]) -> list[list[str]]:
    """The stretches without a gap, as coordinates; one point is drawn as a dot."""
    runs: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(at(place, value))
    return [run if len(run) > 1 else run * 2 for run in runs if run]
