"""One run at a time per home, in Dagster's record.

What belongs here: closing the books on runs that died. What does not: the lock that makes a run the
only one (`holding.py`), and starting runs.
"""

from __future__ import annotations

from pathlib import Path

import dagster as dg

HOME_TAG = "hartslag/home"


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
