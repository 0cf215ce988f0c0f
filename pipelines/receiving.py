"""Receiving notifications of case systems, hashed at the door, until a run asks for them.

What belongs here: the web service behind `hartslag listen`, and the file in which it keeps them.
What does not: what is kept of a notification (`connectors/zgw_notices.py`).
"""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.connectors.records import Door, MissingFieldError, Row, UnusableRecordError
from pipelines.connectors.zgw import ZgwSource
from pipelines.connectors.zgw_notices import notice
from pipelines.errors import ConfigurationError
from pipelines.municipality import Municipality
from pipelines.rewriting import compact
from pipelines.settings import source_secret
from pipelines.tombstones import tombstone
from transforms.privacy import fingerprint, renewed

LARGEST_BODY, PAGE_SIZE, LAST_PAGE = 64 * 1024, 500, 1_000_000
KEPT = timedelta(days=90)


class Inbox:
    """The notifications of all sources in one file: channel, pseudonyms, action and moment."""

    def __init__(self, file: Path, key: bytes) -> None:
        self._file, self._key, self._fingerprint = file, key, fingerprint(key)
        file.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._open()) as connection:
            connection.execute("pragma journal_mode = wal")
            connection.execute(
                "create table if not exists notices (source text, notice text, zaak text,"
                " resource text, object text, actie text, aanmaakdatum text, received_at text,"
                " key_fingerprint text, primary key (source, notice))"
            )
            connection.execute("create table if not exists erased (tombstone text primary key)")

    def put(self, source: str, row: Row) -> None:
        """Keep a notification; it is on disk when this returns, once however often it comes.

        One of a case that was removed for good is not kept.
        """
        values = {
            **row,
            "aanmaakdatum": row["aanmaakdatum"].isoformat(timespec="microseconds"),
            "source": source,
            "received_at": datetime.now(UTC).isoformat(),
            "key_fingerprint": self._fingerprint,
        }
        with closing(self._open()) as connection:
            if self._is_erased(connection, source, row["zaak"]):
                return
            connection.execute(
                "insert or ignore into notices values (:source, :notice, :zaak, :resource, :object,"
                " :actie, :aanmaakdatum, :received_at, :key_fingerprint)",
                values,
            )

    def page(self, source: str, page: int, size: int) -> tuple[int, list[dict[str, str]]]:
        """How many there are of a source under this key, and one page of them, newest first."""
        asked = [source, self._fingerprint]
        with closing(self._open()) as connection:
            connection.row_factory = sqlite3.Row
            [total] = connection.execute(
                "select count(*) from notices where source = ? and key_fingerprint = ?", asked
            )
            found = connection.execute(
                "select notice, zaak, resource, object, actie, aanmaakdatum, key_fingerprint"
                " from notices where source = ? and key_fingerprint = ?"
                " order by aanmaakdatum desc, notice limit ? offset ?",
                [*asked, size, (page - 1) * size],
            )
            return total[0], [dict(row) for row in found]

    def forget(self, before: datetime) -> None:
        """Let go of what came before a moment."""
        with closing(self._open()) as connection:
            connection.execute("delete from notices where received_at < ?", [before.isoformat()])

    def erase(self, stones: Collection[str]) -> int:
        """Keep these tombstones too, and let go of what has one; how many notifications went."""
        with closing(self._open()) as connection:
            connection.executemany(
                "insert or ignore into erased values (?)", [[stone] for stone in stones]
            )
            known = connection.execute("select distinct source, zaak from notices").fetchall()
            gone = [pair for pair in known if self._is_erased(connection, *pair)]
            before = connection.total_changes
            connection.executemany("delete from notices where source = ? and zaak = ?", gone)
            removed = connection.total_changes - before
            if removed:
                compact(connection)
        return removed

    def renew(self, before: bytes, later: Sequence[bytes]) -> int:
        """Renew what was kept under the key before; how many notifications that were."""
        with closing(self._open()) as connection:
            connection.execute("begin immediate")
            rows = connection.execute(
                "select rowid, notice, zaak, object from notices where key_fingerprint = ?",
                [fingerprint(before)],
            ).fetchall()
            for rowid, *names in rows:
                connection.execute(
                    "update notices set notice = ?, zaak = ?, object = ?, key_fingerprint = ?"
                    " where rowid = ?",
                    [*renewed(names, later), self._fingerprint, rowid],
                )
            stones = [stone for (stone,) in connection.execute("select tombstone from erased")]
            connection.execute("delete from erased")
            connection.executemany(
                "insert or ignore into erased values (?)", [[s] for s in renewed(stones, later)]
            )
            connection.execute("commit")
            compact(connection)
        return len(rows)

    def _is_erased(self, connection: sqlite3.Connection, source: str, case: str) -> bool:
        stones = [tombstone(source, case, self._key), tombstone(None, case, self._key)]
        found = connection.execute("select 1 from erased where tombstone in (?, ?)", stones)
        return found.fetchone() is not None

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, timeout=30, isolation_level=None)
        connection.execute("pragma synchronous = full")
        return connection


