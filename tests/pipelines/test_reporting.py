"""Evidence on paper: the right page, printed and tagged, or a plain word on why not."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import reporting
from pipelines.cli import app
from pipelines.reporting import UnprintableError, printed, written
from pipelines.settings import Settings


def test_a_report_is_one_file_that_points_at_no_other(example_run: Settings) -> None:
    file = written(example_run, "intake_conversation", "en", None)
    assert file.parent == example_run.home / "reports"
    content = file.read_text(encoding="utf-8")
    assert 'lang="en"' in content
    body = re.sub(r"<(script|style)\b.*?</\1>", "", content, flags=re.DOTALL)
    assert re.findall(r"""(?:src|href)=["'](?!#)[^"']*""", body) == []
    assert "How this was judged" in body


def test_a_report_is_written_where_it_is_asked_for(example_run: Settings, tmp_path: Path) -> None:
    target = tmp_path / "council" / "evidence.html"
    assert written(example_run, "portfolio", "nl", target) == target
    assert "Hoe dit beoordeeld is" in target.read_text(encoding="utf-8")


def test_a_report_that_is_not_there_names_those_that_are(example_run: Settings) -> None:
    with pytest.raises(UnprintableError, match="Known: portfolio, intake_conversation"):
        written(example_run, "../index", "nl", None)


def test_without_a_browser_it_is_said_where_the_page_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting.shutil, "which", lambda name: None)
    with pytest.raises(UnprintableError, match="install one, or open"):
        printed(tmp_path / "page.html", tmp_path / "report.pdf")


def test_a_browser_that_fails_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = shutil.which("false")
    monkeypatch.setattr(reporting.shutil, "which", lambda name: failing)
    with pytest.raises(UnprintableError, match="did not print"):
        printed(tmp_path / "page.html", tmp_path / "report.pdf")
    assert not (tmp_path / "report.pdf").exists()


@pytest.mark.browser
def test_a_pdf_is_tagged_and_has_its_language(example_run: Settings, tmp_path: Path) -> None:
    if shutil.which("chromium") is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have chromium; .ci/run installs it")
        pytest.skip("chromium is not installed; .ci/run installs it")
    target = tmp_path / "council" / "report.pdf"
    arguments = ["report", "portfolio", "--pdf", str(target), "--home", str(example_run.home)]
    result = CliRunner().invoke(app, arguments)
    assert (result.exit_code, result.stdout.strip()) == (0, str(target))
    content = target.read_bytes()
    assert content.startswith(b"%PDF")
    assert b"/StructTreeRoot" in content
    assert b"/Lang (nl" in content
