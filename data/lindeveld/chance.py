"""Draws: each thing that happens has a stream of its own, seeded by what it is or came from."""

from __future__ import annotations

import math
from random import Random


def stream(*names: object) -> Random:
    """The stream of the thing with these names; the same names, the same draws."""
    return Random("/".join(map(str, names)))  # noqa: S311 - a simulation, no secret


def branch(chance: Random) -> Random:
    """A stream for one thing that follows; what is drawn there leaves `chance` as it is."""
    return Random(chance.getrandbits(64))  # noqa: S311 - a simulation, no secret


def lognormal(chance: Random, mean: float, spread: float) -> float:
    """A skewed positive number with that mean and coefficient of variation."""
    variance = math.log(1 + spread * spread)
    return mean * math.exp(math.sqrt(variance) * chance.gauss(0, 1) - variance / 2)


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
    left = chance.random() * sum(weights.values())
    for key, weight in weights.items():
        left -= weight
        if left < 0:
            return key
    return key  # the weights add up to a little less, by rounding
