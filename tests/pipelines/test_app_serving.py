"""`hartslag app`: how it may be reached, and that it is reached on this machine alone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from pipelines.app_serving import WrongAccessError, access_of
from pipelines.settings import Settings


@pytest.mark.parametrize(
    ("given", "path"),
    [("/", "/"), ("", "/"), ("hartslag", "/hartslag/"), ("/a/b", "/a/b/"), ("/a/", "/a/")],
)
def test_a_prefix_begins_and_ends_with_a_slash(given: str, path: str) -> None:
    assert access_of(given, None, [], []).prefix == path


@pytest.mark.parametrize("given", ["/a b/", "/<x>/", "/a?b=c/", "/a/../b%2f"])
def test_a_prefix_that_is_no_path_is_refused(given: str) -> None:
    with pytest.raises(WrongAccessError, match="--prefix"):
        access_of(given, None, [], [])


def test_a_user_header_needs_a_proxy_that_is_an_address() -> None:
    with pytest.raises(WrongAccessError, match="--proxy"):
        access_of("/", "X-Forwarded-User", [], [])
    with pytest.raises(WrongAccessError, match="no address"):
        access_of("/", "X-Forwarded-User", ["proxy.example"], [])
    access = access_of("/", "X-Forwarded-User", ["127.0.0.1"], ["hartslag.example"])
    assert (access.proxies, access.hosts) == (("127.0.0.1",), ("hartslag.example",))


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def test_the_command_serves_until_it_is_interrupted(example_run: Settings) -> None:
    port = free_port()
    command = [sys.executable, "-m", "pipelines.cli", "app", "--home", str(example_run.home)]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--prefix", "/hartslag/"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "COLUMNS": "120"},
    )
    try:
        page = b""
        for _ in range(120):
            try:
                with urlopen(f"http://127.0.0.1:{port}/hartslag/", timeout=5) as answer:
                    page = answer.read()
                break
            except (URLError, ConnectionError):
                assert process.poll() is None, process.stdout and process.stdout.read()
                time.sleep(0.25)
        assert b'id="react-entry-point"' in page
    finally:
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=20)
    assert f"http://127.0.0.1:{port}/hartslag/".encode() in output
    assert b"Traceback" not in output
