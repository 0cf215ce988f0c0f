"""A few of the runs of `make chaos`, of fixed seeds: killed or starved, run again, the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos import (
    DISK,
    FILE_SIZE,
    KILLED,
    MEMORY,
    Disturbance,
    disturb,
    disturbance,
    town,
)

LATE = Disturbance(-1, KILLED, 0.6, is_first=True)
MORE = (
    Disturbance(-2, KILLED, 0.3, is_first=False),
    Disturbance(-3, KILLED, 0.7, is_first=False),
    Disturbance(-4, FILE_SIZE, 200_000, is_first=False),
)


def test_a_run_killed_late_and_the_next_give_the_same_bytes(tmp_path: Path) -> None:
    with town(tmp_path, beginnings=(True,)) as place:
        assert disturb(place, LATE) == "killed"


@pytest.mark.slow
def test_runs_killed_or_starved_on_a_home_of_before_give_the_same_bytes(tmp_path: Path) -> None:
    with town(tmp_path) as place:
        said = [disturb(place, given) for given in MORE]
    assert said == ["killed", "killed", "ended with 1"]


def test_two_hundred_seeds_meet_every_kind_and_both_beginnings() -> None:
    drawn = [disturbance(seed) for seed in range(200)]
    assert {given.kind for given in drawn} == {KILLED, MEMORY, FILE_SIZE, DISK}
    assert {given.is_first for given in drawn} == {True, False}
    moments = [given.amount for given in drawn if given.kind == KILLED]
    assert (min(moments) < 0.1, max(moments) > 0.9) == (True, True)
    assert drawn == [disturbance(seed) for seed in range(200)]
