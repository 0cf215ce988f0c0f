"""The app, put together: from address to answer, and the files beside it.

What belongs here: routes, and what happens when something fails. What does not: starting a server
(`pipelines/commands/app.py`).
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response, abort, g, has_request_context, request, send_from_directory

from dashboards.app.address import language_of, view_of
from dashboards.app.answers import about, answer
from dashboards.app.downloads import csv_of
from dashboards.app.pages import Writer
from dashboards.app.reader import NothingPublishedError, Published, Run
from dashboards.app.security import Access, content_policy, protect
from dashboards.app.shell import FILES, dash_app
from dashboards.app.steps import map_file
from dashboards.health import HEALTH, health
from dashboards.text import Text

_log = logging.getLogger(__name__)


def build_app(folder: Path, access: Access | None = None) -> Flask:
    """The app as a WSGI application; `folder` is the published one, with `current` in it."""
    access = access or Access()
    published, writer = Published(folder), Writer(access.prefix)

    def page(scripts: dict[str, str]) -> str:
        user = g.get("user") if has_request_context() else None
        return writer.page(_run_of(published), Text(language_of(_search())), user, scripts)

    def answers(search: str | None) -> dict[str, str]:
        return answered(published, writer, search or "")

    made = dash_app(access.prefix, page, answers)
    server: Flask = made.server
    _add_files(server, published, access.prefix)
    protect(server, access, content_policy(made.csp_hashes()))
    return server


def answered(published: Published, writer: Writer, search: str) -> dict[str, str]:
    """The HTML for a query string, by the place where it belongs; where it fails, words that say
    so and tell nothing else."""
    text = Text(language_of(search))
    try:
        run = published.run()
        view, unknown = view_of(search, run.choices)
        said = answer(run, view, unknown, text)
        return {"results": writer.answer(said, view, text), "footer": writer.footer(run, text)}
    except Exception:
        _log.exception("A view could not be answered")
        return {"results": writer.failed(text), "footer": ""}


def _run_of(published: Published) -> Run | None:
    """The run of now; None where there is none that can be read, which the log explains."""
    try:
        return published.run()
    except NothingPublishedError as error:
        _log.warning("There is no run to show: %s", error)
        return None


def _add_files(server: Flask, published: Published, prefix: str) -> None:
    """Style sheets and scripts, the published site, and the figures of a view as files."""

    def shared(name: str) -> Response:
        if name not in FILES:
            abort(404)
        return send_from_directory(FILES[name], name)

    def site(page: str = "index.html") -> Response:
        return send_from_directory(_run().folder / "site", page)

    def figures(name: str) -> Response:
        run = _run()
        view, unknown = view_of(_search(), run.choices)
        table = answer(run, view, unknown, Text(view.lang)).all_tables().get(name)
        if table is None:
            abort(404)
        return _file(csv_of(table, about(run, view)), "text/csv")

    def drawn() -> Response:
        run = _run()
        view, _ = view_of(_search(), run.choices)
        found = map_file(run, view, Text(view.lang))
        if found is None:
            abort(404)
        return _file(found, "image/svg+xml")

    def healthy() -> Response:
        run = _run_of(published)
        status, body = health(run.marts.manifest if run else None, datetime.now(UTC))
        return Response(body, status, content_type="application/json")

    def _run() -> Run:
        return _run_of(published) or abort(404)

    rules: dict[str, Callable[..., Response]] = {
        "shared/<name>": shared,
        "site/": site,
        "site/<path:page>": site,
        "csv/<name>": figures,
        "map.svg": drawn,
        HEALTH: healthy,
    }
    for rule, answered in rules.items():
        server.add_url_rule(f"{prefix}{rule}", f"{rule} file", answered)


def _search() -> str:
    """The query string that is asked; empty outside a request."""
    return request.query_string.decode("ascii", "replace") if has_request_context() else ""


def _file(content: str, kind: str) -> Response:
    response = Response(content, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = "attachment"
    return response
