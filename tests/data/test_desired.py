"""The desired flows are BPMN that other tools open, and say what the journeys say."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from lindeveld.desired import bpmn, write_desired
from lindeveld.journeys import JOURNEYS, Journey, Step

BY_ID = pytest.mark.parametrize("journey", JOURNEYS, ids=[journey.id for journey in JOURNEYS])


def wished(journey: Journey) -> list[str]:
    parts = [part for phase in journey.phases for part in phase.flow]
    names = []
    for part in parts:
        if isinstance(part, Step):
            names.append(part.activity)
        elif part.is_wished:
            names += [step.activity for step in part.steps]
    return names


@BY_ID
def test_pm4py_opens_it_and_finds_the_wished_steps(journey: Journey, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pm4py

        write_desired(tmp_path)
        found = pm4py.read_bpmn(str(tmp_path / "desired" / f"{journey.id}.bpmn"))
    tasks = [node.get_name() for node in found.get_nodes() if type(node).__name__ == "Task"]
    assert sorted(tasks) == sorted(wished(journey))


@BY_ID
def test_the_plain_path_fits_and_the_way_back_does_not(journey: Journey, tmp_path: Path) -> None:
    plain = [
        part.activity for phase in journey.phases for part in phase.flow if isinstance(part, Step)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pandas as pd
        import pm4py

        write_desired(tmp_path)
        model = pm4py.read_bpmn(str(tmp_path / "desired" / f"{journey.id}.bpmn"))
        net = pm4py.convert_to_petri_net(model)

        def is_fit(path: list[str]) -> bool:
            stamps = pd.date_range("2026-01-01", periods=len(path), tz="UTC")
            log = pd.DataFrame(
                {"case:concept:name": "1", "concept:name": path, "time:timestamp": stamps}
            )
            [told] = pm4py.conformance_diagnostics_token_based_replay(log, *net)
            return bool(told["trace_is_fit"])

        assert is_fit(plain)
        assert is_fit(wished(journey))
        assert not is_fit(plain[::-1])


@BY_ID
def test_the_same_journey_gives_the_same_bytes(journey: Journey) -> None:
    assert bpmn(journey) == bpmn(journey)
    assert b"uuid" not in bpmn(journey)
