"""The KPI definitions, as they stand in the headers of the models that compute them.

A definition's key is its identifier. Where the same definition holds for several words of an axis,
it is written once with the axis in braces, `handoffs.{level}.none`, and `axes:` of the header lists
the words with their forms: `{level.nl}` in a text is the form `nl` of the word.

What belongs here: from headers to one row a definition, and the hash that says what it stands for.
What does not: reading model files (`models.py`), and computing figures (the SQL does).
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from transforms.models import Model, upstream

_TEXTS = (
    "name_nl",
    "name_en",
    "formula_nl",
    "formula_en",
    "unit",
    "direction",
    "population_nl",
    "population_en",
    "exclusions_nl",
    "exclusions_en",
    "source",
)


class _Word(str):
    """A word of an axis; its forms are attributes."""

    forms: Mapping[str, str]

    def __new__(cls, word: str, forms: Mapping[str, str]) -> _Word:
        made = super().__new__(cls, word)
        made.forms = forms
        return made

    def __getattr__(self, form: str) -> str:
        try:
            return self.forms[form]
        except KeyError:
            raise AttributeError(f"{self} has no form {form!r}") from None


def definitions_of(model: Model) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every definition of a model as (identifier, body), axes filled in."""
    for identifier, body in model.definitions.items():
        used = [axis for axis in model.axes if f"{{{axis}}}" in identifier]
        words = [[_Word(word, forms) for word, forms in model.axes[axis].items()] for axis in used]
        for chosen in itertools.product(*words):
            names = dict(zip(used, chosen, strict=True))
            yield identifier.format(**names), _filled(body, names)


def _filled(value: Any, names: Mapping[str, _Word]) -> Any:
    if isinstance(value, str):
        return value.format(**names) if names else value
    if isinstance(value, Mapping):
        return {key: _filled(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, names) for item in value]
    return value


def is_headline(identifier: str, body: Mapping[str, Any]) -> bool:
    """Whether it stands for its KPI; of several that are written as one, `headline:` names it."""
    return body.get("headline") in (True, identifier)


def bodies_of(models: Mapping[str, Model]) -> dict[str, Mapping[str, Any]]:
    """Every KPI definition as its header has it, by identifier."""
    return {name: body for model in models.values() for name, body in definitions_of(model)}


def definitions(models: Mapping[str, Model], settings: Mapping[str, Any]) -> pl.DataFrame:
    """Every KPI definition, with the hash of the SQL and parameters that it stands for.

    `settings` are the municipality's choices that change figures; a definition lists by name, under
    `settings`, those that it depends on. One row a definition; all columns text but `is_headline`.
    """
    rows = [
        _definition_row(models, model, identifier, body, settings)
        for model in models.values()
        for identifier, body in definitions_of(model)
    ]
    return pl.DataFrame(rows, infer_schema_length=None).sort("definition")


def definition_needs(models: Mapping[str, Model]) -> pl.DataFrame:
    """What each definition cannot do without, such as `starts`; one row a definition and need."""
    rows = [
        (identifier, need)
        for model in models.values()
        for identifier, body in definitions_of(model)
        for need in dict.fromkeys(body.get("needs", ()))
    ]
    schema = {"definition": pl.String, "need": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _definition_row(
    models: Mapping[str, Model],
    model: Model,
    identifier: str,
    body: Mapping[str, Any],
    settings: Mapping[str, Any],
) -> dict[str, Any]:
    parameters = dict(body.get("parameters", {}))
    parameters |= {name: settings[name] for name in body.get("settings", ())}
    canonical = json.dumps(parameters, sort_keys=True, ensure_ascii=False, default=str)
    sql_hash = _hash(models[name].select for name in upstream(models, model.name))
    return {
        "definition": identifier,
        "kpi": identifier.split(".")[0],
        **{key: " ".join(str(body[key]).split()) for key in _TEXTS},
        "is_headline": is_headline(identifier, body),
        "competes": body.get("competes", ""),
        "counts": body.get("counts", "cases"),
        "level": body.get("level", "case"),
        "maturity": body.get("maturity", "lead_time"),
        "model": model.name,
        "parameters": canonical,
        "sql_hash": sql_hash,
        "definition_hash": _hash([identifier, sql_hash, canonical]),
    }


def _hash(parts: Iterable[str]) -> str:
    """A sha256 over texts, white space folded, so that layout changes no definition."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(" ".join(part.split()).encode() + b"\0")
    return digest.hexdigest()
