"""A field that vanishes, or holds something else than it should, never passes without a word."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from lindeveld.api.server import running

from pipelines.connectors import walk
from pipelines.connectors.api_tables import REFUSED
from pipelines.connectors.kinds import api_tables
from pipelines.connectors.records import Door, MissingFieldError, UnusableRecordError
from pipelines.connectors.walk import Listing
from pipelines.connectors.zgw_tables import NOTICES
from tests.pipelines.histories import SEEN_DAILY, History
from tests.pipelines.test_faults import clock
from tests.pipelines.test_incremental import CREDENTIALS, KEY, municipality, read_on, warehouse

__all__ = ["clock"]  # the secrets of the servers

# Fields that not every version of a server has, by table: they may be absent.
OPTIONAL = {
    ("zgw_zaken", "communicatiekanaalNaam"),
    ("zgw_zaken", "eerdereOpschorting"),
    ("zgw_zaken", "gerelateerdeZaken"),
    ("zgw_rollen", "beginGeldigheid"),
    ("zgw_rollen", "eindeGeldigheid"),
    ("zgw_audit", "eindeGeldigheid"),
    *[("zgw_rollen", name) for name in ("kvkNummer", "anpIdentificatie", "inpA_nummer")],
    *[("zgw_audit", name) for name in ("kvkNummer", "anpIdentificatie", "inpA_nummer")],
    ("ki_klantcontacten", "hoofdOnderwerpType"),
    ("ki_klantcontacten", "verdereActieOndernomen"),
    ("ki_klantcontacten", "uuid"),  # of an actor that has another identifier
    ("ki_actoren", "uuid"),
}
WRONG = ("Jansen", 7, ["x"], {"x": "y"}, True)
DOOR = Door(KEY, {})
Path = tuple[str | int, ...]


@pytest.fixture(scope="module")
def samples() -> dict[str, tuple[Listing, list[dict[str, Any]]]]:
    """Some records of every list, as the servers give them, with what keeps them."""
    found: dict[str, tuple[Listing, list[dict[str, Any]]]] = {}
    history = History(4)
    for name in (*SEEN_DAILY, "new case", "add result", *["new contact"] * 12, "promise"):
        history.change(name)
    kept = walk._kept

    def noting(listing: Listing, record: Any, *more: Any) -> Any:
        found.setdefault(listing.table.name, (listing, []))[1].append(record)
        return kept(listing, record, *more)

    with pytest.MonkeyPatch.context() as patch, running(history.store, CREDENTIALS) as at:
        patch.setenv("HARTSLAG_CASES_CLIENT_ID", "all")
        for name in ("CASES_SECRET", "CONTACTS_TOKEN", "CONTACTS_KISS_SECRET"):
            patch.setenv(f"HARTSLAG_{name}", CREDENTIALS.token)
        patch.setattr(walk, "_kept", noting)
        with warehouse() as connection:
            read_on(connection, municipality(at), "weekly", history.now)
    return {name: (listing, records[:8]) for name, (listing, records) in found.items()}


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Where every field of a record is."""
    items = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        items = enumerate(value)
    for name, item in items:
        yield (*path, name)
        yield from paths(item, (*path, name))


def without(record: Any, path: Path) -> Any:
    changed = deepcopy(record)
    place = changed
    for name in path[:-1]:
        place = place[name]
    del place[path[-1]]
    return changed


def with_other(record: Any, path: Path, other: Any) -> Any:
    changed = deepcopy(record)
    place = changed
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = other
    return changed


def test_every_list_is_sampled(samples: dict[str, Any]) -> None:
    own = (REFUSED, NOTICES)  # those that no other system gives
    assert set(samples) == {table.name for table in api_tables() if table not in own}


def test_no_field_can_vanish_unnoticed(samples: dict[str, Any]) -> None:
    noticed = 0
    for table, (listing, records) in samples.items():
        for record in records:
            row = listing.keep(record, DOOR)
            for path in paths(record):
                if isinstance(path[-1], int) or (table, path[-1]) in OPTIONAL:
                    continue
                try:
                    assert listing.keep(without(record, path), DOOR) == row, (table, path)
                except (MissingFieldError, UnusableRecordError):
                    noticed += 1
    assert noticed > 200


def test_a_field_of_another_kind_is_kept_as_text_or_set_aside(samples: dict[str, Any]) -> None:
    """No value of another kind ends a reading, and none comes through where it may name people."""
    for listing, records in samples.values():
        for record in records:
            for path in paths(record):
                for other in WRONG:
                    try:
                        row = listing.keep(with_other(record, path, other), DOOR)
                    except (MissingFieldError, UnusableRecordError):
                        continue
                    if row is not None:
                        check_kinds(listing, row)


def check_kinds(listing: Listing, row: dict[str, Any]) -> None:
    """Every value is of the kind of its column: the loader shows a value that is not."""
    kinds = {"text": "str", "bool": "bool", "bigint": "int", "date": "date"}
    kinds["timestamp"] = "datetime"
    for name, value in row.items():
        if value is not None:
            assert type(value).__name__ == kinds[listing.table.columns[name]], (name, value)
