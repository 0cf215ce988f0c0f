"""`hartslag export` and `hartslag export-log`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.common import WRONG_USE, Config, Home, err, plain_errors, say, warn


def export(
    target: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    kind: Annotated[str, typer.Option("--format", help="parquet or csv.")] = "csv",
    config: Config = None,
    home: Home = None,
) -> None:
    """Copy the published tables to a folder, with the manifest that says what they are.

    Example: hartslag export figures --format csv
    """
    from pipelines.reading import current_run
    from pipelines.settings import Settings

    if kind not in ("csv", "parquet"):
        warn(f"--format is {kind!r}; use csv or parquet.")
        raise typer.Exit(WRONG_USE)
    with plain_errors():
        folder = current_run(Settings.resolve(config, home))
    _make_empty(target)
    files = sorted((folder / "marts").glob(f"*.{kind}"))
    for file in [*files, folder / "manifest.json"]:
        shutil.copy2(file, target)
    say(f"{len(files)} tables in {target}")


def _make_empty(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        warn(f"{target} is not an empty folder; name another.")
        raise typer.Exit(WRONG_USE)
    target.mkdir(parents=True, exist_ok=True)


def export_log(
    target: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    form: Annotated[
        str,
        typer.Option("--format", help="xes, csv, ocel-json, ocel-sqlite; of the model bpmn, pnml."),
    ] = "xes",
    journey: Annotated[str | None, typer.Option(help="One journey; without it all.")] = None,
    config: Config = None,
    home: Home = None,
) -> None:
    """Write event logs, or the models found in them, for other process-mining tools.

    An event log is pseudonymous data about persons: for analysis within its purpose, never for
    publication.

    Example: hartslag export-log logs --format ocel-json --journey permits
    """
    from pipelines.bars import bars
    from pipelines.exporting.choice import too_small
    from pipelines.exporting.export import WRITERS, export_log
    from pipelines.settings import Settings

    if form not in WRITERS:
        warn(f"--format is {form!r}; use one of {', '.join(WRITERS)}.")
        raise typer.Exit(WRONG_USE)
    with plain_errors():
        settings = Settings.resolve(config, home)
        _make_empty(target)
        with bars(err, "exporting", "") as shown:
            done = export_log(settings, target, form, journey, shown.work)
    for name in done.choice.refused:
        warn(f"{name} is left out. {too_small(done.choice.threshold)}")
    for found in done.choice.journeys:
        without = f"; {found.without_events:,} have no events" if found.without_events else ""
        say(f"{found.name}: {found.cases:,} cases{without}")
    say(f"{', '.join(done.files)} in {target}")
    if form not in ("bpmn", "pnml"):
        say("An event log is pseudonymous data about persons, and not for publication.")
