"""`hartslag backup` and `hartslag restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.common import Config, Home, plain_errors, say, warn


def backup(
    target: Annotated[Path, typer.Argument(help="A new folder; best on another disk.")],
    config: Config = None,
    home: Home = None,
    wait: Annotated[int, typer.Option(min=0, help="Minutes to wait for a run that is on.")] = 120,
) -> None:
    """Copy all that no run can make again to a new folder: warehouse, publications, configuration.

    Never in it: the pseudonym key, the secrets of sources, and the files that sources deliver,
    which hold names.

    Example: hartslag backup /backups/$(date +%F) --home .hartslag
    """
    from pipelines.backup import back_up
    from pipelines.restore import SHOWN
    from pipelines.settings import Settings

    with plain_errors():
        about = back_up(Settings.resolve(config, home), target, wait * 60.0, warn)
    say(f"{len(about.files)} files in {target}; every row of raw was read.")
    key = about.key_fingerprint
    which = f"its fingerprint is {key[:SHOWN]}" if key else "the next run will note which it is"
    say(f"The pseudonym key is NOT in it: keep that elsewhere, without it no run goes on; {which}.")
    say("Nor are secrets of sources, the files that they deliver, and Dagster's record of runs.")


def restore(
    source: Annotated[Path, typer.Argument(metavar="BACKUP", help="What `backup` made.")],
    home: Annotated[Path, typer.Option(help="A new or empty folder.")],
    accept_other_key: Annotated[
        bool, typer.Option("--accept-other-key", help="The pseudonym key of the backup is lost.")
    ] = False,
) -> None:
    """Make a new home from a backup, after each file was compared with its hash.

    Example: hartslag restore /backups/2026-03-02 --home /srv/hartslag
    """
    from pipelines.restore import restore as restored
    from pipelines.settings import known_key

    place = home.expanduser().absolute()
    with plain_errors():
        key = known_key()
        about = restored(source, place, key, warn, accept_other_key=accept_other_key)
    say(f"{len(about.files)} files of {about.made_at} in {place}.")
    config = place / "municipality.yaml"
    say(f"The configuration is {config}: look whether the paths of its sources are right here")
    say("(`hartslag check`), then:")
    say(f"hartslag run --config {config} --home {place}")
