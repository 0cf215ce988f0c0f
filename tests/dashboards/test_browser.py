"""The pages as a person meets them: in a browser, by file and by server, wide and narrow."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from dashboards.pages import KINDS, file_of, folder_of
from dashboards.report import report_html, report_names
from dashboards.site import build_site
from dashboards.standing import FILE, Halted, Standing, status_script
from dashboards.text import LANGUAGES, Language
from pipelines.reading import current_run
from pipelines.settings import Settings
from tests.dashboards.invented import invented

pytestmark = pytest.mark.browser

SUBJECTS: dict[Language, tuple[str, ...]] = {
    "nl": ("klantreis-permits.html", "verbeterpunt-form.html", "definities-on_time.html"),
    "en": ("journey-permits.html", "improvement-form.html", "definitions-on_time.html"),
}
PAGES = tuple(
    folder_of(language) + name
    for language in LANGUAGES
    for name in (*(file_of(language, kind) for kind in KINDS), *SUBJECTS[language])
)
SERVED = ("index.html", "klantreis-permits.html", "en/journey-permits.html")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    # axe would fetch the style sheets once more, which the pages' own policy forbids.
    "preload": False,
}


@pytest.fixture(scope="module")
def browser(example_run: Settings) -> Iterator[Browser]:
    """Opened after the example ran: Dagster and Playwright both want this thread's event loop."""
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have chromium; .ci/run installs it")
        pytest.skip("chromium is not installed; .ci/run installs it")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build_site(invented(2), folder)
    return folder


@pytest.fixture(scope="module")
def served(example_run: Settings) -> Iterator[str]:
    """The example's own site, by http."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            return

    handler = partial(Quiet, directory=str(current_run(example_run) / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class Visit:
    """A page in a window, with all that it complained of and asked for."""

    def __init__(self, browser: Browser, width: int, scheme: Any = "light") -> None:
        self._context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        self.page: Page = self._context.new_page()
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_: object) -> None:
        self._context.close()

    def open(self, address: str) -> None:
        self.page.goto(address)
        for chart in self.page.locator("[data-figure]").all():
            chart.locator("svg.main-svg").first.wait_for(timeout=10_000)


def violations(page: Page) -> list[tuple[str, str]]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [(rule["id"], node["html"][:200]) for rule in found for node in rule["nodes"]]


CUT_OFF = """() => [...document.querySelectorAll('[data-figure]')].flatMap((box) => {
  const frame = box.getBoundingClientRect();
  return [...box.querySelectorAll('svg text')]
    .filter((words) => words.textContent.trim())
    .map((words) => [words.textContent, words.getBoundingClientRect()])
    .filter(([, at]) => at.left < frame.left - 1 || at.right > frame.right + 1
      || at.top < frame.top - 1 || at.bottom > frame.bottom + 1)
    .map(([words]) => [box.dataset.figure, words]);
})"""


def assert_whole_and_accessible(visit: Visit, address: str, origins: tuple[str, ...]) -> None:
    visit.open(address)
    assert visit.complaints == []
    assert [asked for asked in visit.asked if not asked.startswith(origins)] == []
    page = visit.page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(CUT_OFF) == [], "words that leave their chart"
    assert violations(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opened_as_a_file(name: str, browser: Browser, site: Path) -> None:
    """Dutch pages wide and light, English ones narrow and dark; the journey is seen both ways."""
    width, scheme = (390, "dark") if name.startswith("en/") else (1280, "light")
    with Visit(browser, width, scheme) as visit:
        assert_whole_and_accessible(visit, (site / name).as_uri(), ("file:", "data:"))


@pytest.mark.parametrize("name", report_names(invented()))
def test_a_report_asks_for_nothing_but_itself(name: str, browser: Browser, tmp_path: Path) -> None:
    for width, language in zip((1280, 390), LANGUAGES, strict=True):
        file = tmp_path / f"{language}.html"
        file.write_text(report_html(invented(), name, language), encoding="utf-8")
        with Visit(browser, width) as visit:
            assert_whole_and_accessible(visit, file.as_uri(), (file.as_uri(), "data:"))


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
@pytest.mark.parametrize("name", SERVED)
def test_a_page_of_the_example_by_server(
    name: str, width: int, scheme: str, browser: Browser, served: str
) -> None:
    with Visit(browser, width, scheme) as visit:
        assert_whole_and_accessible(visit, f"{served}/{name}", (served, "data:"))


def test_the_first_key_leads_past_the_navigation(browser: Browser, site: Path) -> None:
    with Visit(browser, 1280) as visit:
        visit.open((site / "index.html").as_uri())
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.className") == "skip"
        visit.page.keyboard.press("Enter")
        assert visit.page.evaluate("document.activeElement.id") == "main"


def test_each_language_links_to_the_other(browser: Browser, site: Path) -> None:
    with Visit(browser, 1280) as visit:
        visit.open((site / "klantreis-permits.html").as_uri())
        visit.page.get_by_role("link", name="English").click()
        assert visit.page.url.endswith("/en/journey-permits.html")
        visit.page.get_by_role("link", name="Nederlands").click()
        assert visit.page.url.endswith("/klantreis-permits.html")


def test_charts_are_ready_soon(browser: Browser, site: Path) -> None:
    """From the page's start to its last chart, the best of five loads; aim 0.6 seconds."""
    with Visit(browser, 1280) as visit:
        ready = []
        for _ in range(5):
            visit.open((site / "klantreis-permits.html").as_uri())
            ready.append(visit.page.evaluate("performance.now()"))
        assert min(ready) < 3000


def test_a_blocked_run_is_told_on_the_pages_of_the_publication_that_stands(
    browser: Browser, tmp_path: Path
) -> None:
    marts = invented()
    build_site(marts, tmp_path)
    at = datetime(2026, 11, 27, 4, 30, tzinfo=UTC)
    halted = Halted(at, ("core.callbacks: orphans",))
    for run, is_told in ((marts.manifest.run, True), ("another", False)):
        script = status_script(Standing(run, at, None), halted)
        (tmp_path / FILE).write_text(script, encoding="utf-8")
        for page, words in (
            ("index.html", "tegengehouden door een controle op de gegevens: regels zonder zaak"),
            ("en/index.html", "was blocked by a check on the data: rows without case or contact"),
        ):
            with Visit(browser, 1280) as visit:
                visit.open((tmp_path / page).as_uri())
                assert visit.complaints == []
                place = visit.page.locator("#standing")
                assert place.is_visible() is is_told
                assert (words in (place.text_content() or "")) is is_told
                assert violations(visit.page) == []


def test_markup_in_names_runs_nothing(browser: Browser, tmp_path: Path) -> None:
    build_site(invented(is_hostile=True), tmp_path)
    with Visit(browser, 1280) as visit:
        visit.page.on("dialog", lambda dialog: visit.complaints.append(dialog.message))
        for name in PAGES:
            visit.open((tmp_path / name).as_uri())
        assert visit.complaints == []
