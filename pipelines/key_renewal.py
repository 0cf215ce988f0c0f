"""Renewing the pseudonym key: what was hashed is encrypted with a new secret, where it stands.

What belongs here: which key a warehouse was made with, refusing another one, and the renewal
(docs/adr/005-renewing-the-key.md). What does not: how a key makes pseudonyms
(`transforms/privacy.py`).

The key file has the new secret before the warehouse is brought along, so a renewal that was killed,
a second home and a backup of before are all the same: a warehouse made with the first secrets of
the key, which giving the command again brings along.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.arrow import ArrowStream
from pipelines.connectors.kinds import api_tables
from pipelines.errors import PlainError
from pipelines.holding import the_only_run
from pipelines.receiving import Inbox
from pipelines.removing import clear_staging, renew_versions
from pipelines.rewriting import rewrite_if_due, rewriting_is_due
from pipelines.settings import Settings, add_secret, pseudonym_key
from pipelines.traces import TRACES
from pipelines.transactions import transaction
from pipelines.warehouse import last_key, note_key, open_warehouse
from transforms.privacy import LENGTH, fingerprint, renewed, secrets_of

_FORM = f"[0-9a-f]{{{LENGTH}}}"
_MAPPED = {"known": pl.String, "fresh": pl.String}


class OtherKeyError(PlainError):
    """The warehouse was made with another key than is given now."""


@dataclass(frozen=True)
class Renewal:
    """`is_new` says whether the key has a secret more; `pseudonyms` were renewed, of `notices`."""

    is_new: bool
    pseudonyms: int
    notices: int


def hold_to_key(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Note the key of a new warehouse. Raises OtherKeyError where it was made with another one."""
    if _missing(connection, key) is None:
        note_key(connection, fingerprint(key))
    elif _missing(connection, key):
        raise OtherKeyError(
            "The pseudonym key was renewed since this warehouse was made.\n"
            "  Mend: `hartslag rotate-key` brings it along."
        )


def rotate(settings: Settings) -> Renewal:
    """Renew the key, or bring a warehouse along to one that was renewed.

    Raises OtherKeyError where the warehouse was made with a key that is not known here, and
    ConfigurationError where the key is not in a file.
    """
    with the_only_run(settings.home):
        key = pseudonym_key()
        with open_warehouse(settings.warehouse_file) as connection:
            missing = _missing(connection, key) or []
            is_new = not missing
            if is_new:
                key = add_secret()
                missing = secrets_of(key)[-1:]
            with transaction(connection):
                count = _renew(connection, key, missing)
                clear_staging(connection)
                rewriting_is_due(settings.warehouse_file)
        rewrite_if_due(settings.warehouse_file)
        notices = 0
        if settings.notices_file.exists():
            notices = Inbox(settings.notices_file, key).renew(_before(key, missing), missing)
    return Renewal(is_new, count, notices)


def _before(key: bytes, missing: list[bytes]) -> bytes:
    """The key as it was without its last secrets."""
    return b"\n".join(secrets_of(key)[: -len(missing)])


def _missing(connection: duckdb.DuckDBPyConnection, key: bytes) -> list[bytes] | None:
    """The secrets of the key that the warehouse was not yet made with; null where it is not known
    which it was made with, as before the first run. Raises OtherKeyError."""
    known, whole = last_key(connection), secrets_of(key)
    if known is None:
        return None
    for number in range(len(whole), 0, -1):
        if fingerprint(b"\n".join(whole[:number])) == known:
            return whole[number:]
    raise OtherKeyError(
        "This warehouse was made with another pseudonym key; with this one nothing in it would meet"
        " what is read now, and who was erased would come back.\n"
        "  Mend: give the key that it was made with (HARTSLAG_KEY or HARTSLAG_KEY_FILE). If that is"
        " lost, begin in another --home, and erase there whom you erased here."
    )


def _renew(connection: duckdb.DuckDBPyConnection, key: bytes, later: list[bytes]) -> int:
    """Put the later form in place of every pseudonym of `raw`; how many there were."""
    columns = _columns(connection)
    whole = [f'select "{c}" as known from raw."{t}"' for t, c in columns if c not in _lists(t)]  # noqa: S608
    parts = [
        f'select unnest(regexp_extract_all("{c}", \'{_FORM}\')) as known from raw."{t}"'  # noqa: S608
        for t, c in columns
        if c in _lists(t)
    ]
    found = connection.execute(
        f"select known from ({' union '.join([*whole, *parts])})"  # noqa: S608
        f" where regexp_full_match(known, '{_FORM}') order by known"
    ).fetchall()
    known = [name for (name,) in found]
    fresh = dict(zip(known, renewed(known, later), strict=True))
    frame = pl.DataFrame({"known": known, "fresh": list(fresh.values())}, _MAPPED)
    connection.register("arriving", ArrowStream(frame))
    connection.execute("create or replace temp table renewing as from arriving")
    connection.unregister("arriving")
    for table, column in columns:
        if column in _lists(table):
            _renew_list(connection, table, column, fresh)
        else:
            connection.execute(
                f'update raw."{table}" as t set "{column}" = r.fresh from renewing as r'  # noqa: S608
                f' where r.known = t."{column}"'
            )
    for table in {api.name for api in api_tables()}:
        renew_versions(connection, table)
    connection.execute(
        "update raw.api_pulls set key_fingerprint = ? where key_fingerprint = ?",
        [fingerprint(key), fingerprint(_before(key, later))],
    )
    note_key(connection, fingerprint(key))
    return len(known)


def _columns(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Every column of text in `raw`, but for the loader's own."""
    return connection.execute(
        "select table_name, column_name from information_schema.columns where table_schema = 'raw'"
        " and table_catalog = current_database() and data_type = 'VARCHAR'"
        " and table_name not like '\\_dlt%' escape '\\' and column_name not like '\\_dlt%'"
        " escape '\\' order by all"
    ).fetchall()


def _lists(table: str) -> tuple[str, ...]:
    return TRACES[table].lists if table in TRACES else ()


def _renew_list(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, fresh: dict[str, str]
) -> None:
    """Renew the pseudonyms in a list of `kind:pseudonym`, which stays sorted."""
    said = connection.execute(
        f'select distinct "{column}" from raw."{table}" where "{column}" is not null'  # noqa: S608
    ).fetchall()
    for (text,) in said:
        parts = (part.rpartition(":") for part in text.split(" "))
        changed = " ".join(sorted(f"{kind}:{fresh[name]}" for kind, _, name in parts))
        connection.execute(
            f'update raw."{table}" set "{column}" = ? where "{column}" = ?',  # noqa: S608
            [changed, text],
        )
