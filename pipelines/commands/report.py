"""`hartslag report`: evidence on paper, for management and council."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.common import Config, Home, Speaks, Tongue, plain_errors, say


def report(
    name: Annotated[str, typer.Argument(help="An improvement, or portfolio for all of them.")],
    language: Speaks = Tongue.NL,
    html: Annotated[
        Path | None, typer.Option(help="Write it to this file; default: reports/ below the home.")
    ] = None,
    pdf: Annotated[
        Path | None, typer.Option(help="Print it to this file, by Chromium, Chrome or Edge.")
    ] = None,
    config: Config = None,
    home: Home = None,
) -> None:
    """Write the evidence of an improvement, or of all, as one HTML file, and print it as a PDF.

    Example: hartslag report portfolio --pdf council.pdf
    """
    from pipelines.reporting import printed, written
    from pipelines.settings import Settings

    with plain_errors():
        page = written(Settings.resolve(config, home), name, language.value, html)
        say(page if pdf is None else printed(page.resolve(), pdf.absolute()))
