"""Which published slice a view asks for, or why there is none: one rule, in one place.

The marts hold each journey whole and cut by one kind of segment, and each service formula whole.
Two cuts at once were never counted, and are not guessed from the parts. Nothing is cut by chain
partner: whether a case comes to one shows only later, so that young cases would all be without.
"""

from dataclasses import dataclass
from typing import Literal

from dashboards.app.address import View, chosen_segments
from dashboards.app.choices import Choices

Reason = Literal[
    "two_segments", "segment_of_formula", "other_formula", "not_published", "by_partner"
]


@dataclass(frozen=True)
class Slice:
    """A slice of `kpi_values`: journey `all` pools them."""

    journey: str
    segment_kind: str = "all"
    segment: str = "all"


@dataclass(frozen=True)
class NoSlice:
    """Why a combination has no figures."""

    reason: Reason


def slice_of(view: View, choices: Choices) -> Slice | NoSlice:
    """The slice of a view. Without a journey and a formula it is of all journeys pooled, which
    contacts have and cases have not."""
    segments = chosen_segments(view)
    if view.partner is not None:
        return NoSlice("by_partner")
    if len(segments) > 1:
        return NoSlice("two_segments")
    kind, segment = segments[0] if segments else ("all", "all")
    if view.journey is not None:
        own = choices.journeys[view.journey]["service_formula"]
        if view.formula is not None and view.formula != own:
            return NoSlice("other_formula")
        return Slice(view.journey, kind, segment)
    if view.formula is not None:
        if segments:
            return NoSlice("segment_of_formula")
        return Slice("all", "service_formula", view.formula)
    return Slice("all", kind, segment)


def journeys_of(view: View, choices: Choices) -> list[str]:
    """The journeys that a view is about, in published order."""
    if view.journey is not None:
        return [view.journey]
    found = choices.journeys.items()
    return [key for key, row in found if view.formula in (None, row["service_formula"])]
