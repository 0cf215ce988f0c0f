"""Reading `municipality.yaml`, and refusing it in words that say where, what and how to mend it.

What belongs here: the file as text, and the messages. What does not: the shape of each part
(`municipality.py`, `sources.py`), and the names by which parts know each other (`references.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from pipelines.connectors.kinds import has_variants
from pipelines.errors import ConfigurationError
from pipelines.municipality import Municipality
from pipelines.references import Refusal, Steps, guess, missing_flows, reference_refusals, twice

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
    "union_tag_invalid": "use {expected_tags}.",
    "union_tag_not_found": "add it; {schema} says which kinds there are.",
    "string_type": "write text, in quotation marks if it looks like a number, a date or yes.",
}
_PROBLEMS = {
    "missing": "is missing",
    "union_tag_not_found": "is missing",
    "extra_forbidden": "is no key that may stand here",
}
_SAID = {"union_tag_invalid": "none that is known"}
_BY_SCHEMA = "change it; {schema} has the rule for each key."


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
        refusals += reference_refusals(municipality)
        refusals += missing_flows(municipality, path.parent)
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
        for key in twice(name.value for name, _ in node.value):
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
        steps, shown = _steps_and_value(item)
        is_echo = any(other["loc"][: len(steps)] == steps for other in items if other is not item)
        if item["type"] == "too_short" and is_echo:
            continue
        problem = _PROBLEMS.get(item["type"]) or _SAID.get(item["type"]) or item["msg"]
        problem = problem.removeprefix("Value error, ")
        if item["type"] not in _PROBLEMS and not isinstance(shown, dict | list | tuple):
            problem = f"is {shown!r}: {problem}"
        yield Refusal(steps, problem, _mend(item["type"], steps, item.get("ctx", {})))


def _steps_and_value(item: Any) -> tuple[Steps, Any]:
    """Where the fault is in the file, and what stands there: pydantic adds a source's kind."""
    steps: Steps = item["loc"]
    if steps[:1] == ("sources",) and len(steps) > 2:
        tags = 2 if has_variants(str(steps[2])) else 1
        steps = (*steps[:2], *steps[2 + tags :])
    if item["type"] in ("union_tag_invalid", "union_tag_not_found"):
        return (*steps, item["ctx"]["discriminator"].strip("'")), item["ctx"].get("tag", {})
    return steps, item["input"]


def _mend(kind: str, steps: Steps, context: dict[str, Any]) -> str:
    if kind == "extra_forbidden":
        close = guess(str(steps[-1]), _all_keys())
        return f"{close}take the key out; {SCHEMA_FILE} lists what may stand here."
    return _MENDS.get(kind, _BY_SCHEMA).format(schema=SCHEMA_FILE, **context)


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
