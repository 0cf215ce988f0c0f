"""How good a model of a journey is: fitness, precision, generalisation and simplicity.

Each variant is replayed once by pm4py and weighed by its cases, which gives the figures that pm4py
gives on a log of every case; a test holds that.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import sqrt
from typing import Any

from transforms.mining.discovery import Model
from transforms.mining.quiet import quiet
from transforms.mining.variants import Path, Variants, as_log


@dataclass(frozen=True)
class Quality:
    """From 0 to 1; `fitting_cases` are those that fit wholly."""

    fitting_cases: int
    fitness: float
    precision: float
    generalisation: float
    simplicity: float


def quality(model: Model, variants: Variants) -> Quality:
    """Fitness and the shares by token replay (Rozinat & van der Aalst 2008), precision by escaping
    edges (Munoz-Gama & Carmona 2010), generalisation by visits of transitions (Buijs et al. 2012),
    simplicity by arcs per node."""
    with quiet():
        from pm4py.algo.evaluation.simplicity import algorithm as simplicity

        replayed = replay(model, variants)
        fits = sum(n for told, n in zip(replayed, variants.counts, strict=True) if told["is_fit"])
        return Quality(
            fitting_cases=fits,
            fitness=_fitness(replayed, variants),
            precision=_precision(model, variants),
            generalisation=_generalisation(model, replayed, variants),
            simplicity=float(simplicity.apply(model.net)),
        )


def replay(model: Model, variants: Variants) -> list[dict[str, Any]]:
    """For each variant: is_fit, transitions that fired, and tokens missing, consumed, remaining,
    produced.

    pm4py skips activities that the model does not have and calls such a path fit; told to mind
    them, it calls every path of the log unfit. So that is judged here.
    """
    with quiet():
        from pm4py.algo.conformance.tokenreplay.variants import token_replay

        told = token_replay.apply(as_log(variants.paths), *model.parts)
    names = {transition.label for transition in model.net.transitions}
    return [
        {
            "is_fit": each["trace_is_fit"] and names.issuperset(path),
            "fired": each["activated_transitions"],
            "missing": each["missing_tokens"],
            "consumed": each["consumed_tokens"],
            "remaining": each["remaining_tokens"],
            "produced": each["produced_tokens"],
        }
        for path, each in zip(variants.paths, told, strict=True)
    ]


def _fitness(replayed: list[dict[str, Any]], variants: Variants) -> float:
    def total(tokens: str) -> float:
        return float(
            sum(told[tokens] * n for told, n in zip(replayed, variants.counts, strict=True))
        )

    consumed, produced = total("consumed"), total("produced")
    if not consumed or not produced:
        return 0.0
    return 1.0 - 0.5 * total("missing") / consumed - 0.5 * total("remaining") / produced


def _generalisation(model: Model, replayed: list[dict[str, Any]], variants: Variants) -> float:
    visits: Counter[Any] = Counter()
    for told, cases in zip(replayed, variants.counts, strict=True):
        for transition in told["fired"]:
            visits[transition] += cases
    all_of_them = model.net.transitions
    if not all_of_them:
        return 1.0
    lost = sum(1.0 / sqrt(visits[each]) if visits[each] else 1.0 for each in all_of_them)
    return 1.0 - lost / len(all_of_them)


def _precision(model: Model, variants: Variants) -> float:
    """One minus the share of what the model allows, after each beginning, that no case does."""
    from pm4py.algo.conformance.tokenreplay.variants import token_replay
    from pm4py.objects.petri_net.utils.align_utils import (
        get_visible_transitions_eventually_enabled_by_marking as allowed_by,
    )

    followed: defaultdict[Path, set[str]] = defaultdict(set)
    counts: Counter[Path] = Counter()
    for path, cases in variants:
        for place in range(1, len(path)):
            followed[path[:place]].add(path[place])
            counts[path[:place]] += cases
    at_first = {each.label for each in allowed_by(model.net, model.initial)}
    allowed = variants.cases * len(at_first)
    escaping = variants.cases * len(at_first - {path[0] for path in variants.paths})
    settings = {
        token_replay.Parameters.CONSIDER_REMAINING_IN_FITNESS: False,
        token_replay.Parameters.TRY_TO_REACH_FINAL_MARKING_THROUGH_HIDDEN: False,
        token_replay.Parameters.STOP_IMMEDIATELY_UNFIT: True,
        token_replay.Parameters.WALK_THROUGH_HIDDEN_TRANS: True,
    }
    beginnings = list(followed)
    told = token_replay.apply(as_log(beginnings), *model.parts, parameters=settings)
    for beginning, each in zip(beginnings, told, strict=True):
        if each["trace_is_fit"]:
            enabled = {t.label for t in each["enabled_transitions_in_marking"]} - {None}
            allowed += counts[beginning] * len(enabled)
            escaping += counts[beginning] * len(enabled - followed[beginning])
    return 1.0 - escaping / allowed if allowed else 1.0
