"""The register of improvements: what was promised, by whom, since when, and what came of it."""

import json
from collections.abc import Iterable, Sequence
from itertools import count
from string import ascii_uppercase
from typing import Literal

from dashboards.evidence import VERDICTS, measured_words, wish_words
from dashboards.kpis import Kpis
from dashboards.marts import Marts, Record
from dashboards.pages import card_file
from dashboards.text import Text
from dashboards.views import Cell, Table, plain

Status = Literal["planned", "live", "followed", "judged"]
_OUTCOME = ("mark", "improvement", "verdict", "reason", "journey", "expected", "measured", "naive")
_PLAN = (
    *("mark", "improvement", "verdict", "measured", "expected", "journey", "owner", "status"),
    "cost",
)


def numbered_improvements(marts: Marts) -> list[Record]:
    """The register by go-live date, each with the mark (A, B, …) that stands in the charts."""
    ordered = sorted(
        marts.rows("improvements"), key=lambda i: (i["went_live_on"], i["improvement"])
    )
    marks = (ascii_uppercase[n] if n < 26 else str(n + 1) for n in count())
    return [item | {"mark": mark} for item, mark in zip(ordered, marks, strict=False)]


def plan_table(marts: Marts, kpis: Kpis, text: Text) -> Table | None:
    """The register as a plan, by go-live date. None when it is empty."""
    return _table(numbered_improvements(marts), _PLAN, marts, kpis, text)


def outcome_table(marts: Marts, kpis: Kpis, text: Text) -> Table | None:
    """What came of the register and why that is the verdict: what is proven comes first."""

    def rank(item: Record) -> int:
        said = (VERDICTS.index(row["verdict"]) for row in _evidence(item, marts))
        return min(said, default=len(VERDICTS))

    return _table(sorted(numbered_improvements(marts), key=rank), _OUTCOME, marts, kpis, text)


def _table(
    items: Sequence[Record], columns: Sequence[str], marts: Marts, kpis: Kpis, text: Text
) -> Table | None:
    cells = [_cells(item, marts, kpis, text) for item in items]
    rows = [[found[name] for name in columns] for found in cells]
    if not rows:
        return None
    head = [text(f"column.{name}") for name in columns]
    numeric = frozenset(place for place, name in enumerate(columns) if name == "cost")
    return Table(text("improvement.caption"), head, rows, numeric)


def _cells(item: Record, marts: Marts, kpis: Kpis, text: Text) -> dict[str, Cell]:
    """All that the register says of an improvement, by column."""
    names = {row["journey"]: text.of(row) for row in marts.rows("journeys")}
    since = text.date(item["went_live_on"])
    status = text(f"status.{status_of(item, marts)}", since=since)
    rows = _evidence(item, marts)
    unknown = text("value.unknown")
    return {
        "mark": plain(item["mark"]),
        "improvement": plain(text.of(item)),
        "verdict": _verdict(item, rows, text),
        "reason": _joined((text(f"reason_short.{row['reason']}") for row in rows), unknown),
        "naive": _joined((text(f"verdict.{row['naive_verdict']}") for row in rows), unknown),
        "measured": _joined((measured_words(row, text) for row in rows), unknown),
        "expected": plain(_expected(item, kpis, text)),
        "journey": plain(names.get(item["journey"], item["journey"])),
        "owner": plain(item["owner"] or unknown),
        "status": plain(status),
        "cost": _cost(item, text),
    }


def status_of(item: Record, marts: Marts) -> Status:
    """How far an improvement is on the last day of the data."""
    until = marts.manifest.data_until
    if until is not None and item["went_live_on"] > until.date():
        return "planned"
    rows = _evidence(item, marts)
    if not rows:
        return "live"
    return "followed" if any(row["verdict"] == "not_yet" for row in rows) else "judged"


def _evidence(item: Record, marts: Marts) -> list[Record]:
    """A row for each thing that was expected of it and can be judged."""
    return marts.rows("improvement_evidence", improvement=item["improvement"])


def _verdict(item: Record, rows: Sequence[Record], text: Text) -> Cell:
    """The verdicts on what was expected of it, with the way to the evidence."""
    if not rows:
        return plain(text("improvement.not_judged"))
    words = _joined((text(f"verdict.{row['verdict']}") for row in rows), "").words
    return Cell(words, href=card_file(text.language, item["improvement"]))


def _joined(words: Iterable[str], otherwise: str) -> Cell:
    """What is said of each expectation in turn, once where it is the same of all."""
    said = list(words)
    return plain("; ".join(said if len(set(said)) > 1 else said[:1]) or otherwise)


def _cost(item: Record, text: Text) -> Cell:
    if item["cost_eur"] is None:
        return plain(text("value.unknown"))
    return Cell(text.euro(item["cost_eur"]), raw=float(item["cost_eur"]))


def _expected(item: Record, kpis: Kpis, text: Text) -> str:
    """What the improvement is meant to change, by KPI; its card names the definition."""
    wishes = []
    for wish in wishes_of(item):
        known = kpis.definitions.get(wish["definition"])
        name = text.member("kpi", known["kpi"]) if known else wish["definition"]
        change = wish_words(float(wish["change"]), wish["unit"], known, text)
        wishes.append(text("improvement.wish", name=name, change=change))
    return "; ".join(wishes) or text("value.unknown")


def wishes_of(item: Record) -> list[Record]:
    """The expected effects of an improvement: definition, change and its unit."""
    found: list[Record] = json.loads(item["expected"]) if item["expected"] else []
    return found
