"""What a connector is: how one kind of source is configured and read, as `kinds.py` lists them.

What belongs here: the shapes of an entry. What does not: any one kind of source, and what is done
with what it gives (`load.py`, `pull.py`, `checking.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from pipelines.connectors.api_tables import ApiTable
from pipelines.connectors.files import FileBatch, content_hash, matching_files
from pipelines.connectors.probing import Probe
from pipelines.connectors.reading import Reading
from pipelines.connectors.walk import Listing
from pipelines.sources import ApiSource, FileSource

if TYPE_CHECKING:
    from pipelines.municipality import Municipality

F = TypeVar("F", bound=FileSource)
A = TypeVar("A", bound=ApiSource)


@dataclass(frozen=True)
class Opened:
    """One part as it is now: a hash of its content, and its rows, hashed with a key, on demand."""

    content: str
    read: Callable[[bytes], FileBatch]


@dataclass(frozen=True)
class Part:
    """What is taken whole or not at all: a file, or the rows of a query. `name` stays the same
    from run to run. Opening and reading raise SourceError where it is unusable."""

    name: str
    open: Callable[[], Opened]


class RowConnector(Protocol):
    """A kind of source that gives rows, part by part; `model` is what pydantic checks."""

    @property
    def model(self) -> Any: ...

    def parts(self, source: Any, base: Path) -> list[Part]:
        """The parts of a source; paths count from `base`. Raises SourceError for none."""


@dataclass(frozen=True)
class FileConnector(Generic[F]):
    """A kind of source that is one file or several; `read` gives what one file holds."""

    model: type[F]
    read: Callable[[F, Path, bytes], FileBatch]

    def parts(self, source: F, base: Path) -> list[Part]:
        return [
            Part(file.name, partial(self._open, source, file))
            for file in matching_files(source, base)
        ]

    def _open(self, source: F, file: Path) -> Opened:
        return Opened(content_hash(file), partial(self.read, source, file))


@dataclass(frozen=True)
class ApiConnector(Generic[A]):
    """A kind of system that is read over the network.

    `tables` are those of `raw` that it fills; the rows of `counted`, one of them, say how much
    there is, so that a list that was cut down is noticed. `listings` are the lists that a reading
    asks for at a moment, in order; `probes` ask whether it can be read at all. `reads_periods`
    says whether a reading may ask for the cases of some months alone.
    """

    model: type[A]
    tables: tuple[ApiTable, ...]
    counted: ApiTable
    listings: Callable[[A, Reading, datetime], Iterator[Listing]]
    probes: Callable[[A, Municipality], Iterator[Probe]]
    reads_periods: bool = False
