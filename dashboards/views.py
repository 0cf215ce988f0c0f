"""What a page is made of, ready to print: words are chosen, numbers are written.

A `Cell` keeps the published number (`raw`) beside its words, so that a test, a script or a
screen reader can compare the page with the marts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dashboards.figure_parts import Figure
from dashboards.marts import Record
from dashboards.text import Text

HASH_SHOWN = 8


@dataclass(frozen=True)
class Cell:
    """Words in a table or a sentence; `href` makes them a link, `raw` is the published number."""

    words: str
    raw: float | None = None
    href: str | None = None


@dataclass(frozen=True)
class Table:
    """A table for reading: a caption, a word per column, cells; `numeric` columns align right,
    `links` lead from the head of a column."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    numeric: frozenset[int] = frozenset()
    links: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Chart:
    """A figure with its finding above and its data below; `name` is read instead of the picture."""

    anchor: str
    title: str
    finding: str
    name: str
    figure: Figure
    table: Table
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class NormLine:
    """A norm in words and whether the figure meets it; None when the figure is unknown."""

    words: str
    is_met: bool | None


@dataclass(frozen=True)
class Tile:
    """One headline figure with everything that is needed to believe it."""

    title: str
    value: Cell
    unit: str
    definition_link: str
    definition_name: str
    short_hash: str
    lines: Sequence[str] = ()
    norms: Sequence[NormLine] = ()
    provisional: str | None = None


def plain(words: object) -> Cell:
    """A cell with nothing but words."""
    return Cell(str(words))


def figure_cell(row: Record | None, unit: str, text: Text) -> Cell:
    """The words for one figure: its value, whether that is rounded, or why there is none."""
    if row is None:
        return Cell(text("value.not_measured"))
    cell = value_cell(row["value"], unit, text, is_withheld=bool(row["is_withheld"]))
    if cell.raw is None or not row["is_rounded"]:
        return cell
    return replace(cell, words=text("value.rounded", value=cell.words))


def value_cell(value: float | None, unit: str, text: Text, is_withheld: bool = False) -> Cell:
    """`afgeschermd` when withheld, `onbekend` when unknown; never a blank and never a zero."""
    if is_withheld:
        return Cell(text("value.withheld"))
    if value is None:
        return Cell(text("value.unknown"))
    return Cell(text.value(value, unit), raw=float(value))


def number_cell(
    value: float | None, text: Text, is_withheld: bool = False, digits: int = 0
) -> Cell:
    """A bare number under the same rule as `value_cell`."""
    if is_withheld:
        return Cell(text("value.withheld"))
    if value is None:
        return Cell(text("value.unknown"))
    return Cell(text.number(value, digits), raw=float(value))


def duration_cell(seconds: float | None, text: Text, is_withheld: bool = False) -> Cell:
    """A duration in seconds, in the largest fitting unit."""
    if is_withheld:
        return Cell(text("value.withheld"))
    if seconds is None:
        return Cell(text("value.unknown"))
    return Cell(text.duration(seconds), raw=float(seconds))


def sentence(*parts: str) -> str:
    """Joins whole sentences, leaving out the empty ones."""
    return " ".join(part for part in parts if part)
