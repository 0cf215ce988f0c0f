"""The command line as a person and a program meet it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import Result
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.kpi_page import kpi_page
from pipelines.serving import site_server
from pipelines.settings import Settings
from tests.conftest import REPOSITORY, example_settings, unrecorded

COMMANDS = (
    *("demo", "run", "check", "kpi", "explain", "journey", "serve", "export", "export-log"),
    *("backup", "restore", "doctor", "alert", "erase", "rotate-key", "compare"),
)


def hartslag(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def at(settings: Settings) -> tuple[object, ...]:
    return ("--config", settings.config_file, "--home", settings.home)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(command: str) -> None:
    result = hartslag(command, "--help")
    assert result.exit_code == 0
    assert f"hartslag {command}" in result.stdout


def test_help_imports_nothing_heavy() -> None:
    heavy = {"dagster", "duckdb", "polars", "pm4py", "pandas", "plotly", "numpy", "pydantic"}
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom pipelines.cli import app\n"
        "CliRunner().invoke(app, ['--help'])\n"
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_kpi_prints_figures_with_definition_and_hash(example_run: Settings) -> None:
    result = hartslag("kpi", "lead_time", "--journey", "permits", "--json", *at(example_run))
    assert result.exit_code == 0
    content: dict[str, Any] = json.loads(result.stdout)
    median = next(f for f in content["figures"] if f["definition"] == "lead_time.km.median")
    assert median["value"] > 0
    assert median["formula_en"]
    assert median["is_headline"] is True
    assert len(median["definition_hash"]) == 64
    assert content["run"]


def test_kpi_prints_a_table_for_people(example_run: Settings) -> None:
    result = hartslag("kpi", "on_time", *at(example_run))
    assert result.exit_code == 0
    assert "permits" in result.stdout


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (["leadtime"], "KPI 'leadtime' is not known.\n  Mend: did you mean 'lead_time'?"),
        (["lead_time", "--journey", "permit"], "did you mean 'permits'? Known: all, permits."),
        (
            ["lead_time", "--segment", "wed"],
            "segment 'wed' is not known.\n  Mend: did you mean 'web'?",
        ),
        (["lead_time", "--period", "2025-13"], "period '2025-13' is not known"),
    ],
)
def test_what_is_not_known_is_named_with_what_is(
    chosen: list[str], said: str, example_run: Settings
) -> None:
    result = hartslag("kpi", *chosen, *at(example_run))
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_port_in_use_is_said_to_be(example_run: Settings) -> None:
    with site_server(example_run, 0) as server:
        port = server.server_address[1]
        result = hartslag("serve", "--port", port, *at(example_run))
    assert result.exit_code == 2
    assert f"Mend: try another, such as --port {port + 1}" in result.stderr


def test_nothing_published_says_what_to_do(tmp_path: Path) -> None:
    result = hartslag("kpi", "lead_time", *at(example_settings(tmp_path)))
    assert result.exit_code == 2
    assert "hartslag run" in result.stderr


def test_export_copies_tables_and_manifest(example_run: Settings, tmp_path: Path) -> None:
    target = tmp_path / "figures"
    assert hartslag("export", target, "--format", "csv", *at(example_run)).exit_code == 0
    assert (target / "manifest.json").is_file()
    assert not pl.read_csv(target / "kpi_values.csv", infer_schema=False).is_empty()
    again = hartslag("export", target, *at(example_run))
    assert (again.exit_code, "not an empty folder" in again.stderr) == (2, True)


def test_an_event_log_is_written_and_said_to_be_no_publication(
    example_run: Settings, tmp_path: Path
) -> None:
    target = tmp_path / "logs"
    result = hartslag("export-log", target, "--journey", "permits", *at(example_run))
    assert result.exit_code == 0
    assert (target / "permits.xes.gz").stat().st_size > 0
    assert "not for publication" in result.stdout


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--format", "xls"), "use one of xes, ocel-json"),
        (("--journey", "permit"), "did you mean 'permits'?"),
    ],
)
def test_what_cannot_be_exported_is_said(
    asked: tuple[str, ...], said: str, example_run: Settings, tmp_path: Path
) -> None:
    result = hartslag("export-log", tmp_path / "logs", *asked, *at(example_run))
    assert (result.exit_code, said in result.stderr) == (2, True)


def test_check_reports_each_source(tmp_path: Path) -> None:
    result = hartslag("check", "--json", *at(example_settings(tmp_path)))
    assert result.exit_code == 0
    [report] = json.loads(result.stdout)
    assert (report["ok"], report["files"][0]["cases"] > 0) == (True, True)


def test_check_refuses_a_missing_file_and_says_so(tmp_path: Path) -> None:
    settings = example_settings(tmp_path)
    (tmp_path / "permits.csv").unlink()
    result = hartslag("check", *at(settings))
    assert result.exit_code == 2
    assert "no file matches 'permits.csv'" in result.stderr


def test_a_run_on_an_unusable_source_fails_plainly(tmp_path: Path) -> None:
    settings = example_settings(tmp_path)
    (tmp_path / "permits.csv").write_bytes(b"")
    result = hartslag("run", *at(settings))
    assert result.exit_code == 1
    assert "permits.csv: is empty" in result.stderr
    assert "Traceback" not in result.stderr
    assert not settings.published.exists()


@pytest.mark.parametrize(("asked", "job"), [([], "daily"), (["--whole"], "weekly")])
def test_systems_are_read_whole_when_that_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str], job: str
) -> None:
    settings = example_settings(tmp_path)
    (tmp_path / "permits.csv").write_bytes(b"")  # it ends there, having begun
    with unrecorded(tmp_path) as record:
        monkeypatch.setattr("pipelines.runs.dagster_instance", lambda _: nullcontext(record))
        assert hartslag("run", *at(settings), *asked).exit_code == 1
        [ran] = record.get_runs()
    assert ran.job_name == job
    assert ran.run_config["ops"]["raw_systems"]["config"]["cadence"] == job


def test_a_wrong_configuration_is_refused_before_anything_starts(tmp_path: Path) -> None:
    settings = example_settings(tmp_path)
    text = settings.config_file.read_text(encoding="utf-8")
    wrong = text.replace("disclosure_threshold", "disclosure_treshold")
    settings.config_file.write_text(wrong, encoding="utf-8")
    result = hartslag("run", *at(settings))
    assert result.exit_code == 2
    assert "did you mean 'disclosure_threshold'?" in result.stderr
    assert not settings.home.exists()


def test_explain_shows_the_definition_and_the_rows_behind_a_figure(example_run: Settings) -> None:
    result = hartslag("explain", "workload.closed", "--language", "nl", "--sql", *at(example_run))
    assert result.exit_code == 0
    assert "Afgesloten zaken (workload.closed)" in result.stdout
    assert "met een einde" in result.stdout
    assert "-- transforms/mart/kpi_workload.sql" in result.stdout


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("workload.closd",), "use one such as workload.closed"),
        (("handoffs.person.none",), "No published definition"),
        (("workload.opened", "--period", "month"), "choose one with --journey"),
        (("workload.opened", "--journey", "permit"), "did you mean 'permits'?"),
    ],
)
def test_explain_names_what_it_cannot_explain(
    asked: tuple[str, ...], said: str, example_run: Settings
) -> None:
    result = hartslag("explain", *asked, *at(example_run))
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_journey_shows_its_parts_and_the_rule_of_each(example_run: Settings) -> None:
    result = hartslag("journey", 1, *at(example_run))
    assert result.exit_code == 0
    assert "first" in result.stdout
    unknown = hartslag("journey", 10**9, *at(example_run))
    assert (unknown.exit_code, "No journey has the number" in unknown.stderr) == (2, True)


def test_the_page_of_definitions_is_that_of_the_models() -> None:
    file = REPOSITORY / "docs" / "kpis.md"
    assert kpi_page() == file.read_text(encoding="utf-8")


def test_the_published_schema_is_that_of_the_models() -> None:
    result = hartslag("check", "--schema")
    file = REPOSITORY / "docs" / "municipality.schema.json"
    assert result.stdout == file.read_text(encoding="utf-8")


def test_evidence_tells_each_verdict_and_why(example_run: Settings) -> None:
    whole = hartslag("evidence", *at(example_run))
    assert whole.exit_code == 0
    assert "1 improvement judged, € 40,000 according to the register" in whole.stdout.replace(
        "\xa0", " "
    )
    told = hartslag("evidence", "intake_conversation", "--language", "nl", *at(example_run))
    assert told.exit_code == 0
    assert "Intakegesprek vooraf: " in told.stdout
    assert "Registratie bleef gelijk" in told.stdout


def test_evidence_as_data_has_its_checks_and_months(example_run: Settings) -> None:
    result = hartslag("evidence", "intake_conversation", "--json", *at(example_run))
    [verdict] = json.loads(result.stdout)["verdicts"]
    assert verdict["journey"] == "permits"
    [months] = [c for c in verdict["checks"] if c["check"] == "enough_months"]
    assert set(months["facts"]) == {"before", "after"}
    assert verdict["verdict"] in ("improved", "worsened", "no_proof", "not_yet")
    assert {check["check"] for check in verdict["checks"]} >= {"season_covered", "enough_months"}
    assert len(verdict["definition_hash"]) == 64


def test_an_improvement_that_is_not_there_is_refused(example_run: Settings) -> None:
    result = hartslag("evidence", "intake_conversatie", *at(example_run))
    assert result.exit_code == 2
    assert "did you mean 'intake_conversation'" in result.stderr
    assert "Known: intake_conversation" in result.stderr


def test_a_plan_says_how_long_it_takes_or_that_it_cannot_be_seen(example_run: Settings) -> None:
    result = hartslag("plan", "intake_conversation", *at(example_run))
    assert result.exit_code == 0
    assert result.stdout.startswith("lead_time.km.median, −15.0")
    assert hartslag("plan", "intake", *at(example_run)).exit_code == 2


def test_a_language_that_is_not_spoken_is_refused(example_run: Settings) -> None:
    home = ("--home", example_run.home)
    for command in (("evidence",), ("report", "portfolio"), ("plan", "intake_conversation")):
        told = hartslag(*command, *home, "--language", "de")
        assert told.exit_code == 2
        assert "'de'" in told.output


def test_a_publication_of_another_version_is_said_to_be_one(
    example_run: Settings, tmp_path: Path
) -> None:
    shutil.copytree(example_run.published, tmp_path / "published", symlinks=True)
    (tmp_path / "published" / "current" / "marts" / "bottlenecks.parquet").unlink()
    told = hartslag("evidence", "--home", tmp_path)
    assert told.exit_code == 2
    assert "bottlenecks.parquet is missing; publish again" in told.stderr
    assert "Traceback" not in told.output
