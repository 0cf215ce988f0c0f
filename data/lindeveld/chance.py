"""Draws: each thing that happens has a stream of its own, seeded by what it is."""

from __future__ import annotations

import math
from random import Random


def stream(*names: object) -> Random:
    """The stream of the thing with these names; the same names, the same draws."""
    return Random("/".join(map(str, names)))  # noqa: S311 - a simulation, no secret


def lognormal(chance: Random, mean: float, spread: float) -> float:
    """A skewed positive number with that mean and coefficient of variation."""
    variance = math.log(1 + spread * spread)
    return chance.lognormvariate(math.log(mean) - variance / 2, math.sqrt(variance))


def poisson(chance: Random, mean: float) -> int:
    """Knuth's count for small means; a rounded normal beyond."""
    if mean > 50:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    limit, number, product = math.exp(-mean), 0, chance.random()
    while product > limit:
        number += 1
        product *= chance.random()
    return number


def pick(chance: Random, weights: dict[str, float]) -> str:
    """One of the keys, as often as its weight says."""
    return chance.choices(list(weights), list(weights.values()))[0]
