"""What the files of `deploy/` promise: one way to start a process, nothing open, nothing secret."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.layout import DEPLOY, PROCESSES, commands, compose

UNITS = DEPLOY / "systemd"
HOST = {"PUBLIC_HOST": "data.example.nl"}
HOLDERS_OF_THE_KEY = {"code"}
WIDEST_EXPOSURE = 20
"""In tenths, as systemd-analyze counts them: 20 is the 2.0 below which a unit is well shut."""


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def unit(name: str) -> str:
    return (UNITS / f"hartslag-{name}.service").read_text(encoding="utf-8").replace("\\\n", " ")


@cache
def pod() -> dict[str, Any]:
    text = (DEPLOY / "kubernetes" / "hartslag.yaml").read_text(encoding="utf-8")
    objects = list(yaml.safe_load_all(text))
    found: dict[str, Any] = next(o for o in objects if o["kind"] == "Deployment")
    spec: dict[str, Any] = found["spec"]["template"]["spec"]
    return spec


def containers() -> list[dict[str, Any]]:
    return [*pod()["initContainers"], *pod()["containers"]]


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_starts_alike_in_each_layout(name: str) -> None:
    wanted = commands(HOST)[name]
    (line,) = re.findall(r"^ExecStart=(.*)$", unit(name), re.MULTILINE)
    program, *words = shlex.split(line.replace("${PUBLIC_HOST}", HOST["PUBLIC_HOST"]))
    assert [program.removeprefix("/opt/hartslag/venv/bin/"), *words] == wanted
    (container,) = [c for c in containers() if c["name"] == name]
    assert [w.replace("$(PUBLIC_HOST)", HOST["PUBLIC_HOST"]) for w in container["args"]] == wanted


@pytest.mark.parametrize("name", sorted(services()))
def test_a_container_can_change_nothing_but_its_volumes(name: str) -> None:
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service["user"].startswith(("0", "root"))
    assert "healthcheck" in service


def test_only_the_proxy_can_be_reached_and_from_this_machine_alone() -> None:
    open_ports = {name: s["ports"] for name, s in services().items() if "ports" in s}
    assert open_ports == {"proxy": ["${PUBLISHED_ON:-127.0.0.1:4180}:4180"]}
    for name in PROCESSES:
        assert services()[name]["network_mode"] == "service:proxy"
        assert "0.0.0.0" not in " ".join(commands(HOST)[name])  # noqa: S104
    assert compose()["networks"]["storage"] == {"internal": True}


def test_the_key_is_for_the_code_location_alone() -> None:
    holders = {n for n, s in services().items() if "pseudonym_key" in s.get("secrets", [])}
    assert holders == HOLDERS_OF_THE_KEY
    assert {n for n in PROCESSES if "LoadCredential=pseudonym.key" in unit(n)} == HOLDERS_OF_THE_KEY
    mounted = {c["name"] for c in containers() if "key" in {m["name"] for m in c["volumeMounts"]}}
    assert mounted == HOLDERS_OF_THE_KEY


def test_the_app_sees_the_published_folder_and_nothing_else_of_the_home() -> None:
    (volume,) = services()["app"]["volumes"]
    assert (volume["read_only"], volume["volume"]) == (True, {"subpath": "published"})
    assert (
        "TemporaryFileSystem=/var/lib/hartslag:ro\nBindReadOnlyPaths=/var/lib/hartslag/published"
        in unit("app")
    )
    (app,) = [c for c in containers() if c["name"] == "app"]
    (home,) = [m for m in app["volumeMounts"] if m["name"] == "home"]
    assert (home["subPath"], home["readOnly"]) == ("published", True)


def test_secrets_are_files_and_none_is_in_the_repository() -> None:
    for secret in compose()["secrets"].values():
        assert secret["file"].startswith("./secrets/")
    assert not (DEPLOY / "secrets").exists()
    assert not (DEPLOY / ".env").exists()
    for file in DEPLOY.rglob("*"):
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            assert not re.search(
                r"(?i)(password|secret|_key)['\"]?\s*[:=]\s*['\"]?[\w+/]{12,}", text
            )


def test_a_pod_may_do_as_little_as_a_container() -> None:
    spec = pod()
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    for container in containers():
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


def test_a_server_has_one_writer_no_telemetry_and_its_record_in_postgresql() -> None:
    settings = yaml.safe_load((DEPLOY / "dagster.yaml").read_text(encoding="utf-8"))
    assert settings["storage"] == {"postgres": {"postgres_url": {"env": "HARTSLAG_DAGSTER_URL"}}}
    assert settings["telemetry"] == {"enabled": False}
    laptop = yaml.safe_load((DEPLOY.parent / "pipelines/dagster.yaml").read_text("utf-8"))
    assert settings["concurrency"] == laptop["concurrency"]
    assert settings["run_retries"] == laptop["run_retries"]
    assert laptop["concurrency"]["runs"]["max_concurrent_runs"] == 1


def test_an_image_takes_only_what_its_lock_has_a_hash_for_and_runs_as_no_root() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert "--require-hashes" in text
    assert text.count("\nFROM ") == 2
    last = text.rpartition("\nFROM ")[2]
    assert "\nUSER 10001:10001\n" in last
    for source in re.findall(r"^COPY (?!--from)(?:--\S+ )?(.+) \S+$", text, re.MULTILINE):
        for path in source.split():
            assert (DEPLOY.parent / path).exists(), path


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units, with programs that are on this machine."""
    here = str(Path(sys.executable).parent)
    made = []
    for file in sorted([*UNITS.glob("*.service"), *UNITS.glob("*.target")]):
        text = file.read_text(encoding="utf-8").replace("/opt/hartslag/venv/bin", here)
        (tmp_path / file.name).write_text(text, encoding="utf-8")
        made.append(tmp_path / file.name)
    return made


def analyze(*words: object) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd is not on this machine")
    return subprocess.run([program, *map(str, words)], capture_output=True, text=True)


def test_systemd_knows_every_line_of_the_units(units: list[Path]) -> None:
    done = analyze("verify", "--man=no", *units)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_units_are_well_shut(units: list[Path]) -> None:
    for file in units:
        if file.suffix == ".service":
            done = analyze("security", "--offline=yes", f"--threshold={WIDEST_EXPOSURE}", file)
            assert done.returncode == 0, done.stdout[-200:]
