"""What assets are given: the settings of this machine and the warehouse."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import dagster as dg
import duckdb

from pipelines.configuration import load_municipality
from pipelines.engines import Engine
from pipelines.engines.opening import open_engine
from pipelines.holding import the_only_run
from pipelines.municipality import Municipality
from pipelines.settings import Settings
from pipelines.single_run import end_other_runs
from pipelines.warehouse import open_warehouse
from transforms.models import Model


class Workspace(dg.ConfigurableResource):
    """The configuration file, and the home that a run writes, held by one run at a time."""

    config_file: str
    home: str

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Workspace]:
        with the_only_run(self.settings.home):
            if context.instance and context.run:
                end_other_runs(context.instance, context.run.run_id, self.settings.home)
            yield self

    @property
    def settings(self) -> Settings:
        return Settings(config_file=Path(self.config_file), home=Path(self.home))

    def municipality(self) -> Municipality:
        return load_municipality(self.settings.config_file)

    def engine(
        self, connection: duckdb.DuckDBPyConnection, models: Collection[Model]
    ) -> AbstractContextManager[Engine]:
        """What builds the models, as the configuration has it."""
        return open_engine(self.municipality(), connection, self.settings.home, models)

    def warehouse(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        return open_warehouse(self.settings.warehouse_file)
