"""What holds of the figures on contacts and callbacks, whatever was registered."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms import properties
from tests.transforms.desk import DESK
from tests.transforms.properties import FIRST, PER_FILE, Raw, figures, moved, over_all_periods

MODELS = ("mart.kpi_contacts", "mart.kpi_first_contact", "mart.kpi_callbacks")
SPAN = timedelta(days=60)
few = settings(max_examples=3, deadline=None)


def _contact(name: str, number: int, **row: Any) -> dict[str, Any]:
    usual = {"source": "calls", "file_number": 1, "sequence": number, "time_quality": "exact"}
    return usual | {"contact_id": name} | row


@st.composite
def contacts(draw: st.DrawFn, topic: str = "Vergunning", names: str = "contact") -> Raw:
    """Some contacts, the first and last always there, some with a callback; in minutes."""
    minutes = st.integers(0, int(SPAN.total_seconds()) // 60)
    begin, end = {"contacted_at": FIRST}, {"contacted_at": FIRST + SPAN}
    rows = [_contact("begin", 1, **begin), _contact("end", 2, **end)]
    callbacks: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 9))):
        at = FIRST + timedelta(minutes=draw(minutes))
        told = {
            "contacted_at": at,
            "client": draw(st.sampled_from([f"{names} a", f"{names} b", None])),
            "topic": draw(st.sampled_from([topic, "Anders"])),
            "channel": draw(st.sampled_from(["balie", None])),
            "direction": draw(st.sampled_from(["inkomend", "inkomend", "uitgaand"])),
            "result": draw(st.sampled_from([None, "Zelfstandig afgehandeld", "Onbekend"])),
        }
        rows.append(_contact(f"{names}{number}", len(rows) + 1, **told))
        if draw(st.booleans()):
            waits = draw(st.one_of(st.none(), minutes))
            callbacks.append(
                {
                    "source": "promises",
                    "file_number": 1,
                    "sequence": len(callbacks) + 1,
                    "contact_id": f"{names}{number}",
                    "promised_at": at,
                    "due_at": at + timedelta(days=2),
                    "done_at": None if waits is None else at + timedelta(minutes=waits),
                    "attempts": draw(st.integers(0, 3)),
                }
            )
    return {"raw.contacts": rows, "raw.callbacks": callbacks}


@few
@given(contacts(), st.randoms(use_true_random=False))
def test_the_order_in_which_rows_arrive_is_irrelevant(raw: Raw, random: Random) -> None:
    properties.assert_order_is_irrelevant(raw, random, *MODELS, **DESK)


@few
@given(contacts(), st.integers(0, 11))
def test_two_files_give_what_one_gives_also_where_they_overlap(raw: Raw, at: int) -> None:
    def second(row: Any) -> dict[str, Any]:
        return {**row, "file_number": 2, "sequence": row["sequence"] + PER_FILE}

    split = {table: [*rows[: at + 1], *map(second, rows[at:])] for table, rows in raw.items()}
    properties.assert_same(figures(split, *MODELS, **DESK), figures(raw, *MODELS, **DESK))


@few
@given(contacts(), contacts(topic="Anders", names="stranger"))
def test_contacts_of_others_about_other_things_change_nothing(raw: Raw, unrelated: Raw) -> None:
    own = {
        table: [{**row, "topic": "Vergunning"} if "topic" in row else row for row in rows]
        for table, rows in raw.items()
    }
    new = {
        table: [r for r in rows if "contact_id" in r and r["contact_id"].startswith("stranger")]
        for table, rows in unrelated.items()
    }
    more = {
        table: [{**row, "sequence": row["sequence"] + PER_FILE} for row in rows]
        for table, rows in new.items()
    }
    properties.assert_unrelated_rows_change_nothing(own, more, "permits", *MODELS, **DESK)


@few
@given(contacts(), st.integers(0, 120))
def test_a_change_of_the_clock_moves_no_window(raw: Raw, days: int) -> None:
    found, expected = (
        {k: v for m in MODELS for k, v in over_all_periods(figures(rows, m, **DESK), "").items()}
        for rows in (moved(raw, timedelta(days=days)), raw)
    )
    properties.assert_same(found, expected)
