"""How often the verdict is wrong: simulated histories whose truth is known, judged by the thousand.

`python -m benchmarks.calibrating` prints the table of docs/evidence.md, in half an hour. Each
scenario is a monthly level (season, disturbances that last, what changed at go-live) from which
single cases are drawn, skewed and some of them open at the end; the judge sees the cases alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from transforms.evidence.history import Compared, Habits, Items, Question, first_day, month_of
from transforms.evidence.verdict import IMPROVED, WORSENED, Verdict, judge

START = date(2023, 1, 1)
DAYS_PER_MONTH = 30.44


@dataclass(frozen=True)
class Scenario:
    """Cases of one journey. Factors are on the mean; `at_live` holds what changes at go-live.

    `effect` is the true effect on the log of times, or on a share; `is_claim_false` says that
    nothing may be claimed. `before` and `after` are whole months.
    """

    name: str
    before: int = 18
    after: int = 18
    cases: float = 60
    days: float = 30
    skew: float = 0.8
    season: float = 0.10
    lasting: float = 0.3
    disturbance: float = 0.06
    effect: float = 0.0
    shift: float = 0.0
    yearly: float = 0.0
    volume: float = 1.0
    habit: float = 0.0
    quick_share: tuple[float, float] | None = None
    has_comparison: bool = False
    general: float = 0.0
    share: float | None = None
    gradual_months: int = 0

    @property
    def is_without_effect(self) -> bool:
        return self.effect == 0

    @property
    def has_clean_interval(self) -> bool:
        """Whether the interval is meant to hold the effect: nothing else moved the figure."""
        return not (self.shift or self.yearly or self.gradual_months)


LESS_25, LESS_10, MORE_20 = float(np.log(0.75)), float(np.log(0.9)), float(np.log(1.2))
WITHOUT_EFFECT = (
    Scenario("steady"),
    Scenario("few cases, very skewed", cases=25, skew=1.3, after=24),
    Scenario("strong season", season=0.30, before=16, after=14),
    Scenario("long cases, many still open", days=90, cases=40, before=20, after=24),
    Scenario("volume surges, queues grow", volume=1.6, shift=0.25),
    Scenario("volume falls, queues shrink", volume=0.6, shift=LESS_25),
    Scenario("registration changes", habit=0.35, shift=LESS_25),
    Scenario("strong autocorrelation", lasting=0.6, disturbance=0.12),
    Scenario("mix shifts to quick cases", quick_share=(0.3, 0.5)),
    Scenario("everybody gains", general=LESS_25, has_comparison=True),
    Scenario("slow improvement, 5 % a year", yearly=-0.05),
    Scenario("a share, steady", share=0.6, lasting=0.5, disturbance=0.03),
)
WITH_EFFECT = (
    Scenario("-25 %, 12 + 12 months", effect=LESS_25, before=12, after=16),
    Scenario("-10 %, 12 + 12 months", effect=LESS_10, before=12, after=16),
    Scenario("+20 %, 18 + 12 months", effect=MORE_20),
    Scenario("-25 %, strong autocorrelation", effect=LESS_25, lasting=0.6, disturbance=0.12),
    Scenario("-25 % beside a comparison group", effect=LESS_25, has_comparison=True),
    Scenario("+10 points of a share", effect=0.10, share=0.6, disturbance=0.02),
    Scenario("-25 %, in steps of eight months", effect=LESS_25, gradual_months=8),
)


def history(scenario: Scenario, rng: np.random.Generator) -> Question:
    """One history of a scenario, as a question to the judge."""
    first = month_of(START)
    months = np.arange(first, first + scenario.before + scenario.after)
    live = first + scenario.before
    until = first_day(int(months[-1]) + 1)
    items = _cases(scenario, months, live, until, rng, scenario.effect + scenario.shift)
    other = _cases(scenario, months, live, until, rng, 0.0) if scenario.has_comparison else None
    outside = np.where(months >= live, 0.3 - scenario.habit * 0.85, 0.3)
    records = np.bincount(items.month - first, minlength=len(months)).astype(float)
    hits = rng.binomial(records.astype(int), np.clip(outside, 0.0, 1.0)).astype(float)
    habits = Habits(months, np.full(len(months), "outside_office_hours"), hits, records)
    return Question(
        "improvement",
        "definition",
        "time" if scenario.share is None else "share",
        scenario.share is None,
        first_day(live),
        START,
        until,
        items,
        items.month,
        habits,
        window_days=7,
        comparison=other and Compared(other, other.month, habits),
    )


def _cases(
    scenario: Scenario,
    months: np.ndarray,
    live: int,
    until: date,
    rng: np.random.Generator,
    step: float,
) -> Items:
    is_after = months >= live
    since = np.clip((months - live + 1) / max(scenario.gradual_months, 1), 0, 1)
    level = step * since * is_after + scenario.general * is_after
    level = level + scenario.season * np.sin(2 * np.pi * (months + rng.uniform(0, 12)) / 12)
    level = level + scenario.yearly * (months - months[0]) / 12
    level = level + _disturbances(scenario, len(months), rng)
    rate = scenario.cases * np.where(is_after, scenario.volume, 1.0)
    month = np.repeat(months, rng.poisson(rate))
    place = month - months[0]
    group = np.zeros(len(month), dtype="<U5")
    if scenario.quick_share:
        share = np.where(is_after, scenario.quick_share[1], scenario.quick_share[0])
        is_quick = rng.random(len(month)) < share[place]
        group = np.where(is_quick, "quick", "slow")
        level_of_case = level[place] + np.where(is_quick, -1.0, 0.0)
    else:
        level_of_case = level[place]
    if scenario.share is not None:
        chance = np.clip(scenario.share + level_of_case, 0.02, 0.98)
        value = (rng.random(len(month)) < chance).astype(float)
        return Items(month, value, np.zeros(len(month), dtype=bool), group)
    days = scenario.days * np.exp(level_of_case + scenario.skew * rng.normal(size=len(month)))
    began = (month - months[0] + rng.random(len(month))) * DAYS_PER_MONTH
    age = (until - START) / timedelta(days=1) - began
    return Items(month, np.minimum(days, age), days > age, group)


def _disturbances(scenario: Scenario, count: int, rng: np.random.Generator) -> np.ndarray:
    fresh = rng.normal(size=count) * scenario.disturbance
    found = np.empty(count)
    found[0] = fresh[0]
    for place in range(1, count):
        fading = scenario.lasting
        found[place] = fading * found[place - 1] + np.sqrt(1 - fading**2) * fresh[place]
    return found


@dataclass
class Tally:
    """What the judge said of the histories of one scenario, in shares of them."""

    scenario: Scenario
    said: dict[str, int] = field(default_factory=dict)
    naive_claims: int = 0
    covered: int = 0
    measured: int = 0
    histories: int = 0

    def add(self, verdict: Verdict) -> None:
        self.histories += 1
        self.said[verdict.verdict] = self.said.get(verdict.verdict, 0) + 1
        self.naive_claims += verdict.naive.says != "no_proof"
        if verdict.effect is not None and self.scenario.has_clean_interval:
            truth = self.scenario.effect
            told = 100 * np.expm1(truth) if self.scenario.share is None else 100 * truth
            self.measured += 1
            self.covered += verdict.effect.lower <= told <= verdict.effect.upper

    @property
    def claimed(self) -> float:
        return (self.said.get(IMPROVED, 0) + self.said.get(WORSENED, 0)) / self.histories

    @property
    def coverage(self) -> float | None:
        return self.covered / self.measured if self.measured else None


def tallied(scenario: Scenario, histories: int, seed: int) -> Tally:
    """The same seed gives the same histories."""
    rng, tally = np.random.default_rng([seed, len(scenario.name)]), Tally(scenario)
    for _ in range(histories):
        tally.add(judge(history(scenario, rng)))
    return tally


def table(tallies: Iterator[Tally]) -> Iterator[str]:
    heads = ("scenario", *_VERDICTS, "truth in interval", "naive claims")
    yield f"| {' | '.join(heads)} |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for tally in tallies:
        said = [f"{100 * tally.said.get(v, 0) / tally.histories:.1f} %" for v in _VERDICTS]
        held = "-" if tally.coverage is None else f"{100 * tally.coverage:.1f} %"
        naive = f"{100 * tally.naive_claims / tally.histories:.0f} %"
        yield f"| {tally.scenario.name} | {' | '.join(said)} | {held} | {naive} |"


_VERDICTS = (IMPROVED, WORSENED, "no_proof", "not_yet")


def main() -> None:
    histories = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    for line in table(tallied(each, histories, 1) for each in (*WITHOUT_EFFECT, *WITH_EFFECT)):
        print(line, flush=True)


if __name__ == "__main__":
    main()
