"""A warehouse with a few contacts, for five-row tests of the models on contacts."""

from __future__ import annotations

from typing import Any

from tests.transforms.sql_bench import CONFIG, Bench

SEEN = {"_dlt_load_id": "1", "_dlt_id": "1", "observed_from": "2025-07-01 05:30+02"}
SOURCES = [
    *CONFIG["sources"],
    {
        "id": "calls",
        "kind": "contact_export",
        "path": "calls.csv",
        "columns": {"contact_id": "id", "contacted_at": "at"},
    },
    {
        "id": "promises",
        "kind": "callback_export",
        "contacts": "calls",
        "path": "promises.csv",
        "columns": {"contact_id": "id", "promised_at": "at"},
    },
    {"id": "kc", "kind": "klantinteracties", "address": "http://localhost/ki/api/v1"},
]
JOURNEYS = [{**CONFIG["journeys"][0], "topics": ["Vergunning"]}, CONFIG["journeys"][1]]
DESK = {"sources": SOURCES, "journeys": JOURNEYS}


class Desk(Bench):
    """A warehouse with contacts: `call` one of an export, `pulled` one of Klantinteracties."""

    def __init__(self, **config: Any) -> None:
        super().__init__([{}], [{}], **DESK | config)
        self._number = 0

    def call(self, at: str, **row: Any) -> str:
        self._number += 1
        name = f"c{self._number}"
        usual = {"source": "calls", "sequence": self._number, "contact_id": name, "client": "me"}
        usual |= {"topic": "Vergunning", "contacted_at": at, "time_quality": "exact"}
        self.insert("raw.contacts", usual | row)
        return name

    def promise(self, contact: str, at: str, **row: Any) -> None:
        usual = {"source": "promises", "sequence": 1, "contact_id": contact, "promised_at": at}
        self.insert("raw.callbacks", usual | row)

    def seen(self, table: str, **row: Any) -> None:
        super().seen(table, **{"source": "kc", **SEEN, **row})

    def pulled(self, name: str, **row: Any) -> None:
        usual = {"kanaal": "Telefoon", "plaatsgevonden_op": "2025-03-03 10:00+01"}
        usual |= {"is_geautomatiseerd": False}  # type: ignore[dict-item]
        self.seen("ki_klantcontacten", klantcontact=name, **usual | row)

    def contacts(self) -> dict[str, dict[str, Any]]:
        return {row["contact_id"]: row for row in self.build("core.contacts")}

    def figures(self, model: str, journey: str = "all") -> dict[str, dict[str, Any]]:
        """The figures of a journey over all segments and periods, by definition."""
        return {
            row["definition"]: row
            for row in self.build(model)
            if (row["journey"], row["segment_kind"], row["period"]) == (journey, "all", "all")
        }
