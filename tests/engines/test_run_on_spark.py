"""With `engine: spark` a run publishes what it publishes without."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.engines.exchange import folder_of
from pipelines.engines.session import has_java
from pipelines.rewriting import rewrite_if_due, rewriting_is_due
from pipelines.settings import Settings
from tests.conftest import example_settings, run
from tests.engines.comparing import differences

pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    pytest.mark.skipif(not has_java(), reason="Spark needs Java, which is not on this machine"),
]


def published(settings: Settings, mart: str) -> pl.DataFrame:
    return pl.read_parquet(settings.published / "current" / "marts" / f"{mart}.parquet")


def test_the_run_publishes_the_same(tmp_path: Path, example_run: Settings) -> None:
    settings = example_settings(tmp_path)
    text = settings.config_file.read_text(encoding="utf-8")
    settings.config_file.write_text(
        f"{text}\nengine: spark\nspark: {{master: 'local[2]', partitions: 1, memory: 1g}}\n",
        encoding="utf-8",
    )
    run(settings)
    for mart in ("kpi_values", "process_edges", "process_variants", "data_quality", "heartbeat"):
        apart = differences(published(example_run, mart), published(settings, mart))
        assert apart == "", mart
    assert (settings.published / "current" / "site" / "index.html").is_file()

    rewriting_is_due(settings.warehouse_file)
    assert rewrite_if_due(settings.warehouse_file)
    assert not folder_of(settings.home).exists()

    settings.config_file.write_text(text, encoding="utf-8")
    run(settings)  # and back again
    assert differences(published(example_run, mart), published(settings, mart)) == ""
