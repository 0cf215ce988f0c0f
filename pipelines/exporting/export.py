"""`hartslag export-log`: journeys out of the warehouse as files for other tools.

What belongs here: which form is written by which function. What does not: the forms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.explaining import reading
from pipelines.exporting.choice import Choice, ExportError, Progress, choose
from pipelines.exporting.flat import write_csv, write_xes
from pipelines.exporting.models import write_bpmn, write_pnml
from pipelines.exporting.ocel_files import write_json, write_sqlite
from pipelines.settings import Settings

Writer = Callable[[duckdb.DuckDBPyConnection, Choice, Path, Progress], list[str]]
WRITERS: dict[str, Writer] = {
    "xes": write_xes,
    "ocel-json": write_json,
    "ocel-sqlite": write_sqlite,
    "csv": write_csv,
    "bpmn": write_bpmn,
    "pnml": write_pnml,
}


@dataclass(frozen=True)
class Exported:
    """The names of the files, and of which journeys they are and are not."""

    files: list[str]
    choice: Choice


def export_log(
    settings: Settings, folder: Path, form: str, journey: str | None, progress: Progress
) -> Exported:
    """Writes to an existing folder. Raises ExportError where no journey may be exported, and
    UnexplainableError where the warehouse cannot be read."""
    with reading(settings) as connection:
        choice = choose(connection, journey)
        files = WRITERS[form](connection, choice, folder, progress)
    if not files:
        raise ExportError(
            f"Nothing to export: no variant is followed by {choice.threshold} cases or more, and a"
            " model of rarer ones would tell what single residents did.\n"
            "  Mend: choose another journey, or export when more cases have come in."
        )
    return Exported(files, choice)
