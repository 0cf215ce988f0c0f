"""What builds the models: DuckDB, or Spark for logs that outgrow one machine.

What belongs here: the interface that both keep to. What does not: what a model means; a model
knows nothing of the engine that builds it.
"""

from __future__ import annotations

from typing import Protocol

import polars as pl

from transforms.models import Model


class Engine(Protocol):
    def build(self, model: Model) -> int:
        """Make the model's table anew from the tables that it reads; returns its rows."""
        ...

    def fetch(self, query: str) -> pl.DataFrame:
        """The result of a query, written in DuckDB's words as the models are."""
        ...
