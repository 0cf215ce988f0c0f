"""How a channel or target group differs from all others of its journey, month by month."""

from __future__ import annotations

import numpy as np

from transforms.mining.aspects import Months
from transforms.mining.differences import (
    FEWEST_ITEMS,
    FEWEST_MONTHS,
    SEED,
    SHUFFLES,
    Found,
    tells_something,
)


def between_groups(group: Months, everyone: Months) -> list[Found]:
    """How a group differs from all others of the same months; each month is a pair whose sign a
    shuffle turns, weighed as Mantel and Haenszel did."""
    rows = everyone.at(group.months)
    if len(rows) < 2 * FEWEST_MONTHS:
        return []
    random = np.random.default_rng(SEED)
    signs = random.choice([-1.0, 1.0], size=(SHUFFLES, len(rows)))
    place = {feature: column for column, feature in enumerate(everyone.features)}
    out = []
    for column, feature in enumerate(group.features):
        if feature.aspect == "cases" or feature not in place:
            continue
        whole = place[feature]
        n, sums = group.items[:, column], group.totals[:, column]
        others = everyone.items[rows, whole] - n, everyone.totals[rows, whole] - sums
        items = float(others[0].sum()), float(n.sum())
        totals = float(others[1].sum()), float(sums.sum())
        if not tells_something(feature, items, totals, FEWEST_ITEMS):
            continue
        with np.errstate(invalid="ignore", divide="ignore"):
            apart = np.nan_to_num(sums / n - others[1] / others[0])
            weights = np.nan_to_num(n * others[0] / (n + others[0]))
        told = abs(float((weights * apart).sum()))
        as_large = int((np.abs(signs @ (weights * apart)) >= told - 1e-12).sum())
        means = totals[0] / items[0], totals[1] / items[1]
        p_value = (1 + as_large) / (1 + SHUFFLES)
        out.append(Found(feature, items, totals, means, means, p_value))
    return out
