"""Runs that are killed or starved at random, and then run again: the figures must be the same bytes.

`python -m tests.chaos 200` does so for 200 seeds, a line each; `python -m tests.chaos 50 200` for
50 from the two hundredth on; tests/test_chaos.py for a few. The town is the example cut short; what
Dagster adds to a run is left to tests/test_kill.py.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import yaml

from pipelines.inspection import look_into
from pipelines.reading import current_run, manifest
from pipelines.settings import Settings
from tests.conftest import REPOSITORY, TEST_KEY
from tests.test_kill import mart_hashes

ROWS_BEFORE, ROWS = 90, 120
KILLED, MEMORY, FILE_SIZE, DISK = "killed", "memory", "file size", "disk"
KINDS = (KILLED, KILLED, MEMORY, FILE_SIZE, DISK)
MEGABYTE = 1 << 20
MOST_MEMORY, MOST_FILE, MOST_DISK = 700 * MEGABYTE, 14 * MEGABYTE, 25 * MEGABYTE


@dataclass(frozen=True)
class Disturbance:
    """`amount` is the share of a run's processor time, or bytes. `is_first` begins with no home."""

    seed: int
    kind: str
    amount: float
    is_first: bool

    def __str__(self) -> str:
        megabytes = f"{self.amount / MEGABYTE:.1f} MB"
        moment = f"at {self.amount:.0%}" if self.kind == KILLED else f"within {megabytes}"
        return (
            f"seed {self.seed}: {'first run' if self.is_first else 'next run'} {self.kind} {moment}"
        )


def disturbance(seed: int) -> Disturbance:
    chance = Random(seed)  # noqa: S311
    kind = chance.choice(KINDS)
    most = {KILLED: 1.0, MEMORY: MOST_MEMORY, FILE_SIZE: MOST_FILE, DISK: MOST_DISK}[kind]
    share = chance.random() ** (1 if kind == KILLED else 2)  # much room disturbs nothing
    return Disturbance(seed, kind, share * most, chance.random() < 1 / 3)


@dataclass
class Town:
    """A small municipality, what an undisturbed run makes of it, and processes that run it."""

    folder: Path
    process: subprocess.Popen[str]
    cpu_s: dict[bool, float] = field(default_factory=dict)
    marts: dict[str, str] = field(default_factory=dict)
    rows: int = 0

    @property
    def before(self) -> Settings:
        return self._settings(self.folder / "before")

    def prepare(self, beginnings: tuple[bool, ...]) -> None:
        """The home of a day before, where a next run is asked for, and one that nothing disturbs."""
        if False in beginnings:
            self._write(ROWS_BEFORE)
            assert self.run(self.before)["code"] == 0
        self._write(ROWS)
        for is_first in beginnings:
            settings = self.home(f"undisturbed-{is_first}", is_first=is_first)
            done = self.run(settings)
            assert done["code"] == 0
            self.cpu_s[is_first] = done["cpu_s"]
            found = mart_hashes(current_run(settings))
            assert self.marts in ({}, found), "a first run and a next one differ"
            self.marts, self.rows = found, look_into(settings.warehouse_file, settings.home).rows

    def home(self, name: str, *, is_first: bool) -> Settings:
        settings = self._settings(self.folder / name)
        if not is_first:
            shutil.copytree(self.before.home, settings.home, symlinks=True, dirs_exist_ok=True)
        return settings

    def run(self, settings: Settings, **more: Any) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        asked = {"config": str(settings.config_file), "home": str(settings.home), **more}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def _settings(self, home: Path) -> Settings:
        return Settings(config_file=self.folder / "municipality.yaml", home=home)

    def _write(self, rows: int) -> None:
        example = REPOSITORY / "data" / "example"
        config = yaml.safe_load((example / "municipality.yaml").read_text("utf-8"))
        del config["improvements"]
        (self.folder / "municipality.yaml").write_text(yaml.safe_dump(config), "utf-8")
        lines = (example / "permits.csv").read_text("utf-8").splitlines(keepends=True)
        (self.folder / "permits.csv").write_text("".join(lines[: rows + 1]), "utf-8")


