"""XES and CSV hold the log of the warehouse, valid, without persons, and are read back as it was."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import polars as pl
import pytest
from lxml import etree

from pipelines.exporting.choice import ExportError, choose
from pipelines.exporting.flat import write_csv, write_xes
from tests.pipelines.connectors.logs import KEY, XES_COLUMNS, read
from tests.pipelines.exporting.conftest import HARD, SECRETS, Town
from transforms.privacy import pseudonym

WRITERS = {"permits.xes.gz": write_xes, "permits.csv": write_csv}
COLUMNS = XES_COLUMNS | {"team": "org:group", "closed_at": "case:closed_at"}

# The rules of IEEE 1849-2016 for what we write, in RELAX NG.
ATTRIBUTE = """
<zeroOrMore><choice>
  <element name="string"><attribute name="key"><data type="Name"/></attribute>
    <attribute name="value"/></element>
  <element name="date"><attribute name="key"><data type="Name"/></attribute>
    <attribute name="value"><data type="dateTime"/></attribute></element>
</choice></zeroOrMore>
"""
RULES = f"""
<element name="log" xmlns="http://relaxng.org/ns/structure/1.0"
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <attribute name="xes.version"><data type="decimal"/></attribute>
  <attribute name="xes.features"><data type="token"/></attribute>
  <zeroOrMore><element name="extension"><attribute name="name"><data type="NCName"/></attribute>
    <attribute name="prefix"><data type="NCName"/></attribute>
    <attribute name="uri"><data type="anyURI"/></attribute></element></zeroOrMore>
  <zeroOrMore><element name="global"><attribute name="scope"><choice><value>trace</value>
    <value>event</value></choice></attribute>{ATTRIBUTE}</element></zeroOrMore>
  <zeroOrMore><element name="classifier"><attribute name="name"><data type="NCName"/></attribute>
    <attribute name="keys"><data type="token"/></attribute></element></zeroOrMore>
  {ATTRIBUTE}
  <zeroOrMore><element name="trace">{ATTRIBUTE}
    <zeroOrMore><element name="event">{ATTRIBUTE}</element></zeroOrMore></element></zeroOrMore>
</element>
"""


def nothing(done: int, total: int) -> None:
    return


@pytest.fixture(scope="module")
def folder(warehouse: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("flat")
    for write in WRITERS.values():
        write(warehouse, choose(warehouse, None), target, nothing)
    return target


@pytest.mark.parametrize("name", WRITERS)
def test_the_log_is_read_back_as_it_was(name: str, folder: Path, town: Town) -> None:
    found = read(folder / name, COLUMNS).tables["events"].sort("sequence")
    expected = town.flat()
    assert found["case_id"].to_list() == [pseudonym(row[0], KEY, "case") for row in expected]
    assert found["activity"].to_list() == [row[1] for row in expected]
    assert found["occurred_at"].to_list() == [row[2] for row in expected]
    assert found["team"].to_list() == [row[3] for row in expected]


@pytest.mark.parametrize("name", WRITERS)
def test_case_attributes_are_read_back(name: str, folder: Path, town: Town) -> None:
    cases = read(folder / name, COLUMNS).tables["cases"]
    [(closed,)] = town.connection.execute("select distinct closed_at from core.cases").fetchall()
    assert cases["closed_at"].unique().to_list() == [closed]
    assert cases.height == 6


@pytest.mark.parametrize("name", WRITERS)
def test_no_person_is_in_the_file(name: str, folder: Path) -> None:
    content = (folder / name).read_bytes()
    text = (gzip.decompress(content) if name.endswith(".gz") else content).decode()
    assert HARD[0].split()[0] in text
    assert [secret for secret in SECRETS if secret in text] == []


def test_xes_keeps_the_rules_of_the_standard(folder: Path) -> None:
    rules = etree.RelaxNG(etree.fromstring(RULES))
    written = etree.fromstring(gzip.decompress((folder / "permits.xes.gz").read_bytes()))
    assert rules.validate(written), rules.error_log
    written.find("trace").insert(0, etree.Element("person"))
    assert not rules.validate(written)


def test_xes_leaves_out_what_xml_cannot_hold(tmp_path: Path) -> None:
    town = Town()
    town.connection.execute("update core.events set team = 'Team' || chr(11) || chr(65534) || '1'")
    write_xes(town.connection, choose(town.connection, "permits"), tmp_path, nothing)
    teams = read(tmp_path / "permits.xes.gz", COLUMNS).tables["events"]["team"]
    assert teams.unique().to_list() == ["Team1"]


def test_the_same_warehouse_gives_the_same_bytes(
    folder: Path, warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write_xes(warehouse, choose(warehouse, None), tmp_path, nothing)
    name = "permits.xes.gz"
    assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_a_small_journey_is_left_out_and_named(
    folder: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    choice = choose(warehouse, None)
    assert (choice.names, choice.refused) == (["permits"], ["care"])
    assert sorted(file.name for file in folder.iterdir()) == sorted(WRITERS)
    with pytest.raises(ExportError, match=r"care\. A journey of fewer than 5 cases or residents"):
        choose(warehouse, "care")


def test_many_cases_of_few_residents_are_small_too() -> None:
    town = Town()
    town.connection.execute("update core.cases set client = 'one'")
    with pytest.raises(ExportError, match="residents"):
        choose(town.connection, "permits")


def test_a_journey_that_is_not_known_is_guessed(warehouse: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ExportError, match="did you mean 'permits'"):
        choose(warehouse, "permit")


def test_one_number_in_two_sources_stays_two_cases(tmp_path: Path) -> None:
    town = Town()
    town.connection.execute(
        "update core.cases set case_id = 'a0', source = 'other' where case_id = 'a1'"
    )
    write_csv(town.connection, choose(town.connection, "permits"), tmp_path, nothing)
    names = pl.read_csv(tmp_path / "permits.csv")["case:concept:name"].unique().sort().to_list()
    assert names[:2] == ["a2", "a3"]
    assert names[-2:] == ["log a0", "other a0"]
