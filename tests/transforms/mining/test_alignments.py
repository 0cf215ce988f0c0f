"""Alignments are optimal, always the same, remembered, and bounded in time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import given, settings

from tests.transforms.mining.paths import LOGS, counted
from transforms.mining.alignments import conformance, path_hash
from transforms.mining.desired import UnreadableFlowError, desired_model
from transforms.mining.discovery import Model, inductive_model
from transforms.mining.files import bpmn_text
from transforms.mining.variants import as_log

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]
PLENTY = 1e9


def ticking(step: float = 0.0) -> Iterator[float]:
    return (step * n for n in count())


def straight(path: str = "abcd") -> Model:
    return inductive_model(counted(**{path: 10}))


def test_a_fitting_path_needs_no_alignment() -> None:
    told = conformance(straight(), counted(abcd=9), {}, ticking().__next__, PLENTY)
    assert (told.fits, told.moves, told.found) == ([True], {}, {})


def test_moves_name_what_was_done_and_what_was_wished() -> None:
    told = conformance(straight(), counted(abxd=2), {}, ticking().__next__, PLENTY)
    assert told.fits == [False]
    [moves] = told.moves.values()
    assert sorted(moves, key=str) == sorted(
        [("a", "a"), ("b", "b"), ("x", None), (None, "c"), ("d", "d")], key=str
    )


def test_what_comes_first_is_held_to_be_the_wished_one() -> None:
    told = conformance(straight("abc"), counted(abbbc=1), {}, ticking().__next__, PLENTY)
    [moves] = told.moves.values()
    assert moves == [("a", "a"), ("b", "b"), ("b", None), ("b", None), ("c", "c")]


def test_what_is_known_is_not_aligned_again() -> None:
    first = conformance(straight(), counted(abd=2), {}, ticking().__next__, PLENTY)
    again = conformance(straight(), counted(abd=2), first.found, ticking().__next__, 0.0)
    assert (again.fits, again.moves, again.found) == ([False], first.moves, {})


def test_when_time_is_up_the_answer_is_a_bound() -> None:
    """The clock strikes one at each look; three looks are allowed."""
    log = counted(abcd=50, abd=9, acd=8, bcd=7, acbd=6)
    told = conformance(straight(), log, {}, ticking(1.0).__next__, 3.0)
    assert told.fits == [True, False, False, None, None]
    assert (told.cases(True), told.cases(False), told.cases(None)) == (50, 17, 13)
    assert told.unaligned == 2


def test_progress_is_told_for_each_unfit_variant() -> None:
    heard: list[tuple[int, int]] = []
    log = counted(abcd=50, abd=9, acd=8)
    conformance(
        straight(),
        log,
        {},
        ticking().__next__,
        PLENTY,
        lambda done, total: heard.append((done, total)),
    )
    assert heard == [(1, 2), (2, 2)]


def test_equal_paths_have_equal_hashes_and_others_do_not() -> None:
    assert path_hash(("a", "b")) == path_hash(("a", "b"))
    assert path_hash(("a", "b")) != path_hash(("ab",))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(LOGS, LOGS)
def test_no_alignment_is_cheaper_than_ours(model_of: dict[str, int], log: dict[str, int]) -> None:
    """pm4py's other search, with its own costs, finds as many differences."""
    from pm4py.algo.conformance.alignments.petri_net.variants import dijkstra_no_heuristics

    model, variants = inductive_model(counted(**model_of)), counted(**log)
    told = conformance(model, variants, {}, ticking().__next__, PLENTY)
    traces = as_log(variants.paths)
    for trace, path, fits in zip(traces, variants.paths, told.fits, strict=True):
        best = dijkstra_no_heuristics.apply(trace, *model.parts)
        differences = best["cost"] // 10_000
        assert fits == (differences == 0)
        ours = [move for move in told.moves.get(path, []) if move[0] != move[1]]
        assert len(ours) == differences


def test_a_drawn_flow_is_read_and_one_that_is_none_is_refused() -> None:
    drawn = bpmn_text(counted(abcd=10), "permits").decode()
    told = conformance(
        desired_model(drawn, "permits.bpmn"),
        counted(abcd=3, acbd=2),
        {},
        ticking().__next__,
        PLENTY,
    )
    assert told.fits == [True, False]
    for text in ("", "<html/>", "<definitions/>"):
        with pytest.raises(UnreadableFlowError, match=r"permits\.bpmn is no BPMN"):
            desired_model(text, "permits.bpmn")
