"""Process models found in variants: the inductive miner and the heuristics net, by pm4py.

What belongs here: discovery, from counts. What does not: how good a model is (`quality.py`), and
models that people drew (`desired.py`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from transforms.mining.quiet import quiet
from transforms.mining.variants import Variants

NOISE_THRESHOLD = 0.2
INDUCTIVE, HEURISTICS = "inductive miner", "heuristics net"


@dataclass(frozen=True)
class Model:
    """An accepting Petri net; `noise_threshold` is the miner's, null where it has none."""

    name: str
    noise_threshold: float | None
    net: Any
    initial: Any
    final: Any

    @property
    def parts(self) -> tuple[Any, Any, Any]:
        return self.net, self.initial, self.final


def process_tree(variants: Variants, noise_threshold: float = NOISE_THRESHOLD) -> Any:
    """By the inductive miner that leaves out infrequent behaviour (Leemans et al. 2014)."""
    with quiet():
        from pm4py.algo.discovery.inductive.dtypes.im_ds import IMDataStructureUVCL
        from pm4py.algo.discovery.inductive.variants.imf import IMFUVCL, IMFParameters
        from pm4py.objects.process_tree.utils.generic import fold, tree_sort

        settings = {IMFParameters.NOISE_THRESHOLD: noise_threshold}
        counted = Counter(dict(variants))
        tree = fold(IMFUVCL(settings).apply(IMDataStructureUVCL(counted), settings))
        tree_sort(tree)
        return tree


def inductive_model(variants: Variants, noise_threshold: float = NOISE_THRESHOLD) -> Model:
    tree = process_tree(variants, noise_threshold)
    with quiet() as pm4py:
        return Model(INDUCTIVE, noise_threshold, *pm4py.convert_to_petri_net(tree))


def heuristics_model(variants: Variants) -> Model:
    """By the heuristics miner (Weijters et al. 2006), with pm4py's thresholds."""
    with quiet():
        from pm4py.algo.discovery.heuristics.variants.classic import apply_heu_dfg
        from pm4py.objects.conversion.heuristics_net.converter import apply

        starts, ends, activities = Counter[str](), Counter[str](), Counter[str]()
        pairs, two_apart = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        triples = Counter[tuple[str, str, str]]()
        for path, cases in variants:
            starts[path[0]] += cases
            ends[path[-1]] += cases
            for name in path:
                activities[name] += cases
            for pair in pairwise(path):
                pairs[pair] += cases
            for triple in zip(path, path[1:], path[2:], strict=False):
                two_apart[triple[0], triple[2]] += cases
                if triple[0] == triple[2] != triple[1]:
                    triples[triple] += cases
        found = apply_heu_dfg(
            pairs,
            activities=list(activities),
            activities_occurrences=activities,
            start_activities=starts,
            end_activities=ends,
            dfg_window_2=two_apart,
            freq_triples=triples,
        )
        return Model(HEURISTICS, None, *apply(found))
