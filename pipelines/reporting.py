"""The evidence report as a file, and on paper by a browser.

What belongs here: where it is written, finding a browser, and one print. What does not: what
stands in it (`dashboards/report.py`). The browser gets no network and a folder of
its own that is gone afterwards.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from dashboards.report import UnknownReportError, report_html, report_names
from dashboards.text import Language
from pipelines.errors import PlainError
from pipelines.reading import current_marts, unknown
from pipelines.settings import Settings

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
    """A report that is not there, or no browser that prints it."""


def written(settings: Settings, name: str, language: Language, target: Path | None) -> Path:
    """The report of an improvement, or of the portfolio, as one HTML file; where no target is
    given, it is named for its publication and stands below the home.

    Raises UnprintableError where there is none of this name, NothingPublishedError before the
    first run.
    """
    marts = current_marts(settings)
    try:
        content = report_html(marts, name, language)
    except UnknownReportError:
        raise UnprintableError(unknown("report", name, report_names(marts))) from None
    usual = settings.home / "reports" / f"{marts.manifest.run}-{name}-{language}.html"
    file = target or usual
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    return file


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
