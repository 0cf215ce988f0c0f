"""What real registrations have: gaps, slips and doubles, as `truth.yaml` says how much of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from lindeveld.chance import stream
from lindeveld.clock import DAY, HOUR, epoch
from lindeveld.journeys import BY_ID
from lindeveld.records import Contact, Event, Systems

MIGRATION = Event("Zaak gemigreerd", 0, None, "migratie")


def soil(systems: Systems, dirt: dict[str, Any], seed: int) -> None:
    """Change the registrations in place; the same seed soils the same rows."""
    chance = stream(seed, "dirt")
    for case in systems.cases:
        if case.closed_at is not None and chance.random() < dirt["missing_end_share"]:
            case.closed_at = None
        if chance.random() < dirt["wrong_channel_share"]:
            case.channel = chance.choice(list(BY_ID[case.journey].channels))
        if chance.random() < dirt["late_registration_share"]:
            case.registered_at = case.opened_at + chance.uniform(1, 10) * DAY
        for before, event in zip(case.events, case.events[1:], strict=False):
            if chance.random() < dirt["equal_stamp_share"]:
                event.at = before.at
    _migrate(systems, epoch(dirt["migration_on"]) + 14 * HOUR, dirt["migrated_cases"])
    systems.contacts = list(_doubled(chance, systems.contacts, dirt["duplicate_share"]))
    begins, ends = _month(dirt["slipped_month"])
    for contact in systems.contacts:
        if begins <= contact.at < ends:
            contact.at += HOUR


def _migrate(systems: Systems, at: float, number: int) -> None:
    """On one Saturday the newest cases get a new owner, many of them after they were closed."""
    before = [case for case in systems.cases if case.opened_at < at][-number:]
    for case in before:
        case.events.append(replace(MIGRATION, at=at))
        case.events.sort(key=lambda event: event.at)


def _doubled(chance: Random, contacts: list[Contact], share: float) -> Iterator[Contact]:
    """The contacts, some of them sent twice."""
    for contact in contacts:
        yield contact
        if chance.random() < share:
            yield replace(contact)


def _month(written: str) -> tuple[int, int]:
    """The first instant of a month such as 2025-11, and that of the next."""
    year, month = map(int, written.split("-"))
    return epoch(date(year, month, 1)), epoch(date(year + month // 12, month % 12 + 1, 1))
