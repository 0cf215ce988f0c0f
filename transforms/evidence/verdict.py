"""The verdict: improved, worsened, no proof of change, or cannot be told yet, and why.

The rule is fixed before the data are looked at, and has a version. In order:

1. Fewer than eight months before go-live, or another improvement for the same figure before eight
   months after: no proof, since waiting cannot help. Else, nothing after go-live is old enough to
   count: not yet.
2. Registration, volume, mix or another improvement changed at the same time, in the group or in the
   one it is compared with, or that one ran another way before or moved alone: no proof, since the
   difference could not be told apart.
3. Too few months: not yet, or no proof where more waiting cannot help.
4. The 95 % interval holds zero: no proof.
5. The baseline drifted, or the step hangs on the months next to go-live: no proof.
6. Else improved or worsened. Of several verdicts together, only those that survive the control of
   the false discovery rate stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from transforms.evidence import checks
from transforms.evidence.checks import Check
from transforms.evidence.effect import Estimate, step
from transforms.evidence.history import Kind, Question, Window, end_of, month_of, window
from transforms.evidence.monthly import Series, difference, in_words, series
from transforms.evidence.naive import Naive, naive

RULE = "2026.2"
FALSE_DISCOVERY_RATE = 0.05
IMPROVED, WORSENED, NO_PROOF, NOT_YET = "improved", "worsened", "no_proof", "not_yet"
_ATTRIBUTION = (
    "registration_unchanged",
    "volume_comparable",
    "mix_comparable",
    "one_change_at_a_time",
    "parallel_before",
)
_BY_NUMBERS = ("within_noise", "proven", "baseline_stable", "date_robust", "moved_itself")
_ROBUSTNESS = ("baseline_stable", "date_robust", "moved_itself")
_UNATTRIBUTED = (*_ATTRIBUTION, "short_baseline", "moved_itself")


@dataclass(frozen=True)
class Effect:
    """A change in the unit of people: percent of a time, points of a share, or a number."""

    mean: float
    lower: float
    upper: float
    smallest_visible: float
    autocorrelation: float
    p: float


@dataclass(frozen=True)
class Verdict:
    """`reason` is the check that decided, or `within_noise`, `proven` or `too_many_tests`;
    `weeks_needed` is how much longer to wait where that helps; `expectation` is met, less, not or
    unknown, null where nothing was expected."""

    improvement: str
    definition: str
    verdict: str
    reason: str
    effect: Effect | None
    window: Window
    items_before: int
    items_after: int
    checks: tuple[Check, ...]
    naive: Naive
    points: Series
    weeks_needed: int | None = None
    expectation: str | None = None
    rule: str = RULE

    def check(self, name: str) -> Check | None:
        return next((check for check in self.checks if check.name == name), None)


def judge(question: Question) -> Verdict:
    """The verdict on one question by itself; see `controlled` for several."""
    asked = window(question)
    points = _points(question, asked)
    found = _step(points, asked)
    made = tuple(_checks(question, asked, points, found))
    verdict, reason = _decided(question, made, found)
    effect = _effect(found, question.kind) if found else None
    before = question.items.within(asked.first, asked.last_before)
    usual = float(before.value.mean()) if len(before.value) else 0.0
    after = question.items.within(asked.first_after, asked.last_after)
    return Verdict(
        question.improvement,
        question.definition,
        verdict,
        reason,
        effect,
        asked,
        len(before.value),
        len(after.value),
        made,
        naive(question),
        points,
        _weeks_needed(question, asked, made) if verdict == NOT_YET else None,
        _expectation(question, verdict, reason, effect, usual),
    )


def controlled(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The same verdicts, of which at most 5 % of the claims is expected to be false.

    By Benjamini and Hochberg over all that the numbers decided; a claim that does not survive
    becomes `no_proof` for `too_many_tests`.
    """
    measured = sorted(v.effect.p for v in verdicts if v.effect and v.reason in _BY_NUMBERS)
    allowed = [
        p for rank, p in enumerate(measured, 1) if p <= FALSE_DISCOVERY_RATE * rank / len(measured)
    ]
    limit = max(allowed, default=-1.0)
    return [
        replace(v, verdict=NO_PROOF, reason="too_many_tests")
        if v.verdict in (IMPROVED, WORSENED) and v.effect and v.effect.p > limit
        else v
        for v in verdicts
    ]


def _points(question: Question, asked: Window) -> Series:
    mine = series(question.items, question.kind, asked)
    if question.comparison is None:
        return mine
    return difference(mine, series(question.comparison.items, question.kind, asked))


