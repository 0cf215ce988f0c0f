"""The `hartslag` command. Heavy imports stay inside the commands, so that --help answers at once.

Exit codes: 0 done, 1 the run failed, 2 wrong use or configuration, 3 a check blocked publication.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

if TYPE_CHECKING:
    from pipelines.settings import Settings

FAILED, WRONG_USE, BLOCKED = 1, 2, 3

app = typer.Typer(
    help="Hartslag: what changed for residents, and can it be believed?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
# A table in a file or a pipe is not squeezed into the width of a screen.
out = Console(width=None if sys.stdout.isatty() else 200)
err = Console(stderr=True)

Config = Annotated[
    Path | None, typer.Option("--config", "-c", help="The configuration, municipality.yaml.")
]
Home = Annotated[
    Path | None, typer.Option(help="Where runs write; default .hartslag beside the configuration.")
]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


def _say(text: object) -> None:
    out.print(text, soft_wrap=True, highlight=False, markup=False)


def _warn(text: object) -> None:
    err.print(text, style="red", soft_wrap=True, highlight=False, markup=False)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Errors that a person can act on, without a traceback."""
    from pipelines.errors import PlainError

    try:
        yield
    except PlainError as error:
        _warn(error)
        raise typer.Exit(WRONG_USE) from None


@app.command()
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
    with _plain_errors(), ExitStack() as stack:
        with bars(err, "simulating", "days") as shown:
            if live:
                settings = stack.enter_context(live_demo(home, scale, shown.work))
            else:
                settings = prepare_demo(home, scale, shown.work)
        _run(settings)


@app.command()
def run(config: Config = None, home: Home = None) -> None:
    """Read the sources, rebuild every table, check it, publish.

    Example: hartslag run --config municipality.yaml
    """
    from pipelines.settings import Settings

    with _plain_errors():
        _run(Settings.resolve(config, home))


def _run(settings: Settings) -> None:
    from pipelines.bars import bars
    from pipelines.configuration import load_municipality
    from pipelines.settings import pseudonym_key

    load_municipality(settings.config_file)
    pseudonym_key()
    with bars(err, "building", "tables") as shown:
        from pipelines.runs import run_daily

        outcome = run_daily(settings, shown.work, shown.reading)
    for message in (*outcome.errors, *(f"Blocked by {name}" for name in outcome.blocked)):
        _warn(message)
    if not outcome.ok:
        _warn("Nothing was published; what was published before still stands.")
        raise typer.Exit(BLOCKED if outcome.blocked else FAILED)
    _say_where(settings)


def _say_where(settings: Settings) -> None:
    from pipelines.reading import current_run, manifest

    about = manifest(current_run(settings))
    site = settings.published / "current" / "site" / "index.html"
    _say(f"Published run {about['run']}, data until {about['data_until']}.")
    _say(f"Open {site}")
    program = "hartslag" if shutil.which("hartslag") else sys.argv[0]
    _say(f"or run: {program} serve --home {settings.home}")


