"""Finds published figures by what they are; every page asks here, none filters by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.marts import Marts, Record
from dashboards.text import Text

HEADLINE_ORDER = ("lead_time", "on_time", "handoffs", "rework")
ON_TIME_POPULATIONS = ("closed", "closed_plus_overdue_open", "due")
ON_TIME_READINGS = ("exact", "calendar", "rolled")
_Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Kpis:
    """Figures of `kpi_values` by (journey, definition, segment kind, period kind), in order."""

    definitions: dict[str, Record]
    figures: dict[_Key, list[Record]]
    norms: Sequence[Record]

    def name(self, definition: str, text: Text) -> str:
        """Its name, or its identifier where it was not published."""
        found = self.definitions.get(definition)
        return text.of(found) if found else definition

    def whole(self, journey: str, definition: str) -> Record | None:
        """The figure over all periods and segments, or None when it was not published."""
        rows = self.figures.get((journey, definition, "all", "all"), [])
        return rows[0] if rows else None

    def periods(self, journey: str, definition: str, kind: str) -> list[Record]:
        """One row per month or week, oldest first."""
        rows = self.figures.get((journey, definition, "all", kind), [])
        return sorted(rows, key=lambda row: str(row["period_start"]))

    def segments(self, journey: str, definition: str, kind: str) -> dict[str, Record]:
        """The figures per segment, e.g. per channel, over all periods."""
        rows = self.figures.get((journey, definition, kind, "all"), [])
        return {row["segment"]: row for row in rows}

    def headlines(self) -> list[Record]:
        """The headline definition of each KPI that says something of one case, in fixed order."""
        found = {d["kpi"]: d for d in self.definitions.values() if d["is_headline"]}
        known = [found[kpi] for kpi in HEADLINE_ORDER if kpi in found]
        others = sorted(k for k in found if k not in HEADLINE_ORDER and k != "workload")
        return known + [found[kpi] for kpi in others]

    def norms_of(self, journey: str, definition: str) -> list[Record]:
        """The norms that hold for this figure."""
        wanted = (journey, definition)
        return [norm for norm in self.norms if (norm["journey"], norm["definition"]) == wanted]


def read_kpis(marts: Marts) -> Kpis:
    """Indexes the figures, definitions and norms of a run."""
    figures: dict[_Key, list[Record]] = {}
    for row in marts.rows("kpi_values"):
        key = (row["journey"], row["definition"], row["segment_kind"], row["period_kind"])
        figures.setdefault(key, []).append(row)
    definitions = {row["definition"]: row for row in marts.rows("definitions")}
    return Kpis(definitions, figures, marts.rows("norms"))


def meets(norm: Record, value: float) -> bool:
    """Whether a value keeps within the bounds of a norm; both bounds include their edge."""
    at_most, at_least = norm["at_most"], norm["at_least"]
    return (at_most is None or value <= at_most) and (at_least is None or value >= at_least)
