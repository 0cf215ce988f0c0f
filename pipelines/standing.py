"""Keeping `published/status.js`: whether what is published is of the latest run.

What belongs here: when it is written, and from what. What does not: its words
(`dashboards/standing.py`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from dashboards.standing import FILE, Halted, Standing, status_script
from pipelines.checks import blocking_names


def say_published(folder: Path) -> None:
    """What `current` names is of the latest run."""
    _write(folder, None)


def say_halted(folder: Path, checks: Sequence[str]) -> None:
    """A run published nothing; where nothing was published before, there is no page to say so."""
    if (folder / "current").exists():
        _write(folder, Halted(datetime.now(UTC), checks))


def _write(folder: Path, halted: Halted | None) -> None:
    arriving = folder / ".partial-status"
    arriving.write_text(status_script(standing(folder), halted), encoding="utf-8")
    arriving.replace(folder / FILE)


def standing(folder: Path) -> Standing:
    """The publication that stands in a published folder."""
    about = json.loads((folder / "current" / "manifest.json").read_text(encoding="utf-8"))
    until = about["data_until"]
    made_at = datetime.fromisoformat(about["created_at"])
    return Standing(about["run"], made_at, datetime.fromisoformat(until) if until else None)


def blocking_checks(instance: dg.DagsterInstance, run_id: str) -> tuple[str, ...]:
    """The checks that stopped a run, from Dagster's record of it; none where it failed."""
    records = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    events = [record.dagster_event for record in records if record.dagster_event]
    return tuple(
        dict.fromkeys(blocking_names(event.asset_check_evaluation_data for event in events))
    )


@dg.failure_hook(name="say_that_nothing_was_published", required_resource_keys={"workspace"})
def say_that_nothing_was_published(context: dg.HookContext) -> None:
    """After a step failed: the site says that its figures are of an earlier run, and why."""
    checks = blocking_checks(context.instance, context.run_id)
    say_halted(context.resources.workspace.settings.published, checks)