@contextmanager
def town(folder: Path, beginnings: tuple[bool, ...] = (True, False)) -> Iterator[Town]:
    """`beginnings` are those that are asked for: a first run, a next one."""
    command = [sys.executable, "-B", "-m", "tests.chaos_child"]
    with (folder / "errors.txt").open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=REPOSITORY,
            env=os.environ | {"HARTSLAG_KEY": TEST_KEY},
        )
        with process:
            made = Town(folder, process)
            made.prepare(beginnings)
            yield made
            assert process.stdin
            process.stdin.close()


def disturb(place: Town, given: Disturbance) -> str:
    """Disturb a run, look at what it left, run again, and look again; returns what happened."""
    name = f"seed-{given.seed}"
    with _disk(place.folder / name, given) as make_room:
        settings = place.home(name, is_first=given.is_first)
        earlier = None if given.is_first else current_run(settings)
        sooner = earlier and mart_hashes(earlier)

        done = place.run(settings, **_limits(place, given))
        if (settings.published / "current").is_symlink():
            now = current_run(settings)
            assert manifest(now)["marts"] == mart_hashes(now), "what is published is not whole"
            assert mart_hashes(now) == (sooner if now == earlier else place.marts)
        else:
            assert given.is_first, "the pointer is gone"

        make_room()
        again = place.run(settings)
        assert again["code"] == 0, "the next run failed"
        assert mart_hashes(current_run(settings)) == place.marts, "the figures differ"
        assert look_into(settings.warehouse_file, settings.home).rows == place.rows
        left = [str(path) for path in settings.home.rglob(".partial-*")]
        assert not left, f"partial files are left: {left}"
    shutil.rmtree(place.folder / name, ignore_errors=True)
    return "killed" if done["was_killed"] else f"ended with {done['code']}"


def _limits(place: Town, given: Disturbance) -> dict[str, Any]:
    if given.kind == KILLED:
        return {"cpu_s": given.amount * place.cpu_s[given.is_first]}
    limits = {MEMORY: "RLIMIT_AS", FILE_SIZE: "RLIMIT_FSIZE"}
    return {"limits": {limits[given.kind]: int(given.amount)}} if given.kind in limits else {}


def can_mount() -> bool:
    """Whether this process may mount a disk of its own; a container often may not."""
    with tempfile.TemporaryDirectory() as folder:
        made = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True)
        return made.returncode == 0 and not subprocess.run(["umount", folder]).returncode


@contextmanager
def _disk(folder: Path, given: Disturbance) -> Iterator[Any]:
    """A disk in memory that has `amount` bytes free once the home of before is on it."""
    if given.kind != DISK:
        yield lambda: None
        return
    folder.mkdir()
    home = folder.parent / "before"
    held = sum(f.stat().st_size + 4096 for f in home.rglob("*") if f.is_file())
    size = int(given.amount) + (0 if given.is_first else held)
    options = ["mount", "-t", "tmpfs", "-o", f"size={max(size, 4096)}", "tmpfs", str(folder)]
    subprocess.run(options, check=True)
    try:
        yield lambda: subprocess.run(["mount", "-o", "remount,size=1g", str(folder)], check=True)
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


def main() -> None:
    runs, first = (*map(int, sys.argv[1:]), *(200, 0)[len(sys.argv) - 1 :])
    may_mount, met, failed = can_mount(), Counter[str](), list[int]()
    with tempfile.TemporaryDirectory(prefix="hartslag-chaos-") as folder, town(Path(folder)) as at:
        began = time.monotonic()
        for seed in range(first, first + runs):
            given, start = disturbance(seed), time.monotonic()
            if given.kind == DISK and not may_mount:
                sys.stdout.write(f"{given}: left out, this process may not mount a disk\n")
                continue
            try:
                said = disturb(at, given)
            except AssertionError as error:
                failed.append(seed)
                said = f"WRONG: {error}"
            met[f"{given.kind}, {said}"] += 1
            sys.stdout.write(f"{given}: {said}, {time.monotonic() - start:.1f} s\n")
            sys.stdout.flush()
        for what, count in sorted(met.items()):
            sys.stdout.write(f"{count:4} {what}\n")
        took = time.monotonic() - began
        right = sum(met.values()) - len(failed)
        sys.stdout.write(
            f"{right} of {sum(met.values())} ended with the same bytes, {took:.0f} s\n"
        )
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
