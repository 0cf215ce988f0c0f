"""The site's own charts of a journey, for the period and the slice where those were published."""

from dataclasses import replace

from dashboards.app.periods import Period, figures_over, first_day
from dashboards.app.reader import Run
from dashboards.app.selection import Slice
from dashboards.charts import strip_chart, survival_chart, week_chart
from dashboards.kpis import Kpis
from dashboards.marts import Record
from dashboards.register import numbered_improvements
from dashboards.text import Text
from dashboards.views import Chart

_MOST_WEEKS = 160


def more_charts(run: Run, asked: Slice, period: Period, text: Text) -> list[Chart]:
    """On time under all its readings, the weeks, and how long cases stay open.

    Weeks and open cases are published for whole journeys; a segment has the readings alone.
    """
    journey = run.choices.journeys.get(asked.journey)
    if journey is None:
        return []
    charts = [strip_chart(journey, _readings(run, asked, period), text)]
    if asked.segment_kind == "all":
        charts += [_weeks(run, journey, asked, period, text), _open(run, journey, period, text)]
    return [chart for chart in charts if chart is not None]


def _readings(run: Run, asked: Slice, period: Period) -> Kpis:
    """The readings of on time over the period, as if they were of the whole journey."""
    definitions = dict(run.choices.definitions)
    names = [name for name, row in definitions.items() if row["kpi"] == "on_time"]
    pooled = figures_over(run, asked, period, names)
    rows = {(asked.journey, name, "all", "all"): p.row for name, p in pooled.items()}
    return Kpis(definitions, {key: [row] for key, row in rows.items() if row is not None}, ())


def _weeks(run: Run, journey: Record, asked: Slice, period: Period, text: Text) -> Chart | None:
    months = run.choices.months_from(period.first, period.last)
    if not months:
        return None
    key = journey["journey"]
    headlines = [name for name, row in run.choices.definitions.items() if row["is_headline"]]
    found = run.figures(asked, "week", *headlines, "lead_time.closed.median")
    rows: dict[tuple[str, str, str, str], list[Record]] = {}
    for row in found:
        if months[0] <= f"{row['period_start']:%Y-%m}" <= months[-1]:
            rows.setdefault((key, row["definition"], "all", "week"), []).append(row)
    kpis = Kpis(dict(run.choices.definitions), rows, run.marts.rows("norms"))
    improvements = [
        item
        for item in numbered_improvements(run.marts)
        if item["journey"] == key and f"{item['went_live_on']:%Y-%m}" <= months[-1]
    ]
    return week_chart(journey, improvements, kpis, text, _MOST_WEEKS)


def _open(run: Run, journey: Record, period: Period, text: Text) -> Chart | None:
    """The curve of the month where one month is asked for, else that of all cases, and says so."""
    months = run.choices.months_from(period.first, period.last)
    cohort = months[0] if len(months) == 1 else "all"
    rows = run.marts.rows("survival", journey=journey["journey"], cohort=cohort)
    chart = survival_chart(journey, rows, text)
    if chart is None:
        return None
    is_whole = len(months) == len(run.choices.months)
    if cohort == "all" and not is_whole:
        return replace(chart, notes=[*chart.notes, text("app.open_of_all")])
    if cohort != "all":
        named = text("app.open_of_month", month=text.month(first_day(cohort)))
        return replace(chart, notes=[*chart.notes, named])
    return chart
