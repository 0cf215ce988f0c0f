"""`hartslag compare`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.common import plain_errors, say


def compare(
    homes: Annotated[list[Path], typer.Argument(help="The homes of two or more municipalities.")],
    to: Annotated[Path, typer.Option(help="Folder for the comparison.")] = Path("comparison"),
    period: Annotated[str, typer.Option(help="All, or a published month such as 2026-03.")] = "all",
) -> None:
    """Set what several municipalities published side by side, on the same definitions.

    Example: hartslag compare lindeveld/.hartslag beekdal/.hartslag --to comparison
    """
    from pipelines.comparing import compare as compared
    from pipelines.comparing import publications

    with plain_errors():
        for file in compared(publications(homes), to, period):
            say(file)
