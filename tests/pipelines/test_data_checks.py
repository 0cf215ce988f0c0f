"""Each check on the data blocks on data made bad for it, and none on good data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.check_settings import Checks
from pipelines.checks import blocking_names
from pipelines.definitions import build_defs
from pipelines.settings import Settings
from tests.pipelines.soiled import SOILED, town_hall
from transforms.data_checks import load_data_checks, parse_data_check
from transforms.models import ModelError, load_models

ALSO = {"core.contacts: mapping": ("core.contacts: sudden_jump",)}
"""What another check sees as well: a renamed activity is of no phase."""


def evaluated(settings: Settings) -> list[dg.AssetCheckEvaluation]:
    """The checks of a run up to and with `core`, which the others wait for."""
    job = build_defs(settings).resolve_implicit_global_asset_job_def()
    keys = [key for key in job.asset_layer.executable_asset_keys if key.path[0] in MADE]
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(
            instance=instance, asset_selection=keys, raise_on_error=False
        )
        found = result.get_asset_check_evaluations()
        assert result.success is not bool(blocking_names(found))
    return found


MADE = ("config", "raw", "core")


def test_good_data_passes_every_check(tmp_path: Path) -> None:
    found = evaluated(town_hall().write(tmp_path))
    named = {check.name for check in load_data_checks()}
    assert {each.check_name for each in found} >= named
    assert [each.check_name for each in found if not each.passed] == []


@pytest.mark.parametrize("check", SOILED)
def test_a_check_blocks_on_data_made_bad_for_it(check: str, tmp_path: Path) -> None:
    town = town_hall()
    SOILED[check](town)
    found = evaluated(town.write(tmp_path))
    assert sorted(blocking_names(found)) == sorted((check, *ALSO.get(check, ())))
    [failed] = [each for each in found if check.endswith(f": {each.check_name}")]
    said = str(failed.metadata["first_failing_rows"])
    assert "Z2" not in said
    assert "burger" not in said
    assert "ambtenaar" not in said
    assert len(failed.metadata["first_failing_rows"].value) <= 10


def test_every_check_has_data_made_bad_for_it_and_limits() -> None:
    named = {f"{check.table}: {check.name}" for check in load_data_checks()}
    assert named == set(SOILED)
    assert {check.name for check in load_data_checks()} == set(Checks().all())
    assert {check.table for check in load_data_checks()} <= set(load_models())


@pytest.mark.parametrize(
    ("check", "limits"),
    [
        ("core.callbacks: ends_before_starts", {"threshold": 0.5}),
        ("core.callbacks: ends_before_starts", {"severity": "warn"}),
        ("core.contacts: volume", {"at_least": 100}),
    ],
)
def test_the_municipality_decides_what_blocks(
    check: str, limits: dict[str, Any], tmp_path: Path
) -> None:
    town = town_hall()
    SOILED[check](town)
    name = check.split(": ")[1]
    found = evaluated(town.write(tmp_path, **{name: limits}))
    assert blocking_names(found) == ()
    [outcome] = [each for each in found if each.check_name == name]
    assert outcome.passed is ("severity" not in limits)


def test_a_check_without_a_mend_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "new.sql"
    file.write_text("/*\nmeaning: Something.\ntable: core.cases\n*/\nselect 1", encoding="utf-8")
    with pytest.raises(ModelError, match="lacks mend"):
        parse_data_check(file)
