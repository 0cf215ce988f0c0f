"""Headline tiles, and the first sentence: what is known of a journey."""

from dashboards.kpis import Kpis, meets
from dashboards.marts import Record
from dashboards.pages import definition_link
from dashboards.text import NBSP, Text
from dashboards.views import HASH_SHOWN, Cell, NormLine, Table, Tile, figure_cell, plain, sentence


def tiles_of(journey: str, kpis: Kpis, text: Text) -> list[Tile]:
    """A tile per headline definition; one that was not measured says so."""
    return [tile_of(journey, definition, kpis, text) for definition in kpis.headlines()]


def finding_of(journey: str, kpis: Kpis, text: Text) -> str:
    """What is known of a journey, one sentence per headline figure."""
    said = []
    for definition in kpis.headlines():
        row = kpis.whole(journey, definition["definition"])
        known = row is not None and row["value"] is not None and not row["is_withheld"]
        if row is not None and known:
            family = _sentence_key(definition)
            shown = text.value(row["value"], definition["unit"])
            said.append(text.member("finding_known", family, value=shown))
        else:
            said.append(text.member("finding_unknown", definition["kpi"]))
    return sentence(*said)


def norm_table(journey: str, kpis: Kpis, text: Text) -> Table | None:
    """All norms of a journey with the figure beside each; None when it has none."""
    rows = []
    for norm in (norm for norm in kpis.norms if norm["journey"] == journey):
        definition = kpis.definitions.get(norm["definition"])
        unit = definition["unit"] if definition else ""
        row = kpis.whole(journey, norm["definition"])
        name = kpis.name(norm["definition"], text)
        line = _norm_line(norm, row, unit, text)
        words = {None: "norm.unknown", True: "norm.met", False: "norm.not_met"}[line.is_met]
        cells = [
            Cell(name, href=definition_link(norm["definition"], text.language)),
            plain(line.words),
        ]
        rows.append(
            [*cells, figure_cell(row, unit, text), plain(text(words)), plain(norm["basis"])]
        )
    if not rows:
        return None
    columns = ("definition", "norm", "measured", "verdict", "basis")
    head = [text(f"column.{name}") for name in columns]
    return Table(text("norm.caption"), head, rows)


def tile_of(journey: str, definition: Record, kpis: Kpis, text: Text) -> Tile:
    """The tile of one definition."""
    name, unit = definition["definition"], definition["unit"]
    row = kpis.whole(journey, name)
    norms = [_norm_line(norm, row, unit, text) for norm in kpis.norms_of(journey, name)]
    provisional = row is not None and row["is_mature"] is False and not row["is_withheld"]
    cell = figure_cell(row, unit, text)
    return Tile(
        title=text.member("kpi", definition["kpi"]),
        value=cell,
        unit=unit,
        definition_link=definition_link(name, text.language),
        definition_name=text.of(definition),
        short_hash=(row or definition)["definition_hash"][:HASH_SHOWN],
        lines=_certainty(row, definition, text)
        if cell.raw is not None
        else _reason(definition, text),
        norms=norms,
        provisional=text("tile.provisional") if provisional else None,
    )


def _certainty(row: Record | None, definition: Record, text: Text) -> list[str]:
    """The interval, and how many cases stand behind the figure."""
    if row is None:
        return []
    lines = []
    if row["lower"] is not None and row["upper"] is not None:
        lower, upper = (text.value(row[end], definition["unit"]) for end in ("lower", "upper"))
        lines.append(text("tile.interval", lower=lower.split(NBSP)[0], upper=upper))
    counts = definition["counts"] or "cases"
    if row["n"] is not None:
        lines.append(text("tile.counted", what=text.count(f"counted.{counts}", row["n"])))
    if left_out := row["n_excluded"]:
        what = text.count(f"counted.{counts}", left_out)
        lines.append(text.count("tile.excluded", left_out, what=what))
    return lines


def _reason(definition: Record, text: Text) -> list[str]:
    return [text.member("unknown_reason", definition["kpi"])]


def _norm_line(norm: Record, row: Record | None, unit: str, text: Text) -> NormLine:
    bounds = [
        text(f"norm.{bound}", value=text.value(norm[bound], unit))
        for bound in ("at_most", "at_least")
        if norm[bound] is not None
    ]
    is_known = row is not None and row["value"] is not None and not row["is_withheld"]
    return NormLine(", ".join(bounds), meets(norm, row["value"]) if row and is_known else None)


def _sentence_key(definition: Record) -> str:
    """On time is said with its population; the other measures have one sentence each."""
    if definition["kpi"] == "on_time":
        return "on_time_due" if ".due." in definition["definition"] else "on_time"
    return str(definition["kpi"])
