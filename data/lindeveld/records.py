"""What the simulated systems remember. Instants are epoch seconds (UTC).

Numbers count from 1; what began before the period has none and keeps -1.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Event:
    """Something that happened to a case. `actor` is an employee's number or None."""

    activity: str
    at: float
    team: str | None
    actor: str | None


@dataclass(slots=True)
class Case:
    number: int
    journey: str
    resident: int
    channel: str
    target_group: str
    asked_at: float  # when the resident asked
    opened_at: float  # the start as registered
    due_at: float
    closed_at: float | None = None
    result: str | None = None
    extended_at: float | None = None
    registered_at: float | None = None  # when it is not the start
    events: list[Event] = field(default_factory=list)
    suspensions: list[tuple[float, float | None]] = field(default_factory=list)


@dataclass(slots=True)
class Contact:
    """One question or answer. `resident` is None for anonymous contacts."""

    number: int
    journey: str
    kind: str  # request, question, status, repeat, or callback (the town hall calls back)
    resident: int | None
    channel: str
    at: float
    handled_s: float
    employee: str
    case: Case | None
    result: str
    follows: Contact | None = None  # the contact that a callback answers
    satisfaction: int | None = None


@dataclass(slots=True)
class Callback:
    number: int
    contact: Contact
    team: str
    promised_at: float
    due_at: float
    done_at: float | None = None
    attempts: int = 0


@dataclass(slots=True)
class Systems:
    """Everything that was registered, in order of number."""

    cases: list[Case] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    callbacks: list[Callback] = field(default_factory=list)
    abandoned: int = 0
