"""Telling whoever started this process how far the reading of sources is.

A step of Dagster is handed nothing by the one who started its run. Where both are in one process,
as under the `hartslag` command, a context variable joins them; elsewhere nobody listens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# What is read, how much of it is done, and how much there is where that is known.
Listener = Callable[[str, int, int | None], None]
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Listener | None) -> Iterator[None]:
    """Within this block `listener` hears what is told in the same thread."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)


def tell(what: str, done: int, total: int | None) -> None:
    listener = _listener.get()
    if listener is not None:
        listener(what, done, total)
