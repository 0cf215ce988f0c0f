"""What may pass by itself is tried again by a scheduled run; a check, or a wrong file, is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines import raw_assets
from pipelines.connectors.raw_log import PassingSourceError, SourceError
from pipelines.definitions import build_defs
from pipelines.runs import QUIET
from tests.conftest import example_settings, run_quickly


class Away:
    """A source that cannot be read so many times, and counts how often it was tried."""

    def __init__(self, error: Exception, times: int) -> None:
        self.error, self.times, self.tried = error, times, 0

    def __call__(self, *_: Any) -> list[str]:
        self.tried += 1
        if self.tried <= self.times:
            raise self.error
        return []


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(raw_assets, "FIRST_WAIT_S", 0)

    def put(away: Away) -> Away:
        monkeypatch.setattr(raw_assets, "load_source", away)
        return away

    return put


def scheduled(folder: Path) -> dg.ExecuteInProcessResult:
    """The reading of files as the schedule starts it."""
    definitions = build_defs(example_settings(folder))
    job = definitions.resolve_job_def("daily")
    with dg.DagsterInstance.ephemeral() as instance:
        return job.execute_in_process(
            instance=instance,
            op_selection=["configuration", "raw_files"],
            run_config=QUIET,
            raise_on_error=False,
        )


@pytest.mark.parametrize(
    ("error", "times", "tried", "succeeds"),
    [
        (PassingSourceError("away"), 2, 3, True),
        (PassingSourceError("away"), 9, 4, False),
        (SourceError("a wrong column"), 1, 1, False),
    ],
)
def test_a_scheduled_run_tries_again_what_may_pass(
    error: Exception, times: int, tried: int, succeeds: bool, reading: Any, tmp_path: Path
) -> None:
    away = reading(Away(error, times))
    assert scheduled(tmp_path).success is succeeds
    assert away.tried == tried


def test_a_run_that_a_person_started_waits_for_nothing(reading: Any, tmp_path: Path) -> None:
    away = reading(Away(PassingSourceError("sources.x: away"), 9))
    outcome = run_quickly(example_settings(tmp_path))
    assert away.tried == 1
    assert outcome.errors == ("sources.x: away",)
