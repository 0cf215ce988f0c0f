"""A proxy on loopback that spoils answers on purpose, by a seed, before it passes the rest on."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any

import requests

# Gone when asked again.
PASSING = ("busy", "busy until", "slow down", "dropped", "cut off", "late", "silent")
# An answer that is wrong, and looks right.
TWISTED = ("twice on a page", "on two pages", "new word")
# From some request on, for ever.
STANDING = (
    *("revoked", "renamed", "clock behind", "clock ahead", "token of another hour"),
    *("wait a day", "wait until tomorrow", "always busy", "always dropped", "always cut off"),
    "new words",
)
FAULTS = (*PASSING, *TWISTED, *STANDING)
IN_A_ROW = 3
TIMEOUT_S, SILENCE_S = 2.0, 2.3
READ_FIELDS = ("zaaktype", "statustype", "datumStatusGezet", "betrokkeneType", "kanaal")
WORDS = {
    "rollen": ("betrokkeneType", "robot"),
    "internetaken": ("status", "wacht_op_bewoner"),
    "betrokkenen": ("rol", "buurman"),
    "actoren": ("soortActor", "robot"),
}
_SIZE = re.compile(r"pageSize=\d+")
_SKEWS = {
    "clock behind": timedelta(days=-2),
    "clock ahead": timedelta(days=2),
    "token of another hour": timedelta(hours=2),
}


@dataclass
class Spoiler:
    """Which request gets which fault. `between` runs between two requests, such as a write.

    `waits` are the moments at which a wait was asked for, with its seconds; `twisted` the uuids of
    the records that got a word that nobody knows. Lists of records come in pages of `page_size`.
    """

    seed: int
    share: float = 0.35
    standing: str | None = None
    standing_after: int = 10**9
    between: Callable[[], None] = lambda: None
    page_size: int = 3
    seen: int = 0
    met: list[str] = field(default_factory=list)
    waits: list[tuple[float, float]] = field(default_factory=list)
    twisted: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.chance, self.in_a_row = Random(self.seed), 0  # noqa: S311
        self.renamed = self.chance.choice(READ_FIELDS)
        self.last_of: dict[str, Any] = {}

    def next_fault(self) -> str | None:
        """Never more passing faults in a row than a reader should bear."""
        self.seen += 1
        self.between()
        fault = None
        if self.standing and self.seen > self.standing_after:
            fault = self.standing
        elif self.chance.random() < self.share and self.in_a_row < IN_A_ROW:
            fault = self.chance.choice((*PASSING, *TWISTED))
        self.in_a_row = self.in_a_row + 1 if fault in PASSING else 0
        if fault:
            self.met.append(fault)
        return fault

    def ask_to_wait(self, seconds: float) -> None:
        self.waits.append((time.monotonic(), seconds))

    def twist(self, path: str, body: bytes, fault: str | None) -> bytes:
        """A good answer as the fault makes it."""
        if fault == "renamed":
            return body.replace(f'"{self.renamed}":'.encode(), b'"nieuweNaam":')
        if fault == "cut off":
            return body[: len(body) // 2]
        answer = json.loads(body)
        if not isinstance(answer, dict) or not answer.get("results"):
            return body
        resource, records = path.rsplit("/", 1)[-1], answer["results"]
        if fault == "twice on a page":
            records.insert(0, records[-1])
        if fault == "on two pages" and resource in self.last_of:
            records.insert(0, self.last_of[resource])
        if fault in ("new word", "new words") and resource in WORDS:
            name, word = WORDS[resource]
            for record in records if fault == "new words" else records[:1]:
                record[name] = word
                self.twisted.add(record["uuid"])
        self.last_of[resource] = records[-1]
        return json.dumps(answer).encode()


@contextmanager
def spoiling(upstream: str, spoiler: Spoiler) -> Iterator[str]:
    """The base address of a proxy before `upstream`."""
    lock, session = threading.Lock(), requests.Session()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with lock:
                fault = spoiler.next_fault()
            if fault in ("dropped", "always dropped"):
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            if fault == "silent":
                time.sleep(SILENCE_S)
                self.close_connection = True
                return
            refusal = _refusal(fault, self.path, spoiler)
            if refusal:
                self._send(*refusal, fault)
                return
            path = self.path
            if "/catalogi/" not in path:  # types are many, and nobody writes them meanwhile
                path = _SIZE.sub(f"pageSize={spoiler.page_size}", path)
            with lock:
                answer = session.get(upstream + path, headers=self._passed_on(), timeout=30)
                body = answer.content
                if answer.ok:
                    plain = "cut off" if fault == "always cut off" else fault
                    body = spoiler.twist(path.split("?")[0], body, plain)
            self._send(answer.status_code, body, {}, fault)

        def _passed_on(self) -> dict[str, str]:
            return {k: v for k, v in self.headers.items() if k.lower() != "connection"}

        def _send(self, status: int, body: bytes, more: dict[str, str], fault: str | None) -> None:
            """A late answer promises more than comes, and then the line goes dead."""
            is_short = fault == "late"
            now = datetime.now(UTC) + _SKEWS.get(fault or "", timedelta())
            self.send_response_only(status)
            self.send_header("Date", format_datetime(now, usegmt=True))
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body) + (50 if is_short else 0)))
            for name, value in more.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            if is_short:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Nothing: the test says what matters."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        session.close()


def _refusal(
    fault: str | None, path: str, spoiler: Spoiler
) -> tuple[int, bytes, dict[str, str]] | None:
    """The answer of a server that does not do what is asked, and says until when."""
    seconds = {"wait a day": 86_400, "wait until tomorrow": 86_400}.get(
        fault or "", spoiler.chance.randrange(1, 200)
    )
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)
    if fault in ("busy", "slow down", "wait a day"):
        spoiler.ask_to_wait(seconds)
        return 429 if fault == "slow down" else 503, b"{}", {"Retry-After": str(seconds)}
    if fault in ("busy until", "wait until tomorrow"):
        spoiler.ask_to_wait(seconds - 1)  # HTTP has no fractions of seconds
        return 503, b"{}", {"Retry-After": format_datetime(until, usegmt=True)}
    if fault == "always busy":
        return 503, b"{}", {}
    if fault == "revoked":
        is_token = "/klantinteracties/" in path
        code = "authentication_failed" if is_token else "permission_denied"
        return 401 if is_token else 403, json.dumps({"code": code}).encode(), {}
    if fault == "token of another hour":
        return 403, json.dumps({"code": "jwt-expired"}).encode(), {}
    return None
