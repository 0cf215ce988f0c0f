"""The `hartslag` command. Heavy imports stay inside the commands, so that --help answers at once.

What belongs here: which commands there are. What does not: the commands (`commands/`).
"""

from __future__ import annotations

import typer

from pipelines.commands.app import app as app_command
from pipelines.commands.check import check
from pipelines.commands.erase import erase
from pipelines.commands.evidence import evidence, plan
from pipelines.commands.export import export, export_log
from pipelines.commands.figures import explain, journey, kpi
from pipelines.commands.report import report
from pipelines.commands.rotate_key import rotate_key
from pipelines.commands.run import demo, run
from pipelines.commands.serve import listen, serve

app = typer.Typer(
    help="Hartslag: what changed for residents, and can it be believed?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
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
    listen,
    export,
    export_log,
    erase,
    rotate_key,
)
for command in COMMANDS:
    app.command()(command)


if __name__ == "__main__":
    app()
