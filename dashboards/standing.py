"""What a site says when a later run published nothing: a script beside the publications.

A published folder never changes, so that what came after it must be said from outside: each page
asks for `status.js`, which is a link to the one file that every run writes anew, and shows its
words where they are about the publication that the page belongs to.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dashboards.text import LANGUAGES, Text

FILE = "status.js"
_NAME = "hartslagStatus"


@dataclass(frozen=True)
class Halted:
    """A run that published nothing: when, and by which checks (`core.cases: orphans`) it was
    blocked; none where it failed."""

    at: datetime
    checks: Sequence[str] = ()


@dataclass(frozen=True)
class Standing:
    """The publication that stands: its run, when it was made, and until when its data go."""

    run: str
    made_at: datetime
    data_until: datetime | None


def status_script(standing: Standing, halted: Halted | None = None) -> str:
    """The file's content: data and words, by language, and nothing that runs."""
    words = {code: _words(standing, halted, Text(code)) if halted else "" for code in LANGUAGES}
    said = json.dumps({"run": standing.run, **words}, ensure_ascii=True).replace("<", "\\u003c")
    return f"window.{_NAME} = {said};\n"


def blocked_by(checks: Sequence[str], text: Text) -> str:
    """The names of checks as people say them; a test of a table keeps its own name."""
    return ", ".join(text.member("blocked", check.split(": ")[-1]) for check in checks)


def nothing_said() -> str:
    """The content for a site that is in no published folder."""
    return f"window.{_NAME} = {{}};\n"


def _words(standing: Standing, halted: Halted, text: Text) -> str:
    kind: Literal["blocked", "failed"] = "blocked" if halted.checks else "failed"
    return " ".join(
        (
            text(
                f"standing.{kind}",
                date=text.instant(halted.at),
                checks=blocked_by(halted.checks, text),
            ),
            text(
                "standing.stands",
                made=text.instant(standing.made_at),
                until=text.through(standing.data_until),
            ),
        )
    )
