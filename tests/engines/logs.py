"""Warehouses to build on both engines."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from lindeveld.town import Scale

from pipelines.config_tables import config_tables
from pipelines.configuration import load_municipality
from pipelines.connectors.reading import Reading
from pipelines.demo import live_demo
from pipelines.load import load_source
from pipelines.pull import pull
from pipelines.settings import Settings, pseudonym_key
from pipelines.sources import ApiSource
from pipelines.warehouse import open_warehouse, replace_tables
from transforms.models import build, load_models


def filled(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Read every source, and build every model on DuckDB."""
    municipality, models = load_municipality(settings.config_file), load_models()
    base = settings.config_file.parent
    replace_tables(connection, "config", config_tables(municipality, models, base))
    for source in municipality.sources:
        if isinstance(source, ApiSource):
            pull(connection, source, municipality, pseudonym_key(), Reading("daily"))
        else:
            list(load_source(connection, source, base, pseudonym_key()))
    for model in models.values():
        build(connection, model)


def live_town(folder: Path, scale: Scale) -> Path:
    """The warehouse of a small Lindeveld whose systems were read by their APIs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARTSLAG_KEY", "a key for tests alone, 32 characters or more")
        with live_demo(folder, scale, lambda done, total: None) as settings:
            with open_warehouse(settings.warehouse_file) as connection:
                filled(connection, settings)
            return settings.warehouse_file
