"""The HTML around the app, in the language of the address; Dash fills in its scripts."""

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import dash
from flask import has_request_context, request

from dashboards.app.address import language_of
from dashboards.figure_parts import template_of
from dashboards.text import Text, plotly_locale

_SHARED = Path(__file__).parents[1] / "assets"
_OWN = Path(__file__).parent / "assets"
PLOTLY = next(file.name for file in _SHARED.glob("plotly-basic-*.min.js"))
FILES: Mapping[str, Path] = {
    **dict.fromkeys((PLOTLY, "hartslag.css", "hartslag.js", "hartslag.svg", "map.css"), _SHARED),
    "app.css": _OWN,
    "app.js": _OWN,
}
"""Every file that the app may hand out under `shared/`, and the folder that it is in."""


class App(dash.Dash):
    """Dash in the site's own shell: same style sheets, same script for charts, no outside host."""

    def interpolate_index(self, *_: Any, **parts: Any) -> str:
        search = request.query_string.decode("ascii", "replace") if has_request_context() else ""
        text = Text(language_of(search))
        shared = f"{self.config.requests_pathname_prefix}shared/"
        styles = "".join(
            f'<link rel="stylesheet" href="{shared}{name}">'
            for name in ("hartslag.css", "map.css", "app.css")
        )
        scripts = "".join(
            f'<script defer src="{shared}{name}"></script>'
            for name in (PLOTLY, "hartslag.js", "app.js")
        )
        return f"""<!doctype html>
<html lang="{text.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{escape(text("app.page_title"))}</title>
<link rel="icon" href="{shared}hartslag.svg">
{styles}
{scripts}
</head>
<body>
<a class="skip" href="#main">{escape(text("page.skip"))}</a>
<p id="waiting" role="status">{escape(text("app.waiting"))}</p>
<p id="failed" role="alert" hidden>{escape(text("app.failed"))}</p>
<noscript><p>{escape(text("app.no_script"))}</p></noscript>
<div id="react-entry-point"></div>
{_data("locale", plotly_locale(text))}
{_data("template", template_of(text))}
{parts["config"]}
{parts["scripts"]}
{parts["renderer"]}
</body>
</html>"""


def _data(name: str, content: object) -> str:
    """JSON that cannot end the element it stands in."""
    written = json.dumps(content, ensure_ascii=True).replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{written}</script>'
