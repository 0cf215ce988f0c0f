"""`hartslag export`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.common import WRONG_USE, Config, Home, plain_errors, say, warn


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
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        warn(f"{target} is not an empty folder; name another.")
        raise typer.Exit(WRONG_USE)
    target.mkdir(parents=True, exist_ok=True)
    files = sorted((folder / "marts").glob(f"*.{kind}"))
    for file in [*files, folder / "manifest.json"]:
        shutil.copy2(file, target)
    say(f"{len(files)} tables in {target}")
