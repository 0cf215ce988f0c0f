"""Verdicts in words: why, what would settle it, what was expected, and what it all gave.

What belongs here: sentences from the rows of `improvement_evidence` and its checks. What does not:
pages (`cards.py`) and judging (`transforms/evidence/`).
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.marts import Marts, Record
from dashboards.text import NBSP, Text
from dashboards.views import sentence

if TYPE_CHECKING:
    from transforms.evidence.history import Question
    from transforms.evidence.plan import Plan

VERDICTS = ("improved", "worsened", "no_proof", "not_yet")


@dataclass(frozen=True)
class Gain:
    """What a proven improvement gave in the months that count, with its 95 % interval, as the
    definition counts: days of a time, times of a number, cases or contacts of a share."""

    amount: float
    lower: float
    upper: float


def reason_sentence(row: Record, checks: Sequence[Record], text: Text) -> str:
    """Why the verdict is as it is, and what would settle it where that can be said."""
    facts = _facts(row["reason"], checks)
    values = {
        "effect": _change(row, "effect", text),
        "lower": _change(row, "lower", text),
        "upper": _change(row, "upper", text),
        "days": text.value(float(row["followed_days"] or 0), "days"),
        "before": facts.get("before", 0),
        "after": facts.get("after", 0),
        "ratio": text.percent(100 * float(facts.get("ratio", 1)), 0),
        "traits": traits_of(facts, text),
        "others": ", ".join(facts.get("near", [])),
    }
    return sentence(text(f"reason.{row['reason']}", **values), _settling(row, text))


def checks_of(marts: Marts, row: Record) -> list[Record]:
    """The checks of one verdict."""
    key = {"improvement": row["improvement"], "definition": row["definition"]}
    return marts.rows("evidence_checks", **key)


def _settling(row: Record, text: Text) -> str:
    if row["weeks_needed"] is not None:
        return text("settle.weeks", weeks=row["weeks_needed"])
    if row["reason"] == "within_noise" and row["smallest_visible"] is not None:
        return text("settle.visible", visible=_size(row["smallest_visible"], row["unit"], text))
    return ""


def _facts(reason: str, checks: Sequence[Record]) -> Record:
    """The numbers of the check that decided; months are those of one check."""
    name = "enough_months" if reason in ("short_baseline", "season_covered") else reason
    found = next((check for check in checks if check["check"] == name), None)
    return dict(json.loads(found["facts"])) if found else {}


def traits_of(facts: Record, text: Text) -> str:
    """The habits of registration that changed, in words; a step of work by its own name."""
    names = [str(trait) for trait in facts.get("traits", [])]
    return ", ".join(
        name.removeprefix("activity:") if ":" in name else text.member("habit", name)
        for name in names
    )


def _change(row: Record, key: str, text: Text) -> str:
    """A measured change with its sign, e.g. `−26,2 %`."""
    if row[key] is None:
        return text("value.unknown")
    value = float(row[key])
    words = _size(value, row["unit"], text)
    return f"+{words}" if value > 0 else words


def _size(value: float, unit: str, text: Text) -> str:
    if unit == "points":
        return text.quantity(value, "points", 1)
    return text.number(value, 2) if unit == "absolute" else text.value(value, unit)


def measured_words(row: Record, text: Text) -> str:
    """The change and its interval, e.g. `26,0 % korter (9,9 tot 41,6 %)`, or that there is none.
    What is measured in percent is a time."""
    if row["effect"] is None:
        return text("value.not_measured")
    unit, is_time = row["unit"], row["unit"] == "percent"
    effect, low, high = (float(row[key]) for key in ("effect", "lower", "upper"))
    if min(effect, low) > 0 or max(effect, high) < 0:
        small, large = (_size(abs(end), unit, text) for end in sorted((low, high), key=abs))
        ends = small.split(NBSP)[0], large
    else:
        ends = (
            change_words(low, unit, text, is_time=is_time),
            change_words(high, unit, text, is_time=is_time),
        )
    change = change_words(effect, unit, text, is_time=is_time)
    return text("moved.interval", change=change, first=ends[0], last=ends[1])


def change_words(value: float, unit: str, text: Text, *, is_time: bool) -> str:
    """A change with the word for its direction: a time gets longer, other figures go up."""
    size = _size(abs(value), unit, text)
    if not any(digit in size for digit in "123456789"):
        return text("moved.none")
    way = ("longer" if value > 0 else "shorter") if is_time else ("up" if value > 0 else "down")
    return text(f"moved.{way}", size=size)


def wish_words(change: float, unit: str, definition: Record | None, text: Text) -> str:
    """An expected change; one that is not in percent or points is in the definition's own unit."""
    own = definition["unit"] if definition else ""
    if unit == "absolute" and own:
        unit = "points" if own == "percent" else own
    return change_words(change, unit, text, is_time=own in ("days", "working_days"))


