"""The documents: every link leads somewhere, and the generated pages are of now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.cli_page import cli_page
from pipelines.docs_site import as_page, page_of, repository_path
from tests.conftest import REPOSITORY

DOCS = REPOSITORY / "docs"
PAGES = [
    *sorted(DOCS.rglob("*.md")),
    *sorted(p for p in REPOSITORY.glob("*.md") if p.name != "CHANGELOG.md"),
]
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
COMING = {"operations.md", "checks.md", "dpia.md"}
"""Pages that the navigation names and that may be written later."""


def links(page: Path) -> Iterator[str]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in _LINK.findall(text):
        if not re.match(r"[a-z]+:", link):
            yield link


def anchor(heading: str) -> str:
    """The name of a heading in an address, as GitHub and mkdocs make it."""
    bare = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[\s]+", "-", re.sub(r"[^\w\s-]", "", bare))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_link_of_a_document_leads_somewhere(page: Path) -> None:
    wrong = []
    for link in links(page):
        path, _, name = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        found = target.exists() and target.is_relative_to(REPOSITORY)
        if found and name and target.suffix == ".md":
            headings = _HEADING.findall(target.read_text(encoding="utf-8"))
            found = name in {anchor(heading) for heading in headings}
        if not found:
            wrong.append(link)
    assert wrong == []


def test_the_page_of_commands_is_that_of_the_commands() -> None:
    assert (DOCS / "cli.md").read_text(encoding="utf-8") == cli_page(), "run `make docs`"


def nav(entries: list[Any]) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, str):
            yield entry
        else:
            for value in entry.values():
                yield from nav(value) if isinstance(value, list) else [value]


def test_every_document_is_in_the_navigation_and_only_coming_ones_are_absent() -> None:
    named = set(nav(yaml.safe_load((REPOSITORY / "mkdocs.yml").read_text("utf-8"))["nav"]))
    present = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")}
    assert present - named == set()
    assert {name for name in named if not (DOCS / name).exists()} <= COMING


@pytest.mark.parametrize(
    ("link", "page", "path"),
    [
        ("../transforms/mart/a.sql", "kpis.md", "transforms/mart/a.sql"),
        ("../models.md", "adr/001.md", None),
        ("../../pipelines/b.py", "adr/001.md", "pipelines/b.py"),
        ("../../outside", "kpis.md", None),
    ],
)
def test_a_link_out_of_docs_gets_a_page_of_the_site(link: str, page: str, path: str | None) -> None:
    assert repository_path(link, page) == path


def test_a_file_is_shown_as_code(tmp_path: Path) -> None:
    file = tmp_path / "a.sql"
    file.write_text("select 1\n\n", encoding="utf-8")
    assert page_of("x/a.sql") == "files/x/a.sql.md"
    assert as_page("x/a.sql", file) == "# x/a.sql\n\n```sql\nselect 1\n```\n"


@pytest.mark.slow
def test_the_site_asks_nothing_of_a_network(tmp_path: Path) -> None:
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    config = load_config(str(REPOSITORY / "mkdocs.yml"), site_dir=str(tmp_path))
    build(config)
    pages = list(tmp_path.rglob("*.html"))
    assert (tmp_path / "index.html") in pages
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<(?:script|img|iframe)[^>]+src=[\"']?(?:https?:)?//", text), page
        assert not re.search(r"<link[^>]+stylesheet[^>]+href=[\"']?(?:https?:)?//", text), page
        assert 'class="mermaid' not in text  # Material would fetch its program for it
    sql = tmp_path / "files/transforms/mart/kpi_on_time.sql.html"
    assert sql in pages
