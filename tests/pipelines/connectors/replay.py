"""The recorded answers of real servers, given again over HTTP on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

RECORDED = Path(__file__).parents[3].parent / "shared" / "sources" / "recorded"
_BASES = {"zaken": ":8001", "catalogi": ":8001", "klantinteracties": ":8002"}
_IGNORED = {"pageSize", "status"}
_LINKS = {"zaak", "zaaktype"}


class Answers(Protocol):
    """What a server answers to a path and its query: a status and a body."""

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, Any]: ...


class Recordings:
    """The lists and bare lists, by path; links are compared whole, as the real servers do."""

    def __init__(self) -> None:
        index = json.loads((RECORDED / "INDEX.json").read_text(encoding="utf-8"))
        self.bodies: dict[str, Any] = {}
        for entry in index:
            url = urlsplit(entry["request"].removeprefix("GET "))
            if entry["condition"] == "normal" and entry["status"] == 200 and not url.query:
                text = (RECORDED / entry["file"]).read_text(encoding="utf-8")
                self.bodies[url.path] = json.loads(text)

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        if path not in self.bodies:
            return 404, {"code": "not_found"}
        body, links = self.bodies[path], _LINKS & set(query)
        if set(query) - _IGNORED - links:
            return 400, {"code": "unknown-parameters"}
        if not links:
            return 200, body
        found = [r for r in body["results"] if all(r[link] == query[link][0] for link in links)]
        return 200, {**body, "count": len(found), "results": found}


@contextmanager
def replaying(recordings: Answers) -> Iterator[str]:
    """The base address of a server that gives the recordings, or what else answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            status, body = recordings.answer(url.path, parse_qs(url.query))
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Nothing: the test says what matters."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
