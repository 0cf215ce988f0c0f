"""`hartslag check`."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from pipelines.commands.common import WRONG_USE, AsJson, Config, Home, err, plain_errors, say, warn

NO_TERM = (
    "retention: no term was chosen, so rows on residents are kept for ever.\n"
    "  Mend: choose how long under `retention:`, or write `retention: {terms: []}` to keep them on"
    " purpose; docs/privacy.md tells what it does."
)


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
    with plain_errors():
        if create_key:
            err.print(f"The pseudonym key is in {create_key_file()}; keep it safe.", soft_wrap=True)
        settings = Settings.resolve(config, home)
        municipality = load_municipality(settings.config_file)
        pseudonym_key()
    reports = try_sources(municipality, settings.config_file.parent)
    if as_json:
        sys.stdout.write(json.dumps(reports, indent=2, default=str) + "\n")
    else:
        say(f"{settings.config_file}: the configuration is in order.")
        if municipality.retention is None:
            warn(NO_TERM)
        for report in reports:
            for line in source_lines(report):
                (say if report["ok"] else warn)(line)
            if "problem" in report:
                warn(report["problem"])
    if not all(report["ok"] for report in reports):
        raise typer.Exit(WRONG_USE)
