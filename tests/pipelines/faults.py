"""A proxy on loopback that spoils answers on purpose, by a seed, before it passes the rest on."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

import requests

PASSING = ("busy", "slow down", "dropped", "cut off", "late")  # gone when asked again
STANDING = ("revoked", "renamed")  # from some request on, for ever
FAULTS = (*PASSING, *STANDING)


@dataclass
class Spoiler:
    """Which request gets which fault. `between` runs between two requests, such as a write."""

    seed: int
    share: float = 0.15
    standing: str | None = None
    standing_after: int = 10**9
    between: Callable[[], None] = lambda: None
    seen: int = 0
    met: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # noqa: S311

    def next_fault(self) -> str | None:
        """Never two passing faults of one kind in a row beyond what a reader should bear."""
        self.seen += 1
        self.between()
        if self.standing and self.seen > self.standing_after:
            self.met.append(self.standing)
            return self.standing
        if self.chance.random() < self.share:
            self.met.append(self.chance.choice(PASSING))
            return self.met[-1]
        return None


@contextmanager
def spoiling(upstream: str, spoiler: Spoiler) -> Iterator[str]:
    """The base address of a proxy before `upstream`."""
    lock = threading.Lock()
    session = requests.Session()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with lock:
                fault = spoiler.next_fault()
            if fault == "dropped":
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            if fault in ("busy", "slow down"):
                self._send(429 if fault == "slow down" else 503, b"{}", {"Retry-After": "0"})
                return
            if fault == "revoked":
                self._send(403, json.dumps({"code": "permission_denied"}).encode(), {})
                return
            with lock:
                answer = session.get(upstream + self.path, headers=self._passed_on(), timeout=30)
            body = answer.content
            if fault == "renamed":
                body = body.replace(b'"zaaktype":', b'"soortZaak":').replace(
                    b'"kanaal":', b'"medium":'
                )
            if fault == "cut off":
                body = body[: len(body) // 2]
            self._send(answer.status_code, body, {}, is_short=fault == "late")

        def _passed_on(self) -> dict[str, str]:
            return {k: v for k, v in self.headers.items() if k.lower() != "connection"}

        def _send(
            self, status: int, body: bytes, more: dict[str, str], *, is_short: bool = False
        ) -> None:
            """A late answer promises more than comes, and then the line goes dead."""
            self.send_response(status)
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
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        session.close()
