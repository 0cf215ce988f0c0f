"""The app on the small example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from dashboards.app.reader import Run, read_run
from dashboards.app.server import build_app
from pipelines.settings import Settings

Ask = Callable[[str], Any]


@pytest.fixture(scope="session")
def example(example_run: Settings) -> Run:
    return read_run((example_run.published / "current").resolve())


@pytest.fixture(scope="session")
def server(example_run: Settings) -> Flask:
    return build_app(example_run.published)


def ask(server: Flask, search: str, **more: Any) -> Any:
    """The answer that the callback gives to a query string, as the browser asks for it."""
    sent = {
        "output": "..results.children...footer.children..",
        "outputs": [{"id": name, "property": "children"} for name in ("results", "footer")],
        "inputs": [{"id": "address", "property": "search", "value": search}],
        "changedPropIds": ["address.search"],
    }
    return server.test_client().post("/_dash-update-component", json=sent, **more)


def begin(server: Flask, search: str, **more: Any) -> Any:
    """The page around the answers, as the browser asks for it first."""
    sent = {
        "output": "page.children",
        "outputs": {"id": "page", "property": "children"},
        "inputs": [{"id": "address", "property": "pathname", "value": "/"}],
        "state": [{"id": "address", "property": "search", "value": search}],
        "changedPropIds": ["address.pathname"],
    }
    return server.test_client().post("/_dash-update-component", json=sent, **more)


def words(part: Any) -> str:
    """All texts of a component tree, joined."""
    if isinstance(part, dict):
        props = part.get("props", {})
        return words(props.get("children")) if "props" in part else ""
    if isinstance(part, list):
        return " ".join(filter(None, map(words, part)))
    return "" if part is None else str(part)


def said(server: Flask, search: str) -> str:
    return words(ask(server, search).get_json()["response"]["results"]["children"])


def framed(server: Flask, search: str) -> str:
    return words(begin(server, search).get_json()["response"]["page"]["children"])
