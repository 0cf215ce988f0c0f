"""What Lindeveld hands out is repeatable, in order, and nobody's."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from lindeveld.api.catalog import RSIN
from lindeveld.exports import CALLBACKS, CASES, CONTACTS, _excel
from lindeveld.generate import generate
from lindeveld.residents import KEPT, citizen_numbers, passes_eleven_test
from lindeveld.town import Scale

from pipelines.checking import try_sources
from pipelines.configuration import load_municipality

SMALL = Scale(residents=4000, months=6)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lindeveld")
    generate(folder, SMALL)
    return folder


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    assert generate(tmp_path, SMALL)
    for file in filter(Path.is_file, folder.rglob("*")):
        assert (tmp_path / file.relative_to(folder)).read_bytes() == file.read_bytes()


def test_what_was_made_before_is_not_made_again(folder: Path) -> None:
    assert not generate(folder, SMALL)


def test_another_seed_gives_another_town(folder: Path, tmp_path: Path) -> None:
    generate(tmp_path, Scale(residents=4000, months=6, seed=7))
    assert (tmp_path / CASES).read_bytes() != (folder / CASES).read_bytes()


def test_the_configuration_is_in_order_and_its_sources_can_be_read(folder: Path) -> None:
    municipality = load_municipality(folder / "municipality.yaml")
    reports = try_sources(municipality, folder)
    assert [report["files"][0]["table"] for report in reports] == [
        "events",
        "contacts",
        "callbacks",
    ]
    for report in reports:
        assert report["ok"]
        assert not report["files"][0]["set_aside"]
        assert not report["files"][0]["findings"]


def test_a_sheet_that_is_full_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlsxwriter.worksheet.Worksheet.write_row", lambda *_: -1)
    with pytest.raises(ValueError, match=r"too\.xlsx: a sheet holds 0 rows"):
        _excel(tmp_path / "too.xlsx", [{"nummer": 1}])


def exported(folder: Path, name: str) -> pl.DataFrame:
    file = folder / name
    if file.suffix == ".xlsx":
        return pl.read_excel(file, infer_schema_length=0)
    return pl.read_csv(file, infer_schema=False)


def test_citizen_service_numbers_are_nobodys() -> None:
    """9999xxxxx is kept for test persons by who administers the population register (RvIG, "Test
    burgerservicenummers en A-nummers"); any other number must fail the eleven test, for then it
    cannot be given out (Besluit BRP: a number that passes)."""
    numbers = citizen_numbers(150_000)
    assert len(set(numbers)) == len(numbers)
    assert all(re.fullmatch(r"\d{9}", number) for number in numbers)
    assert all(n.startswith("9999") or not passes_eleven_test(int(n)) for n in numbers)
    assert all(passes_eleven_test(int(number)) for number in numbers[:9000])


@pytest.mark.parametrize(
    ("number", "is_valid"), [(111222333, True), (123456782, True), (123456789, False)]
)
def test_the_eleven_test_is_the_usual_one(number: int, is_valid: bool) -> None:
    assert passes_eleven_test(number) is is_valid


def test_the_municipality_has_no_number_of_a_resident() -> None:
    assert RSIN not in citizen_numbers(100_000)
    assert int(RSIN) not in KEPT
    assert RSIN.startswith("9999")
    assert passes_eleven_test(int(RSIN))


@pytest.mark.parametrize(("residents", "months"), [(999, 30), (1_000_001, 30), (2000, 5)])
def test_a_town_that_cannot_be_is_refused_with_what_can(residents: int, months: int) -> None:
    with pytest.raises(ValueError, match=r"it can be [\d,]+ to [\d,]+"):
        Scale(residents, months)


@pytest.mark.parametrize("name", [CASES, CONTACTS, CALLBACKS])
def test_no_export_holds_a_number_or_address_of_anybody(name: str, folder: Path) -> None:
    text = exported(folder, name).write_csv()
    residents = set(citizen_numbers(SMALL.residents))
    assert set(re.findall(r"\b\d{9}\b", text)) <= residents
    assert "@" not in text
    assert not re.search(r"\b0[1-9]\d{8}\b|\b[1-9]\d{3} ?[A-Z]{2}\b", text)


def test_links_between_the_exports_hold(folder: Path) -> None:
    cases = set(exported(folder, CASES)["zaaknummer"])
    contacts = exported(folder, CONTACTS)
    numbers = set(contacts["contactnummer"])
    assert set(contacts["zaaknummer"].drop_nulls()) - {""} <= cases
    assert set(contacts["vervolg_op"].drop_nulls()) - {""} <= numbers
    assert set(exported(folder, CALLBACKS)["contactnummer"]) <= numbers
