"""The app as a person meets it: in a browser, in both languages, wide and narrow."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from dashboards.app.reader import Run
from tests.dashboards.test_browser import Visit, browser, violations

__all__ = ["browser"]
expect.set_options(timeout=20_000)
pytestmark = pytest.mark.browser


class Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        return


@pytest.fixture(scope="module")
def origin(server: Flask) -> Iterator[str]:
    served = make_server("127.0.0.1", 0, server, threaded=True, request_handler=Quiet)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()
    served.server_close()


def opened(visit: Visit, address: str) -> Page:
    visit.page.goto(address)
    visit.page.locator(".results h2").first.wait_for(timeout=15_000)
    for chart in visit.page.locator("[data-figure]").all():
        chart.locator("svg.main-svg").first.wait_for(timeout=10_000)
    return visit.page


def asked(page: Page) -> dict[str, str]:
    return {name: found[0] for name, found in parse_qs(urlsplit(page.url).query).items()}


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("nl", 1280, "light"), ("en", 390, "dark")]
)
@pytest.mark.parametrize(
    "search", ["", "&journey=permits&phase=decide", "&formula=ontwerp&channel=web&team=fax"]
)
def test_a_view_is_whole_and_accessible(
    search: str, language: str, width: int, scheme: str, browser: Browser, origin: str
) -> None:
    with Visit(browser, width, scheme) as visit:
        page = opened(visit, f"{origin}/?lang={language}{search}")
        assert visit.complaints == []
        assert [url for url in visit.asked if not url.startswith((origin, "data:", "blob:"))] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("document.documentElement.lang") == language
        assert page.evaluate("document.cookie") == ""
        assert page.context.cookies() == []
        assert violations(page) == []


def test_a_filter_goes_to_the_address_and_back(browser: Browser, origin: str) -> None:
    with Visit(browser, 1280) as visit:
        page = opened(visit, f"{origin}/?lang=nl")
        page.locator("#filter-journey").focus()
        page.locator("#filter-journey").select_option("permits")
        expect(page.locator(".results h2").first).to_contain_text("vergunning", ignore_case=True)
        assert asked(page) == {"lang": "nl", "journey": "permits"}
        assert page.evaluate("document.activeElement.id") == "filter-journey"
        page.locator("#filter-channel").select_option("web")
        expect(page.locator(".results h2").first).to_contain_text(", web")
        page.go_back()
        expect(page.locator(".results h2").first).not_to_contain_text(", web")
        expect(page.locator("#filter-channel")).to_have_value("")
        assert visit.complaints == []


def test_a_view_opens_in_another_browser_as_it_was_sent(browser: Browser, origin: str) -> None:
    with Visit(browser, 1280) as visit:
        page = opened(visit, f"{origin}/?journey=permits&first=2025-03&last=2025-06&lang=en")
        expect(page.locator("#filter-journey")).to_have_value("permits")
        expect(page.locator("#filter-first")).to_have_value("2025-03")
        page.get_by_role("link", name="Nederlands").click()
        page.locator(".results h2").first.wait_for()
        expect(page.locator("#filter-first")).to_have_value("2025-03")
        assert asked(page)["lang"] == "nl"


def test_a_part_of_the_map_is_followed_by_mouse_and_by_keyboard(
    browser: Browser, origin: str
) -> None:
    with Visit(browser, 1280) as visit:
        page = opened(visit, f"{origin}/?journey=permits&lang=en")
        link = page.locator(".map-box a").last
        name = link.get_attribute("aria-label")
        link.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#detail h3")).to_contain_text(name or "?")
        expect(page.locator("#detail")).to_be_focused()
        assert asked(page)["step"] == name
        expect(page.locator(".map-box a[aria-current]")).to_have_attribute("aria-label", name or "")
        page.locator("#detail").get_by_role("link", name="Close").click()
        expect(page.locator("#detail")).to_have_count(0)
        expect(page.locator(".map-box")).to_be_focused()
        page.locator(".map-box a text").first.click()
        expect(page.locator("#detail")).to_have_count(1)
        assert visit.complaints == []


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_chart_is_saved_as_a_picture(kind: str, browser: Browser, origin: str) -> None:
    with Visit(browser, 1280) as visit:
        page = opened(visit, f"{origin}/?journey=permits")
        with page.expect_download() as waiting:
            page.locator(f"figure.trend [data-save={kind}]").click()
        file = Path(waiting.value.path())
        assert waiting.value.suggested_filename == f"hartslag-trend.{kind}"
        content = file.read_bytes()
        assert content.startswith(b"\x89PNG" if kind == "png" else b"<svg")
        assert len(content) > 5_000
        assert visit.complaints == []


def test_the_map_is_saved_as_a_picture(browser: Browser, origin: str) -> None:
    with Visit(browser, 1280) as visit:
        page = opened(visit, f"{origin}/?journey=permits")
        with page.expect_download() as waiting:
            page.locator("[data-save-map]").click()
        assert Path(waiting.value.path()).read_bytes().startswith(b"\x89PNG")
        assert visit.complaints == []


def test_figures_are_saved_with_the_filters_of_the_page(
    browser: Browser, origin: str, example: Run
) -> None:
    with Visit(browser, 1280) as visit:
        page = opened(visit, f"{origin}/?journey=permits&first=2025-03&last=2025-06&lang=en")
        with page.expect_download() as waiting:
            page.locator("a[href*='csv/channel']").click()
        content = Path(waiting.value.path()).read_text(encoding="utf-8")
        assert "first=2025-03" in content
        assert example.marts.manifest.run in content


def test_a_request_that_fails_is_said(browser: Browser, origin: str) -> None:
    with Visit(browser, 1280) as visit:
        page = opened(visit, f"{origin}/?lang=nl")
        page.route("**/_dash-update-component*", lambda route: route.abort())
        page.locator("#filter-journey").select_option("permits")
        expect(page.locator("#failed")).to_be_visible()
        page.unroute("**/_dash-update-component*")
        page.locator("#filter-channel").select_option("web")
        expect(page.locator("#failed")).to_be_hidden()


def test_a_page_comes_to_rest(browser: Browser, origin: str) -> None:
    """Nothing is drawn again without a reason, and an answer is there soon; aim 0.3 seconds."""
    with Visit(browser, 1280) as visit:
        page = opened(visit, f"{origin}/?journey=permits&lang=en")
        page.wait_for_timeout(500)
        changes = page.evaluate(
            """new Promise((done) => {
                let found = 0;
                new MutationObserver((all) => { found += all.length; })
                    .observe(document.body, { childList: true, subtree: true });
                setTimeout(() => done(found), 1000);
            })"""
        )
        assert changes == 0
        start = page.evaluate("performance.now()")
        page.locator(".phases a").first.click()
        page.locator("#detail").wait_for()
        assert page.evaluate("performance.now()") - start < 3000


def test_every_figure_on_the_page_is_the_published_one(
    browser: Browser, origin: str, example: Run
) -> None:
    published = {
        f"{value:.9g}"
        for row in example.marts.rows("kpi_values")
        for value in (row["value"], row["n"], row["lower"], row["upper"])
        if value is not None
    }
    with Visit(browser, 1280) as visit:
        page = opened(visit, f"{origin}/?journey=permits&lang=en")
        shown = page.locator(".tile [data-raw], .trend [data-raw]").evaluate_all(
            "all => all.map(one => one.dataset.raw)"
        )
        assert len(shown) > 20
        assert set(shown) <= published
