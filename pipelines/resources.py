"""What assets are given: the settings of this machine and the warehouse."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import dagster as dg
import duckdb

from pipelines.municipality import Municipality, load_municipality
from pipelines.settings import Settings
from pipelines.warehouse import open_warehouse


class Workspace(dg.ConfigurableResource):
    """The configuration file, and the home that a run writes."""

    config_file: str
    home: str

    @property
    def settings(self) -> Settings:
        return Settings(config_file=Path(self.config_file), home=Path(self.home))

    def municipality(self) -> Municipality:
        return load_municipality(self.settings.config_file)

    def warehouse(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        return open_warehouse(self.settings.warehouse_file)
