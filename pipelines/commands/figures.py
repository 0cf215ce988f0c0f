"""`hartslag kpi`, `explain` and `journey`: figures, and what is behind them."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from pipelines.commands.common import (
    WRONG_USE,
    AsJson,
    Config,
    Home,
    Speaks,
    Tongue,
    out,
    plain_errors,
    say,
    warn,
)


def kpi(
    name: Annotated[
        str, typer.Argument(help="A KPI (lead_time) or definition (on_time.due.rolled).")
    ],
    journey: Annotated[str | None, typer.Option(help="One journey.")] = None,
    segment: Annotated[str | None, typer.Option(help="all, channel, or one channel.")] = "all",
    period: Annotated[str, typer.Option(help="all, month, week, or one such as 2026-03.")] = "all",
    config: Config = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Print published figures with their definition and its hash.

    Example: hartslag kpi lead_time --journey permits --json
    """
    from pipelines.reading import current_run, figures, manifest, why_nothing
    from pipelines.settings import Settings
    from pipelines.telling import figure_table

    with plain_errors():
        folder = current_run(Settings.resolve(config, home))
    found = figures(folder, name, journey, segment, period)
    if found.is_empty():
        warn(why_nothing(folder, name, journey, segment, period))
        raise typer.Exit(WRONG_USE)
    if as_json:
        about = manifest(folder)
        content: dict[str, Any] = {key: about[key] for key in ("run", "data_until", "municipality")}
        content["figures"] = found.to_dicts()
        text = json.dumps(content, indent=2, ensure_ascii=False, default=str)
        sys.stdout.write(text + "\n")
    else:
        out.print(figure_table(found))


def explain(
    name: Annotated[str, typer.Argument(help="A definition (on_time.due.rolled) or a KPI.")],
    journey: Annotated[str | None, typer.Option(help="One journey.")] = None,
    segment: Annotated[str, typer.Option(help="All, or one segment such as a channel.")] = "all",
    period: Annotated[str, typer.Option(help="All, or one such as 2026-03.")] = "all",
    language: Speaks = Tongue.EN,
    with_sql: Annotated[
        bool, typer.Option("--sql", help="Print the SQL of the model too.")
    ] = False,
    config: Config = None,
    home: Home = None,
) -> None:
    """Show what is behind one figure: its definition, its rows step by step, and ten of them.

    Example: hartslag explain on_time --journey permits --sql
    """
    from pipelines.explaining import explain
    from pipelines.settings import Settings
    from pipelines.telling import example_table, figure_lines

    with plain_errors():
        figure = explain(Settings.resolve(config, home), name, journey, segment, period)
    for line in figure_lines(figure, language.value):
        say(line)
    out.print(example_table(figure))
    say(figure.explanation.query)
    if with_sql:
        say(
            f"\n-- transforms/{figure.model.schema}/{figure.model.table}.sql\n{figure.model.select}"
        )


def journey(
    number: Annotated[int, typer.Argument(help="Number of the journey, as explain shows it.")],
    config: Config = None,
    home: Home = None,
) -> None:
    """Show what the journey of one resident is made of, and why each part belongs to it.

    Example: hartslag journey 12
    """
    from pipelines.explaining import stitched
    from pipelines.settings import Settings
    from pipelines.telling import rows_table

    with plain_errors():
        out.print(rows_table(stitched(Settings.resolve(config, home), number)))
