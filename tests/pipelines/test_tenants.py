"""Many municipalities: a partition, a home, a key each, and what they published side by side."""

from __future__ import annotations

import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import duckdb
import polars as pl
import pytest

from pipelines.comparing import IncomparableError, compare, publications
from pipelines.errors import ConfigurationError
from pipelines.reading import current_run
from pipelines.tenants import (
    KEY,
    SHIPPED,
    build_tenant_defs,
    environment_of,
    folders,
    tenants,
)
from tests.conftest import REPOSITORY, run, unrecorded

EXAMPLE = REPOSITORY / "data" / "example"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of two municipalities and one that never ran, and their secrets."""
    folder, secrets = (tmp_path_factory.mktemp(name) for name in ("towns", "secrets"))
    for name in ("beekdal", "lindestreek", "new"):
        shutil.copytree(EXAMPLE, folder / name)
        file = folder / name / "municipality.yaml"
        text = file.read_text(encoding="utf-8").replace("Voorbeeldstad", name.capitalize())
        file.write_text(text, encoding="utf-8")
        (secrets / name).mkdir()
        (secrets / name / "pseudonym.key").write_text(name[0] * 64, encoding="utf-8")
    return folder, secrets


@pytest.fixture(scope="module")
def ran(shared: tuple[Path, Path]) -> tuple[Path, dg.Definitions]:
    """Two of them have published, each with its own key."""
    folder, secrets = shared
    with pytest.MonkeyPatch.context() as patch:
        for name in ("beekdal", "lindestreek"):
            patch.setenv("HARTSLAG_KEY", (secrets / name / KEY).read_text("utf-8"))
            run(tenants(folder)[name])
    return folder, build_tenant_defs(folder, secrets)


def cases(folder: Path, name: str) -> set[str]:
    with duckdb.connect(folder / name / ".hartslag" / "warehouse.duckdb", read_only=True) as found:
        return {case for (case,) in found.execute("select case_id from raw.cases").fetchall()}


def test_each_municipality_has_pseudonyms_of_its_own(ran: tuple[Path, dg.Definitions]) -> None:
    one, other = (cases(ran[0], name) for name in ("beekdal", "lindestreek"))
    assert len(one) == len(other) > 100
    assert one.isdisjoint(other)


def test_who_published_is_compared_and_who_did_not_is_left_out(
    ran: tuple[Path, dg.Definitions],
) -> None:
    folder, found = ran
    result = dg.materialize([found.resolve_assets_def("comparison")], instance=unrecorded(folder))
    assert result.success
    rows = pl.read_csv(folder / "comparison" / "side_by_side.csv")
    assert set(rows["municipality"]) == {"Beekdal", "Lindestreek"}
    assert (
        rows.group_by("definition", "journey", "segment")
        .agg(same=pl.col("value").drop_nulls().n_unique() <= 1)["same"]
        .all()
    )
    page = (folder / "comparison" / "comparison-nl.html").read_text(encoding="utf-8")
    assert '<th scope="col" class="n">Beekdal</th>' in page


def test_every_night_each_municipality_has_a_run(shared: tuple[Path, Path]) -> None:
    found = build_tenant_defs(*shared)
    schedule = found.resolve_schedule_def("every_night")
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    friday, saturday = (
        datetime(2026, 11, day, 4, tzinfo=ZoneInfo("Europe/Amsterdam")) for day in (27, 28)
    )
    for night, is_whole in ((friday, False), (saturday, True)):
        with dg.build_schedule_context(
            scheduled_execution_time=night, repository_def=found.get_repository_def()
        ) as context:
            asked = schedule.evaluate_tick(context).run_requests or []
        assert [request.partition_key for request in asked] == ["beekdal", "lindestreek", "new"]
        for request in asked:
            config = request.run_config["ops"]["published"]["config"]
            assert config == {"whole": is_whole, "retries": 3}


def test_a_run_knows_the_secrets_of_its_own_municipality_alone(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        for file in ("pseudonym.key", "HARTSLAG_ZAAKSYSTEEM_SECRET"):
            (tmp_path / name / file).write_text(f"{name} {file}", encoding="utf-8")
    given = {"PATH": "/bin", "HARTSLAG_KEY": "of someone else", "DAGSTER_HOME": "/there"}
    assert environment_of("one", tmp_path, given) == {
        "PATH": "/bin",
        "HARTSLAG_KEY_FILE": str(tmp_path / "one" / "pseudonym.key"),
        "HARTSLAG_ZAAKSYSTEEM_SECRET_FILE": str(tmp_path / "one" / "HARTSLAG_ZAAKSYSTEEM_SECRET"),
    }
    with pytest.raises(ConfigurationError, match="three has no key"):
        environment_of("three", tmp_path, given)


@pytest.mark.parametrize("is_whole", [False, True])
def test_a_run_reads_systems_whole_when_it_is_told_so(
    shared: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, is_whole: bool
) -> None:
    called: list[str] = []

    def recorded(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        called.extend(command)
        return subprocess.CompletedProcess(command, 1, "", "no further")

    monkeypatch.setattr("pipelines.tenants.subprocess.run", recorded)
    asset = build_tenant_defs(*shared).resolve_assets_def("published")
    config = {"ops": {"published": {"config": {"whole": is_whole}}}}
    with pytest.raises(dg.Failure, match="no further"):
        dg.materialize([asset], partition_key="beekdal", run_config=config)
    assert ("--whole" in called) is is_whole


@pytest.mark.parametrize(("code", "attempts"), [(1, 3), (2, 1), (3, 1)])
def test_what_may_pass_is_tried_again_and_what_a_check_stopped_is_not(
    shared: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, code: int, attempts: int
) -> None:
    tried: list[list[str]] = []

    def failing(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        tried.append(command)
        return subprocess.CompletedProcess(command, code, "", "not now")

    monkeypatch.setattr("pipelines.tenants.subprocess.run", failing)
    monkeypatch.setattr("pipelines.tenants.FIRST_WAIT_S", 0)
    asset = build_tenant_defs(*shared).resolve_assets_def("published")
    config = {"ops": {"published": {"config": {"retries": 2}}}}
    done = dg.materialize([asset], partition_key="new", run_config=config, raise_on_error=False)
    assert not done.success
    assert len(tried) == attempts


def test_a_service_without_the_shipped_settings_of_dagster_does_not_start(
    shared: tuple[Path, Path], tmp_path: Path
) -> None:
    named = ("HARTSLAG_MUNICIPALITIES", "HARTSLAG_SECRETS", "DAGSTER_HOME")
    environment = dict(zip(named, map(str, (*shared, tmp_path)), strict=True))
    with pytest.raises(ConfigurationError, match=r"(?s)has no dagster\.yaml.*Mend: cp "):
        folders(environment)
    shutil.copy(SHIPPED, tmp_path)
    assert folders(environment) == shared
    with pytest.raises(ConfigurationError, match="DAGSTER_HOME is not set"):
        folders(environment | {"DAGSTER_HOME": ""})


@pytest.mark.slow
def test_a_partition_is_a_run_in_a_process_with_a_key_of_its_own(
    ran: tuple[Path, dg.Definitions], shared: tuple[Path, Path]
) -> None:
    folder, found = ran
    before = current_run(tenants(folder)["beekdal"])
    asset = found.resolve_assets_def("published")
    assert dg.materialize([asset], partition_key="beekdal").success
    assert current_run(tenants(folder)["beekdal"]) != before
    key = shared[1] / "beekdal" / KEY
    own = key.read_text(encoding="utf-8")
    key.write_text("another key" * 6, encoding="utf-8")
    try:
        with pytest.raises(dg.Failure, match=r"beekdal: .*key"):
            dg.materialize([asset], partition_key="beekdal")
    finally:
        key.write_text(own, encoding="utf-8")


def test_a_run_that_fails_says_why_and_whose_it_is(shared: tuple[Path, Path]) -> None:
    folder, secrets = shared
    (folder / "new" / "permits.csv").write_text("nothing,known\n1,2\n", encoding="utf-8")
    asset = build_tenant_defs(folder, secrets).resolve_assets_def("published")
    with pytest.raises(dg.Failure, match=r"new: .*permits\.csv"):
        dg.materialize([asset], partition_key="new")


def test_a_folder_without_municipalities_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="HARTSLAG_MUNICIPALITIES: no folder in"):
        tenants(tmp_path)


def test_what_cannot_be_compared_is_refused(ran: tuple[Path, dg.Definitions]) -> None:
    homes = [ran[0] / name / ".hartslag" for name in ("beekdal", "lindestreek")]
    with pytest.raises(IncomparableError, match="name each municipality once"):
        publications([homes[0], homes[0]])
    with pytest.raises(IncomparableError, match="One municipality is no comparison"):
        publications(homes[:1])
    with pytest.raises(IncomparableError, match="period '1999-01' is not known"):
        compare(publications(homes), ran[0] / "nowhere", "1999-01")
    assert not (ran[0] / "nowhere").exists()
