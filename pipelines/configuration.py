"""Reading `municipality.yaml`, and refusing it in words that say where, what and how to mend it.

What belongs here: the checks between the parts of the file, and the messages. What does not: the
shape of each part (`municipality.py`).
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from pipelines.municipality import Municipality
from transforms.models import known_definitions

Steps = tuple[str | int, ...]
SCHEMA_FILE = "docs/municipality.schema.json"

# What to write in place of a value that pydantic refused, by its kind of error.
_MENDS = {
    "missing": "add it; {schema} says what it means.",
    "string_pattern_mismatch": "use small letters, digits and underscores, a letter first.",
    "int_parsing": "write a whole number.",
    "float_parsing": "write a number, with a point for the decimals.",
    "date_from_datetime_parsing": "write the date as 2026-03-01.",
    "date_parsing": "write the date as 2026-03-01.",
    "datetime_from_date_parsing": "write the moment as 2026-03-01T00:00:00+01:00.",
    "greater_than_equal": "use {ge:g} or more.",
    "less_than_equal": "use {le:g} or less.",
    "too_short": "give at least one.",
    "literal_error": "use {expected}.",
    "string_type": "write text, in quotation marks if it looks like a number, a date or yes.",
}
_PROBLEMS = {"missing": "is missing", "extra_forbidden": "is no key that may stand here"}
_MOST_SHOWN = 12
_BY_SCHEMA = "change it; {schema} has the rule for each key."


class ConfigurationError(Exception):
    """A configuration that cannot be used; the message says where, what and how to mend it."""


@dataclass(frozen=True)
class Refusal:
    """One thing that is wrong; `steps` lead to it from the top of the file."""

    steps: Steps
    problem: str
    mend: str


def load_municipality(path: Path) -> Municipality:
    """Read and check a configuration file.

    Raises ConfigurationError naming the file, line, key, value and mend of everything refused.
    """
    document, content = _parsed(path)
    refusals = list(_doubled_keys(document))
    try:
        municipality = Municipality.model_validate(content)
    except ValidationError as error:
        refusals += _shape_refusals(error)
    else:
        refusals += _reference_refusals(municipality)
        if not refusals:
            return municipality
    raise ConfigurationError("\n".join(_said(path, document, refusal) for refusal in refusals))


def _parsed(path: Path) -> tuple[yaml.Node, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigurationError(
            f"{path}: no such configuration file.\n"
            "  Mend: give the path with --config, or run `hartslag demo` to see one at work."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path}: cannot be read as UTF-8 text ({error}).\n  Mend: save it as UTF-8."
        ) from None
    try:
        document = yaml.compose(text, Loader=yaml.CSafeLoader)
        if document and (wrong := list(_impossible_dates(document))):
            raise ConfigurationError("\n".join(_said(path, document, refusal) for refusal in wrong))
        content = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        what = str(error).replace("<unicode string>", path.name)
        raise ConfigurationError(
            f"{path}: is no valid YAML.\n  {what}\n"
            "  Mend: look at that place for a bracket, quotation mark, tab or indent that is off."
        ) from None
    if document is None or not isinstance(content, dict):
        raise ConfigurationError(
            f"{path}: holds no settings.\n  Mend: start with `name:`; see docs/configuration.md."
        )
    return document, content


def _impossible_dates(node: yaml.Node, steps: Steps = ()) -> Iterator[Refusal]:
    """What looks like a date or time but stands in no calendar, as 2026-02-30."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _impossible_dates(value, (*steps, name.value))
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            yield from _impossible_dates(value, (*steps, position))
    elif isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:timestamp":
        try:
            yaml.constructor.SafeConstructor().construct_yaml_timestamp(node)
        except ValueError as error:
            problem = f"is {node.value!r}, which no calendar has ({error})"
            yield Refusal(steps, problem, "write a date that exists, as 2026-01-31.")


def _doubled_keys(node: yaml.Node, steps: Steps = ()) -> Iterator[Refusal]:
    """Keys that stand twice in one place; YAML would keep the last without a word."""
    if isinstance(node, yaml.MappingNode):
        for key in _twice(name.value for name, _ in node.value):
            yield Refusal((*steps, key), "stands twice in the same place", "keep one of them.")
        for name, value in node.value:
            yield from _doubled_keys(value, (*steps, name.value))
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            yield from _doubled_keys(value, (*steps, position))


def _shape_refusals(error: ValidationError) -> Iterator[Refusal]:
    """What pydantic refused, without the refusals of wholes for the sake of their parts."""
    items = error.errors()
    for item in items:
        steps = item["loc"]
        is_echo = any(other["loc"][: len(steps)] == steps for other in items if other is not item)
        if item["type"] == "too_short" and is_echo:
            continue
        problem = _PROBLEMS.get(item["type"]) or item["msg"].removeprefix("Value error, ")
        if item["type"] not in _PROBLEMS and not isinstance(item["input"], dict | list | tuple):
            problem = f"is {item['input']!r}: {problem}"
        yield Refusal(steps, problem, _mend(item["type"], steps, item.get("ctx", {})))


