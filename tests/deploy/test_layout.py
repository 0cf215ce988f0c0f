"""A whole server by hand: PostgreSQL, code location, daemon, webserver and app, to publication."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import Settings
from tests.conftest import TEST_KEY, example_settings
from tests.deploy.layout import DEPLOY, PROCESSES, commands, free_ports, started
from tests.pipelines.connectors.postgres import OWNER, PASSWORD, postgres, programs

pytestmark = pytest.mark.slow
PATIENCE_S = 1200
HOST = "data.example.nl"
LAUNCH = """mutation Launch($run: ExecutionParams!) { launchRun(executionParams: $run) {
  __typename ... on LaunchRunSuccess { run { runId } } } }"""
STATUS = """query Status($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"""


@dataclass(frozen=True)
class Server:
    """What runs: the settings of its home, its processes and logs, and the ports by usual name."""

    settings: Settings
    folder: Path
    database: str
    ports: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]]

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def get(self, port: str, path: str, **headers: str) -> tuple[int, bytes]:
        return self.request("GET", port, path, None, headers)

    def request(
        self, method: str, port: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", int(self.ports[port]), timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def ask(self, query: str, read_only: bool = True, **variables: Any) -> dict[str, Any]:
        port = "3000" if read_only else "3001"
        body = json.dumps({"query": query, "variables": variables}).encode()
        kind = {"Content-Type": "application/json"}
        status, said = self.request("POST", port, "/dagster/graphql", body, kind)
        assert status < 500, self.log("webserver" if read_only else "control")[-3000:]
        content: dict[str, Any] = json.loads(said)
        return content

    def answers(self, *command: str) -> bool:
        """Whether a command that checks a process from beside it says that it is well."""
        own = {
            "DAGSTER_HOME": str(self.folder / "dagster"),
            "HARTSLAG_HOME": "/nonexistent",
            "HARTSLAG_DAGSTER_URL": self.database,
            "PGPASSWORD": PASSWORD,
        }
        done = subprocess.run(command, env=os.environ | own, capture_output=True)
        return done.returncode == 0

    def wait(self, what: str, is_so: Callable[[], bool]) -> None:
        for _ in range(PATIENCE_S * 2):
            for name, process in self.processes.items():
                assert process.poll() is None, f"{name} ended: {self.log(name)[-3000:]}"
            try:
                if is_so():
                    return
            except (OSError, HTTPException):
                pass
            time.sleep(0.5)
        logs = "\n".join(f"== {name}\n{self.log(name)[-2000:]}" for name in self.processes)
        raise AssertionError(f"{what} did not come about in {PATIENCE_S} s\n{logs}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed; apt-get install postgresql")
    folder = tmp_path_factory.mktemp("server")
    settings = example_settings(folder)
    settings.home.mkdir()
    ports = free_ports("3000", "3001", "4000", "8789")
    home = folder / "dagster"
    home.mkdir()
    for name in ("dagster.yaml", "workspace.yaml"):
        text = (DEPLOY / name).read_text(encoding="utf-8").replace("4000", ports["4000"])
        (home / name).write_text(text, encoding="utf-8")
    for name, content in {"password": PASSWORD, "key": TEST_KEY}.items():
        (folder / name).write_text(content + "\n", encoding="utf-8")
    with postgres(found) as database, ExitStack() as stack:
        url = f"postgresql+psycopg2://{OWNER}@/postgres?host={database.socket}"
        environments = environments_of(settings, folder, home, url)
        made = with_control(commands({"PUBLIC_HOST": HOST}))
        server = Server(settings, folder, url, ports, {})
        for name, command in made.items():
            words = [ports.get(w, w).replace("/etc/hartslag/dagster", str(home)) for w in command]
            log = folder / f"{name}.log"
            server.processes[name] = stack.enter_context(started(words, environments[name], log))
            if name == "code":  # whoever starts before it can be asked does not find it
                server.wait("the code", lambda: server.answers("dagster", *grpc_check(ports)))
        yield server


def grpc_check(ports: dict[str, str]) -> tuple[str, ...]:
    return ("api", "grpc-health-check", "-p", ports["4000"])


def environments_of(
    settings: Settings, folder: Path, home: Path, url: str
) -> dict[str, dict[str, str]]:
    """Each process gets what compose.yaml gives it: the key for the code location alone; a home
    where nothing can be written for whoever has no volume there."""
    nowhere = str(folder / "password" / "below-a-file")
    image = {"DAGSTER_HOME": str(home), "HARTSLAG_HOME": nowhere, "HARTSLAG_LOG": "json"}
    storage = {"HARTSLAG_DAGSTER_URL": url, "PGPASSWORD_FILE": str(folder / "password")}
    writer = {
        "HARTSLAG_HOME": str(settings.home),
        "HARTSLAG_CONFIG": str(settings.config_file),
        "HARTSLAG_KEY_FILE": str(folder / "key"),
    }
    return {
        "code": image | storage | writer,
        "daemon": image | storage,
        "webserver": image | storage,
        "control": image | storage,
        "app": image | {"HARTSLAG_HOME": str(settings.home)},
    }


def with_control(made: dict[str, list[str]]) -> dict[str, list[str]]:
    """One more webserver, on which runs can be started, as an administrator does from within."""
    words = ["3001" if word == "3000" else word for word in made["webserver"]]
    return made | {"control": [word for word in words if word != "--read-only"]}


def launched(server: Server, read_only: bool) -> dict[str, Any]:
    """What a webserver answers to whoever would put the daily job in the queue."""
    selector = {
        "repositoryLocationName": "hartslag",
        "repositoryName": "__repository__",
        "jobName": "daily",
    }
    answer = server.ask(LAUNCH, read_only=read_only, run={"selector": selector})
    found: dict[str, Any] = answer["data"]["launchRun"]
    return found


def run_of(server: Server) -> str:
    """The identifier of a run that an administrator puts in the queue."""
    answer = launched(server, read_only=False)
    assert answer["__typename"] == "LaunchRunSuccess", answer
    return str(answer["run"]["runId"])


def status_of(server: Server, run: str) -> str:
    return str(server.ask(STATUS, id=run)["data"]["runOrError"]["status"])


def test_who_comes_through_the_proxy_can_look_and_not_launch(server: Server) -> None:
    server.wait("the webserver", lambda: server.get("3000", "/dagster/server_info")[0] == 200)
    assert launched(server, read_only=True) == {"__typename": "UnauthorizedError"}
    server.wait("the app", lambda: server.get("8789", "/hartslag/healthz")[0] == 503)
    status, page = server.get("8789", "/hartslag/", Host=HOST, **{"X-Forwarded-User": "a"})
    assert (status, b"react-entry-point" in page) == (200, True)
    assert server.get("8789", "/hartslag/", Host=HOST)[0] == 403


def test_the_daemon_lives_by_its_own_check(server: Server) -> None:
    server.wait("the daemon", lambda: server.answers("dagster-daemon", "liveness-check"))


def test_a_server_runs_the_daily_job_from_its_queue_to_publication(server: Server) -> None:
    healthy = "/hartslag/healthz"
    server.wait("the app", lambda: server.get("8789", healthy)[0] == 503)
    for port in ("3000", "3001"):
        asked = partial(server.get, port, "/dagster/server_info")
        server.wait("the webserver", lambda asked=asked: asked()[0] == 200)
    run = run_of(server)
    server.wait("success", lambda: status_of(server, run) in {"SUCCESS", "FAILURE"})
    assert status_of(server, run) == "SUCCESS", server.log("code")[-3000:]

    status, body = server.get("8789", healthy)
    said = json.loads(body)
    assert (status, said["status"]) == (200, "ok")
    assert said["run"] == (server.settings.published / "current").resolve().name
    assert 0 <= said["age_hours"] < 0.5


def test_a_second_run_waits_for_the_first(server: Server) -> None:
    first, second = run_of(server), run_of(server)
    seen: set[tuple[str, str]] = set()

    def ended() -> bool:
        seen.add((status_of(server, first), status_of(server, second)))
        return status_of(server, second) == "SUCCESS"

    server.wait("the second run", ended)
    assert status_of(server, first) == "SUCCESS"
    assert ("STARTED", "STARTED") not in seen


def test_no_file_is_written_beside_the_settings_and_no_secret_in_a_log(server: Server) -> None:
    """The webserver makes two folders for telemetry that is off, and does without where it cannot."""
    files = [file.name for file in (server.folder / "dagster").rglob("*") if file.is_file()]
    assert sorted(files) == ["dagster.yaml", "workspace.yaml"]
    for name in (*PROCESSES, "control"):
        assert PASSWORD not in server.log(name)
        assert TEST_KEY not in server.log(name)
