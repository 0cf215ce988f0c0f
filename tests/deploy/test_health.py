"""`healthz` says which run is shown and how old it is, to who names no user too."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from socket import create_connection

import pytest
from typer.testing import CliRunner

from dashboards.app.security import Access
from dashboards.app.server import build_app
from dashboards.health import health
from dashboards.marts import read_manifest
from pipelines.cli import app
from pipelines.serving import site_server
from pipelines.settings import Settings


def test_the_age_counts_from_publication(example_run: Settings) -> None:
    shown = read_manifest(example_run.published / "current")
    status, body = health(shown, shown.created_at + timedelta(hours=30, minutes=6))
    said = json.loads(body)
    assert (status, said["run"], said["age_hours"]) == (200, shown.run, 30.1)
    assert datetime.fromisoformat(said["published_at"]) == shown.created_at


def test_the_app_tells_its_health_without_a_user_and_nothing_else(example_run: Settings) -> None:
    access = Access("/hartslag/", "X-Forwarded-User", ("127.0.0.1",))
    client = build_app(example_run.published, access).test_client()
    answer = client.get("/hartslag/healthz")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "ok")
    assert client.get("/hartslag/site/healthz").status_code == 403
    assert client.get("/healthz").status_code == 403


def test_the_app_is_unwell_where_nothing_is_published(tmp_path: Path) -> None:
    answer = build_app(tmp_path).test_client().get("/healthz")
    assert (answer.status_code, answer.get_json()) == (503, {"status": "nothing published"})


@contextmanager
def site_at(settings: Settings, prefix: str) -> Iterator[int]:
    with site_server(settings, 0, prefix) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()


def get(port: int, path: str) -> tuple[int, bytes, str | None]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.status, answer.read(), answer.getheader("Location")
    connection.close()
    return found


def test_the_site_is_below_its_prefix_and_nowhere_else(example_run: Settings) -> None:
    with site_at(example_run, "/hartslag/") as port:
        status, page, _ = get(port, "/hartslag/")
        assert (status, b"<html" in page) == (200, True)
        assert json.loads(get(port, "/hartslag/healthz?x=1")[1])["status"] == "ok"
        for outside in ("/", "/index.html", "/healthz", "/hartslag/../manifest.json"):
            assert get(port, outside)[0] == 404
        folder = next(f for f in (example_run.published / "current/site").iterdir() if f.is_dir())
        moved = get(port, f"/hartslag/{folder.name}")
        assert (moved[0], moved[2]) == (301, f"/hartslag/{folder.name}/")


def test_one_connection_serves_the_files_of_a_page(example_run: Settings) -> None:
    with site_at(example_run, "/") as port:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/index.html")
        first, socket = connection.getresponse(), connection.sock
        page = first.read()
        assert len(page) == int(first.headers["Content-Length"])
        known = {"If-Modified-Since": first.headers["Last-Modified"]}
        for method, path, headers, status in (
            ("GET", "/index.html", known, 304),
            ("HEAD", "/index.html", {}, 200),
            ("GET", "/assets", {}, 301),
            ("GET", "/healthz", {}, 200),
            ("GET", "/index.html", {}, 200),
        ):
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == status
            assert connection.sock is socket is not None
        assert body == page
        connection.request("GET", "/nowhere.html")
        assert connection.getresponse().status == 404
        connection.close()


def test_what_is_sent_along_with_a_question_is_not_taken_for_the_next(
    example_run: Settings,
) -> None:
    with site_at(example_run, "/") as port, create_connection(("127.0.0.1", port), 10) as sent:
        sent.sendall(
            b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 34\r\n\r\n"
            b"GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n"
        )
        answers = b"".join(iter(partial(sent.recv, 65536), b""))
    assert answers.count(b"HTTP/1.1 ") == 1


def test_the_site_is_unwell_where_nothing_is_published(tmp_path: Path) -> None:
    with site_at(Settings(tmp_path / "municipality.yaml", tmp_path), "/") as port:
        assert get(port, "/healthz")[0] == 503


@pytest.mark.parametrize(("path", "code"), [("/healthz", 0), ("/manifest.json", 1)])
def test_the_command_tells_by_its_exit_code(example_run: Settings, path: str, code: int) -> None:
    with site_at(example_run, "/") as port:
        result = CliRunner().invoke(app, ["health", "--port", str(port), "--path", path])
    assert result.exit_code == code
    assert ("ok" in result.stdout) == (code == 0)


def test_the_command_says_that_nothing_answers() -> None:
    result = CliRunner().invoke(app, ["health", "--port", "1"])
    assert result.exit_code == 1
    assert "Mend: start the service" in result.stderr
