"""How long the rows of `raw` are kept, as the municipality decides: `retention:`.

What belongs here: the shape, and which term holds. What does not: removing rows (`retention.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from pydantic import Field, model_validator

from pipelines.shapes import Identifier, Model


class KeepingTerm(Model):
    """A number of months after which cases that ended, and contacts, are removed for good."""

    months: int = Field(ge=1, le=1200, description="Counted from the end of a case, or a contact.")
    sources: tuple[Identifier, ...] = Field(
        default=(), description="The sources that it holds for; all, where none is named."
    )
    case_types: tuple[str, ...] = Field(
        default=(), description="The case types that it holds for, as the sources name them."
    )
    basis: str | None = Field(
        default=None, description="Where the term comes from: a selection list, a decision."
    )

    @property
    def places(self) -> Iterator[tuple[str | None, str | None]]:
        """Each source and case type that it holds for, null for all of them."""
        for source in self.sources or (None,):
            for case_type in self.case_types or (None,):
                yield source, case_type


class Retention(Model):
    """The terms; one for a case type goes before one for a source, and that before one for all."""

    terms: tuple[KeepingTerm, ...] = Field(
        description="An empty list says that everything is kept, on purpose."
    )
    max_removed_share: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="Above this share of the cases or contacts of a source the run stops, since"
        " what is removed never comes back; raise it for the run that is meant to remove more.",
    )

    @model_validator(mode="after")
    def _one_term_each(self) -> Retention:
        for one, other in combinations(self.terms, 2):
            for source, case_type in set(one.places) & set(other.places):
                what = " and ".join(
                    [f"source {source!r}"] * bool(source)
                    + [f"case type {case_type!r}"] * bool(case_type)
                )
                raise ValueError(
                    f"two terms, of {one.months} and {other.months} months, hold for"
                    f" {what or 'everything'}"
                )
        return self
