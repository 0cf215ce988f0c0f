"""Serving the published site on this machine alone."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pipelines.settings import Settings

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class _Handler(SimpleHTTPRequestHandler):
    """Static files with security headers; no listing of folders, no log line per request."""

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def list_directory(self, path: object) -> None:
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        return


def site_server(settings: Settings, port: int) -> ThreadingHTTPServer:
    """A server on 127.0.0.1 of whatever `current` names at each request; port 0 takes any."""
    site: Path = settings.published / "current" / "site"
    return ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, directory=str(site)))