@app.command()
def check(
    config: Config = None,
    home: Home = None,
    create_key: Annotated[
        bool, typer.Option("--create-key", help="Make a pseudonym key where there is none.")
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of the configuration.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the configuration and try each source, without running anything.

    Example: hartslag check --config municipality.yaml
    """
    from pipelines.checking import try_sources
    from pipelines.configuration import load_municipality
    from pipelines.municipality import Municipality
    from pipelines.settings import Settings, create_key_file, pseudonym_key
    from pipelines.telling import source_lines

    if schema:
        sys.stdout.write(json.dumps(Municipality.model_json_schema(), indent=2) + "\n")
        return
    with _plain_errors():
        if create_key:
            err.print(f"The pseudonym key is in {create_key_file()}; keep it safe.", soft_wrap=True)
        settings = Settings.resolve(config, home)
        municipality = load_municipality(settings.config_file)
        pseudonym_key()
    reports = try_sources(municipality, settings.config_file.parent)
    if as_json:
        sys.stdout.write(json.dumps(reports, indent=2, default=str) + "\n")
    else:
        _say(f"{settings.config_file}: the configuration is in order.")
        for report in reports:
            for line in source_lines(report):
                (_say if report["ok"] else _warn)(line)
            if "problem" in report:
                _warn(report["problem"])
    if not all(report["ok"] for report in reports):
        raise typer.Exit(WRONG_USE)


@app.command()
def kpi(
    name: Annotated[
        str, typer.Argument(help="A KPI (lead_time) or definition (on_time.due.rolled).")
    ],
    journey: Annotated[str | None, typer.Option(help="One journey.")] = None,
    segment: Annotated[str | None, typer.Option(help="all, channel, or one channel.")] = "all",
    period: Annotated[str, typer.Option(help="all, month, week, or one such as 2026-03.")] = "all",
    config: Config = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Print published figures with their definition and its hash.

    Example: hartslag kpi lead_time --journey permits --json
    """
    from pipelines.reading import current_run, figures, manifest, why_nothing
    from pipelines.settings import Settings
    from pipelines.telling import figure_table

    with _plain_errors():
        folder = current_run(Settings.resolve(config, home))
    found = figures(folder, name, journey, segment, period)
    if found.is_empty():
        _warn(why_nothing(folder, name, journey, segment, period))
        raise typer.Exit(WRONG_USE)
    if as_json:
        about = manifest(folder)
        content: dict[str, Any] = {key: about[key] for key in ("run", "data_until", "municipality")}
        content["figures"] = found.to_dicts()
        text = json.dumps(content, indent=2, ensure_ascii=False, default=str)
        sys.stdout.write(text + "\n")
    else:
        out.print(figure_table(found))


@app.command()
def explain(
    name: Annotated[str, typer.Argument(help="A definition (on_time.due.rolled) or a KPI.")],
    journey: Annotated[str | None, typer.Option(help="One journey.")] = None,
    segment: Annotated[str, typer.Option(help="All, or one segment such as a channel.")] = "all",
    period: Annotated[str, typer.Option(help="All, or one such as 2026-03.")] = "all",
    language: Annotated[str, typer.Option(help="nl or en.")] = "en",
    with_sql: Annotated[
        bool, typer.Option("--sql", help="Print the SQL of the model too.")
    ] = False,
    config: Config = None,
    home: Home = None,
) -> None:
    """Show what is behind one figure: its definition, its rows step by step, and ten of them.

    Example: hartslag explain on_time --journey permits --sql
    """
    from pipelines.explaining import explain
    from pipelines.settings import Settings
    from pipelines.telling import example_table, figure_lines

    with _plain_errors():
        figure = explain(Settings.resolve(config, home), name, journey, segment, period)
    for line in figure_lines(figure, "nl" if language == "nl" else "en"):
        _say(line)
    out.print(example_table(figure))
    _say(figure.explanation.query)
    if with_sql:
        _say(
            f"\n-- transforms/{figure.model.schema}/{figure.model.table}.sql\n{figure.model.select}"
        )


@app.command()
def journey(
    number: Annotated[int, typer.Argument(help="Number of the journey, as explain shows it.")],
    config: Config = None,
    home: Home = None,
) -> None:
    """Show what the journey of one resident is made of, and why each part belongs to it.

    Example: hartslag journey 12
    """
    from pipelines.explaining import stitched
    from pipelines.settings import Settings
    from pipelines.telling import rows_table

    with _plain_errors():
        out.print(rows_table(stitched(Settings.resolve(config, home), number)))


@app.command()
def serve(
    config: Config = None,
    home: Home = None,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8787,
) -> None:
    """Serve the published site on this machine, until Ctrl-C.

    Example: hartslag serve --port 8787
    """
    from pipelines.reading import current_run
    from pipelines.serving import site_server
    from pipelines.settings import Settings

    settings = Settings.resolve(config, home)
    with _plain_errors():
        current_run(settings)
    try:
        served = site_server(settings, port)
    except OSError as error:
        _warn(f"Port {port}: {error.strerror}.\n  Mend: try another, such as --port {port + 1}.")
        raise typer.Exit(WRONG_USE) from None
    with served as server:
        out.print(f"Serving on http://127.0.0.1:{server.server_address[1]}/ (Ctrl-C stops)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            out.print("Stopped.")


@app.command()
def listen(
    config: Config = None,
    home: Home = None,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8788,
) -> None:
    """Receive notifications of case systems, until Ctrl-C; a proxy brings them to this machine.

    Example: hartslag listen --port 8788
    """
    import uvicorn

    from pipelines.configuration import load_municipality
    from pipelines.receiving import Inbox, receiver
    from pipelines.settings import Settings, pseudonym_key

    with _plain_errors():
        settings, key = Settings.resolve(config, home), pseudonym_key()
        municipality = load_municipality(settings.config_file)
        service = receiver(municipality, Inbox(settings.notices_file, key), key)
    _say(f"Receiving on http://127.0.0.1:{port}/<source> (Ctrl-C stops)")
    uvicorn.run(service, host="127.0.0.1", port=port, log_level="warning", server_header=False)


@app.command()
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
        _warn(f"--format is {kind!r}; use csv or parquet.")
        raise typer.Exit(WRONG_USE)
    with _plain_errors():
        folder = current_run(Settings.resolve(config, home))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        _warn(f"{target} is not an empty folder; name another.")
        raise typer.Exit(WRONG_USE)
    target.mkdir(parents=True, exist_ok=True)
    files = sorted((folder / "marts").glob(f"*.{kind}"))
    for file in [*files, folder / "manifest.json"]:
        shutil.copy2(file, target)
    _say(f"{len(files)} tables in {target}")


if __name__ == "__main__":
    app()
