"""Running a job from the command line, in this process, on Dagster's own instance."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from pipelines.checks import blocking_names
from pipelines.connectors.reading import Cadence
from pipelines.definitions import build_defs
from pipelines.jobs import reading_config
from pipelines.mishaps import mishap
from pipelines.progress import Listener, listening
from pipelines.settings import Settings

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


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


def run_job(
    settings: Settings,
    on_step: Callable[[int, int], None],
    on_reading: Listener | None = None,
    instance: dg.DagsterInstance | None = None,
    job: Cadence = "daily",
) -> Outcome:
    """Run the job of that name; `on_step` hears how many of how many tables are made, `on_reading`
    what is read and how far that is. `instance` is where Dagster keeps its record, below the home
    by default."""
    try:
        return _run_job(settings, on_step, on_reading, instance, job)
    except Exception as error:  # of Dagster itself, such as a disk too full for its record
        told = mishap(error, settings.home)
        if told is None:
            raise
        return Outcome(ok=False, blocked=(), errors=(str(told),))


def _run_job(
    settings: Settings,
    on_step: Callable[[int, int], None],
    on_reading: Listener | None,
    instance: dg.DagsterInstance | None,
    job: Cadence,
) -> Outcome:
    resolved = build_defs(settings).resolve_job_def(job)
    total = len(set(resolved.asset_layer.executable_asset_keys))
    with instance or dagster_instance(settings) as record:
        run_id = str(uuid.uuid4())
        done = 0

        def hear(event: dg.EventLogEntry) -> None:
            nonlocal done
            if event.dagster_event and event.dagster_event.is_step_materialization:
                done += 1
                on_step(done, total)

        record.add_event_listener(run_id, hear)
        with listening(on_reading):
            result = resolved.execute_in_process(
                instance=record,
                run_id=run_id,
                raise_on_error=False,
                run_config=reading_config(job, retries=0) | QUIET,
            )
    return _outcome(result)


def _outcome(result: dg.ExecuteInProcessResult) -> Outcome:
    blocked = blocking_names(result.get_asset_check_evaluations())
    errors = tuple(dict.fromkeys(filter(None, map(_message, result.all_events))))
    return Outcome(ok=result.success, blocked=blocked, errors=errors)


def _message(event: dg.DagsterEvent) -> str | None:
    """What a person needs of a failed step or resource; a blocking check speaks for itself."""
    if not (event.is_step_failure or event.is_resource_init_failure):
        return None
    error = getattr(event.event_specific_data, "error", None)
    while error and error.cause:
        error = error.cause
    if error is None or error.cls_name == "DagsterAssetCheckFailedError":
        return None
    return str(error.message).split(": ", 1)[-1].strip()
