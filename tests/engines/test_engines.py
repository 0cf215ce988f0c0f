"""Switching engines, and what is said where Spark is not there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipelines.engines import session as sessions
from pipelines.engines.duck import DuckEngine
from pipelines.engines.exchange import (
    folder_of,
    lend,
    let_go,
    sources_of,
    take_back,
)
from pipelines.engines.session import open_session
from pipelines.errors import PlainError
from pipelines.municipality import Municipality, Spark
from tests.transforms.sql_bench import CONFIG
from transforms.models import Column, Model

HOURS = Model("core", "hours", "Hours.", (Column("hour", "Hour.", None),), (), "select 1 as hour")


def test_tables_give_way_to_what_the_other_engine_made_and_back(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        engine = DuckEngine(connection)
        assert engine.build(HOURS) == 1
        lend(connection, ["core.hours"], tmp_path)
        take_back(connection, HOURS, tmp_path)
        take_back(connection, HOURS, tmp_path)
        assert engine.fetch("select table_type from information_schema.tables").item() == "VIEW"
        assert engine.fetch("from core.hours").to_dicts() == [{"hour": 1}]
        assert engine.build(replace(HOURS, select="select 2 as hour")) == 1
        assert engine.fetch("from core.hours").to_dicts() == [{"hour": 2}]


def test_raw_and_config_alone_are_lent() -> None:
    reads = "select 1 from raw.events, config.journeys, core.cases"
    assert sources_of([replace(HOURS, select=reads)]) == ["config.journeys", "raw.events"]


@pytest.mark.parametrize(
    ("absent", "mend"), [("pyspark", r"hartslag\[spark\]"), ("java", "default-jre-headless")]
)
def test_where_spark_is_not_there_the_mend_is_told(
    absent: str, mend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if absent == "pyspark":
        monkeypatch.setattr(sessions, "find_spec", lambda name: None)
    monkeypatch.setattr(sessions, "has_java", lambda: False)
    if absent == "java":
        monkeypatch.setattr(sessions, "find_spec", lambda name: object())
    with pytest.raises(PlainError, match=f"Mend: .*{mend}"):
        open_session(Spark())


def test_a_driver_that_others_reach_asks_for_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "find_spec", lambda name: object())
    monkeypatch.setattr(sessions, "has_java", lambda: True)
    for secret in ("", "too short", "long enough, but\nwith a line", "geheim € niet ASCII"):
        monkeypatch.setenv(sessions.SECRET, secret)
        with pytest.raises(PlainError, match=r"10\.0\.0\.5.*HARTSLAG_SPARK_SECRET"):
            open_session(Spark.model_validate({"driver": "10.0.0.5"}))


def test_where_the_parts_of_spark_connect_are_absent_the_mend_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sessions, "has_java", lambda: False)  # a server has its own
    monkeypatch.setattr(sessions, "find_spec", lambda name: name == "pyspark" or None)
    with pytest.raises(PlainError, match=r"Mend: .*hartslag\[spark-connect\]"):
        open_session(Spark(master="sc://localhost:15002"))


@pytest.mark.parametrize(
    "spark",
    [
        {"driver": "0.0.0.0"},  # noqa: S104 - what is refused
        {"driver": "10"},
        {"master": "spark://10.0.0.2:7077"},
        {"master": "yarn"},
        {"master": "sc://10.0.0.2:15002"},
    ],
)
def test_what_workers_cannot_reach_or_others_can_read_is_refused(spark: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"driver|TLS"):
        Spark.model_validate(spark)


@pytest.mark.parametrize(
    "spark",
    [
        {"master": "spark://127.0.0.1:7077"},
        {"master": "spark://10.0.0.2:7077", "driver": "10.0.0.5"},
        {"master": "sc://localhost:15002"},
        {"master": "sc://10.0.0.2:15002/;use_ssl=true"},
    ],
)
def test_what_can_be_reached_is_taken(spark: dict[str, str]) -> None:
    assert Spark.model_validate(spark).master == spark["master"]


TOKEN = "sc://spark.example:15002/;token=abc"  # noqa: S105 - what is refused


@pytest.mark.parametrize("master", ["local", "localhost:7077", "http://spark", TOKEN])
def test_an_address_that_is_no_master_is_refused(master: str) -> None:
    with pytest.raises(ValueError, match=r"spark\.master"):
        Municipality.model_validate(CONFIG | {"engine": "spark", "spark": {"master": master}})


def test_what_spark_made_is_let_go_with_the_views_on_it(tmp_path: Path) -> None:
    home = tmp_path / "burgemeester's"
    other = replace(HOURS, table="minutes", select="select 60 as hour")
    with duckdb.connect() as connection:
        DuckEngine(connection).build(HOURS)
        lend(connection, ["core.hours"], folder_of(home))
        take_back(connection, HOURS, folder_of(home))
        lend(connection, ["core.hours"], tmp_path / "of before")
        moved = tmp_path / "of before" / "core" / "moved"
        (tmp_path / "of before" / "core" / "hours").rename(moved)  # as where a home was moved
        take_back(connection, replace(HOURS, table="moved"), tmp_path / "of before")
        DuckEngine(connection).build(other)
        connection.execute("create view core.quarters as from core.minutes")
        let_go(connection, home)
        let_go(connection, home)
        names = connection.execute("from (show tables from core) select name order by name")
        assert names.fetchall() == [("minutes",), ("quarters",)]
    assert not folder_of(home).exists()
