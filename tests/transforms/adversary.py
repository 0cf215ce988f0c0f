"""A reader who has the published figures and pencil and paper, and wants the withheld counts.

By exact elimination: a count is found where the sums leave it one value. Knows which definitions count the same people (their texts say so), that a slice is n + n_excluded,
and every sum of parts that holds in truth.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

Cell = tuple[Any, ...]
"""Journey, segment kind, segment, period kind, period."""


def recovered(
    published: pl.DataFrame, truth: pl.DataFrame, formulas: dict[str, str], threshold: int
) -> list[Any]:
    """Population, slice and count of every withheld small group that the reader finds out.

    Both frames have definition, population, a slice, n and n_excluded, in the same rows.
    """
    slices = ["journey", "segment_kind", "segment", "period_kind", "period"]
    sizes: dict[Any, int] = {}
    shown: dict[str, dict[Cell, int]] = {}
    real: dict[str, dict[Cell, tuple[int, int]]] = {}
    for row, honest in zip(
        published.iter_rows(named=True), truth.iter_rows(named=True), strict=True
    ):
        cell = tuple(row[name] for name in slices)
        real.setdefault(row["population"], {})[cell] = (honest["n"], honest["n_excluded"])
        if row["n"] is not None:
            shown.setdefault(row["population"], {})[cell] = row["n"]
            if row["n_excluded"] is not None:
                sizes[row["counts"], cell] = row["n"] + row["n_excluded"]
    found = []
    for population, cells in real.items():
        told = shown.get(population, {})
        for cell, value in _solved(cells, told, formulas).items():
            n, rest = cells[cell]
            assert value == n, "the reader reckons wrongly, so the test would prove nothing"
            if 0 < n < threshold or 0 < rest < threshold:
                found.append((population, cell, n, rest))
    return found


def _solved(
    cells: dict[Cell, tuple[int, int]], told: dict[Cell, int], formulas: dict[str, str]
) -> dict[Cell, int]:
    """The hidden cells whose count has one possible value."""
    hidden = [cell for cell in cells if cell not in told]
    place = {cell: number for number, cell in enumerate(hidden)}
    rows, sums = [], []
    for parts, totals in _sums(set(cells), formulas):
        signed = [(cell, 1) for cell in parts] + [(cell, -1) for cell in totals]
        if sum(sign * cells[cell][0] for cell, sign in signed):
            continue  # something in no part, of an unknown number: no sum that a reader can rely on
        row, left = np.zeros(len(hidden)), 0
        for cell, sign in signed:
            if cell in place:
                row[place[cell]] += sign
            else:
                left -= sign * cells[cell][0]
        if row.any():
            rows.append(row)
            sums.append(left)
    if not rows:
        return {}
    matrix, right = np.array(rows), np.array(sums, dtype=float)
    _, values, vectors = np.linalg.svd(matrix)
    free = vectors[int((values > 1e-9).sum()) :]
    known = np.linalg.lstsq(matrix, right, rcond=None)[0]
    fixed = np.abs(free).max(axis=0, initial=0) < 1e-9
    return {cell: round(float(known[number])) for cell, number in place.items() if fixed[number]}


def _sums(cells: set[Cell], formulas: dict[str, str]) -> Iterator[tuple[list[Cell], list[Cell]]]:
    """Parts, and the total that they add up to."""
    groups: dict[Any, list[Cell]] = {}
    for cell in sorted(cells):
        journey, kind, segment, period_kind, period = cell
        if period_kind != "all":
            groups.setdefault((journey, kind, segment, "all", "all", period_kind), []).append(cell)
        if kind != "all":
            groups.setdefault((journey, "all", "all", period_kind, period, kind), []).append(cell)
        elif journey != "all":
            pool = ("all", "service_formula", formulas[journey], period_kind, period, "journeys")
            groups.setdefault(pool, []).append(cell)
        if journey != "all":
            groups.setdefault(("all", kind, segment, period_kind, period, "across"), []).append(
                cell
            )
    for key, parts in groups.items():
        total = key[:5]
        if total in cells:
            yield parts, [total]
    yield from _weeks(cells)


def _weeks(cells: set[Cell]) -> Iterator[tuple[list[Cell], list[Cell]]]:
    """Weeks of months, wherever no week that has cases lies across their ends."""
    for series in sorted({cell[:3] for cell in cells if cell[3] == "week"}):
        weeks = {
            date.fromisocalendar(int(cell[4][:4]), int(cell[4][6:]), 1): cell
            for cell in cells
            if cell[:3] == series and cell[3] == "week"
        }
        months = sorted(cell for cell in cells if cell[:3] == series and cell[3] == "month")
        starts = [date.fromisoformat(f"{cell[4]}-01") for cell in months]
        whole = [
            day
            for day in starts
            if day.weekday() == 0 or day - timedelta(days=day.weekday()) not in weeks
        ]
        for begin, end in zip(whole, [*whole[1:], date.max], strict=False):
            yield (
                [cell for day, cell in weeks.items() if begin <= day < end],
                [cell for day, cell in zip(starts, months, strict=True) if begin <= day < end],
            )
