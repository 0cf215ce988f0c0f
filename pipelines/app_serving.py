"""Starting the app: how it may be reached, and the server that runs it."""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Callable
from importlib.util import find_spec
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from dashboards.app.security import Access
from pipelines.errors import PlainError

if TYPE_CHECKING:
    from flask import Flask

_HOST = "127.0.0.1"
_THREADS = 8
_KEPT_OPEN_S = 95
"""How long an idle connection stays: longer than a proxy keeps one (Go: 90 s), because one that is
closed here while the proxy sends on it is an error to the reader. With gunicorn's own 2 s a third
of what fifty readers with pauses of one to three seconds asked was lost."""
_PATH = re.compile(r"/([\w.~-]+/)*")


class WrongAccessError(PlainError):
    """The app cannot be reached in the way that was asked for."""


def path_of(prefix: str) -> str:
    """The path, with a slash at both ends; raises WrongAccessError where it is none."""
    path = f"/{prefix.strip('/')}/".replace("//", "/")
    if not _PATH.fullmatch(path):
        raise WrongAccessError(f"--prefix {prefix!r} is no path.\n  Mend: such as /hartslag/.")
    return path


def access_of(prefix: str, user_header: str | None, proxies: list[str], hosts: list[str]) -> Access:
    """How the app is reached; raises WrongAccessError where that cannot be or is not safe."""
    path = path_of(prefix)
    for proxy in proxies:
        try:
            ip_network(proxy, strict=False)
        except ValueError:
            raise WrongAccessError(
                f"--proxy {proxy!r} is no address.\n  Mend: such as 127.0.0.1."
            ) from None
    if user_header and not proxies:
        raise WrongAccessError(
            "--user-header is believed from a proxy alone, and none is named.\n"
            "  Mend: add --proxy with its address, such as --proxy 127.0.0.1."
        )
    return Access(path, user_header, tuple(proxies), tuple(hosts))


def serve_app(make: Callable[[], Flask], port: int) -> None:
    """Serves what `make` makes until it is stopped: by gunicorn where it is installed, else by
    Werkzeug. Raises OSError where the port is taken.

    One process with threads, so that the figures are in memory once. It makes the app itself,
    because Polars does not survive a fork.
    """
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind((_HOST, port))
    if find_spec("gunicorn"):
        _gunicorn(make, port)
    else:  # Windows has none
        from werkzeug.serving import make_server

        make_server(_HOST, port, make(), threaded=True).serve_forever()


def _gunicorn(make: Callable[[], Flask], port: int) -> None:
    from gunicorn.app.base import BaseApplication
    from gunicorn.glogging import Logger

    class SharedLogger(Logger):  # type: ignore[misc]
        """Logs in the form of the process where it has one (`logs.py`), else in gunicorn's."""

        def setup(self, cfg: Any) -> None:
            super().setup(cfg)
            if logging.getLogger().handlers:
                self.error_log.handlers.clear()
                self.error_log.propagate = True

    settings: dict[str, Any] = {
        "bind": f"{_HOST}:{port}",
        "workers": 1,
        "worker_class": "gthread",
        "threads": _THREADS,
        "keepalive": _KEPT_OPEN_S,
        "loglevel": "warning",
        "logger_class": SharedLogger,
        "control_socket_disable": True,  # it would be a file in the user's home
        "proc_name": "hartslag",
    }

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return make()

    Server().run()
