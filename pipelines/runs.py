"""Running the daily job from the command line, in this process, on Dagster's own instance."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from pipelines.definitions import build_defs
from pipelines.settings import Settings

_PID_TAG = "hartslag/pid"


@dataclass(frozen=True)
class Outcome:
    """`blocked` names the checks that stopped publication; `errors` are messages for people."""

    ok: bool
    blocked: tuple[str, ...]
    errors: tuple[str, ...]


def dagster_instance(settings: Settings) -> dg.DagsterInstance:
    """The instance below the home, with the shipped settings on first use."""
    folder = settings.dagster_home
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "dagster.yaml"
    if not file.exists():
        shutil.copyfile(Path(__file__).with_name("dagster.yaml"), file)
    os.environ["DAGSTER_HOME"] = str(folder)
    return dg.DagsterInstance.from_config(str(folder))


def run_daily(settings: Settings, on_step: Callable[[int, int], None]) -> Outcome:
    """Run the job; `on_step` hears how many of how many tables are made."""
    job = build_defs(settings).resolve_job_def("daily")
    total = len(set(job.asset_layer.executable_asset_keys))
    with dagster_instance(settings) as instance:
        end_dead_runs(instance)
        run_id = str(uuid.uuid4())
        done = 0

        def hear(event: dg.EventLogEntry) -> None:
            nonlocal done
            if event.dagster_event and event.dagster_event.is_step_materialization:
                done += 1
                on_step(done, total)

        instance.add_event_listener(run_id, hear)
        result = job.execute_in_process(
            instance=instance,
            run_id=run_id,
            raise_on_error=False,
            tags={_PID_TAG: str(os.getpid())},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    return _outcome(result)


def _outcome(result: dg.ExecuteInProcessResult) -> Outcome:
    blocked = tuple(
        f"{check.asset_key.to_user_string().replace('/', '.')}: {check.check_name}"
        for check in result.get_asset_check_evaluations()
        if not check.passed and check.blocking
    )
    failures = [event for event in result.all_events if event.is_step_failure]
    errors = []
    for event in failures:
        error = event.step_failure_data.error
        while error and error.cause:
            error = error.cause
        if error and error.cls_name != "DagsterAssetCheckFailedError":
            errors.append(error.message.split(": ", 1)[-1].strip())
    return Outcome(ok=result.success, blocked=blocked, errors=tuple(errors))


def end_dead_runs(instance: dg.DagsterInstance) -> None:
    """Close the books on runs whose process was killed, and give back what they held.

    A killed process leaves its run as started and its place in the pool taken, for ever.
    """
    running = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING])
    for run in instance.get_runs(running):
        pid = run.tags.get(_PID_TAG)
        if pid and not _is_alive(int(pid)):
            instance.report_run_failed(run, "Its process ended before the run did.")
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)


def _is_alive(pid: int) -> bool:
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
