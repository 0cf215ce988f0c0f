"""What the commands share: how they speak, the options that all have, and errors without traceback.

Exit codes: 0 done, 1 the run failed, 2 wrong use or configuration, 3 a check blocked publication.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

FAILED, WRONG_USE, BLOCKED = 1, 2, 3

# A table in a file or a pipe is not squeezed into the width of a screen.
out = Console(width=None if sys.stdout.isatty() else 200)
err = Console(stderr=True)

Config = Annotated[
    Path | None, typer.Option("--config", "-c", help="The configuration, municipality.yaml.")
]
Prefix = Annotated[str, typer.Option(help="Path behind a proxy, such as /hartslag/.")]
Home = Annotated[
    Path | None, typer.Option(help="Where runs write; default .hartslag beside the configuration.")
]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


class Tongue(StrEnum):
    """The languages that Hartslag speaks."""

    NL = "nl"
    EN = "en"


Speaks = Annotated[Tongue, typer.Option("--language", help="nl or en.")]


def say(text: object) -> None:
    out.print(text, soft_wrap=True, highlight=False, markup=False)


def warn(text: object) -> None:
    err.print(text, style="red", soft_wrap=True, highlight=False, markup=False)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Errors that a person can act on, without a traceback."""
    from pipelines.errors import PlainError

    try:
        yield
    except PlainError as error:
        warn(error)
        raise typer.Exit(WRONG_USE) from None
