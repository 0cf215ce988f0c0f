"""The run that is published now. Reads only the published folder, and follows its pointer.

A request gets one whole run; a run that arrives while it is being answered is for the next one.
"""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from dashboards.app.choices import Choices, choices_of
from dashboards.app.selection import Slice
from dashboards.marts import Marts, Record, UnreadableMartsError, read_marts

_log = logging.getLogger(__name__)


class NothingPublishedError(Exception):
    """There is no run to show yet."""


@dataclass(frozen=True)
class Run:
    """A published run and what it can be asked; `folder` is its own, never the pointer.

    `kept` holds what was made of it once and does not depend on a view.
    """

    folder: Path
    marts: Marts
    choices: Choices
    parts: Mapping[tuple[object, ...], pl.DataFrame]
    kept: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def figures(self, asked: Slice, period_kind: str, *definitions: str) -> list[Record]:
        """Rows of `kpi_values` in one slice, oldest first; all definitions where none is named."""
        part = self.parts.get((asked.journey, asked.segment_kind))
        if part is None:
            return []
        wanted = (pl.col("segment") == asked.segment) & (pl.col("period_kind") == period_kind)
        if definitions:
            wanted &= pl.col("definition").is_in(definitions)
        return part.filter(wanted).sort("period_start", maintain_order=True).to_dicts()


class Published:
    """The current run of a published folder, read again when the pointer has moved."""

    def __init__(self, folder: Path) -> None:
        self._pointer = folder / "current"
        self._lock = threading.Lock()
        self._run: Run | None = None
        self._unreadable: Path | None = None

    def run(self) -> Run:
        """The run that is published now.

        While one request reads a new run, the others go on with the one before it; where it cannot
        be read, that one stays. Raises NothingPublishedError where there has been none.
        """
        folder = self._pointer.resolve()
        known = self._run
        if known is not None and folder in (known.folder, self._unreadable):
            return known
        if not self._lock.acquire(blocking=known is None) and known is not None:
            return known
        try:
            if self._run is None or folder not in (self._run.folder, self._unreadable):
                self._run = self._read(folder)
            return self._run
        finally:
            self._lock.release()

    def _read(self, folder: Path) -> Run:
        try:
            return read_run(folder)
        except (UnreadableMartsError, OSError, pl.exceptions.PolarsError) as error:
            if self._run is None:
                raise NothingPublishedError(str(error)) from error
            self._unreadable = folder
            _log.exception("The run in %s cannot be read; the one before it stays", folder)
            return self._run


def read_run(folder: Path) -> Run:
    """Reads a run; its figures are parted so that a slice is found without looking at the rest."""
    marts = read_marts(folder)
    parts = marts.tables["kpi_values"].partition_by("journey", "segment_kind", as_dict=True)
    return Run(folder, marts, choices_of(marts), parts)
