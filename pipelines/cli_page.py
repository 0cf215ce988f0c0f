"""`python -m pipelines.cli_page` prints docs/cli.md, which is made from the commands alone."""

from __future__ import annotations

import sys
from typing import Any

import typer.main

from pipelines.cli import app

_HEAD = """# The commands

Made by `make docs` from the commands themselves; change those, not this page. Exit codes: 0 done,
1 the run failed or a service is unwell, 2 wrong use or configuration, 3 a check blocked it.
"""


def cli_page() -> str:
    """The page, in Markdown: the options of all commands, and a section per command."""
    group: Any = typer.main.get_command(app)
    lines = [_HEAD, "## hartslag\n", *_described(group)]
    for name, command in sorted(group.commands.items()):
        lines += [f"## hartslag {name}\n", *_described(command)]
    return "\n".join(lines)


def _described(command: Any) -> list[str]:
    """What a command does, its example as code, and a row for each argument and option."""
    words, _, example = (command.help or "").partition("Example: ")
    lines = [" ".join(words.split()), ""]
    if example:
        lines += [f"    {example.strip()}", ""]
    rows = [_row(parameter) for parameter in command.params if not parameter.hidden]
    if rows:
        lines += ["| argument or option | what | default |", "|---|---|---|", *rows, ""]
    return lines


def _row(parameter: Any) -> str:
    is_option = parameter.opts[0].startswith("-")
    names = [*parameter.opts, *parameter.secondary_opts] if is_option else [parameter.name.upper()]
    said = " ".join((parameter.help or "").split()).replace("|", "/")
    if parameter.envvar:
        said = f"{said} Also `{parameter.envvar}` in the environment."
    return f"| {', '.join(f'`{name}`' for name in names)} | {said} | {_default(parameter)} |"


def _default(parameter: Any) -> str:
    value = getattr(parameter.default, "value", parameter.default)
    if parameter.required:
        return "required"
    return "" if value in (None, False, (), []) or callable(value) else f"`{value}`"


if __name__ == "__main__":
    sys.stdout.write(cli_page())
