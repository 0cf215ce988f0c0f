"""`python -m pipelines.kpi_page` prints docs/kpis.md, which is made from the definitions alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from transforms.definitions import definitions_of, is_headline
from transforms.models import load_models

Definition = tuple[str, Mapping[str, Any], str]

_HEAD = """# Every figure and its definition

Made by `make docs` from the headers of the models in `transforms/mart`; change those, not this
page. `hartslag explain <definition>` shows the rows behind a figure, `hartslag kpi` the figures.
A star marks the definition that stands for its KPI where there is room for one.
"""


def kpi_page() -> str:
    """The page, in Markdown: a section per KPI, and in it each definition."""
    found = sorted(
        (identifier, body, f"{model.schema}/{model.table}.sql")
        for model in load_models().values()
        for identifier, body in definitions_of(model)
    )
    lines = [_HEAD]
    for kpi, definitions in groupby(found, key=lambda item: item[0].split(".")[0]):
        lines.append(f"## {kpi}\n")
        for definition in definitions:
            lines += _lines(*definition)
    return "\n".join(lines)


def _lines(identifier: str, body: Mapping[str, Any], file: str) -> Iterator[str]:
    star = " ★" if is_headline(identifier, body) else ""
    yield f"### `{identifier}`{star}\n"
    yield f"**{_one(body['name_nl'])}** · {_one(body['name_en'])}\n"
    facts = {
        "formule": body["formula_nl"],
        "formula": body["formula_en"],
        "telt mee": body["population_nl"],
        "counted": body["population_en"],
        "telt niet mee": body["exclusions_nl"],
        "not counted": body["exclusions_en"],
        "unit": f"{body['unit']}; better is {body['direction']}",
        "source": body["source"],
        "SQL": f"[{file}](../transforms/{file})",
    }
    if body.get("level") == "person":
        facts["published"] = "no; figures about persons stay in the warehouse"
    yield from (f"- {name}: {_one(said)}" for name, said in facts.items())
    yield ""


def _one(words: object) -> str:
    return " ".join(str(words).split())


if __name__ == "__main__":
    sys.stdout.write(kpi_page())
