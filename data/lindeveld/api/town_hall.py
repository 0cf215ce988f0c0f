"""A whole town in a store, as its systems stood at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from lindeveld.api import catalog
from lindeveld.api.cases import Written, stamp, writes_of
from lindeveld.api.contacts import writes_of_callback, writes_of_contact
from lindeveld.api.store import Store
from lindeveld.records import Systems
from lindeveld.residents import citizen_numbers


def filled(
    systems: Systems, residents: int, until: float | None = None, *, keeps_trail: bool = True
) -> Store:
    """The store with everything that was written up to `until`, in epoch seconds, or ever.

    The audit trail takes most of the memory; without it a case has none.
    """
    store = Store(keeps_trail=keeps_trail)
    writes = sorted(all_writes(systems, residents), key=lambda written: written.at)
    catalog.fill(store, stamp(writes[0].at) if writes else stamp(0))
    write(store, [written for written in writes if until is None or written.at < until])
    return store


def write(store: Store, writes: list[Written]) -> None:
    """Carry out writes in the order given, each at its own moment."""
    for written in writes:
        written.write(store, stamp(written.at))


def all_writes(systems: Systems, residents: int) -> Iterator[Written]:
    """Every write of every system, per record in order of time."""
    numbers = citizen_numbers(residents)
    return chain.from_iterable(
        (
            *(writes_of(case, numbers) for case in systems.cases),
            *(writes_of_contact(contact, numbers) for contact in systems.contacts),
            *(writes_of_callback(callback) for callback in systems.callbacks),
        )
    )
