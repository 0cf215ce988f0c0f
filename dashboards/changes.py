"""What changed in the process, in sentences: only clear differences, and only the few that matter.

What belongs here: choosing and wording. What does not: testing (`transforms/mining/changes.py`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from dashboards.marts import Marts, Record
from dashboards.text import Text
from dashboards.views import Cell, Table, plain

MOST = 6
_FIRST = (
    *("lead_time", "handoffs", "fits", "edge_time", "activity", "again", "rule", "cases"),
    "edge",
)
_TIMES = ("lead_time", "edge_time")


@dataclass(frozen=True)
class Changes:
    """What differs in one comparison: a sentence that sums it up, the few that matter, and all
    that is clear as a table."""

    finding: str
    sentences: Sequence[str]
    table: Table | None


def changes_of(rows: Sequence[Record], text: Text) -> Changes:
    """From rows of `process_changes` of one comparison of periods."""
    if not rows:
        return Changes(text("changes.too_short"), [], None)
    clear = [row for row in rows if row["is_clear"]]
    months = {
        "before": text.number(rows[0]["first_months"]),
        "after": text.number(rows[0]["second_months"]),
        "total": text.number(len(rows)),
    }
    if not clear:
        return Changes(text("changes.none", **months), [], None)
    chosen = _chosen(clear)
    finding = text.count("changes.some", len(clear), **months)
    table = _table(clear, ("before", "after"), text)
    return Changes(finding, [_sentence(group, text) for group in chosen], table)


def _chosen(clear: Sequence[Record]) -> list[list[Record]]:
    """The differences to tell: the weightiest aspect first, twins with equal numbers together, and
    an edge only where neither of its activities is told already."""
    told = {row["activity"] for row in clear if row["aspect"] in ("activity", "again")}
    groups: dict[tuple[object, ...], list[Record]] = {}
    for row in sorted(clear, key=_weight):
        if row["aspect"] not in _FIRST:
            continue
        if row["aspect"] == "edge" and {row["activity"], row["other_activity"]} & told:
            continue
        groups.setdefault(_twins(row), []).append(row)
    return list(groups.values())[:MOST]


def _twins(row: Record) -> tuple[object, ...]:
    if row["aspect"] in ("activity", "again"):
        return row["aspect"], row["first_value"], row["second_value"]
    return row["aspect"], row["activity"], row["other_activity"]


def _weight(row: Record) -> tuple[int, float, str, str]:
    place = _FIRST.index(row["aspect"]) if row["aspect"] in _FIRST else len(_FIRST)
    size = abs(row["difference"] or 0.0)
    return place, -size, row["activity"] or "", row["other_activity"] or ""


def _sentence(group: Sequence[Record], text: Text) -> str:
    row = group[0]
    if row["aspect"] in _TIMES:
        return _time_sentence(row, text)
    return text(
        f"change.{row['aspect']}",
        names=text("changes.and").join(f"‘{each['activity']}’" for each in group),
        activity=row["activity"],
        other=row["other_activity"],
        first=value_words(row, "first_value", text),
        second=value_words(row, "second_value", text),
    )


def _time_sentence(row: Record, text: Text) -> str:
    """By how much; the mean that is tested is not the median that stands elsewhere on the page."""
    way = "longer" if row["difference"] > 0 else "shorter"
    size = text.percent(abs(float(row["difference"])), 0)
    ends = {"activity": row["activity"], "other": row["other_activity"]}
    return text(f"change.{row['aspect']}_{way}", size=size, **ends)


def value_words(row: Record, column: str, text: Text) -> str:
    """A value of `process_changes` or `change_points` in the unit of its aspect."""
    value = row[column]
    if value is None:
        return text("value.unknown")
    if row["aspect"] in _TIMES:
        return text.duration(float(value) * 86_400.0)
    if row["aspect"] == "cases":
        return text.number(float(value))
    if row["aspect"] == "handoffs":
        return text.number(float(value), 1)
    return text.percent(float(value), 0)


def difference_words(row: Record, text: Text) -> str:
    value = row["difference"]
    if value is None:
        return text("value.unknown")
    if row["unit"] == "points":
        return text.change(float(value), "points")
    if row["unit"] == "percent":
        return text.change(float(value), "percent")
    return text.change(float(value), "absolute")


def what_words(row: Record, text: Text) -> str:
    """What is compared, short, for a table."""
    path = text("changes.route") if row["aspect"] == "variant" else row["activity"]
    return text(f"aspect.{row['aspect']}", activity=path, other=row["other_activity"])


def _table(rows: Sequence[Record], sides: tuple[str, str], text: Text) -> Table:
    cells = [
        [
            plain(what_words(row, text)),
            Cell(value_words(row, "first_value", text), row["first_value"]),
            Cell(value_words(row, "second_value", text), row["second_value"]),
            Cell(difference_words(row, text), row["difference"]),
            Cell(text.number(row["q_value"], 3), row["q_value"]),
        ]
        for row in sorted(rows, key=_weight)
    ]
    columns = ("aspect", *sides, "difference", "q_value")
    head = [text(f"column.{name}") for name in columns]
    return Table(text("changes.table"), head, cells, frozenset({1, 2, 3, 4}))


def group_changes(marts: Marts, journey: str, text: Text) -> list[str]:
    """How channels and target groups differ from the others, the largest differences first."""
    kinds = ("channel", "target_group")
    rows = [
        row
        for kind in kinds
        for row in marts.rows("process_changes", journey=journey, comparison_kind=kind)
        if row["is_clear"]
    ]
    by_group: dict[tuple[str, str], list[Record]] = {}
    for row in rows:
        by_group.setdefault((row["comparison_kind"], row["comparison"]), []).append(row)
    return [
        text(
            f"group.{kind}",
            group=group,
            what=" ".join(_sentence(twins, text) for twins in _chosen(found)[:2]),
        )
        for (kind, group), found in sorted(by_group.items())
    ]


def since_when(rows: Sequence[Record], name_of: Callable[[str], str], text: Text) -> list[str]:
    """Since when it goes differently, and whether the register knows why; `rows` are of
    `change_points` of one journey, `name_of` gives the name of an improvement."""
    clear = [row for row in rows if row["is_clear"]]
    by_month: dict[tuple[date, str], list[Record]] = {}
    for row in clear:
        by_month.setdefault((row["month"], row["improvement"] or ""), []).append(row)
    found = []
    for (month, improvement), group in sorted(by_month.items()):
        twins = _chosen(group)[:3]
        known = (
            text("since.known", name=name_of(improvement)) if improvement else text("since.unknown")
        )
        what = " ".join(_sentence(each, text) for each in twins)
        found.append(text("since.line", month=text.month(month), what=what, known=known))
    return found
