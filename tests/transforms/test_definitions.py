"""Definitions are written once for all words of an axis."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.config_tables import figure_settings
from pipelines.municipality import Municipality
from tests.transforms.sql_bench import CONFIG, models
from transforms.definitions import bodies_of, definitions, definitions_of, is_headline

MODEL = replace(
    models()["mart.kpi_rework"],
    axes={"level": {"team": {"nl": "het team"}, "person": {"nl": "de persoon"}}},
)


def test_an_axis_gives_a_definition_for_each_of_its_words() -> None:
    made = replace(
        MODEL, definitions={"x.{level}.n": {"name_nl": "Bij {level.nl}", "level": "{level}"}}
    )
    assert list(definitions_of(made)) == [
        ("x.team.n", {"name_nl": "Bij het team", "level": "team"}),
        ("x.person.n", {"name_nl": "Bij de persoon", "level": "person"}),
    ]


def test_a_form_that_a_word_lacks_is_refused() -> None:
    made = replace(MODEL, definitions={"x.{level}": {"name_en": "{level.en}"}})
    with pytest.raises(AttributeError, match="team has no form 'en'"):
        list(definitions_of(made))


def test_a_definition_without_an_axis_stays_as_it_is() -> None:
    made = replace(MODEL, definitions={"x.y": {"parameters": {"a": 1}, "name_nl": "Een {0}"}})
    assert list(definitions_of(made)) == [("x.y", {"parameters": {"a": 1}, "name_nl": "Een {0}"})]


def test_no_identifier_stands_in_two_models() -> None:
    names = [name for model in models().values() for name, _ in definitions_of(model)]
    assert sorted(names) == sorted(bodies_of(models()))


def test_one_definition_stands_for_each_kpi_of_the_overview() -> None:
    found = {
        name
        for model in models().values()
        for name, body in definitions_of(model)
        if is_headline(name, body)
    }
    assert found == {
        "lead_time.km.median",
        "on_time.due.rolled",
        "handoffs.team.per_known_case",
        "rework.any_cases",
        "workload.opened",
    }


def test_a_definition_is_called_after_its_kpi() -> None:
    """By which a link to it knows its page."""
    found = definitions(models(), figure_settings(Municipality.model_validate(CONFIG)))
    assert found.height > 100
    for name, kpi in found.select("definition", "kpi").iter_rows():
        assert name.split(".")[0] == kpi
