"""Small lines: whole where months are known, dotted where one stands alone, dashed while young."""

from __future__ import annotations

import re

import pytest

from dashboards.sparklines import Point, sparkline


def runs(values: list[float | None], young: int = 0) -> list[tuple[str, int]]:
    """The kind of each stretch and how many different places it has."""
    settled = len(values) - young
    points = [Point(value, place < settled) for place, value in enumerate(values)]
    found = re.findall(r'class="(line[^"]*)" points="([^"]*)"', sparkline(points, [], "x"))
    return [(kind, len(set(places.split()))) for kind, places in found]


@pytest.mark.parametrize(
    ("values", "young", "expected"),
    [
        ([1.0, 2.0, 3.0], 0, [("line", 3)]),
        ([1.0, 2.0, None, 4.0, None, 6.0, 7.0], 0, [("line", 2), ("line", 1), ("line", 2)]),
        ([1.0, 2.0, 3.0, 4.0], 2, [("line", 2), ("line young", 3)]),
        ([1.0, None, 3.0], 1, [("line", 1), ("line young", 1), ("line young", 1)]),
        ([None, 5.0], 0, []),
    ],
)
def test_every_known_month_is_drawn(
    values: list[float | None], young: int, expected: list[tuple[str, int]]
) -> None:
    assert runs(values, young) == expected
