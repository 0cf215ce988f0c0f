"""Dash inside the app's own page: it hears the address and brings answers, and draws nothing."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, dcc, html

from dashboards.app.pages import OWN, PLOTLY, SHARED

SHARED_FILES = (
    PLOTLY,
    "hartslag.css",
    "hartslag.js",
    "hartslag.svg",
    "map.css",
    "standing.js",
)
FILES: Mapping[str, Path] = {
    **dict.fromkeys(SHARED_FILES, SHARED),
    "app.css": OWN,
    "app.js": OWN,
}
"""Every file that the app may hand out under `shared/`, and the folder that it is in."""
Page = Callable[[dict[str, str]], str]
"""The whole page, from the scripts of Dash."""
Answers = Callable[[str | None], dict[str, str]]
"""From the query string to the HTML of its answer, by the place where it belongs."""


class _Shell(dash.Dash):
    """Dash with the app's page around its scripts, without any of its style or tools."""

    page: Page

    def interpolate_index(self, *_: Any, **parts: Any) -> str:
        return self.page({name: parts[name] for name in ("config", "scripts", "renderer")})


def dash_app(prefix: str, page: Page, answers: Answers) -> dash.Dash:
    """The address in, the answer out; the page's script `show` puts it in its place."""
    app = _Shell(
        "dashboards.app",
        requests_pathname_prefix=prefix,
        routes_pathname_prefix=prefix,
        include_assets_files=False,
        assets_folder=str(OWN),
        title="Hartslag",
        update_title="",
        add_log_handler=False,
        enable_mcp=False,
    )
    app.page = page
    app.enable_dev_tools(debug=False, dev_tools_disable_version_check=True)
    app.layout = html.Div([dcc.Location(id="address", refresh=False), dcc.Store(id="answer")])
    app.callback(Output("answer", "data"), Input("address", "search"))(answers)
    show = ClientsideFunction(namespace="hartslag", function_name="show")
    app.clientside_callback(show, Input("answer", "data"))  # type: ignore[no-untyped-call]
    return app
