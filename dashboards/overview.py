"""The overview: are residents better served, and how sure is that."""

from collections.abc import Sequence

from dashboards.evidence import portfolio_finding
from dashboards.kpis import Kpis, meets
from dashboards.marts import Marts, Record
from dashboards.text import Text
from dashboards.views import sentence

_CHANGED = ("lead_time", "handoffs")
"""KPIs of which `process_changes` tells by the same name how they went."""


def finding(marts: Marts, text: Text) -> str:
    """The first sentences of the page: what of the improvements worked, as far as that is known."""
    if not marts.rows("improvements"):
        return text("overview.no_improvements")
    return portfolio_finding(marts, text)


def kpi_sentences(marts: Marts, kpis: Kpis, text: Text) -> list[str]:
    """A sentence per headline KPI: how many journeys keep their norm, and how many went clearly
    another way than a year before."""
    said = []
    for definition in kpis.headlines():
        norm = _norm_sentence(definition, marts.rows("journeys"), kpis, text)
        change = _change_sentence(definition["kpi"], marts, text)
        if norm or change:
            name = text.member("kpi", definition["kpi"])
            said.append(f"{name}: {sentence(norm, change)}")
    return said


def _norm_sentence(definition: Record, journeys: Sequence[Record], kpis: Kpis, text: Text) -> str:
    kept = []
    for row in journeys:
        figure = kpis.whole(row["journey"], definition["definition"])
        if figure is None or figure["value"] is None or figure["is_withheld"]:
            continue
        norms = kpis.norms_of(row["journey"], definition["definition"])
        if norms:
            kept.append(all(meets(norm, figure["value"]) for norm in norms))
    if not kept:
        return ""
    return text("overview.norm", met=text.number(sum(kept)), n=text.number(len(kept)))


def _change_sentence(kpi: str, marts: Marts, text: Text) -> str:
    """Against the year before, of the journeys with two years of settled months."""
    rows = marts.rows("process_changes", comparison_kind="past_year", aspect=kpi)
    if kpi not in _CHANGED or not rows:
        return ""
    less = sum(bool(row["is_clear"]) and row["difference"] < 0 for row in rows)
    more = sum(bool(row["is_clear"]) and row["difference"] > 0 for row in rows)
    words = {name: text.number(value) for name, value in (("less", less), ("more", more))}
    return text(f"kpi_change.{kpi}", **words, n=text.number(len(rows)))
