"""Tables as files that a spreadsheet opens without running anything."""

from __future__ import annotations

import pytest

from dashboards.app.downloads import csv_of
from dashboards.views import Cell, Table


@pytest.mark.parametrize("words", ["=1+1", "+cmd", "-2", "@sum", "\tx"])
def test_words_that_look_like_a_formula_are_defused(words: str) -> None:
    table = Table("t", ["name"], [[Cell(words)]])
    assert csv_of(table, {}).splitlines()[1].strip('"') == f"'{words}"


def test_a_number_is_the_published_one_and_the_rest_is_in_words() -> None:
    table = Table("t", ["a", "b"], [[Cell("−1,5 dagen", raw=-1.5), Cell("afgeschermd")]])
    assert csv_of(table, {"run": "r1"}) == "a,b,run\n-1.5,afgeschermd,r1\n"