def expectation_sentence(row: Record, definition: Record | None, text: Text) -> str:
    """What was expected and whether that came; empty where nothing was."""
    if row["expected"] is None:
        return ""
    change = wish_words(float(row["expected"]), row["expected_unit"], definition, text)
    outcome = text(f"expectation.{row['expectation']}")
    return text("portfolio.expected_line", change=change, outcome=outcome)


def gain_of(row: Record) -> Gain | None:
    """What was spared; none without proof, since then nothing may be counted."""
    needed = (row["effect"], row["items_after"], row["naive_before"])
    if row["verdict"] != "improved" or any(value is None for value in needed):
        return None
    scale = float(row["items_after"])
    if row["unit"] == "percent":
        scale *= float(row["naive_before"]) / 100
    elif row["unit"] == "points":
        scale /= 100
    amounts = sorted(abs(float(row[key])) * scale for key in ("lower", "upper"))
    return Gain(abs(float(row["effect"])) * scale, *amounts)


def gain_sentence(row: Record, definition: Record | None, cost: float | None, text: Text) -> str:
    """The gain in words, and per 1,000 euro where the cost is known; empty without proof, and of a
    number of which more is better, such as a mark, since that cannot be added up."""
    gain = gain_of(row)
    if gain is None or definition is None:
        return ""
    is_less = definition["direction"] == "lower"
    if row["unit"] == "absolute" and not is_less:
        return ""
    amount, lower, upper = (
        text.number(_two_digits(value)) for value in (gain.amount, gain.lower, gain.upper)
    )
    key = {"percent": definition["unit"], "points": "fewer" if is_less else "more"}
    kind = key.get(row["unit"], "mean")
    what = text.member("counted_as", definition["counts"] or "cases")
    words = text(f"gain.{kind}", count=amount, lower=lower, upper=upper, what=what)
    if not cost:
        return f"{words}."
    per_euro = text.number(_two_digits(gain.amount / cost * 1000))
    return f"{words}; {text('gain.per_euro', count=per_euro)}."


def plan_sentence(question: "Question", plan: "Plan", text: Text) -> str:
    """How long it takes to see what was expected, or that it cannot be seen, and what could."""
    expected = text.change(question.expected or 0.0, question.expected_unit or "absolute")
    unit = {"time": "percent", "share": "points"}.get(question.kind, "absolute")
    values = {
        "definition": question.definition,
        "expected": expected,
        "before": text.number(plan.months_before),
        "days": text.value(plan.followed_days, "days"),
        "chance": text.percent(100 * plan.chance, 0),
    }
    if plan.smallest != plan.smallest:
        return text("plan.short_baseline", **values)
    smallest = text("plan.smallest", smallest=_size(plan.smallest, unit, text))
    if plan.months is None:
        return sentence(text("plan.never", **values), smallest)
    months, weeks = text.number(plan.months), text.number(plan.weeks or 0)
    return sentence(text("plan.months", months=months, weeks=weeks, **values), smallest)


def _two_digits(value: float) -> float:
    """As many digits as the interval deserves."""
    return float(f"{value:.2g}")


def portfolio_finding(marts: Marts, text: Text) -> str:
    """What the council asked: how much was spent, and what of it worked."""
    rows = marts.rows("improvement_evidence")
    if not rows:
        return text("portfolio.none")
    judged = {row["improvement"] for row in rows}
    costs = [i["cost_eur"] for i in marts.rows("improvements") if i["improvement"] in judged]
    known = [each for each in costs if each is not None]
    cost = text("portfolio.cost", cost=text.euro(sum(known))) if known else ""
    said = Counter(row["verdict"] for row in rows)
    parts = [text.count(f"verdict_count.{name}", said[name]) for name in VERDICTS if said[name]]
    improvements = text.count("portfolio.judged", len(judged))
    what = (
        improvements
        if len(rows) == len(judged)
        else text("portfolio.expectations", n=text.number(len(rows)), improvements=improvements)
    )
    finding = text(
        "portfolio.finding",
        what=what,
        cost=cost,
        verdicts=", ".join(parts),
    )
    unknown = len(costs) - len(known)
    misled = sum(row["naive_verdict"] == "improved" for row in rows)
    return sentence(
        finding,
        text.count("portfolio.unknown_cost", unknown) if unknown else "",
        text("portfolio.naive", n=text.number(misled)),
    )
