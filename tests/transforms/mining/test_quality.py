"""Models found in counted variants, and their quality, are pm4py's on a log of every case."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from tests.transforms.mining.paths import LOGS, counted, frame
from transforms.mining.discovery import heuristics_model, inductive_model
from transforms.mining.fit import FIT_COLUMNS, FIT_SCHEMA, process_fit
from transforms.mining.quality import quality
from transforms.mining.variants import Variants, as_log

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


def every_case(variants: Variants) -> Any:
    return as_log([path for path, n in variants for _ in range(n)])


@settings(max_examples=30, deadline=None, derandomize=True)
@given(LOGS)
def test_quality_is_that_of_pm4py_on_every_case(log: dict[str, int]) -> None:
    import pm4py

    variants = counted(**log)
    whole = every_case(variants)
    for model in (inductive_model(variants), heuristics_model(variants)):
        ours = quality(model, variants)
        fitness = pm4py.fitness_token_based_replay(whole, *model.parts)
        assert ours.fitness == pytest.approx(fitness["log_fitness"])
        share = 100.0 * ours.fitting_cases / variants.cases
        names = {transition.label for transition in model.net.transitions}
        if all(set(path) <= names for path in variants.paths):
            assert share == pytest.approx(fitness["percentage_of_fitting_traces"])
        else:  # pm4py skips what the model does not have, and calls such a case fit
            assert share <= fitness["percentage_of_fitting_traces"]
        precision = pm4py.precision_token_based_replay(whole, *model.parts)
        assert ours.precision == pytest.approx(precision)
        generalisation = pm4py.generalization_tbr(whole, *model.parts)
        assert ours.generalisation == pytest.approx(generalisation)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(LOGS)
def test_models_are_those_that_pm4py_finds_in_every_case(log: dict[str, int]) -> None:
    import pm4py

    variants = counted(**log)
    whole = every_case(variants)
    theirs = (
        pm4py.discover_petri_net_inductive(whole, noise_threshold=0.2),
        pm4py.discover_petri_net_heuristics(whole),
    )
    for model, net in zip(
        (inductive_model(variants), heuristics_model(variants)), theirs, strict=True
    ):
        assert labels(model.net) == labels(net[0])
        assert len(model.net.arcs) == len(net[0].arcs)


def labels(net: Any) -> list[str]:
    return sorted(str(transition.label) for transition in net.transitions)


def test_one_path_is_described_perfectly() -> None:
    for fit in process_fit(frame(("permits", "abc", 10))).to_dicts():
        assert (fit["cases"], fit["fitness"], fit["precision"]) == (10, 1.0, 1.0)
        assert (fit["perfectly_fitting_share"], fit["covered_share"]) == (100.0, 100.0)


def test_a_rare_detour_is_left_out_of_the_model_and_lowers_its_fitness() -> None:
    fit = process_fit(frame(("permits", "abc", 95), ("permits", "acbbcca", 5))).row(0, named=True)
    assert fit["model"] == "inductive miner"
    assert 0.5 < fit["fitness"] < 1.0
    assert (fit["fitting_cases"], fit["perfectly_fitting_share"]) == (95, pytest.approx(95.0))


def test_a_case_with_a_step_that_the_model_lacks_does_not_fit() -> None:
    """pm4py's own share of fitting traces would be 100 percent."""
    model = inductive_model(counted(abc=10))
    assert quality(model, counted(abc=6, abxc=4)).fitting_cases == 6


def test_each_journey_has_its_own_models() -> None:
    found = process_fit(frame(("permits", "ab", 3), ("care", "xyz", 4)))
    assert found.select("journey", "cases").unique(maintain_order=True).rows() == [
        ("care", 4),
        ("permits", 3),
    ]


def test_rare_variants_are_left_out_and_the_share_of_the_others_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("transforms.mining.fit.MOST_VARIANTS", 1)
    fit = process_fit(frame(("permits", "abc", 9), ("permits", "acb", 1))).row(0, named=True)
    assert (fit["cases"], fit["variants"], fit["covered_share"]) == (9, 1, 90.0)


def test_no_cases_give_no_rows_of_the_same_shape() -> None:
    found = process_fit(frame())
    assert (found.height, dict(found.schema)) == (0, FIT_SCHEMA)
    assert list(FIT_COLUMNS) == list(FIT_SCHEMA)
