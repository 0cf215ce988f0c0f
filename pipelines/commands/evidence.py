"""`hartslag evidence` and `plan`: what improvements did, and how long it takes to see it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

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

if TYPE_CHECKING:
    from dashboards.marts import Marts, Record


def evidence(
    improvement: Annotated[
        str | None, typer.Argument(help="One improvement; without it all of them.")
    ] = None,
    language: Speaks = Tongue.EN,
    config: Config = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Print the published verdicts on improvements, with their reasons and checks.

    Example: hartslag evidence early_visit --json
    """
    from dashboards.text import Text
    from pipelines.reading import current_marts, unknown
    from pipelines.settings import Settings
    from pipelines.telling import card_lines, check_rows, verdict_table

    with plain_errors():
        marts = current_marts(Settings.resolve(config, home))
    rows = marts.rows("improvement_evidence")
    if improvement is not None:
        known = list(dict.fromkeys(row["improvement"] for row in rows))
        rows = [row for row in rows if row["improvement"] == improvement]
        if not rows:
            warn(unknown("Improvement", improvement, known))
            raise typer.Exit(WRONG_USE)
    if as_json:
        sys.stdout.write(json.dumps(_content(marts, rows), indent=2, default=str) + "\n")
        return
    text = Text(language.value)
    if improvement is None:
        from dashboards.evidence import portfolio_finding

        say(portfolio_finding(marts, text))
        out.print(verdict_table(marts, rows, text))
        return
    for row in rows:
        for line in card_lines(marts, row, text):
            say(line)
        out.print(check_rows(marts, row, text))


def plan(
    improvement: Annotated[str, typer.Argument(help="An improvement of the register.")],
    language: Speaks = Tongue.EN,
    config: Config = None,
    home: Home = None,
) -> None:
    """Say how long it takes to see what is expected of an improvement, with 80 % chance.

    Example: hartslag plan early_visit
    """
    from dashboards.evidence import plan_sentence
    from dashboards.text import Text
    from pipelines.planning import plans
    from pipelines.settings import Settings

    text = Text(language.value)
    with plain_errors():
        found = plans(Settings.resolve(config, home), improvement)
    for each in found:
        say(plan_sentence(each.question, each.plan, text))


def _content(marts: Marts, rows: list[Record]) -> dict[str, Any]:
    """Each verdict with its checks, months and other ways of looking, and the run they are of."""
    beside = ("evidence_points", "evidence_analyses")
    register = {item["improvement"]: item for item in marts.rows("improvements")}
    about = ("journey", "name_nl", "name_en", "went_live_on", "owner", "cost_eur", "comparison")
    return {
        "run": marts.manifest.run,
        "data_until": marts.manifest.data_until,
        "municipality": marts.manifest.municipality,
        "verdicts": [
            row
            | {key: register[row["improvement"]][key] for key in about}
            | {"checks": _checks(marts, row)}
            | {
                table.removeprefix("evidence_"): marts.rows(
                    table, improvement=row["improvement"], definition=row["definition"]
                )
                for table in beside
            }
            for row in rows
        ],
    }


def _checks(marts: Marts, row: Record) -> list[Record]:
    """The checks of a verdict, their facts as values and not as text."""
    from dashboards.evidence import checks_of

    return [check | {"facts": json.loads(check["facts"])} for check in checks_of(marts, row)]
