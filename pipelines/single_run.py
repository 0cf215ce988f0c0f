"""One run at a time per home, by a lock that the system takes back when a process dies.

What belongs here: the lock, and closing the books on runs that died. What does not: starting runs.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from pipelines.errors import PlainError

HOME_TAG = "hartslag/home"


class AnotherRunError(PlainError):
    """Another process runs on this home."""


@contextmanager
def the_only_run(home: Path) -> Iterator[None]:
    """Hold the home. Raises AnotherRunError where another process holds it."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherRunError(
                f"Another run is at work on {home}.\n  Mend: wait until it ends, then run again."
            ) from None
        yield


def end_other_runs(instance: dg.DagsterInstance, run_id: str, home: Path) -> None:
    """Close the books on every other run of this home; only for who is the only run on it.

    A killed process leaves its run as started and its place in the pool taken, and every later run
    would wait for that place for ever.
    """
    mine = {HOME_TAG: str(home)}
    instance.add_run_tags(run_id, mine)
    started = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED], tags=mine)
    for run in instance.get_runs(started):
        if run.run_id != run_id:
            instance.report_run_failed(run, "Its process ended before the run did.")
    storage = instance.event_log_storage
    for holder in storage.get_concurrency_run_ids() - {run_id}:
        run_of_slot = instance.get_run_by_id(holder)
        if run_of_slot is None or run_of_slot.tags.get(HOME_TAG) == str(home):
            storage.free_concurrency_slots_for_run(holder)
