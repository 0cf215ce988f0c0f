"""How templates become HTML: escaped, strict about names, with the filters of all pages."""

import json
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


def environment(folders: Sequence[Path] = (TEMPLATES,)) -> Environment:
    """Templates from these folders, the first that has one; an unknown name in one is an error.

    `is_alone` is for a page without others to link to.
    """
    made = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"json": _json, "capital": _capital, "short": "{:.9g}".format}
    made.globals["is_alone"] = False
    return made


def _capital(words: str) -> str:
    """A capital first, the rest as it is."""
    return words[:1].upper() + words[1:]


def _json(value: object) -> Markup:
    """JSON that cannot end the script element it stands in."""
    written = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return Markup(written.replace("<", "\\u003c"))  # noqa: S704
