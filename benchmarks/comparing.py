"""How often the comparison of processes is wrong: invented journeys, compared by the thousand.

`python -m benchmarks.comparing` prints the table of docs/process.md. A journey has 22
aspects, each with its own level; nothing changes in it but the season, waves that last, or where
`step` says so. A claim is any clear difference among all aspects of one comparison.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from transforms.mining.change_points import change_points
from transforms.mining.changes import process_changes

MONTHS, BEFORE = 27, 15
STEP = 0.6
"""On the log of times and of odds: times 1.8 times as long, a share of 50 becoming 65 percent."""
_TIMES, _SHARES = 9, 12
_REGISTER = {"improvement": pl.String, "journey": pl.String, "went_live_on": pl.Date}
_MONTHS = [date(2024 + (3 + place) // 12, (3 + place) % 12 + 1, 1) for place in range(MONTHS)]
World = Callable[[np.random.Generator], pl.DataFrame]


def world(
    random: np.random.Generator,
    cases: float = 60,
    season: float = 0.0,
    lasting: float = 0.0,
    step: float = 0.0,
) -> pl.DataFrame:
    """Rows of `core.process_months`; the step is in one time and one share, after 15 months."""
    counts = random.poisson(cases, MONTHS)
    rows: list[tuple[Any, ...]] = [
        _row(m, "cases", None, n, n) for m, n in zip(_MONTHS, counts, strict=True)
    ]
    jump = step * (np.arange(MONTHS) >= BEFORE)
    for number in range(_TIMES):
        level = random.uniform(11, 14) + _moves(random, season, lasting)
        level = level + (jump if number == 0 else 0)
        sums = [random.normal(mean, 0.9, n).sum() for mean, n in zip(level, counts, strict=True)]
        rows += [
            _row(m, "edge_time", f"t{number}", n, total)
            for m, n, total in zip(_MONTHS, counts, sums, strict=True)
        ]
    for number in range(_SHARES):
        odds = random.uniform(-2, 2) + 2 * _moves(random, season, lasting)
        odds = odds + (jump if number == 0 else 0)
        hits = random.binomial(counts, 1 / (1 + np.exp(-odds)))
        rows += [
            _row(m, "activity", f"s{number}", n, total)
            for m, n, total in zip(_MONTHS, counts, hits, strict=True)
        ]
    columns = ("journey", "part_kind", "part", "month", "aspect", "activity", "other_activity")
    return pl.DataFrame(rows, schema=[*columns, "items", "total"], orient="row").cast(
        {"other_activity": pl.String}
    )


def _row(month: date, aspect: str, activity: str | None, items: Any, total: Any) -> tuple[Any, ...]:
    keys = ("invented", "all", "all", month, aspect, activity, None)
    return (*keys, int(items), float(total))


def _moves(random: np.random.Generator, season: float, lasting: float) -> Any:
    """What moves a level without anything having changed: the year, and waves of months."""
    wave, waves = 0.0, []
    for _ in range(MONTHS):
        wave = lasting * wave + random.normal(0, 0.06) * float(lasting > 0)
        waves.append(wave)
    phase = random.uniform(0, 2 * np.pi)
    return season * np.sin(2 * np.pi * np.arange(MONTHS) / 12 + phase) + np.array(waves)


def rate_of_claims(kind: str, draw: World, times: int) -> float:
    """The share of so many drawn worlds in which anything is called clear: `changes` holds twelve
    months against the twelve before go-live, `points` looks for the month."""
    claims = 0
    for seed in range(times):
        months = draw(np.random.default_rng(seed))
        if kind == "points":
            mature = months.select("journey", "month").unique()
            found = change_points(months, mature, pl.DataFrame(schema=_REGISTER))
        else:
            found = process_changes(months, _sides())
        claims += bool(found["is_clear"].any())
    return claims / times


def _sides() -> pl.DataFrame:
    chosen = _MONTHS[BEFORE - 12 :]
    live = _MONTHS[BEFORE]
    return pl.DataFrame(
        {
            "comparison": ["form"] * len(chosen),
            "journey": ["invented"] * len(chosen),
            "side": ["before" if month < live else "after" for month in chosen],
            "month": chosen,
        }
    )


SCENARIOS: dict[str, dict[str, float]] = {
    "nothing changes": {},
    "nothing changes, few cases": {"cases": 25},
    "a season of 15 %": {"season": 0.15},
    "waves of 6 %, a third lasts": {"lasting": 0.3},
    "waves of 6 %, half lasts": {"lasting": 0.5},
    "season and waves": {"season": 0.15, "lasting": 0.3},
    "a step in two of 22 aspects": {"step": STEP},
}


def main(times: int) -> None:
    """Prints a row per scenario: percent of comparisons, and of searches, with any claim."""
    width = max(map(len, SCENARIOS))
    print(f"{'scenario':{width}}  before/after  since when")
    for name, values in SCENARIOS.items():
        rates = [
            rate_of_claims(kind, lambda random, v=values: world(random, **v), times)  # type: ignore[misc]
            for kind in ("changes", "points")
        ]
        print(f"{name:{width}}  {100 * rates[0]:10.1f} %  {100 * rates[1]:8.1f} %", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