def _mend(kind: str, steps: Steps, context: dict[str, Any]) -> str:
    if kind == "extra_forbidden":
        guess = _guess(str(steps[-1]), _all_keys())
        return f"{guess}take the key out; {SCHEMA_FILE} lists what may stand here."
    return _MENDS.get(kind, _BY_SCHEMA).format(schema=SCHEMA_FILE, **context)


def _reference_refusals(municipality: Municipality) -> Iterator[Refusal]:
    """Names that no other part of the file, and no definition, knows."""
    yield from _doubled_names(municipality)
    journeys = [journey.id for journey in municipality.journeys]
    formulas = [formula.id for formula in municipality.service_formulas]
    definitions = known_definitions()
    for i, formula in enumerate(municipality.service_formulas):
        for n, norm in enumerate(formula.norms):
            yield from _unknown(
                ("service_formulas", i, "norms", n, "definition"), norm.definition, definitions
            )
    for i, journey in enumerate(municipality.journeys):
        at: Steps = ("journeys", i)
        yield from _unknown((*at, "service_formula"), journey.service_formula, formulas)
        for n, norm in enumerate(journey.norms):
            yield from _unknown((*at, "norms", n, "definition"), norm.definition, definitions)
    for i, source in enumerate(municipality.sources):
        if source.journey is not None:
            yield from _unknown(("sources", i, "journey"), source.journey, journeys)
    for i, improvement in enumerate(municipality.improvements):
        at = ("improvements", i)
        yield from _unknown((*at, "journey"), improvement.journey, journeys)
        if improvement.comparison is not None:
            compared = improvement.comparison.journey
            yield from _unknown((*at, "comparison", "journey"), compared, journeys)
        for n, effect in enumerate(improvement.expected):
            yield from _unknown((*at, "expected", n, "definition"), effect.definition, definitions)


def _doubled_names(municipality: Municipality) -> Iterator[Refusal]:
    for key in ("service_formulas", "journeys", "partners", "sources", "improvements"):
        for name in _twice(item.id for item in getattr(municipality, key)):
            yield Refusal((key,), f"the id {name!r} stands twice", "give each an id of its own.")
    for name in _twice(t for journey in municipality.journeys for t in journey.case_types):
        yield Refusal(
            ("journeys",), f"case type {name!r} belongs to two journeys", "keep it in one."
        )
    for name in _twice(t for partner in municipality.partners for t in partner.teams):
        yield Refusal(("partners",), f"team {name!r} belongs to two partners", "keep it in one.")
    for i, journey in enumerate(municipality.journeys):
        for name in _twice(a for phase in journey.phases for a in phase.activities):
            at: Steps = ("journeys", i, "phases")
            yield Refusal(at, f"activity {name!r} is in two phases", "keep it in one.")


def _unknown(steps: Steps, value: str, known: Iterable[str]) -> Iterator[Refusal]:
    names = sorted(known)
    if value not in names:
        family = [name for name in names if name.split(".")[0] == value.split(".")[0]]
        shown = names if len(names) <= _MOST_SHOWN else family[:_MOST_SHOWN]
        use = f"use one such as: {', '.join(shown)}" if shown else "see the list of definitions"
        mend = f"{_guess(value, names)}{use}."
        yield Refusal(steps, f"is {value!r}, which is not known", mend)


def _guess(value: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(value, list(known), n=1)
    return f"did you mean {close[0]!r}? Otherwise " if close else ""


def _twice(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def _all_keys() -> set[str]:
    schema = Municipality.model_json_schema()
    parts = [schema, *schema["$defs"].values()]
    return {key for part in parts for key in part.get("properties", {})}


def _said(path: Path, document: yaml.Node, refusal: Refusal) -> str:
    line, key = _place(document, refusal.steps)
    return f"{path}, line {line}: {key}: {refusal.problem}.\n  Mend: {refusal.mend}"


def _place(node: yaml.Node, steps: Steps) -> tuple[int, str]:
    """The line of the deepest part that the file holds, from 1, and the key as people say it:
    items of a list by their id where they have one."""
    line, names, here = 1, [], node
    for step in steps:
        found: yaml.Node | None = None
        if isinstance(here, yaml.MappingNode):
            names.append(str(step))
            pair = next(((k, v) for k, v in here.value if k.value == str(step)), None)
            if pair:
                line, found = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(here, yaml.SequenceNode) and isinstance(step, int):
            found = here.value[step]
            line = found.start_mark.line + 1
            names.append(_identifier(found) or str(step + 1))
        if found is None:
            break
        here = found
    return line, ".".join(names) or "the file"


def _identifier(node: yaml.Node) -> str | None:
    if isinstance(node, yaml.MappingNode):
        return next((str(v.value) for k, v in node.value if k.value == "id"), None)
    return None
