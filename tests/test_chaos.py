"""A few of the runs of `make chaos`, of fixed seeds: killed or starved, run again, the same bytes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.chaos import (
    DISK,
    FILE_SIZE,
    KILLED,
    MEMORY,
    Disturbance,
    Town,
    disturb,
    disturbance,
    town,
)

SAMPLE = (
    Disturbance(-1, KILLED, 0.9, is_first=False),
    Disturbance(-2, FILE_SIZE, 3_000_000, is_first=False),
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("chaos")) as made:
        yield made


@pytest.mark.parametrize("given", SAMPLE, ids=str)
def test_a_disturbed_run_and_the_next_give_the_same_bytes(given: Disturbance, place: Town) -> None:
    assert disturb(place, given) in ("killed", "ended with 1")


def test_two_hundred_seeds_meet_every_kind_and_both_beginnings() -> None:
    drawn = [disturbance(seed) for seed in range(200)]
    assert {given.kind for given in drawn} == {KILLED, MEMORY, FILE_SIZE, DISK}
    assert {given.is_first for given in drawn} == {True, False}
    moments = [given.amount for given in drawn if given.kind == KILLED]
    assert (min(moments) < 0.1, max(moments) > 0.9) == (True, True)
    assert drawn == [disturbance(seed) for seed in range(200)]
