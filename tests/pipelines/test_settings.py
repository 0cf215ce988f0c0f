"""Where a configuration and a home are found, from either of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.settings import Settings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HARTSLAG_CONFIG", "HARTSLAG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_home_is_beside_the_configuration(tmp_path: Path) -> None:
    found = Settings.resolve(tmp_path / "town" / "municipality.yaml")
    assert found.home == tmp_path / "town" / ".hartslag"


def test_the_folder_of_a_configuration_that_is_a_home_is_the_home(tmp_path: Path) -> None:
    (tmp_path / "warehouse.duckdb").touch()
    assert Settings.resolve(tmp_path / "municipality.yaml").home == tmp_path


def test_a_home_with_a_configuration_needs_no_other(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    home.mkdir()
    (home / "municipality.yaml").touch()
    assert Settings.resolve(home=home).config_file == home / "municipality.yaml"


def test_without_one_in_the_home_the_configuration_is_in_this_folder(tmp_path: Path) -> None:
    found = Settings.resolve(home=tmp_path / "demo")
    assert found.config_file == tmp_path / "municipality.yaml"


def test_what_is_said_wins_over_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARTSLAG_CONFIG", str(tmp_path / "a.yaml"))
    monkeypatch.setenv("HARTSLAG_HOME", str(tmp_path / "b"))
    said = Settings.resolve(tmp_path / "c.yaml", tmp_path / "d")
    assert said == Settings(tmp_path / "c.yaml", tmp_path / "d")
    assert Settings.resolve() == Settings(tmp_path / "a.yaml", tmp_path / "b")
