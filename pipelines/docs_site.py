"""What `make docs` does beside what mkdocs does: files of the repository that a page links to, such
as the SQL behind a figure, come along as pages of their own, so that no link leads out of the site.

What belongs here: the hooks that `mkdocs.yml` names. What does not: the pages themselves (`docs/`).
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

_OUTSIDE = re.compile(r"\]\((\.\./[\w./-]+)\)")
_LANGUAGES = {".sql": "sql", ".yaml": "yaml", ".py": "python", ".toml": "toml"}


def on_files(files: Files, config: Any) -> Files:
    """Adds a page for each file outside `docs/` that a page of the site links to."""
    docs = Path(config.docs_dir)
    pages = [file for file in files.documentation_pages() if file.abs_src_path]
    for page in pages:
        text = Path(page.abs_src_path or "").read_text(encoding="utf-8")
        for path in outside(text, page.src_uri):
            source = docs.parent / path
            if source.is_file() and files.get_file_from_path(page_of(path)) is None:
                made = File.generated(config, page_of(path), content=as_page(path, source))
                files.append(made)
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Lets links to files outside `docs/` lead to their pages."""
    here = posixpath.dirname(page.file.src_uri)

    def moved(found: re.Match[str]) -> str:
        path = repository_path(found[1], page.file.src_uri)
        return f"]({posixpath.relpath(page_of(path), here)})" if path else found[0]

    return _OUTSIDE.sub(moved, markdown)


def outside(markdown: str, src_uri: str) -> list[str]:
    """The files outside `docs/` that a page links to, from the root of the repository."""
    found = (repository_path(link, src_uri) for link in _OUTSIDE.findall(markdown))
    return sorted({path for path in found if path})


def repository_path(link: str, src_uri: str) -> str | None:
    """From the root of the repository, the path that a link of a page leads to; None where that is
    within `docs/` or above the root."""
    path = posixpath.normpath(posixpath.join("docs", posixpath.dirname(src_uri), link))
    return None if path.startswith(("docs/", "../")) else path


def page_of(path: str) -> str:
    return f"files/{path}.md"


def as_page(path: str, source: Path) -> str:
    """A page that shows a file."""
    language = _LANGUAGES.get(source.suffix, "text")
    return f"# {path}\n\n```{language}\n{source.read_text(encoding='utf-8').rstrip()}\n```\n"
