"""How the work compares with what is desired, how well models describe it, and what is slow.

What belongs here: the words and tables of that part of the process page. What does not: the map
and the routes (`process.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.marts import Marts, Record
from dashboards.text import Text
from dashboards.views import Cell, Table, number_cell, plain, sentence, value_cell

_TRAITS_SHOWN = 6
_DEVIATIONS_SHOWN = 12
_QUALITIES = ("fitness", "precision", "generalisation", "simplicity")


@dataclass(frozen=True)
class Conformance:
    """`desired` and `models` state findings; tables are null where there is nothing to tell."""

    desired: str
    deviations: Table | None
    models: str
    qualities: Table | None
    slow: str
    traits: Table | None


def conformance_of(journey: str, marts: Marts, text: Text) -> Conformance:
    fits = marts.rows("process_fit", journey=journey)
    deviations = marts.rows("deviations", journey=journey)
    traits = marts.rows("variant_lift", journey=journey)
    return Conformance(
        desired=_desired(fits, deviations, text),
        deviations=_deviation_table(deviations, text),
        models=_models(fits, text),
        qualities=_quality_table(fits, text),
        slow=_slow(traits, text),
        traits=_trait_table(traits, text),
    )


def _desired(fits: Sequence[Record], deviations: Sequence[Record], text: Text) -> str:
    """Which share does as desired, and which deviations touch most residents and cost most days."""
    drawn = next((row for row in fits if row["model"] == "desired"), None)
    if drawn is None and not deviations:
        return text("desired.none")
    shown = [row for row in deviations if not row["is_withheld"] and row["residents"]]
    if shown:
        worst = _worst(shown, text)
    elif any(row["is_withheld"] for row in deviations):
        worst = text("desired.withheld")
    else:
        worst = "" if drawn and drawn["unaligned_variants"] else text("desired.kept")
    return sentence("" if drawn is None else _share(drawn, text), worst)


def _share(drawn: Record, text: Text) -> str:
    low, high = drawn["perfectly_fitting_share"], drawn["most_fitting_share"]
    if low is None:
        return text("desired.share_unknown")
    if drawn["unaligned_variants"]:
        return text.count(
            "desired.bounds",
            drawn["unaligned_variants"],
            low=text.percent(low),
            high=text.percent(high),
            all=text.number(drawn["variants"]),
        )
    return text("desired.share", share=text.percent(low))


def _worst(shown: Sequence[Record], text: Text) -> str:
    """The deviation of most residents and that of most days, in one sentence where they are one."""
    widest = max(shown, key=lambda row: row["residents"])
    costliest = max(shown, key=lambda row: row["lost_days"] or 0.0)
    residents, what = widest["residents"], _what(widest, text)
    if not costliest["lost_days"]:
        return text.count("desired.residents", residents, what=what)
    days = text.quantity(costliest["lost_days"], "days", 0)
    if widest is costliest:
        return text.count("desired.both", residents, what=what, days=days)
    return sentence(
        text.count("desired.residents", residents, what=what),
        text("desired.days", what=_what(costliest, text), days=days),
    )


def _what(row: Record, text: Text) -> str:
    return text.member(
        "deviation",
        row["kind"],
        activity=row["activity"],
        other=row["other_activity"],
        bound=row["bound"],
        level=text.member("deviation_level", row["level"] or ""),
    )


def _deviation_table(deviations: Sequence[Record], text: Text) -> Table | None:
    shown = [row for row in deviations if row["is_withheld"] or row["cases"]]
    if not shown:
        return None
    rows = [
        [
            plain(_what(row, text)),
            number_cell(row["residents"], text, row["is_withheld"]),
            number_cell(row["cases"], text, row["is_withheld"]),
            _days(row, "lost_days", text, digits=0),
            _days(row, "median_days", text),
            _days(row, "other_median_days", text),
        ]
        for row in shown[:_DEVIATIONS_SHOWN]
    ]
    names = ("deviation", "residents", "cases", "lost_days", "median_with", "median_without")
    head = [text(f"column.{name}") for name in names]
    return Table(text("desired.caption"), head, rows, frozenset(range(1, 6)))


def _days(row: Record, column: str, text: Text, digits: int = 1) -> Cell:
    """A step that was not done takes no time, so it has no days to lose."""
    if column == "lost_days" and row[column] is None and not row["is_withheld"]:
        return plain(text("value.none"))
    return number_cell(row[column], text, row["is_withheld"], digits)


def _models(fits: Sequence[Record], text: Text) -> str:
    mined = [
        row
        for row in fits
        if row["model"] != "desired" and row["perfectly_fitting_share"] is not None
    ]
    if not mined:
        return text("models.none")
    best = max(mined, key=lambda row: row["perfectly_fitting_share"])
    covered = best["covered_share"]
    return sentence(
        text(
            "models.best",
            model=text.member("fit_model", best["model"]),
            share=text.percent(best["perfectly_fitting_share"]),
        ),
        text("models.covered", share=text.percent(covered)) if covered < 100.0 else "",
    )


def _quality_table(fits: Sequence[Record], text: Text) -> Table | None:
    if not fits:
        return None
    rows = [
        [
            plain(text.member("fit_model", row["model"])),
            value_cell(row["perfectly_fitting_share"], "percent", text),
            *(number_cell(row[name], text, digits=2) for name in _QUALITIES),
        ]
        for row in fits
    ]
    head = [text(f"column.{name}") for name in ("model", "fits_wholly", *_QUALITIES)]
    return Table(text("models.caption"), head, rows, frozenset(range(1, 6)))


def _clear(traits: Sequence[Record]) -> list[Record]:
    """What slow cases have more often than others, the largest difference first."""
    found = [row for row in traits if row["is_clear"] and row["difference"] > 0]
    return sorted(found, key=lambda row: -float(row["difference"]))


def _slow(traits: Sequence[Record], text: Text) -> str:
    clear = _clear(traits)
    if not clear:
        return text("slow.none")
    first = clear[0]
    return text(
        "slow.most",
        days=text.quantity(first["slow_from_days"], "days", 0),
        trait=_trait(first, text),
        share=text.percent(first["slow_share"]),
        other=text.percent(first["other_share"]),
    )


def _trait(row: Record, text: Text) -> str:
    return text.member("trait", row["trait"], value=row["value"])


def _trait_table(traits: Sequence[Record], text: Text) -> Table | None:
    clear = _clear(traits)[:_TRAITS_SHOWN]
    if not clear:
        return None
    rows = [
        [
            plain(_trait(row, text)),
            number_cell(row["cases"], text),
            value_cell(row["slow_share"], "percent", text),
            value_cell(row["other_share"], "percent", text),
            plain(
                text(
                    "slow.interval",
                    low=text.number(row["difference_lower"]),
                    high=text.number(row["difference_upper"]),
                )
            ),
            number_cell(row["lift"], text, digits=1),
        ]
        for row in clear
    ]
    names = ("trait", "cases", "slow_with", "slow_without", "points", "lift")
    head = [text(f"column.{name}") for name in names]
    return Table(text("slow.caption"), head, rows, frozenset(range(1, 6)))
