"""Every model gives the same rows on Spark as on DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from lindeveld.generate import generate
from lindeveld.town import Scale

from pipelines.engines.exchange import lend, sources_of
from pipelines.engines.spark import SparkEngine
from pipelines.settings import Settings
from pipelines.warehouse import open_warehouse, read
from tests.conftest import receipt_settings
from tests.engines.comparing import differences
from tests.engines.logs import NOT_FILLED, build_all, read_all, small_town
from tests.test_golden_helpdesk import helpdesk_settings
from transforms.models import load_models

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark
MODELS = load_models()


class Both:
    """A warehouse that DuckDB built, and what Spark made of the same raw tables."""

    def __init__(self, session: SparkSession, warehouse: Path, folder: Path) -> None:
        self._connection = duckdb.connect(warehouse)
        self._connection.execute("set TimeZone = 'UTC'")
        self._folder, self._failed = folder, dict[str, str]()
        lend(self._connection, sources_of(MODELS.values()), folder)
        engine = SparkEngine(session, folder)
        for model in MODELS.values():
            try:
                engine.build(model)
            except Exception as error:
                self._failed[model.name] = str(error)[:500]
                lend(self._connection, [model.name], folder)  # so that those after it are judged

    def close(self) -> None:
        self._connection.close()

    def rows(self, model: str) -> int:
        return read(self._connection, f"select count(*) from {model}").item()  # type: ignore[no-any-return]

    def differences(self, model: str) -> str:
        if model in self._failed:
            return f"Spark refused: {self._failed[model]}"
        place = self._folder.joinpath(*model.split("."))
        ours = read(self._connection, f"from {model}")
        return differences(ours, read(self._connection, f"from '{place}/*.parquet'"))


@pytest.fixture(scope="module")
def both(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("engines")
    made = Both(spark, small_town(folder / "town"), folder / "spark")
    yield made
    made.close()


@pytest.mark.parametrize("model", MODELS)
def test_both_engines_make_the_same_table(both: Both, model: str) -> None:
    assert both.differences(model) == ""


def test_the_small_town_fills_nearly_every_model(both: Both) -> None:
    assert {model for model in MODELS if both.rows(model) == 0} <= NOT_FILLED


def _receipt(folder: Path, shared: Path) -> Settings:
    return receipt_settings(folder, shared / "data" / "08_receipt.xes.gz")


def _helpdesk(folder: Path, shared: Path) -> Settings:
    return helpdesk_settings(folder, shared / "data" / "helpdesk.xes.gz")


def _lindeveld(folder: Path, shared: Path) -> Settings:
    generate(folder, Scale())
    return Settings(folder / "municipality.yaml", folder)


@pytest.mark.slow
@pytest.mark.parametrize("log", [_receipt, _helpdesk, _lindeveld])
def test_both_engines_agree_on_a_whole_log(
    log: Callable[[Path, Path], Settings], spark: SparkSession, shared: Path, tmp_path: Path
) -> None:
    settings = log(tmp_path, shared)
    with open_warehouse(settings.warehouse_file) as connection:
        read_all(connection, settings)
        build_all(connection)
    made = Both(spark, settings.warehouse_file, tmp_path / "spark")
    apart = {model: told for model in MODELS if (told := made.differences(model))}
    made.close()
    assert apart == {}
