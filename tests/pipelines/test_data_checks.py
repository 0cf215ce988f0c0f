"""Each check on the data blocks on data made bad for it, and none on good data."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import polars as pl
import pytest

from pipelines.check_settings import CHECK_SCHEMAS, Checks, check_rows
from pipelines.checks import blocks, data_check_results
from pipelines.config_tables import config_tables
from pipelines.configuration import load_municipality
from pipelines.load import load_source
from pipelines.municipality import Municipality
from pipelines.raw_tables import RAW
from pipelines.warehouse import replace_tables
from tests.conftest import REPOSITORY
from tests.pipelines.soiled import SOILED, TownHall, town_hall
from transforms.data_checks import load_data_checks, parse_data_check
from transforms.models import ModelError, build, load_models, upstream

KEY = b"a key for tests alone, 32 characters or more"
READ = ("core.assignments", "core.callbacks", "core.events", "core.owner_comparisons")
ALSO = {"mapping": {"sudden_jump"}}
"""What another check sees as well: a renamed activity is of no phase."""


@cache
def configured(municipality: str) -> dict[str, pl.DataFrame]:
    """Made once for all configurations that differ in their checks alone."""
    return config_tables(Municipality.model_validate_json(municipality), load_models())


def checked(town: TownHall, folder: Path, **limits: Any) -> dict[str, dg.AssetCheckResult]:
    """The outcome of every check by name, as the daily job has it once `core` is made."""
    settings, models = town.write(folder, **limits), load_models()
    municipality = load_municipality(settings.config_file)
    plain = municipality.model_copy(update={"checks": Checks()})
    rows = check_rows(municipality.checks)["checks"]
    checks = pl.DataFrame(rows, schema=CHECK_SCHEMAS["checks"], orient="row")
    needed = {part for table in READ for part in upstream(models, table)}
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(RAW)
        frames = configured(plain.model_dump_json()) | {"checks": checks}
        replace_tables(connection, "config", frames)
        for source in municipality.sources:
            list(load_source(connection, source, folder, KEY))  # type: ignore[arg-type]
        for model in models.values():
            if model.name in needed:
                build(connection, model)
        return {str(found.check_name): found for found in data_check_results(connection)}


def blocking(found: dict[str, dg.AssetCheckResult]) -> set[str]:
    return {name for name, outcome in found.items() if blocks(outcome)}


def test_good_data_passes_every_check(tmp_path: Path) -> None:
    found = checked(town_hall(), tmp_path)
    assert {name for name, outcome in found.items() if outcome.passed} == set(Checks().all())


@pytest.mark.parametrize("table_and_check", SOILED)
def test_a_check_blocks_on_data_made_bad_for_it(table_and_check: str, tmp_path: Path) -> None:
    town, name = town_hall(), table_and_check.split(": ")[1]
    SOILED[table_and_check](town)
    found = checked(town, tmp_path)
    assert blocking(found) == {name, *ALSO.get(name, ())}
    rows = found[name].metadata["first_failing_rows"]
    assert 1 <= len(rows.value) <= 10  # type: ignore[arg-type]
    for personal in ("Z2", "burger", "ambtenaar"):
        assert personal not in str(rows)


def test_every_check_has_data_made_bad_for_it_and_limits() -> None:
    named = {f"{check.table}: {check.name}" for check in load_data_checks()}
    assert named == set(SOILED)
    assert {check.name for check in load_data_checks()} == set(Checks().all())
    assert {check.table for check in load_data_checks()} <= set(load_models())


def test_the_documentation_has_each_check_with_its_limits() -> None:
    page = (REPOSITORY / "docs" / "checks.md").read_text(encoding="utf-8")
    lines = [line.split(" | ") for line in page.splitlines() if line.startswith("| `")]
    limits = {cells[0]: cells[2:] for cells in lines if len(cells) == 4}
    for name, check in Checks().all().items():
        threshold, at_least = limits[f"| `{name}`"]
        assert threshold.startswith(f"{check.threshold:g}"), name
        assert at_least.startswith(str(check.at_least)), name


@pytest.mark.parametrize(
    ("check", "limits"),
    [
        ("core.callbacks: ends_before_starts", {"threshold": 0.5}),
        ("core.callbacks: ends_before_starts", {"severity": "warn"}),
        ("core.contacts: duplicates", {"at_least": 100_000}),
    ],
)
def test_the_municipality_decides_what_blocks(
    check: str, limits: dict[str, Any], tmp_path: Path
) -> None:
    town, name = town_hall(), check.split(": ")[1]
    SOILED[check](town)
    found = checked(town, tmp_path, **{name: limits})
    assert blocking(found) == set()
    assert found[name].passed is ("severity" not in limits)


def test_a_check_without_a_mend_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "new.sql"
    file.write_text("/*\nmeaning: Something.\ntable: core.cases\n*/\nselect 1", encoding="utf-8")
    with pytest.raises(ModelError, match="lacks mend"):
        parse_data_check(file)
