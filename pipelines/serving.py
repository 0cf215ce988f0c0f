"""Serving the published site on this machine alone."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from dashboards.health import HEALTH, health
from dashboards.marts import UnreadableMartsError, read_manifest
from pipelines.settings import Settings

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class _Handler(SimpleHTTPRequestHandler):
    """Static files below a prefix with security headers, and the health of what is published; no
    listing of folders, no log line per request. A connection is kept for the files of a page."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30  # seconds a connection may be idle

    def __init__(self, *given: Any, prefix: str, **named: Any) -> None:
        self._prefix = prefix
        super().__init__(*given, **named)

    def send_head(self) -> BytesIO | BinaryIO | None:
        if self.headers.get("Content-Length", "0") != "0":
            self.close_connection = True  # what is sent along is not read
        asked = self.path.partition("?")[0]
        if asked == f"{self._prefix}{HEALTH}":
            return self._health()
        if not asked.startswith(self._prefix):
            self.send_error(404)
            return None
        return super().send_head()

    def translate_path(self, path: str) -> str:
        return super().translate_path(f"/{path.removeprefix(self._prefix)}")

    def _health(self) -> BytesIO:
        try:
            shown = read_manifest(Path(self.directory).parent)
        except UnreadableMartsError:
            shown = None
        status, text = health(shown, datetime.now(UTC))
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return BytesIO(body)

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def list_directory(self, path: object) -> None:
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        return


def site_server(settings: Settings, port: int, prefix: str = "/") -> ThreadingHTTPServer:
    """A server on 127.0.0.1 of whatever `current` names at each request; port 0 takes any.

    `prefix` begins and ends with a slash; whatever is not below it is not found.
    """
    site: Path = settings.published / "current" / "site"
    handler = partial(_Handler, directory=str(site), prefix=prefix)
    return ThreadingHTTPServer(("127.0.0.1", port), handler)
