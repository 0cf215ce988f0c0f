"""`hartslag erase`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.common import FAILED, WRONG_USE, Config, Home, plain_errors, say, warn

if TYPE_CHECKING:
    from pipelines.erasing import Erasure


def erase(
    client: Annotated[
        str | None, typer.Option(help="The pseudonym of the resident, as the warehouse has it.")
    ] = None,
    from_stdin: Annotated[
        bool,
        typer.Option(
            "--identifier-from-stdin",
            help="Read a number of the resident (BSN, client number) from standard input.",
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Erase; without it, only count.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count, whatever else.")] = False,
    config: Config = None,
    home: Home = None,
) -> None:
    """Erase one resident: all rows of their cases and contacts, for good.

    The number of a resident never goes on the command line, where others can read it: give it on
    standard input, or type it when asked. Run `hartslag run` afterwards, for figures without them.

    Example: hartslag erase --yes
    """
    from pipelines.erasing import by_identifier, by_pseudonym, count_traces
    from pipelines.erasing import erase as erased
    from pipelines.settings import Settings, pseudonym_key

    if client and from_stdin:
        warn("Give either --client or --identifier-from-stdin.")
        raise typer.Exit(WRONG_USE)
    with plain_errors():
        settings, key = Settings.resolve(config, home), pseudonym_key()
        meant = by_pseudonym(client) if client else by_identifier(_identifier(from_stdin), key)
        if dry_run or not yes:
            _tell(count_traces(settings, meant, key))
            say("Nothing was changed. Add --yes to erase.")
            return
        done = erased(settings, meant, key)
    _tell(done)
    _tell_files(done)


def _identifier(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline()
    return str(typer.prompt("Number of the resident (not shown)", hide_input=True, default=""))


def _tell(found: Erasure) -> None:
    for (source, what), count in sorted(found.rows.items()):
        say(f"{source}: {what}: {count:,}")
    if not found.rows:
        say(
            "No rows of this resident are here.\n  Mend: if there should be, write the number as"
            " the source does, with or without leading zeros."
        )


def _tell_files(done: Erasure) -> None:
    if done.notices:
        say(f"notifications that waited: {done.notices:,}")
    if done.scrubbed:
        say(f"files of Dagster from which pseudonyms were taken: {done.scrubbed:,}")
    if done.left:
        for file in done.left:
            warn(f"{file}: a pseudonym still stands in this file.")
        warn("  Mend: end every program that holds these files, and give the command again.")
        raise typer.Exit(FAILED)
    say("Erased: no pseudonym of theirs is in any file of the home, and none will come in again.")
    say("Next: `hartslag run` publishes figures without them; backups hold them until these end.")
