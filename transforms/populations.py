"""What figures count, and where a row of each and its slices are: cases, contacts, residents, ...

What belongs here: the names of tables and keys, for who looks behind a figure (`explain.py`). What
does not: counting, which the models do.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Population:
    """What a figure counts: the table with a row for each, the key that joins it to the table of
    its slices, and the pseudonym to show. `began_at` is when each began and `mix` tells which are
    alike, where each belongs to one journey, in a column of that name; else nothing is judged."""

    table: str
    key: str
    slices: str
    pseudonym: str
    began_at: str | None = None
    mix: tuple[str, ...] = ()


# Contacts that are alike are sliced as one group.
_CONTACT_SLICES = (
    "(select g.contact_key, s.* from core.contact_groups as g"
    " inner join core.contact_slices as s on s.group_key = g.group_key)"
)
_CALLBACKS = (
    "(select b.*, c.journey, c.channel from core.callbacks as b inner join core.contacts as c"
    " on c.source = b.source and c.contact_id = b.contact_id)"
)
# A resident may be in several slices, so that each is a thing of its own there.
_CLIENTS = (
    "(select distinct client, journey, segment_kind, segment, 'all' as period_kind,"
    " 'all' as period, concat_ws('/', client, journey, segment_kind, segment) as client_slice"
    " from core.client_continuity)"
)
_RESIDENTS = (
    "(select r.client, s.journey, s.segment_kind, s.segment, s.period_kind, s.period,"
    " concat_ws('/', r.client, s.journey, s.segment_kind, s.segment, s.period_kind, s.period)"
    " as resident_slice, bool_or(r.is_watched) as is_watched,"
    " bool_or(r.is_watched and r.is_reassessed) as is_reassessed"
    " from core.reassessments as r inner join core.case_slices as s on s.case_key = r.case_key"
    " where s.period_kind in ('all', 'closing_month')"
    " group by r.client, s.journey, s.segment_kind, s.segment, s.period_kind, s.period)"
)
POPULATIONS = {
    "cases": Population(
        "core.cases",
        "case_key",
        "core.case_slices",
        "case_id",
        "opened_at",
        ("channel", "target_group"),
    ),
    "contacts": Population(
        "core.contacts", "contact_key", _CONTACT_SLICES, "contact_id", "contacted_at", ("channel",)
    ),
    "callbacks": Population(
        _CALLBACKS,
        "callback_key",
        "core.callback_slices",
        "contact_id",
        "promised_at",
        ("channel",),
    ),
    "journeys": Population("core.journeys", "journey_key", "core.journey_slices", "journey_key"),
    "clients": Population(_CLIENTS, "client_slice", _CLIENTS, "client"),
    "residents": Population(_RESIDENTS, "resident_slice", _RESIDENTS, "client"),
}
