"""`hartslag explain`: what is behind one published figure, from the warehouse that it came from."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from pipelines.errors import PlainError
from pipelines.mishaps import told_plainly
from pipelines.reading import current_run, figures, why_nothing
from pipelines.settings import Settings
from pipelines.warehouse import connected, read
from transforms.definitions import definitions_of, is_headline
from transforms.explain import Explanation, Slice, explained
from transforms.models import Model, load_models


class UnexplainableError(PlainError):
    """A figure that is not known, not published, or withheld; the message says which."""


@dataclass(frozen=True)
class Figure:
    """A definition as its header has it, the model that computes it, the published row, and what
    is behind it."""

    definition: str
    body: Mapping[str, Any]
    model: Model
    published: Mapping[str, Any]
    explanation: Explanation


def explain(
    settings: Settings, name: str, journey: str | None, segment: str, period: str
) -> Figure:
    """The figure of a definition, or of the headline of a KPI, in one slice.

    Raises UnexplainableError where there is none to show, or a run holds the warehouse, and
    NothingPublishedError before the first run.
    """
    definition, body, model = _definition(name)
    folder = current_run(settings)
    found = figures(folder, definition, journey, segment, period)
    if found.is_empty():
        raise UnexplainableError(why_nothing(folder, definition, journey, segment, period))
    published = _the_one(found)
    if published["is_withheld"]:
        raise UnexplainableError(
            f"{definition} is withheld there, since its group is too small.\n"
            "  Mend: choose a longer period or a wider segment."
        )
    wanted = Slice(
        *(published[key] for key in ("journey", "segment_kind", "segment", "period_kind", "period"))
    )
    with reading(settings) as connection:
        return Figure(definition, body, model, published, explained(connection, body, wanted))


def stitched(settings: Settings, number: int) -> pl.DataFrame:
    """What the journey of one resident is made of, in order, and the rule by which each came in.

    Raises UnexplainableError where there is no such journey, or a run holds the warehouse.
    """
    with reading(settings) as connection:
        found = read(
            connection,
            "select i.started_at, m.kind, coalesce(k.contact_id, c.case_id) as pseudonym, m.rule,"  # noqa: S608
            " coalesce(k.channel, c.channel) as channel, i.journey"
            " from core.journey_members as m"
            " inner join core.journey_items as i on i.item_key = m.item_key"
            " left join core.contacts as k on k.contact_key = m.contact_key"
            " left join core.cases as c on c.case_key = m.case_key"
            f" where m.journey_key = {number:d} order by m.item_key",
        )
    if found.is_empty():
        raise UnexplainableError(
            f"No journey has the number {number}.\n"
            "  Mend: `hartslag explain journey` shows ten numbers; they change with every run."
        )
    return found


def _the_one(found: pl.DataFrame) -> dict[str, Any]:
    if found.height > 1:
        said = found.select("journey", "segment", "period").unique(maintain_order=True).rows()
        choices = "; ".join(" / ".join(row) for row in said[:5])
        raise UnexplainableError(
            f"There are {found.height} such figures: {choices}.\n"
            "  Mend: choose one with --journey, --segment and --period."
        )
    return found.row(0, named=True)


def _definition(name: str) -> tuple[str, Mapping[str, Any], Model]:
    known = {
        identifier: (identifier, body, model)
        for model in load_models().values()
        for identifier, body in definitions_of(model)
        if body.get("level") != "person"
    }
    of_kpi = [identifier for identifier in known if identifier.split(".")[0] == name]
    headline = next((name for name in of_kpi if is_headline(name, known[name][1])), None)
    found = known.get(name) or known.get(headline or next(iter(of_kpi), ""))
    if found is None:
        close = difflib.get_close_matches(name, known, n=3) or list(known)[:3]
        raise UnexplainableError(
            f"No published definition is called {name!r}.\n"
            f"  Mend: use one such as {', '.join(close)}; docs/kpis.md lists them all."
        )
    return found


def reading(settings: Settings) -> duckdb.DuckDBPyConnection:
    """The warehouse, to read. Raises UnexplainableError where there is none, WarehouseBusyError
    where a run holds it, DamagedWarehouseError where it cannot be read."""
    if not settings.warehouse_file.exists():
        raise UnexplainableError(
            f"{settings.warehouse_file} is gone.\n  Mend: run `hartslag run`, or restore a backup."
        )
    with told_plainly(settings.home):
        return connected(settings.warehouse_file, read_only=True)
