"""An OCEL 2.0 log as rows of text, whichever file it comes from.

What belongs here: what both forms of the file hand over. What does not: the forms themselves
(`ocel_json.py`, `ocel_sqlite.py`), and which objects are the cases (`ocel.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.connectors.raw_log import refusal

Row = tuple[str | None, ...]
AGAIN = "copy or export the file again; nothing of it was loaded."
OTHER = "export it as OCEL 2.0, or as XES or CSV."


@dataclass(frozen=True)
class ObjectLog:
    """One file as rows of text, in its own order; of the attributes only those wanted have values.

    `events`: event, activity, at. `objects`: object, type. `relations`: event, object, qualifier.
    `event_values`: event, name, value. `object_values`: object, name, at, value; a null `at` means
    from the start. `event_names` and `object_names`, by type, are the attributes that there are.
    """

    file: Path
    wanted: Container[str]
    events: list[Row] = field(default_factory=list)
    objects: list[Row] = field(default_factory=list)
    relations: list[Row] = field(default_factory=list)
    event_values: list[Row] = field(default_factory=list)
    object_values: list[Row] = field(default_factory=list)
    event_names: set[str] = field(default_factory=set)
    object_names: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def event_value(self, event: str, name: str, value: Any) -> None:
        if name in self.wanted:
            self.event_values.append((event, name, self.text(name, value)))

    def object_value(self, thing: str, name: str, at: Any, value: Any) -> None:
        if f"case:{name}" in self.wanted:
            self.object_values.append((thing, name, self.text(name, at), self.text(name, value)))

    def text(self, name: str, value: Any) -> str | None:
        """A value as text, the same whichever file typed it: 10001.0 becomes 10001."""
        if value is None or value != value:  # null or not a number
            return None
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        if isinstance(value, str | int | float):
            return str(value)
        raise refusal(
            self.file,
            f"{name!r} holds a nested value where one text or number is expected.",
            "map another attribute, or flatten this one in the export.",
        )


def table(rows: list[Row], *columns: str) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String()), orient="row")
