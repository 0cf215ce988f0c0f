"""The configuration of contacts as tables: the sources' own words, callbacks and topics."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipelines.municipality import Municipality

CONTACT_SCHEMAS: dict[str, dict[str, Any]] = {
    "outbound": {"source": pl.String, "channel": pl.String},
    "resolved_results": {"source": pl.String, "result": pl.String},
    "callback_sources": {"source": pl.String, "contacts": pl.String},
    "contact_words": {"word": pl.String, "kind": pl.String},
    "topics": {"topic": pl.String, "journey": pl.String},
}


def contact_rows(m: Municipality) -> dict[str, list[tuple[Any, ...]]]:
    """What the sources say in words of their own, trimmed, case ignored; what callbacks answer."""
    return {
        "outbound": [(s.id, word.strip().lower()) for s in m.sources for word in s.outbound_words],
        "resolved_results": [
            (s.id, word.strip().lower()) for s in m.sources for word in s.answering_results
        ],
        "callback_sources": [(s.id, s.callbacks_of) for s in m.sources if s.callbacks_of],
        "contact_words": list(m.contacts.words().items()),
        "topics": [(topic, j.id) for j in m.journeys for topic in j.topics],
    }
