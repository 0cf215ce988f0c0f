"""The `hartslag` command. Heavy imports stay inside the commands, so that --help answers at once.

What belongs here: which commands there are. What does not: the commands (`commands/`).
"""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.commands.alert import alert
from pipelines.commands.app import app as app_command
from pipelines.commands.backup import backup, restore
from pipelines.commands.check import check
from pipelines.commands.compare import compare
from pipelines.commands.doctor import doctor
from pipelines.commands.erase import erase
from pipelines.commands.evidence import evidence, plan
from pipelines.commands.export import export, export_log
from pipelines.commands.figures import explain, journey, kpi
from pipelines.commands.health import health
from pipelines.commands.report import report
from pipelines.commands.rotate_key import rotate_key
from pipelines.commands.run import demo, run
from pipelines.commands.serve import listen, serve
from pipelines.logs import LogFormat, log_as_json

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def common(
    log_format: Annotated[
        LogFormat,
        typer.Option(envvar="HARTSLAG_LOG", help="How services log; JSON has no personal data."),
    ] = LogFormat.TEXT,
) -> None:
    """Hartslag: what changed for residents, and can it be believed?"""
    if log_format is LogFormat.JSON:
        log_as_json()


COMMANDS = (
    demo,
    run,
    check,
    kpi,
    explain,
    journey,
    evidence,
    plan,
    report,
    serve,
    app_command,
    health,
    listen,
    export,
    export_log,
    compare,
    backup,
    restore,
    erase,
    alert,
    doctor,
    rotate_key,
)
for command in COMMANDS:
    app.command()(command)


if __name__ == "__main__":
    app()
