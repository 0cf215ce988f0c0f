"""The charts of a journey on the overview: records from the figures, findings in words, tables."""

from collections.abc import Sequence
from datetime import date
from statistics import median, quantiles

from dashboards.figures import Milestone, OpenShare, Week, open_chart, weekly_chart
from dashboards.kpis import ON_TIME_POPULATIONS, ON_TIME_READINGS, Kpis
from dashboards.marts import Record
from dashboards.pages import definition_link
from dashboards.strip import Reading, definition_strip
from dashboards.text import Text
from dashboards.views import Cell, Chart, Table, figure_cell, number_cell, plain, sentence

_FEWEST_WEEKS_FOR_A_RANGE = 10
_DAYS_SHOWN = (7, 14, 28, 42, 56, 84, 90, 112, 182, 364)


def strip_chart(journey: Record, kpis: Kpis, text: Text) -> Chart | None:
    """On time under all its published definitions; None when fewer than two were published."""
    readings, rows = [], []
    for population in ON_TIME_POPULATIONS:
        for comparison in ON_TIME_READINGS:
            name = f"on_time.{population}.{comparison}"
            row, definition = kpis.whole(journey["journey"], name), kpis.definitions.get(name)
            if row is None or definition is None:
                continue
            readings.append(_reading(row, definition, population, comparison))
            who = Cell(
                text.member("population", population), href=definition_link(name, text.language)
            )
            how = plain(text.member("comparison", comparison))
            counted = number_cell(row["n"], text, bool(row["is_withheld"]))
            rows.append([who, how, figure_cell(row, "percent", text), counted])
    known = [reading.value for reading in readings if reading.value is not None]
    if len(known) < 2:
        return None
    low, high = (text.number(value, 1) for value in (min(known), max(known)))
    columns = ("population", "comparison", "on_time", "cases")
    title = text("strip.title")
    return Chart(
        anchor=f"strip-{journey['journey']}",
        title=title,
        finding=text("strip.finding", n=text.number(len(known)), low=low, high=high),
        name=text("chart.name", title=title, journey=text.of(journey)),
        figure=definition_strip(readings, text),
        table=Table(title, [text(f"column.{c}") for c in columns], rows, frozenset({2, 3})),
        notes=[text("strip.note")],
    )


def _reading(row: Record, definition: Record, population: str, comparison: str) -> Reading:
    is_withheld = bool(row["is_withheld"])
    value = None if is_withheld else row["value"]
    return Reading(population, comparison, value, bool(definition["is_headline"]), is_withheld)


def week_chart(
    journey: Record, improvements: Sequence[Record], kpis: Kpis, text: Text, most: int
) -> Chart | None:
    """Cases started and median lead time per week of start, for the last `most` weeks."""
    opened, lead, definition = _weekly_rows(journey["journey"], kpis)
    starts = sorted(opened.keys() | lead.keys())[-most:]
    if not starts:
        return None
    weeks = [_week(start, opened.get(start), lead.get(start)) for start in starts]
    inside = [i for i in improvements if weeks[0].start <= i["went_live_on"]]
    milestones = [Milestone(item["mark"], item["went_live_on"]) for item in inside]
    norms = kpis.norms_of(journey["journey"], definition)
    at_most = next((norm["at_most"] for norm in norms if norm["at_most"] is not None), None)
    title = text("week.title")
    legend = [
        text("week.note_shapes"),
        text("week.note_definition", name=kpis.name(definition, text)),
    ]
    marks = [
        text("week.note_mark", mark=i["mark"], name=text.of(i), date=text.date(i["went_live_on"]))
        for i in inside
    ]
    return Chart(
        anchor=f"weeks-{journey['journey']}",
        title=title,
        finding=_week_finding(weeks, text),
        name=text("chart.name", title=title, journey=text.of(journey)),
        figure=weekly_chart(weeks, milestones, text, norm_days=at_most),
        table=_week_table(weeks, opened, lead, text),
        notes=[*legend, *marks],
    )


def lead_time_definition(journey: str, kpis: Kpis, period: str) -> str:
    """The headline of lead time if it has values per `period`, else the median of closed cases."""
    headline = next((d["definition"] for d in kpis.headlines() if d["kpi"] == "lead_time"), "")
    if any(row["value"] is not None for row in kpis.periods(journey, headline, period)):
        return headline
    return "lead_time.closed.median"


def _weekly_rows(journey: str, kpis: Kpis) -> tuple[dict[date, Record], dict[date, Record], str]:
    definition = lead_time_definition(journey, kpis, "week")
    opened = kpis.periods(journey, "workload.opened", "week")
    lead = kpis.periods(journey, definition, "week")
    return (
        {row["period_start"]: row for row in opened},
        {row["period_start"]: row for row in lead},
        definition,
    )


