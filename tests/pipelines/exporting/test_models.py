"""The models that are exported open in pm4py and describe the variants that they were found in."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from pipelines.exporting.choice import ExportError, choose
from pipelines.exporting.export import export_log
from pipelines.exporting.models import write_bpmn, write_pnml
from pipelines.settings import Settings
from tests.pipelines.exporting.conftest import HARD, Town
from transforms.mining.discovery import Model
from transforms.mining.quality import replay
from transforms.mining.variants import Variants


def nothing(done: int, total: int) -> None:
    return


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten cases, so that both variants are large enough to be told."""
    town, target = Town(10), tmp_path_factory.mktemp("models")
    for write in (write_bpmn, write_pnml):
        assert write(town.connection, choose(town.connection, None), target, nothing)
    return target


@pytest.mark.parametrize("name", ["permits.bpmn", "permits.pnml"])
def test_pm4py_opens_it_and_both_variants_fit(name: str, folder: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pm4py

        if name.endswith("bpmn"):
            net = pm4py.convert_to_petri_net(pm4py.read_bpmn(str(folder / name)))
        else:
            net = pm4py.read_pnml(str(folder / name))
    # pm4py takes the end of a line out of a name in BPMN.
    read = [each.replace("\n", "") if name.endswith("bpmn") else each for each in HARD]
    paths = [tuple(read), tuple(read[::-1]), (read[0], read[0], read[0])]
    told = replay(Model("read", None, *net), Variants(paths, [1, 1, 1], 3))
    assert [each["is_fit"] for each in told] == [True, True, False]


def test_every_shape_and_arrow_is_drawn(folder: Path) -> None:
    text = (folder / "permits.bpmn").read_text(encoding="utf-8")
    shapes = sum(text.count(f"<bpmn:{kind} ") for kind in ("task", "startEvent", "endEvent"))
    assert text.count("<bpmndi:BPMNShape") == shapes + text.count("Gateway id=")
    assert text.count("<bpmndi:BPMNEdge") == text.count("<bpmn:sequenceFlow") > 3


def test_the_same_variants_give_the_same_drawing(folder: Path, tmp_path: Path) -> None:
    town = Town(10)
    write_bpmn(town.connection, choose(town.connection, None), tmp_path, nothing)
    assert (tmp_path / "permits.bpmn").read_bytes() == (folder / "permits.bpmn").read_bytes()


def test_variants_of_few_cases_are_not_in_the_model_and_none_at_all_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.exporting.export.reading", lambda _: Town(6).connection)
    settings = Settings(config_file=tmp_path / "municipality.yaml", home=tmp_path)
    with pytest.raises(ExportError, match="no variant is followed by 5 cases"):
        export_log(settings, tmp_path, "bpmn", None, nothing)
    assert list(tmp_path.iterdir()) == []
