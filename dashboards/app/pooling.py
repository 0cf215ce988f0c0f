"""Several months as one period: sums where a figure is a ratio of sums, else what can be said.

The rule: numerators and denominators are added, never percentages. A median cannot be added up, and
a month of which the counts are withheld cannot be weighed; then there is no single figure, and the
months are given beside each other. Only published cells are used, so nothing withheld comes back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Literal

from dashboards.marts import Record

Way = Literal["published", "added", "not_additive", "no_counts", "nothing"]
Adds = Literal["share", "ratio", "count", "no"]
"""How months add up: a share of n people, another ratio of sums, a count, or not at all."""
_Z2 = 1.959963984540054**2


@dataclass(frozen=True)
class Pooled:
    """One figure over a period. `row` has the columns of `kpi_values`; None where there is none.

    `low` and `high` span the months. `withheld` months are left out of a sum; `unweighed` ones
    have a rounded figure without its counts; `young` ones are provisional; in `moved` ones the
    share of known residents moved, so that they cannot well be compared.
    """

    way: Way
    row: Record | None
    low: float | None = None
    high: float | None = None
    months: int = 0
    withheld: int = 0
    unweighed: int = 0
    young: int = 0
    moved: int = 0

    @property
    def value(self) -> float | None:
        """The figure itself, where there is one to show."""
        if self.row is None or self.row["is_withheld"]:
            return None
        found: float | None = self.row["value"]
        return found


def pool(months: Sequence[Record], unit: str, adds: Adds) -> Pooled:
    """The figure over these months of one definition in one slice."""
    told = [row for row in months if not row["is_withheld"]]
    values = [float(row["value"]) for row in told if row["value"] is not None]
    facts = Pooled(
        way="nothing",
        row=None,
        low=min(values, default=None),
        high=max(values, default=None),
        months=len(months),
        withheld=len(months) - len(told),
        young=sum(row["is_mature"] is False for row in told),
        moved=sum(row["is_comparable"] is False for row in told),
    )
    if len(months) == 1:
        return replace(facts, way="published", row=months[0])
    if not values:
        return facts
    if adds == "no":
        return replace(facts, way="not_additive")
    parts = [_parts(row, adds) for row in told if row["value"] is not None]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return replace(facts, way="no_counts", unweighed=len(parts) - len(known))
    row = _sum(told, known, unit, adds)
    return replace(facts, way="added" if row else "nothing", row=row)


def whole(row: Record | None) -> Pooled:
    """The figure over all periods, as it was published."""
    if row is None:
        return Pooled("nothing", None)
    return Pooled("published", row, withheld=int(row["is_withheld"]))


def wilson(numerator: float, denominator: float) -> tuple[float, float]:
    """Wilson's 95 percent interval of a share, in percent (Wilson 1927), as the marts give it."""
    spread = sqrt(_Z2) * sqrt(numerator * (denominator - numerator) / denominator + _Z2 / 4)
    middle, whole_size = numerator + _Z2 / 2, denominator + _Z2
    low, high = (100 * (middle + side * spread) / whole_size for side in (-1, 1))
    return max(low, 0.0), min(high, 100.0)


def _parts(row: Record, adds: Adds) -> tuple[float, float] | None:
    """Numerator and denominator of a month. A share whose part is told to two persons (rule 6 of
    docs/privacy.md) keeps its size, so that its part follows from the percentage; else None."""
    if adds == "count":
        return None if row["is_rounded"] else (float(row["value"]), 1.0)
    if row["numerator"] is not None and row["denominator"] is not None:
        return float(row["numerator"]), float(row["denominator"])
    if adds == "share" and row["n"] is not None:
        return float(row["value"]) * row["n"] / 100.0, float(row["n"])
    return None


def _sum(
    told: Sequence[Record], parts: Sequence[tuple[float, float]], unit: str, adds: Adds
) -> Record | None:
    numerator, denominator = (sum(side) for side in zip(*parts, strict=True))
    is_count = adds == "count"
    is_rounded = any(row["is_rounded"] for row in told)
    scale = 100.0 if unit == "percent" else 1.0
    if not is_count and not denominator:
        return None
    value = numerator if is_count else scale * numerator / denominator
    lower, upper = (
        wilson(numerator, denominator) if adds == "share" and not is_rounded else (None, None)
    )
    return told[0] | {
        "period_kind": "range",
        "period": "",
        "n": _total(told, "n"),
        "n_excluded": _total(told, "n_excluded"),
        "numerator": None if is_rounded else numerator,
        "denominator": None if is_rounded or is_count else denominator,
        "value": value,
        "lower": lower,
        "upper": upper,
        "is_mature": all(row["is_mature"] is not False for row in told),
        "is_withheld": False,
        "is_rounded": is_rounded,
    }


def _total(rows: Sequence[Record], column: str) -> int | None:
    """The sum of a count, None as soon as one of them is unknown."""
    found = [row[column] for row in rows]
    return None if any(number is None for number in found) else sum(found)