def _step(points: Series, asked: Window) -> Estimate | None:
    """None where a side has no month, or there are fewer months than a season and a step take."""
    before, after = points.month <= asked.last_before, points.month >= asked.first_after
    if before.sum() < 2 or after.sum() < 2 or len(points.month) < 6:
        return None
    return step(points, asked.first_after)


def _checks(
    question: Question, asked: Window, points: Series, found: Estimate | None
) -> list[Check]:
    until = month_of(question.seen_until)
    made = [
        checks.cohorts_mature(question, asked),
        checks.enough_months(points, asked),
        checks.season_covered(points, asked),
        checks.registration_unchanged(question.habits, asked, until),
        checks.volume_comparable(question.volume, asked),
        checks.mix_comparable(question.items, asked),
        checks.one_change_at_a_time(question, asked),
    ]
    compared = question.comparison
    if compared is not None:
        theirs = (
            checks.registration_unchanged(compared.habits, asked, until),
            checks.volume_comparable(compared.volume, asked),
            checks.mix_comparable(compared.items, asked),
        )
        made = [_worse(mine, theirs) for mine in made]
        made.append(checks.parallel_before(points, asked))
    if found is not None and made[1].passed:
        made.append(checks.baseline_stable(points, asked, found))
        made.append(checks.date_robust(points, asked, found))
        own = series(question.items, question.kind, asked)
        if compared is not None and _step(own, asked) is not None:
            made.append(checks.moved_itself(own, asked, found))
    return made


def _worse(mine: Check, theirs: Sequence[Check]) -> Check:
    """The check of the comparison group where that one fails and the group's own holds."""
    other = next((check for check in theirs if check.name == mine.name), mine)
    return mine if not mine.passed or other.passed else other


def _decided(question: Question, made: Sequence[Check], found: Estimate | None) -> tuple[str, str]:
    failed = {check.name for check in made if not check.passed}
    before = next(check for check in made if check.name == "enough_months").facts["before"]
    if before < checks.LEAST_MONTHS and _has_begun(question):
        return NO_PROOF, "short_baseline"
    if "cohorts_mature" in failed:
        is_hopeless = "one_change_at_a_time" in failed
        return (NO_PROOF, "one_change_at_a_time") if is_hopeless else (NOT_YET, "cohorts_mature")
    for name in _ATTRIBUTION:
        if name in failed:
            return NO_PROOF, name
    for name in ("enough_months", "season_covered"):
        if name in failed:
            return NOT_YET, name
    if found is None:
        return NOT_YET, "enough_months"
    low, high = found.interval()
    if low <= 0 <= high:
        return NO_PROOF, "within_noise"
    for name in _ROBUSTNESS:
        if name in failed:
            return NO_PROOF, name
    return (IMPROVED if (found.mean < 0) == question.is_lower_better else WORSENED), "proven"


def _has_begun(question: Question) -> bool:
    """Whether all months before go-live have been seen, so that there come no more."""
    return question.went_live_on <= question.seen_until


def _effect(found: Estimate, kind: Kind) -> Effect:
    low, high = found.interval()
    mean, lower, upper = (in_words(value, kind) for value in (found.mean, low, high))
    visible = abs(in_words(-2.8 * found.spread, kind))
    return Effect(mean, lower, upper, visible, found.autocorrelation, found.p)


def _weeks_needed(question: Question, asked: Window, made: Sequence[Check]) -> int:
    """Until eight months after go-live, and a span of 18 months, are old enough to count."""
    facts = next(check for check in made if check.name == "enough_months").facts
    need = max(
        checks.LEAST_MONTHS - facts["after"],
        checks.LEAST_SPAN - facts["before"] - facts["after"],
        1,
    )
    last = max(asked.last_after, asked.first_after - 1) + need
    settled = end_of(last) + timedelta(days=int(np.ceil(asked.horizon_days)))
    return max(int(np.ceil((settled - question.seen_until).days / 7)), 1)


def _expectation(
    question: Question, verdict: str, reason: str, effect: Effect | None, before: float
) -> str | None:
    if question.expected is None:
        return None
    if effect is None or verdict == NOT_YET or reason in _UNATTRIBUTED:
        return "unknown"
    expected = question.expected
    if question.expected_unit != "percent" and question.kind == "time":
        expected = 100 * expected / before if before else 0.0
    if question.expected_unit == "percent" and question.kind != "time":
        expected = expected / 100 * before * (100 if question.kind == "share" else 1)
    reaches = effect.lower <= expected if expected < 0 else effect.upper >= expected
    if verdict == IMPROVED:
        return "met" if reaches else "less"
    return "unknown" if reaches and verdict == NO_PROOF else "not"