def receiver(municipality: Municipality, inbox: Inbox, key: bytes) -> Starlette:
    """The service: `POST /<source>` keeps a notification, `GET /<source>` lists what was kept.

    Both ask for the source's token. Answers are those that a notification service looks for when
    it is told of a new subscriber: 403 without the token, 204 with it.
    Raises ConfigurationError where no source has `notifications:`, or one of them has no token.
    """
    tokens = {
        source.id: source_secret(source.id, "notifications_token")
        for source in municipality.sources
        if isinstance(source, ZgwSource) and source.notifications
    }
    if not tokens:
        raise ConfigurationError(
            "No source has `notifications:`, so there is nothing to receive.\n"
            "  Mend: add the address of this service to a source of kind zgw."
        )
    service = _Receiver(tokens, inbox, Door(key, {}))
    return Starlette(
        routes=[
            Route("/{source}", service.keep, methods=["POST"]),
            Route("/{source}", service.listed, methods=["GET"]),
        ]
    )


class _Receiver:
    def __init__(self, tokens: Mapping[str, str], inbox: Inbox, door: Door) -> None:
        self._tokens, self._inbox, self._door = tokens, inbox, door

    async def keep(self, request: Request) -> Response:
        source = self._admitted(request)
        if source is None:
            return Response(status_code=403)
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                return Response(status_code=413)
        try:
            said = orjson.loads(body)
            row = notice(said, self._door) if isinstance(said, dict) else None
        except (orjson.JSONDecodeError, UnusableRecordError, MissingFieldError) as error:
            field = "" if isinstance(error, orjson.JSONDecodeError) else str(error)
            return _answer({"title": "This is no notification.", "field": field}, 400)
        if row:
            await run_in_threadpool(self._inbox.put, source, row)
        return Response(status_code=204)

    def listed(self, request: Request) -> Response:
        source = self._admitted(request)
        if source is None:
            return Response(status_code=403)
        asked = request.query_params
        page = _number(asked.get("page"), 1, LAST_PAGE)
        size = _number(asked.get("pageSize"), PAGE_SIZE, PAGE_SIZE)
        self._inbox.forget(datetime.now(UTC) - KEPT)
        total, found = self._inbox.page(source, page, size)
        following = f"/{source}?page={page + 1}&pageSize={size}" if page * size < total else None
        return _answer({"count": total, "next": following, "results": found})

    def _admitted(self, request: Request) -> str | None:
        """The source of a request that has its token."""
        source = request.path_params["source"]
        token = self._tokens.get(source)
        said = request.headers.get("Authorization", "").encode()
        is_known = token is not None and hmac.compare_digest(said, f"Bearer {token}".encode())
        return source if is_known else None


def _number(said: str | None, otherwise: int, most: int) -> int:
    """A page or its size as it was asked, between 1 and `most`."""
    return min(max(int(said), 1), most) if said and said.isdecimal() else otherwise


def _answer(content: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")
