"""`hartslag alert`."""

from __future__ import annotations

import typer

from pipelines.commands.common import FAILED, Config, Home, plain_errors, say, warn


def alert(config: Config = None, home: Home = None) -> None:
    """Send a trial alert to where the environment says, by mail and webhook.

    Example: hartslag alert --config municipality.yaml
    """
    from datetime import UTC, datetime

    from pipelines.alert_sensors import OFF
    from pipelines.alert_settings import channels
    from pipelines.alerts import AlertError, send, trial_alert
    from pipelines.configuration import load_municipality
    from pipelines.settings import Settings

    with plain_errors():
        to = channels()
        municipality = load_municipality(Settings.resolve(config, home).config_file)
        if not to.is_on:
            warn(f"{OFF}\n  Mend: set one of them; docs/checks.md.")
            raise typer.Exit(FAILED)
        try:
            reached = send(trial_alert(municipality.name, datetime.now(UTC)), to)
        except AlertError as error:
            warn(error)
            raise typer.Exit(FAILED) from None
        say(f"A trial was sent by {' and '.join(reached)}.")
