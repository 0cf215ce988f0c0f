"""How often a chart cries wolf: the share of stable series in which its rules mark a point.

Simulated with a fixed seed for the chart's own set-up, and kept in `false_alarms.csv` for common
ones. A series is normal, or lognormal, and may carry over from point to point (AR(1)); shares and
rates are drawn with the chart's own centre and denominators, waiting times are exponential.

What belongs here: set-ups and their rates. What does not: the rules (`control_rules.py`), and how
a rate is said (`dashboards/control_chart.py`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from functools import cache
from math import exp
from pathlib import Path

import numpy as np

from transforms.evidence.control_rules import RULE_SETS, RULES, Kind, limits_of, marks
from transforms.evidence.series import Numbers

RUNS = 4_000
TABLE_RUNS = 20_000
CARRIED_OVER = 0.3
"""The correlation of neighbours for which the second rate is told; weekly figures often have it."""
TABLE = Path(__file__).with_name("false_alarms.csv")
_SEED = 20_230_711


@dataclass(frozen=True)
class Setup:
    """What decides how often a chart cries wolf.

    Limits come from the first `baseline` points and marks are counted on the `after` that follow;
    where none follow, on all. `correlation` is that of neighbours; `skew` the sigma of a lognormal,
    0 is normal; `step` a change after the baseline in standard deviations, to see what is found.
    Shares (p) and rates (u) have their `centre` and the cases of every point.
    """

    rules: str
    baseline: int
    after: int = 0
    correlation: float = 0.0
    skew: float = 0.0
    step: float = 0.0
    kind: Kind = "xmr"
    centre: float = 0.0
    cases: tuple[int, ...] = ()


@dataclass(frozen=True)
class Rates:
    """In how many of 100 series at least one point is marked: by any rule, and by each.

    `shift_one_way` counts a shift in one direction only, e.g. the improving one.
    """

    any: float
    outside: float
    shift: float
    trend: float
    two_of_three: float
    shift_one_way: float


def false_alarms(setup: Setup) -> Rates:
    """The rates of a set-up, from the table where it has them, else simulated."""
    return known().get(setup) or _simulated(setup)


def together(rates: Iterable[float]) -> float:
    """The rate (percent) of a chart of several stretches that share no points."""
    calm = 1.0
    for rate in rates:
        calm *= 1 - rate / 100
    return round(100 * (1 - calm), 1)


@cache
def known() -> dict[Setup, Rates]:
    """The committed table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {_setup(row): _rates(row) for row in csv.DictReader(file)}


def _setup(row: dict[str, str]) -> Setup:
    correlation, skew = float(row["correlation"]), float(row["skew"])
    return Setup(row["rules"], int(row["baseline"]), int(row["after"]), correlation, skew)


def _rates(row: dict[str, str]) -> Rates:
    return Rates(*(float(row[field.name]) for field in fields(Rates)))


def common_setups() -> list[Setup]:
    """What the table holds: both rule sets, one and two years of weeks, and the reference's own."""
    baselines, after = (12, 13, 24, 26, 52), (0, 12, 13, 24, 26, 52)
    setups = [
        Setup(rules, first, later, correlation)
        for rules in RULE_SETS
        for correlation in (0.0, CARRIED_OVER)
        for first in baselines
        for later in after
    ]
    setups += [
        Setup(rules, every, 0, correlation)
        for rules in RULE_SETS
        for correlation in (0.0, CARRIED_OVER)
        for every in (18, 36, 78, 104)
    ]
    for rules in RULE_SETS:
        setups += [Setup(rules, 24, 12, 0.5), Setup(rules, 24, 12, 0.0, 0.8)]
    return setups


def table_rows(setups: Iterable[Setup]) -> list[dict[str, object]]:
    """Rows of the table, simulated anew."""
    keys = ("rules", "baseline", "after", "correlation", "skew")
    return [
        {key: getattr(setup, key) for key in keys} | asdict(simulate(setup, TABLE_RUNS))
        for setup in setups
    ]


@cache
def _simulated(setup: Setup) -> Rates:
    return simulate(setup)


def simulate(setup: Setup, runs: int = RUNS) -> Rates:
    """The rates over so many series; the same seed always."""
    generator = np.random.default_rng(_SEED)
    cases = np.array(setup.cases, dtype=float) if setup.cases else None
    series = _series(setup, runs, generator)
    rules = RULE_SETS[setup.rules]
    limits = limits_of(setup.kind, series, cases, setup.baseline, rules)
    counted = slice(setup.baseline if setup.after else 0, None)
    found = {
        mark: where[:, counted].any(axis=1) for mark, where in marks(series, limits, rules).items()
    }
    by_rule = [found[rule, "high"] | found[rule, "low"] for rule in RULES]
    said = [np.any(by_rule, axis=0), *by_rule, found["shift", "low"]]
    return Rates(*(round(100 * float(np.mean(series)), 2) for series in said))


def _series(setup: Setup, runs: int, generator: np.random.Generator) -> Numbers:
    shape = (runs, setup.baseline + setup.after)
    if setup.kind == "p":
        cases = np.array(setup.cases)
        return np.asarray(generator.binomial(cases, setup.centre, shape) / cases)
    if setup.kind == "u":
        cases = np.array(setup.cases)
        return np.asarray(generator.poisson(cases * setup.centre, shape) / cases)
    if setup.kind == "t":
        return generator.standard_exponential(shape)
    series = _carried_over(generator.standard_normal(shape), setup.correlation)
    size = 1.0
    if setup.skew:
        series = np.exp(setup.skew * series)
        size = exp(setup.skew**2 / 2) * float(np.sqrt(np.expm1(setup.skew**2)))
    series[:, setup.baseline :] -= setup.step * size
    return series


def _carried_over(noise: Numbers, correlation: float) -> Numbers:
    """Stationary AR(1) of variance 1 from independent noise of variance 1."""
    series = noise.copy()
    fresh = float(np.sqrt(1 - correlation**2))
    for place in range(1, noise.shape[1]):
        series[:, place] = correlation * series[:, place - 1] + fresh * noise[:, place]
    return series
