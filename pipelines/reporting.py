"""An evidence card or the portfolio on paper: the published page, printed by a browser.

What belongs here: finding a browser, and one print. What does not: what is on the page
(`dashboards/`). The browser gets no network and a folder of its own that is gone afterwards.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dashboards.pages import card_file, file_of, folder_of
from dashboards.text import Language
from pipelines.errors import PlainError
from pipelines.reading import current_run
from pipelines.settings import Settings

PORTFOLIO = "portfolio"
PATIENCE_S = 120
_BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge", "chrome"),
)
_FLAGS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--disable-extensions"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=10000"),
    *("--no-pdf-header-footer", "--generate-pdf-document-outline"),
)


class UnprintableError(PlainError):
    """A page that is not there, or no browser that prints it."""


def page_of(settings: Settings, name: str, language: Language) -> Path:
    """The published page of an improvement, or of the portfolio.

    Raises UnprintableError where there is none, NothingPublishedError before the first run.
    """
    site = current_run(settings) / "site" / folder_of(language)
    wanted = file_of(language, "improvements") if name == PORTFOLIO else card_file(language, name)
    file = site / wanted
    if not file.is_file():
        known = ", ".join([PORTFOLIO, *_improvements(site, language)])
        raise UnprintableError(f"No report is called {name!r}.\n  Mend: use one of {known}.")
    return file


def _improvements(site: Path, language: Language) -> Iterator[str]:
    before, after = card_file(language, "*").split("*")
    for file in sorted(site.glob(card_file(language, "*"))):
        yield file.name.removeprefix(before).removesuffix(after)


def printed(page: Path, target: Path) -> Path:
    """The page as a tagged PDF.

    Raises UnprintableError where no browser is found, or it does not print.
    """
    program = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if program is None:
        raise UnprintableError(
            "No Chromium, Chrome or Edge is found to print with.\n"
            f"  Mend: install one, or open {page} in your browser and print it."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hartslag-") as folder:
        fresh = Path(folder) / "report.pdf"
        command = [program, *_FLAGS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={fresh}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:  # a browser's sandbox refuses root
            command.append("--no-sandbox")
        try:
            subprocess.run(  # noqa: S603 - a browser by its known name, and a page of our own
                [*command, page.as_uri()], capture_output=True, timeout=PATIENCE_S, check=True
            )
        except (subprocess.SubprocessError, OSError) as error:
            raise UnprintableError(
                f"{program} did not print ({type(error).__name__}).\n"
                f"  Mend: open {page} in your browser and print it."
            ) from None
        if not fresh.is_file():
            raise UnprintableError(
                f"{program} wrote nothing.\n  Mend: open {page} in your browser and print it."
            )
        shutil.move(fresh, target)
    return target
