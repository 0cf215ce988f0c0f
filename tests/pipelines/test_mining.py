"""Mining a warehouse: desired flows from files, alignments remembered, bounded when time is up."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.config_tables import config_tables
from pipelines.errors import PlainError
from pipelines.mining import mined_tables
from pipelines.municipality import Municipality
from pipelines.warehouse import replace_tables
from tests.transforms.mining.paths import counted
from tests.transforms.sql_bench import CONFIG, Bench, models
from transforms.mining.files import bpmn_text

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


def warehouse(folder: Path, flow: bytes) -> Bench:
    """Ten cases that go as desired, three that skip a step, one that is open, two that wander."""
    (folder / "flow.bpmn").write_bytes(flow)
    paths = {**{f"a{n}": "abc" for n in range(10)}, **{f"b{n}": "ac" for n in range(3)}}
    paths |= {"c": "ab", "d1": "acb", "d2": "acb"}
    bench = Bench(
        [
            {"case_id": case, "activity": name, "occurred_at": f"2025-03-{day:02} 09:00+01"}
            for case, path in paths.items()
            for day, name in enumerate(path, 3)
        ],
        [
            {"case_id": case, "closed_at": None if case == "c" else "2025-03-20 09:00+01"}
            for case in paths
        ],
    )
    journey = CONFIG["journeys"][0] | {"desired": "flow.bpmn"}
    municipality = Municipality.model_validate(
        CONFIG | {"journeys": [journey, CONFIG["journeys"][1]]}
    )
    replace_tables(bench.connection, "config", config_tables(municipality, models(), folder))
    for model in ("core.rule_checks", "core.trait_counts", "core.process_months"):
        bench.build(model)
    bench.build("core.closed_paths")
    bench.build("core.comparison_months")
    bench.build("mart.process_variants")
    return bench


@pytest.fixture
def flow() -> bytes:
    return bpmn_text(counted(abc=9), "permits")


def test_closed_cases_are_held_against_the_desired_flow(tmp_path: Path, flow: bytes) -> None:
    bench = warehouse(tmp_path, flow)
    found = mined_tables(bench.connection)
    fits = {row["model"]: row for row in found["process_fit"].to_dicts()}
    assert list(fits) == ["inductive miner", "heuristics net", "desired"]
    assert (fits["desired"]["cases"], fits["inductive miner"]["cases"]) == (15, 16)
    assert (fits["desired"]["fitting_cases"], fits["desired"]["unaligned_variants"]) == (10, 0)
    told = found["deviations"].select("kind", "activity", "cases").rows()
    assert sorted(told) == [("moved", "b", 2), ("skipped", "b", 3)]


def test_what_was_aligned_is_not_aligned_again(tmp_path: Path, flow: bytes) -> None:
    bench = warehouse(tmp_path, flow)
    first = mined_tables(bench.connection)
    again = mined_tables(bench.connection, seconds=0.0)
    assert again["deviations"].equals(first["deviations"])
    assert len(bench.rows("from mined.alignments")) == 2


def test_when_time_is_up_the_share_has_two_bounds(tmp_path: Path, flow: bytes) -> None:
    found = mined_tables(warehouse(tmp_path, flow).connection, seconds=0.0)
    row = found["process_fit"].to_dicts()[-1]
    assert (row["unaligned_variants"], row["fitting_cases"]) == (2, 10)
    assert row["perfectly_fitting_share"] == pytest.approx(100 * 10 / 15)
    assert row["most_fitting_share"] == 100.0
    assert found["deviations"].is_empty()


def test_progress_names_the_journey(tmp_path: Path, flow: bytes) -> None:
    heard: list[tuple[str, int, int]] = []
    mined_tables(
        warehouse(tmp_path, flow).connection,
        lambda what, done, total: heard.append((what, done, total)),
    )
    assert heard == [("aligning permits", 1, 2), ("aligning permits", 2, 2)]


def test_a_flow_that_is_no_bpmn_is_named_with_its_key(tmp_path: Path) -> None:
    bench = warehouse(tmp_path, b"<html></html>")
    with pytest.raises(PlainError, match=r"journeys\.permits\.desired: flow\.bpmn is no BPMN"):
        mined_tables(bench.connection)
