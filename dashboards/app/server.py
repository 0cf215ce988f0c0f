"""The app, put together: one callback from address to page, and the files beside it.

What belongs here: routes, and what happens when something fails. What does not: starting a server
(`pipelines/commands/app.py`).
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dash import Input, Output, State, dcc, html
from flask import Flask, Response, abort, g, request, send_from_directory

from dashboards.app.address import View, language_of, view_of
from dashboards.app.answers import about, answer, chosen_definition
from dashboards.app.components import Maker, Part
from dashboards.app.downloads import csv_of
from dashboards.app.layout import empty_frame, failed, footer, frame, results
from dashboards.app.reader import NothingPublishedError, Published
from dashboards.app.security import Access, content_policy, protect
from dashboards.app.shell import FILES, App
from dashboards.app.steps import standalone_map
from dashboards.text import Text

_log = logging.getLogger(__name__)


def build_app(folder: Path, access: Access | None = None) -> Flask:
    """The app as a WSGI application; `folder` is the published one, with `current` in it."""
    access = access or Access()
    published = Published(folder)
    dash_app = App(
        __name__,
        requests_pathname_prefix=access.prefix,
        routes_pathname_prefix=access.prefix,
        include_assets_files=False,
        assets_folder=str(Path(__file__).parent / "assets"),
        title="Hartslag",
        update_title="",
        suppress_callback_exceptions=True,
        add_log_handler=False,
        enable_mcp=False,
    )
    dash_app.enable_dev_tools(debug=False, dev_tools_disable_version_check=True)
    dash_app.layout = html.Div(
        [dcc.Location(id="address", refresh=False), html.Div(id="page", className="page")]
    )

    def begin(_: str | None, search: str | None) -> list[Part]:
        return framed(published, search or "", access.prefix, g.get("user"))

    def show(search: str | None) -> tuple[list[Part], list[Part]]:
        return answered(published, search or "", access.prefix)

    page = Output("page", "children")
    dash_app.callback(page, Input("address", "pathname"), State("address", "search"))(begin)
    places = [Output("results", "children"), Output("footer", "children")]
    dash_app.callback(places, Input("address", "search"))(show)
    server: Flask = dash_app.server
    _add_files(server, published, access.prefix)
    protect(server, access, content_policy(dash_app.csp_hashes()))
    return server


def framed(published: Published, search: str, prefix: str, user: str | None) -> list[Part]:
    """The page around the answers, in the language of the address."""
    text = Text(language_of(search))
    maker = Maker(text, View(text.language), prefix)
    try:
        run = published.run()
        return frame(run, chosen_definition(View(), run)["definition"], maker, user)
    except NothingPublishedError:
        return empty_frame(maker, text("app.empty"), text("app.empty_why"))
    except Exception:
        _log.exception("The page could not be made")
        return empty_frame(maker, text("app.error"), text("app.error_why"))


def answered(published: Published, search: str, prefix: str) -> tuple[list[Part], list[Part]]:
    """The answer to a query string and the footer that dates it; where it fails, words that say so
    and tell nothing else."""
    text = Text(language_of(search))
    try:
        run = published.run()
        view, unknown = view_of(search, run.choices)
        said = answer(run, view, unknown, text)
        return results(said, Maker(text, view, prefix)), footer(run, text)
    except Exception:
        _log.exception("A view could not be answered")
        return failed(text), []


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
        found = standalone_map(run, view, Text(view.lang))
        if found is None:
            abort(404)
        return _file(found, "image/svg+xml")

    def _run() -> Any:
        try:
            return published.run()
        except NothingPublishedError:
            abort(404)

    rules: dict[str, Callable[..., Response]] = {
        "shared/<name>": shared,
        "site/": site,
        "site/<path:page>": site,
        "csv/<name>": figures,
        "map.svg": drawn,
    }
    for rule, answered in rules.items():
        server.add_url_rule(f"{prefix}{rule}", f"{rule} file", answered)


def _search() -> str:
    return request.query_string.decode("ascii", "replace")


def _file(content: str, kind: str) -> Response:
    response = Response(content, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = "attachment"
    return response
