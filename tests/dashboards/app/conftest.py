"""The app on the small example."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask

from dashboards.app.reader import Run, read_run
from dashboards.app.server import build_app
from pipelines.settings import Settings


@pytest.fixture(scope="session")
def example(example_run: Settings) -> Run:
    return read_run((example_run.published / "current").resolve())


@pytest.fixture(scope="session")
def server(example_run: Settings) -> Flask:
    return build_app(example_run.published)


def ask(server: Flask, search: str, **more: Any) -> Any:
    """The answer that the callback gives to a query string, as the browser asks for it."""
    sent = {
        "output": "answer.data",
        "outputs": {"id": "answer", "property": "data"},
        "inputs": [{"id": "address", "property": "search", "value": search}],
        "changedPropIds": ["address.search"],
    }
    return server.test_client().post("/_dash-update-component", json=sent, **more)


def html_of(server: Flask, search: str) -> str:
    """The HTML of the results."""
    found: str = ask(server, search).get_json()["response"]["answer"]["data"]["results"]
    return found


def said(server: Flask, search: str) -> str:
    """The words of the results."""
    return unescape(re.sub(r"<[^>]*>", " ", html_of(server, search)))
