"""One run at a time per home, by a lock that the system takes back when a process dies.

What belongs here: the lock, and closing the books on runs that died. What does not: starting runs.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg


class AnotherRunError(Exception):
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


def end_other_runs(instance: dg.DagsterInstance, run_id: str) -> None:
    """Close the books on every run but this one; only for who is the only run.

    A killed process leaves its run as started and its place in the pool taken, and every later run
    would wait for that place for ever.
    """
    for run in instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])):
        if run.run_id != run_id:
            instance.report_run_failed(run, "Its process ended before the run did.")
    storage = instance.event_log_storage
    for holder in storage.get_concurrency_run_ids() - {run_id}:
        storage.free_concurrency_slots_for_run(holder)
