"""Pages that are one file: styles and scripts stand in them, allowed by their hashes alone."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from dashboards.site import PLOTLY_STYLES
from dashboards.templating import environment

STYLES = ("hartslag.css", "map.css")
SCRIPTS = ("plotly-basic-4.1.1.min.js", "hartslag.js")
_ASSETS = Path(__file__).parent / "assets"


def standalone_environment() -> Environment:
    """Templates of pages that link to no other."""
    templates = environment()
    templates.globals |= {"is_alone": True, "plotly_styles": PLOTLY_STYLES}
    return templates


def inlined(scripts: Sequence[str] = ()) -> Mapping[str, Any]:
    """What such a template asks for: the contents of the style sheets, the mark and these scripts,
    and the hashes that its policy allows."""
    styles, programs = _read(STYLES), _read(scripts)
    return {
        "icon": _read(["hartslag.svg"])[0],
        "styles": styles,
        "style_hashes": _hashes(styles),
        "scripts": programs,
        "script_hashes": _hashes(programs) or "'none'",
    }


def _read(names: Sequence[str]) -> list[Markup]:
    """Assets of our own, to stand in the file as they are."""
    return [Markup((_ASSETS / name).read_text(encoding="utf-8")) for name in names]  # noqa: S704


def _hashes(contents: Sequence[str]) -> str:
    """Sources of a content security policy that allow just these contents."""
    digests = (b64encode(sha256(each.encode()).digest()).decode() for each in contents)
    return " ".join(f"'sha256-{digest}'" for digest in digests)
