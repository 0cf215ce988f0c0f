"""A home belongs to one run; the books of other homes stay as they are."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from pipelines.holding import AnotherRunError, the_only_run
from pipelines.single_run import HOME_TAG, end_other_runs


@dg.op
def nothing() -> None: ...


@dg.job
def some_job() -> None:
    nothing()


def started(instance: dg.DagsterInstance, home: str) -> str:
    """A run that is under way, of that home."""
    run = instance.create_run_for_job(
        some_job, status=dg.DagsterRunStatus.STARTED, tags={HOME_TAG: home}
    )
    return run.run_id


def test_the_runs_that_died_on_this_home_are_closed_and_no_others() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        mine, dead, other = (
            started(instance, "/a"),
            started(instance, "/a"),
            started(instance, "/b"),
        )
        end_other_runs(instance, mine, Path("/a"))
        states = [run.status for i in (mine, dead, other) if (run := instance.get_run_by_id(i))]
    running, failed = dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.FAILURE
    assert states == [running, failed, running]


def test_a_home_is_held_by_one_run(tmp_path: Path) -> None:
    with the_only_run(tmp_path), pytest.raises(AnotherRunError), the_only_run(tmp_path):
        pass
