"""Bars on the screen while long work is done; nothing at all where there is no screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text


class _Count(ProgressColumn):
    def render(self, task: Task) -> Text:
        total = "" if task.total is None else f"/{task.total:,.0f}"
        return Text(f"{task.completed:,.0f}{total} {task.fields['unit']}".rstrip())


class Bars:
    """A bar for the work, and one below it for the list or file that is being read meanwhile."""

    def __init__(self, progress: Progress, doing: str, unit: str) -> None:
        self._progress, self._doing = progress, doing
        self._work = progress.add_task("starting", total=None, unit=unit)
        self._reading = progress.add_task("", total=None, unit="", visible=False)
        self._what = ""

    def work(self, done: int, total: int) -> None:
        self._progress.update(self._work, description=self._doing, completed=done, total=total)
        self._progress.update(self._reading, visible=False)

    def reading(self, what: str, done: int, total: int | None) -> None:
        """`done` of `total` of what is read; another `what` starts the clock anew."""
        if what != self._what:
            self._what = what
            self._progress.reset(self._reading, description=what)
        self._progress.update(self._reading, completed=done, total=total, visible=True)


@contextmanager
def bars(console: Console, doing: str, unit: str) -> Iterator[Bars]:
    columns = (TextColumn("{task.description}"), BarColumn(), _Count(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield Bars(progress, doing, unit)
