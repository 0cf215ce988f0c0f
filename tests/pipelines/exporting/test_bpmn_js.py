"""Exported BPMN opens in bpmn-js, which most editors are made of, without a complaint."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.transforms.mining.paths import counted
from transforms.mining.files import bpmn_text

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]
VIEWER = Path(__file__).parents[2] / "vendor" / "bpmn-viewer-17.11.1.min.js"
OPEN = """async xml => {
  const viewer = new BpmnJS({container: '#canvas'});
  const {warnings} = await viewer.importXML(xml);
  const all = viewer.get('elementRegistry').getAll();
  const boxes = all.filter(e => e.width && e.type !== 'label' && e.type !== 'bpmn:Process');
  const meet = boxes.filter(a => boxes.some(b => a !== b
    && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height));
  return {
    warnings: warnings.map(w => w.message),
    kinds: all.map(e => e.type),
    overlapping: meet.map(e => e.id),
  };
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have chromium; .ci/run installs it")
        pytest.skip("chromium is not installed; .ci/run installs it")
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.set_content('<div id="canvas" style="height: 600px"></div>')
        page.add_script_tag(path=str(VIEWER))
        yield page
        browser.close()


MODELS = {
    "a straight flow": {"abcd": 9},
    "a choice": {"abd": 9, "acd": 8},
    "things side by side": {"abcd": 9, "acbd": 9},
    "a loop": {"abcbcd": 9, "abcd": 9},
    "all of it": {"abcdef": 20, "acbdef": 20, "adedef": 15, "abcbcf": 9, "f": 7},
}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_opens_whole_and_without_overlap(name: str, page: Page) -> None:
    xml = bpmn_text(counted(**MODELS[name]), name).decode()
    told: dict[str, Any] = page.evaluate(OPEN, xml)
    assert told["warnings"] == []
    assert told["overlapping"] == []
    assert told["kinds"].count("bpmn:Task") == len(set("".join(MODELS[name])))
    assert told["kinds"].count("bpmn:SequenceFlow") == xml.count("<bpmn:sequenceFlow")


def test_what_is_no_bpmn_does_not_open(page: Page) -> None:
    with pytest.raises(Exception, match="no diagram to display"):
        page.evaluate(OPEN, "<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'/>")
