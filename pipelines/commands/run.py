"""`hartslag demo` and `hartslag run`."""

from __future__ import annotations

import shutil
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.common import BLOCKED, FAILED, Config, Home, err, plain_errors, say, warn

if TYPE_CHECKING:
    from pipelines.connectors.reading import Cadence
    from pipelines.settings import Settings


def demo(
    home: Annotated[Path | None, typer.Option(help="Where to; default .hartslag/demo.")] = None,
    residents: Annotated[int, typer.Option(min=1000, max=1_000_000)] = 27_000,
    months: Annotated[int, typer.Option(min=6, max=60)] = 30,
    seed: Annotated[int, typer.Option(help="Another seed, another town.")] = 2026,
    live: Annotated[
        bool, typer.Option("--live", help="Serve its systems here, and read them by their APIs.")
    ] = False,
) -> None:
    """Simulate Lindeveld, an invented municipality, run everything on it, say where to look.

    Example: hartslag demo --residents 9000
    """
    from lindeveld.town import Scale

    from pipelines.bars import bars
    from pipelines.demo import live_demo, prepare_demo

    scale = Scale(residents, months, seed)
    with plain_errors(), ExitStack() as stack:
        with bars(err, "simulating", "days") as shown:
            if live:
                settings = stack.enter_context(live_demo(home, scale, shown.work))
            else:
                settings = prepare_demo(home, scale, shown.work)
        _run(settings)


def run(
    config: Config = None,
    home: Home = None,
    whole: Annotated[
        bool,
        typer.Option("--whole", help="Read systems whole, so that what is gone there goes here."),
    ] = False,
) -> None:
    """Read the sources, rebuild every table, check it, publish.

    Of systems with an API it reads what is new and what can still change; once a week `--whole`.

    Example: hartslag run --config municipality.yaml
    """
    from pipelines.settings import Settings

    with plain_errors():
        _run(Settings.resolve(config, home), "weekly" if whole else "daily")


def _run(settings: Settings, job: Cadence = "daily") -> None:
    from pipelines.bars import bars
    from pipelines.configuration import load_municipality
    from pipelines.settings import pseudonym_key

    load_municipality(settings.config_file)
    pseudonym_key()
    with bars(err, "building", "tables") as shown:
        from pipelines.runs import run_job

        outcome = run_job(settings, shown.work, shown.reading, job=job)
    for message in (*outcome.errors, *(f"Blocked by {name}" for name in outcome.blocked)):
        warn(message)
    if not outcome.ok:
        warn("Nothing was published; what was published before still stands.")
        raise typer.Exit(BLOCKED if outcome.blocked else FAILED)
    _say_where(settings)


def _say_where(settings: Settings) -> None:
    from pipelines.reading import current_run, manifest

    about = manifest(current_run(settings))
    site = settings.published / "current" / "site" / "index.html"
    say(f"Published run {about['run']}, data until {about['data_until']}.")
    say(f"Open {site}")
    program = "hartslag" if shutil.which("hartslag") else sys.argv[0]
    say(f"or run: {program} serve --home {settings.home}")
