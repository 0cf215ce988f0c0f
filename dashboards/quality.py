"""Data quality in words: what came in, through which moment, and what to keep in mind."""

from dashboards.marts import Marts, Record
from dashboards.text import Text
from dashboards.views import Table, number_cell, plain, sentence

_COUNTS = ("files", "rows_read", "rows_loaded", "rows_quarantined")
_WEIGHT = {"error": 0, "warning": 1, "info": 2}


def source_table(marts: Marts, text: Text) -> Table | None:
    """Per source: rows read, loaded and set apart, and the moment up to which it is complete."""
    rows = [
        [
            plain(row["source"]),
            plain(_through(row, text)),
            *(number_cell(row[column], text) for column in _COUNTS),
        ]
        for row in marts.rows("sources")
    ]
    if not rows:
        return None
    head = [text(f"column.{name}") for name in ("source", "through", *_COUNTS)]
    return Table(text("quality.sources"), head, rows, frozenset({2, 3, 4, 5}))


def quality_finding(marts: Marts, text: Text) -> str:
    """How much of what was read is used, and how much asks for attention."""
    sources = marts.rows("sources")
    read = sum(row["rows_read"] or 0 for row in sources)
    aside = sum(row["rows_quarantined"] or 0 for row in sources)
    warnings = sum(row["severity"] != "info" for row in marts.rows("data_quality"))
    used = text("quality.used", used=text.number(read - aside), read=text.number(read))
    return sentence(used, text.count("quality.attention", warnings))


def finding_table(marts: Marts, text: Text) -> Table | None:
    """Findings in words, the heaviest first; None when nothing was found."""
    found = sorted(
        marts.rows("data_quality"),
        key=lambda row: (_WEIGHT.get(row["severity"], 3), row["source"], row["finding"]),
    )
    rows = [
        [
            plain(text.member("severity", row["severity"])),
            plain(text.member("finding", row["finding"])),
            plain(_amount(row, text)),
            plain(row["source"]),
            plain(row["detail"] or text("value.none")),
        ]
        for row in found
    ]
    if not rows:
        return None
    head = [
        text(f"column.{name}") for name in ("severity", "finding", "amount", "source", "detail")
    ]
    return Table(text("quality.findings"), head, rows)


def unmeasured_table(marts: Marts, text: Text) -> Table | None:
    """Which KPIs, or readings of them, cannot be measured, of which journeys, and why."""
    names = {str(row["journey"]): text.of(row) for row in marts.rows("journeys")}
    journeys: dict[tuple[str, str], dict[str, None]] = {}
    for row in marts.rows("not_measurable"):
        of = journeys.setdefault((row["kpi"], row["reason"]), {})
        of[names.get(str(row["journey"]), str(row["journey"]))] = None
    rows = [
        [
            plain(text.member("kpi", kpi)),
            plain(text.member("not_measurable", reason)),
            plain(text("value.all") if len(of) == len(names) else ", ".join(of)),
        ]
        for (kpi, reason), of in sorted(journeys.items())
    ]
    if not rows:
        return None
    head = [text(f"column.{name}") for name in ("measure", "reason", "journey")]
    return Table(text("quality.unmeasured"), head, rows)


def _through(row: Record, text: Text) -> str:
    if row["cutoff_at"] is None:
        return text("value.unknown")
    basis = text.member("cutoff_basis", row["cutoff_basis"])
    return f"{text.through(row['cutoff_at'])} ({basis})"


def _amount(row: Record, text: Text) -> str:
    if row["affected"] is None:
        return text("value.unknown")
    shown = text.number(row["affected"])
    if row["total"] is None:
        return shown
    return text("quality.of", affected=shown, total=text.number(row["total"]))
