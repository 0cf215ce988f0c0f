"""`python -m lindeveld.plots docs/lindeveld`: draw what the simulation gives, for its page in docs.

The same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from lindeveld.clock import DAY, epoch, local
from lindeveld.journeys import JOURNEYS
from lindeveld.records import Systems
from lindeveld.simulation import run
from lindeveld.town import Scale, Town
from lindeveld.world import World

INK, BAR, MARK = "#1d2733", "#5b7f95", "#b3401f"
QUEUES = ("Publieksbalie", "Buitendienst")
_STYLE: Any = {
    "svg.hashsalt": "lindeveld",
    "svg.fonttype": "none",
    "font.size": 9,
    "text.color": INK,
}
_SAVED: dict[str, Any] = {"format": "svg", "metadata": {"Date": None}, "bbox_inches": "tight"}


def lead_times(systems: Systems) -> dict[str, list[float]]:
    """Days from start to end of the closed cases, by journey, sorted."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for case in systems.cases:
        if case.closed_at is not None:
            found[case.journey].append((case.closed_at - case.opened_at) / DAY)
    return {name: sorted(values) for name, values in found.items()}


def draw_distributions(systems: Systems) -> Figure:
    """Eight histograms with the median and the ninetieth percentile."""
    figure = Figure(figsize=(10, 10), layout="constrained")
    panels = figure.subplots(4, 2).flatten()
    found = lead_times(systems)
    for panel, journey in zip(panels, JOURNEYS, strict=True):
        values = found[journey.id]
        median, p90 = (values[int(len(values) * share)] for share in (0.5, 0.9))
        most = values[int(len(values) * 0.99)]
        panel.hist([v for v in values if v <= most], bins=40, color=BAR)
        for value, style, name in ((median, "-", "mediaan"), (p90, "--", "P90")):
            panel.axvline(value, color=MARK, linestyle=style, label=f"{name} {value:.0f} dagen")
        panel.set_title(f"{journey.nl} ({len(values):,} zaken)".replace(",", "."), loc="left")
        panel.legend(frameon=False)
        panel.set_xlabel("doorlooptijd in dagen (lead time in days)")
        panel.set_ylabel("zaken (cases)")
        _plain(panel)
    return figure


def draw_queues(town: Town, lengths: dict[str, list[tuple[date, int]]]) -> Figure:
    """Queue lengths of two teams by week, above the lead times that they make."""
    figure = Figure(figsize=(10, 6.5), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True)
    for name, colour, style in zip(QUEUES, (BAR, MARK), ("-", "--"), strict=True):
        upper.plot(*zip(*lengths[name], strict=True), color=colour, linestyle=style, label=name)
    upper.set_ylabel("wachtend werk (jobs in the queue)")
    upper.legend(frameon=False)
    for journey, colour, style in (("passport", BAR, "-"), ("public_space", MARK, "--")):
        weeks = _by_week(town.systems, journey)
        name = next(j.nl for j in JOURNEYS if j.id == journey)
        lower.plot(*zip(*weeks, strict=True), color=colour, linestyle=style, label=name)
    lower.set_ylabel("gemiddelde doorlooptijd in dagen\n(mean lead time in days)")
    lower.set_xlabel("week van de aanvraag (week of the request)")
    lower.legend(frameon=False)
    _plain(upper)
    _plain(lower)
    return figure


def watched(scale: Scale) -> tuple[Town, dict[str, list[tuple[date, int]]]]:
    """A town that has lived, and how long its queues were at noon of each Wednesday."""
    town = Town(scale, World())
    lengths: dict[str, list[tuple[date, int]]] = {name: [] for name in QUEUES}

    def look() -> Any:
        day = scale.first + timedelta(days=(2 - scale.first.weekday()) % 7)
        while day < scale.last:
            yield town.env.timeout(epoch(day) + DAY // 2 - town.env.now)
            for name in QUEUES:
                lengths[name].append((day, town.teams[name].length))
            day += timedelta(days=7)

    town.env.process(look())
    run(town)
    return town, lengths


def _by_week(systems: Systems, journey: str) -> list[tuple[date, float]]:
    weeks: defaultdict[date, list[float]] = defaultdict(list)
    for case in systems.cases:
        if case.journey == journey and case.closed_at is not None:
            day = local(case.asked_at).date()
            monday = day - timedelta(days=day.weekday())
            weeks[monday].append((case.closed_at - case.asked_at) / DAY)
    means = ((week, sum(days) / len(days)) for week, days in sorted(weeks.items()))
    return list(means)[:-6]  # the last weeks have their quick cases only


def _plain(panel: Any) -> None:
    panel.spines[["top", "right"]].set_visible(False)


def main() -> None:
    parser = argparse.ArgumentParser(prog="lindeveld.plots", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    town, lengths = watched(Scale())
    with mpl.rc_context(_STYLE):
        draw_distributions(town.systems).savefig(folder / "lead_times.svg", **_SAVED)
        draw_queues(town, lengths).savefig(folder / "queues.svg", **_SAVED)


if __name__ == "__main__":
    main()
