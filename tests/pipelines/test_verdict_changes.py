"""A verdict that changed between publications is told once, with its cause."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.verdict_changes import verdict_changes


def evidence(
    verdict: str, rule: str = "1", definition_hash: str = "a", register_hash: str = "r"
) -> pl.DataFrame:
    row = {"improvement": "one", "definition": "lead_time.km.median", "verdict": verdict}
    told = {"rule": rule, "definition_hash": definition_hash, "register_hash": register_hash}
    return pl.DataFrame([row | told])


def published(folder: Path, frame: pl.DataFrame, changes: pl.DataFrame | None = None) -> Path:
    (folder / "marts").mkdir(parents=True, exist_ok=True)
    frame.write_parquet(folder / "marts" / "improvement_evidence.parquet")
    if changes is not None:
        changes.write_parquet(folder / "marts" / "verdict_changes.parquet")
    return folder


def test_the_first_publication_changes_nothing(tmp_path: Path) -> None:
    assert verdict_changes(tmp_path, "run", evidence("improved")).is_empty()


def test_the_same_verdict_is_no_change(tmp_path: Path) -> None:
    folder = published(tmp_path, evidence("improved", rule="1"))
    assert verdict_changes(folder, "run", evidence("improved", rule="2")).is_empty()


@pytest.mark.parametrize(
    ("now", "cause"),
    [
        (evidence("improved"), "data"),
        (evidence("improved", rule="2", definition_hash="b"), "rule"),
        (evidence("improved", definition_hash="b"), "definition"),
        (evidence("improved", register_hash="s"), "register"),
    ],
)
def test_a_change_is_told_with_its_cause(tmp_path: Path, now: pl.DataFrame, cause: str) -> None:
    folder = published(tmp_path, evidence("not_yet"))
    [change] = verdict_changes(folder, "run", now).to_dicts()
    assert (change["was"], change["became"], change["cause"]) == ("not_yet", "improved", cause)


def test_earlier_changes_stay(tmp_path: Path) -> None:
    first = verdict_changes(
        published(tmp_path / "1", evidence("not_yet")), "2", evidence("no_proof")
    )
    second = published(tmp_path / "2", evidence("no_proof"), first)
    found = verdict_changes(second, "3", evidence("improved"))
    assert found.select("publication", "became").rows() == [("2", "no_proof"), ("3", "improved")]
    third = published(tmp_path / "3", evidence("improved"), found)
    assert verdict_changes(third, "4", evidence("improved")).equals(found)


def test_a_verdict_that_is_no_longer_given_is_withdrawn(tmp_path: Path) -> None:
    folder = published(tmp_path, evidence("improved"))
    [change] = verdict_changes(folder, "run", evidence("improved").clear()).to_dicts()
    assert (change["became"], change["cause"]) == ("withdrawn", "register")


def test_a_publication_of_before_the_register_was_kept_can_be_followed(tmp_path: Path) -> None:
    folder = published(tmp_path, evidence("not_yet").drop("register_hash"))
    [change] = verdict_changes(folder, "run", evidence("improved")).to_dicts()
    assert change["cause"] == "data"
