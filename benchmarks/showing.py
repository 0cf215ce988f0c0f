"""How soon a page of the site stands, charts drawn, and what it weighs; aim 0.6 s and 150 KB.

    python -m benchmarks.showing .hartslag/demo

Every page is opened in Chromium from the server of `hartslag serve`, as a reader does who goes
from page to page: the shared script is known by then. Ready is the first frame that shows all
charts. The heaviest page, opened by a browser that has not seen that script, stands by itself.
"""

from __future__ import annotations

import argparse
import shutil
import threading
from pathlib import Path
from statistics import median
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

from pipelines.serving import site_server
from pipelines.settings import Settings

AIM_MS, AIM_KB = 600, 150
_SHARED_SCRIPT = "plotly-"
_READY = """async () => {
  const charts = [...document.querySelectorAll("[data-figure]")];
  if (!charts.every((chart) => chart.querySelector("svg.main-svg"))) throw "a chart is not drawn";
  await window.shown;
  const files = ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind));
  return [window.readyAt, [...new Set(files.map((file) => new URL(file.name).pathname))]];
}"""
_FRAME_AFTER_LOAD = """window.shown = new Promise((done) => addEventListener("load", () =>
  requestAnimationFrame(() => requestAnimationFrame(() =>
    done(window.readyAt = performance.now())))));"""


class Shown(NamedTuple):
    """One opening: milliseconds to the first frame with all charts, and the files it asked for."""

    ready_ms: float
    files: list[str]


def show(page: Page, address: str) -> Shown:
    """Opens the page; an error when it has a chart that is not drawn once it has loaded."""
    page.goto(address)
    return Shown(*page.evaluate(_READY))


def kilobytes(shown: Shown, site: Path) -> float:
    """What the page and its files weigh beside the shared script."""
    own = (site / file.lstrip("/") for file in shown.files if _SHARED_SCRIPT not in file)
    return sum(file.stat().st_size for file in own) / 1000


def measure(page: Page, base: str, site: Path, names: list[str], times: int) -> bool:
    """Goes through all pages that often, and prints the slowest and the heaviest; whether all keep
    the aims."""
    rounds = [{name: show(page, base + name) for name in names} for _ in range(times)]
    opened = {name: [each[name] for each in rounds] for name in names}
    middle = {name: median(shown.ready_ms for shown in each) for name, each in opened.items()}
    weight = {name: kilobytes(each[0], site) for name, each in opened.items()}
    slow = [name for name in names if middle[name] > AIM_MS]
    heavy = [name for name in names if weight[name] > AIM_KB]
    single = sorted(shown.ready_ms for each in opened.values() for shown in each)
    print(f"{len(names)} pages, {times} times each, first frame with all charts:")
    print(f"median {median(single):.0f} ms, 95 of 100 in {single[int(0.95 * len(single))]:.0f} ms")
    for name in sorted(names, key=lambda name: -middle[name])[:5]:
        print(f"{middle[name]:6.0f} ms {weight[name]:6.0f} KB  {name}")
    print(f"pages above {AIM_MS} ms: {len(slow)}; above {AIM_KB} KB: {len(heavy)}", end="; ")
    print(f"heaviest {max(weight.values()):.0f} KB")
    return not slow and not heavy


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, nargs="?", default=Path(".hartslag/demo"))
    parser.add_argument("--times", type=int, default=5, help="how often each page is opened")
    chosen = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("Chromium is needed: apt-get install chromium")
    settings = Settings(config_file=chosen.home / "municipality.yaml", home=chosen.home)
    site = settings.published / "current" / "site"
    names = sorted(str(file.relative_to(site)) for file in site.rglob("*.html"))
    if not names:
        raise SystemExit(f"{site} has no pages: run `make demo` first")
    with site_server(settings, 0) as server, sync_playwright() as play:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = play.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.add_init_script(_FRAME_AFTER_LOAD)
        base = f"http://127.0.0.1:{server.server_address[1]}/"
        cold = show(page, base + max(names, key=lambda name: (site / name).stat().st_size))
        print(f"the heaviest page, script not known yet: {cold.ready_ms:.0f} ms")
        is_kept = measure(page, base, site, names, chosen.times)
        browser.close()
        server.shutdown()
    if not is_kept:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
