"""Who may import whom."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


def imports(file: Path) -> set[str]:
    """The first part of every module that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize(
    ("room", "forbidden"),
    [
        ("transforms", {"pipelines", "dashboards", "dagster", "requests", "socket", "urllib"}),
        ("dashboards", {"pipelines", "duckdb", "dagster"}),
    ],
)
def test_a_room_imports_nothing_above_it(room: str, forbidden: set[str]) -> None:
    files = list((REPOSITORY / room).rglob("*.py"))
    assert files
    wrong = {str(file): imports(file) & forbidden for file in files if imports(file) & forbidden}
    assert wrong == {}


def test_pm4py_is_imported_in_the_mining_room_alone() -> None:
    files = [
        f
        for room in ("pipelines", "transforms", "dashboards")
        for f in (REPOSITORY / room).rglob("*.py")
    ]
    users = {file.parent.name for file in files if "pm4py" in imports(file)}
    assert users == {"mining"}
