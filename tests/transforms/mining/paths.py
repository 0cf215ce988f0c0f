"""Small logs as counted paths of letters."""

from __future__ import annotations

import json

import polars as pl
from hypothesis import strategies as st

from transforms.mining.variants import Variants


def counted(**cases: int) -> Variants:
    """`abc=10` is ten cases that follow a, b, c; most followed first."""
    ordered = sorted(cases.items(), key=lambda item: (-item[1], item[0]))
    paths = [tuple(path) for path, _ in ordered]
    return Variants(paths, [n for _, n in ordered], sum(cases.values()))


def frame(*rows: tuple[str, str, int]) -> pl.DataFrame:
    """(journey, activities as letters, cases)."""
    return pl.DataFrame(
        [(journey, json.dumps(list(path)), cases) for journey, path, cases in rows],
        schema={"journey": pl.String, "path": pl.String, "cases": pl.Int64},
        orient="row",
    )


LOGS = st.dictionaries(
    st.text("abcd", min_size=1, max_size=7), st.integers(1, 9), min_size=1, max_size=6
)
