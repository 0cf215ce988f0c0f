"""Both forms of OCEL hold the same log; our connector, pm4py and r4pm read it."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.exporting.choice import choose
from pipelines.exporting.ocel_files import write_json, write_sqlite
from tests.pipelines.connectors.logs import KEY
from tests.pipelines.connectors.ocels import batch, flat
from tests.pipelines.exporting.conftest import SECRETS, Town
from transforms.privacy import pseudonym

FILES = {"log.json": write_json, "log.sqlite": write_sqlite}
EITHER = pytest.mark.parametrize("name", FILES)


@pytest.fixture(scope="module")
def folder(warehouse: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("objects")
    for write in FILES.values():
        write(warehouse, choose(warehouse, "permits"), target, lambda done, total: None)
    return target


@EITHER
def test_flattened_on_cases_it_is_the_log_of_the_warehouse(
    name: str, folder: Path, town: Town
) -> None:
    found = batch(folder / name, "case", team="team").tables["events"].sort("case_id", "sequence")
    expected = [(pseudonym(f"case:{case}", KEY, "case"), *rest) for case, *rest in town.flat()]
    by_case = sorted(expected, key=lambda row: row[0])  # a stable sort: order within a case stays
    assert found.select("case_id", "activity", "occurred_at", "team").rows() == by_case


@EITHER
def test_flattened_on_journeys_it_holds_contacts_and_callbacks(name: str, folder: Path) -> None:
    rows = flat(folder / name, "journey").frame
    told = rows.group_by("activity").len()
    counts = dict(told.iter_rows())
    assert (counts["Contact"], counts["Callback promised"], counts["Callback done"]) == (3, 1, 1)
    assert rows["case_id"].n_unique() == 6


@EITHER
def test_no_person_and_no_other_journey_is_in_the_file(name: str, folder: Path) -> None:
    content = (folder / name).read_bytes()
    assert b"telefoon" in content
    for secret in (*SECRETS, "case:b0", "care"):
        assert secret.encode() not in content


@EITHER
def test_pm4py_loads_it(name: str, folder: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # pm4py's own readers: for JSON it takes r4pm where that is there, and then wants pyarrow.
        from pm4py.objects.ocel.importer.jsonocel.variants import ocel20_standard as of_json
        from pm4py.objects.ocel.importer.sqlite.variants import ocel20 as of_sqlite

        reader = of_json if name.endswith("json") else of_sqlite
        log = reader.apply(str(folder / name))
    assert (len(log.events), len(log.objects)) == (23, 15)
    assert len(log.o2o) == 2
    assert set(log.objects["ocel:type"]) == {"case", "contact", "journey"}


@EITHER
def test_r4pm_loads_it(name: str, folder: Path) -> None:
    """In a process of its own, which it is known to end on files that it does not like."""
    code = (
        f"import r4pm.df\nlog = r4pm.df.import_ocel({str(folder / name)!r})\n"
        "print(log['events'].height, log['objects'].height, log['o2o'].height)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == ["23", "15", "2"], done.stderr[-500:]


def test_both_forms_are_one_log(folder: Path) -> None:
    columns: dict[str, Any] = {"team": "team", "closed_at": "case:closed_at"}
    first, second = (flat(folder / name, "case", **columns).frame for name in FILES)
    assert first.equals(second)