def _week(start: date, opened: Record | None, lead: Record | None) -> Week:
    return Week(
        start=start,
        opened=opened["value"] if opened else None,
        lead_time_days=lead["value"] if lead else None,
        is_mature=bool(lead and lead["is_mature"]),
        is_withheld=bool(lead and lead["is_withheld"]),
    )


def _week_finding(weeks: Sequence[Week], text: Text) -> str:
    """An ordinary week, the range of nearly all settled weeks, and what is still provisional."""
    opened = [week.opened for week in weeks if week.opened is not None]
    settled = [w.lead_time_days for w in weeks if w.is_mature and w.lead_time_days is not None]
    young = sum(not w.is_mature and not w.is_withheld for w in weeks)
    ordinary = text("week.ordinary", n=text.number(median(opened))) if opened else ""
    spread = text("week.too_few")
    if len(settled) >= _FEWEST_WEEKS_FOR_A_RANGE:
        tenths = quantiles(settled, n=10, method="inclusive")
        low, high = text.number(tenths[0]), text.value(tenths[-1], "days")
        spread = text("week.spread", low=low, high=high)
    return sentence(ordinary, spread, text.count("week.provisional", young) if young else "")


def _week_table(
    weeks: Sequence[Week], opened: dict[date, Record], lead: dict[date, Record], text: Text
) -> Table:
    rows = [
        [
            plain(text.date(week.start)),
            _count(opened.get(week.start), text),
            figure_cell(lead.get(week.start), "days", text),
            plain(_certainty(week, text)),
        ]
        for week in weeks
    ]
    columns = ("week_of", "started", "lead_time", "certainty")
    head = [text(f"column.{name}") for name in columns]
    return Table(text("week.title"), head, rows, frozenset({1, 2}))


def _count(row: Record | None, text: Text) -> Cell:
    if row is None:
        return plain(text("value.not_measured"))
    return number_cell(row["value"], text, bool(row["is_withheld"]))


def _certainty(week: Week, text: Text) -> str:
    return text("value.settled" if week.is_mature else "value.provisional")


def survival_chart(journey: Record, rows: Sequence[Record], text: Text) -> Chart | None:
    """How many of all cases are still open after so many days; `rows` are of cohort 'all'."""
    ordered = sorted(rows, key=lambda row: int(row["after_days"]))
    shares = [OpenShare(row["after_days"], _percent(row)) for row in ordered]
    if not any(share.percent is not None for share in shares):
        return None
    term_days = journey["term_weeks"] * 7 if journey["term_weeks"] else None
    title = text("open.title")
    by_day = {row["after_days"]: row for row in ordered}
    shown = [by_day[day] for day in _DAYS_SHOWN if day in by_day] or ordered[
        :: len(ordered) // 10 + 1
    ]
    return Chart(
        anchor=f"open-{journey['journey']}",
        title=title,
        finding=_open_finding(shares, term_days, text),
        name=text("chart.name", title=title, journey=text.of(journey)),
        figure=open_chart(shares, text, term_days=term_days),
        table=_open_table(shown, text),
        notes=[text("open.note")],
    )


def _percent(row: Record) -> float | None:
    if row["is_withheld"] or row["still_open"] is None:
        return None
    return 100.0 * float(row["still_open"])


def _open_finding(shares: Sequence[OpenShare], term_days: int | None, text: Text) -> str:
    """The share still open at the end of the term, else the day on which half was done."""
    known = [share for share in shares if share.percent is not None]
    at_term = [s for s in known if term_days is not None and s.after_days <= term_days]
    if at_term and at_term[-1].after_days == term_days:
        days, share = text.number(at_term[-1].after_days), at_term[-1].percent or 0.0
        return text("open.finding_term", days=days, share=text.percent(share))
    half = next((s for s in known if (s.percent or 0.0) <= 50.0), None)
    if half is None:
        return text("open.finding_none")
    return text("open.finding_half", days=text.number(half.after_days))


def _open_table(rows: Sequence[Record], text: Text) -> Table:
    cells = [
        [
            plain(text.number(row["after_days"])),
            _share_cell(row, text),
            number_cell(row["at_risk"], text, bool(row["is_withheld"])),
        ]
        for row in rows
    ]
    head = [text(f"column.{name}") for name in ("after_days", "still_open", "at_risk")]
    return Table(text("open.title"), head, cells, frozenset({0, 1, 2}))


def _share_cell(row: Record, text: Text) -> Cell:
    share = _percent(row)
    if share is None:
        return Cell(text("value.withheld" if row["is_withheld"] else "value.unknown"))
    return Cell(text.percent(share), raw=float(row["still_open"]))
