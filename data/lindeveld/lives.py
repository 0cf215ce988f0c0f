"""Who asks: somebody in a life event that leads to it, or anybody.

How many ask is no concern of this file: life events change who comes, never how many.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict

from lindeveld.chance import stream
from lindeveld.clock import DAY
from lindeveld.journeys import LIFE_EVENTS, LifeEvent

_BROUGHT_BY = {
    journey: tuple(event for event in LIFE_EVENTS if journey in event.brings)
    for event in LIFE_EVENTS
    for journey in event.brings
}


class Lives:
    """The requests so far, in order of time: when, and by whom."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._asked: defaultdict[str, list[float]] = defaultdict(list)
        self._who: defaultdict[str, list[int]] = defaultdict(list)

    def asker(self, journey: str, at: float, anybody: int) -> int:
        """The resident who makes the request of `at`, in epoch seconds; `anybody` unless a life
        event brings somebody else. Draws from a stream of its own."""
        who = self._brought(journey, at, anybody)
        self._asked[journey].append(at)
        self._who[journey].append(who)
        return who

    def _brought(self, journey: str, at: float, anybody: int) -> int:
        events = _BROUGHT_BY.get(journey, ())
        if not events:
            return anybody
        chance = stream(self._seed, "life", journey, at, anybody)
        drawn = chance.random()
        for event in events:
            drawn -= event.brings[journey]
            if drawn < 0:
                one = self._one_of(event, at, chance.random())
                return anybody if one is None else one
        return anybody

    def _one_of(self, event: LifeEvent, at: float, drawn: float) -> int | None:
        """Whoever is in that life event, each as likely; None in its first weeks, with nobody."""
        asked, (first, last) = self._asked[event.begins_with], event.days
        low, high = bisect_left(asked, at - last * DAY), bisect_right(asked, at - first * DAY)
        return self._who[event.begins_with][low + int(drawn * (high - low))] if high > low else None
