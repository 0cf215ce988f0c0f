"""`hartslag report`: evidence on paper, for management and council."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.common import Config, Home, Speaks, Tongue, plain_errors, say


def report(
    name: Annotated[str, typer.Argument(help="An improvement, or portfolio for all of them.")],
    language: Speaks = Tongue.NL,
    pdf: Annotated[
        Path | None, typer.Option(help="Print it to this file, by Chromium, Chrome or Edge.")
    ] = None,
    config: Config = None,
    home: Home = None,
) -> None:
    """Say where the report is, or print it as a PDF.

    Example: hartslag report portfolio --pdf council.pdf
    """
    from pipelines.reporting import page_of, printed
    from pipelines.settings import Settings

    with plain_errors():
        page = page_of(Settings.resolve(config, home), name, language.value)
        say(page if pdf is None else printed(page.resolve(), pdf.absolute()))
