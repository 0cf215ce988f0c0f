"""`hartslag rotate-key`."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.commands.common import WRONG_USE, Config, Home, plain_errors, say, warn


def rotate_key(
    yes: Annotated[bool, typer.Option("--yes", help="Renew it; without it, only say how.")] = False,
    config: Config = None,
    home: Home = None,
) -> None:
    """Renew the pseudonym key: a secret is added, and everything in the warehouse is renewed by it.

    Who has the old key alone can do nothing with the warehouse any longer. Keep the whole file: old
    and new secret are both needed. Stop `hartslag listen` before, and start it again afterwards.

    Example: hartslag rotate-key --yes
    """
    from pipelines.key_renewal import rotate
    from pipelines.settings import Settings, key_file

    with plain_errors():
        settings = Settings.resolve(config, home)
        if not settings.warehouse_file.exists():
            warn(f"There is no warehouse in {settings.home}.\n  Mend: name the home with --home.")
            raise typer.Exit(WRONG_USE)
        if not yes:
            say(
                f"This would add a secret to {key_file()} and renew {settings.warehouse_file}."
                " Nothing was changed. Add --yes to do it; keep a copy of the key file first."
            )
            return
        done = rotate(settings)
    if done.is_new:
        say(f"The key in {key_file()} has a new secret; keep the whole file safe.")
    else:
        say("The key was renewed before; this warehouse was brought along.")
    say(f"Renewed: {done.pseudonyms:,} pseudonyms, {done.notices:,} notifications that waited.")
    say("Next: `hartslag run` makes the figures anew. Backups of before are of the old key still.")
