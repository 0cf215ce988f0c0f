"""What a pull finds of contacts in the answers that a real server once gave, against the truth."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from tests.pipelines.connectors.replay import RECORDED
from tests.pipelines.recorded import KEY, case_of, instant, is_absent, pulled, rows
from transforms.privacy import pseudonym

pytestmark = is_absent
WINDOWS = ("24h", "7d", "14d", "28d")
MONTH_S = 28 * 24 * 3600


@pytest.fixture(scope="module")
def warehouse(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[duckdb.DuckDBPyConnection]:
    file = tmp_path_factory.mktemp("recorded") / "warehouse.duckdb"
    with pulled(file, audit_trail=None) as connection:
        yield connection


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    text = (RECORDED / "EXPECTED_klantinteracties.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def contact(uuid: str | None) -> str | None:
    return None if uuid is None else pseudonym(uuid, KEY, "record")


def test_contacts_are_those_of_the_truth(
    warehouse: duckdb.DuckDBPyConnection, truth: dict[str, Any]
) -> None:
    found = {
        identifier: rest
        for identifier, *rest in rows(
            warehouse,
            "select contact_id, contacted_at, channel, case_id, has_callback, is_follow_up, follows,"
            " not is_inbound, is_reached, has_further_action, client is null from core.contacts",
        )
    }
    expected = {
        contact(entry["uuid"]): [
            instant(entry["plaatsgevondenOp"]),
            entry["kanaal"],
            entry["zaak"] and case_of(entry["zaak"]),
            entry["hasInternetaak"],
            entry["isFollowUp"],
            contact(entry["followUpOf"]),
            entry["isOutbound"],
            entry["indicatieContactGelukt"],
            entry["verdereActieOndernomen"],
            entry["partij"] is None,
        ]
        for entry in truth["contacts"]
    }
    assert found == expected


def test_residents_are_told_apart_as_in_the_truth(
    warehouse: duckdb.DuckDBPyConnection, truth: dict[str, Any]
) -> None:
    clients = dict(rows(warehouse, "select contact_id, client from core.contacts"))
    pairs = {
        (entry["partij"], clients[contact(entry["uuid"])])
        for entry in truth["contacts"]
        if entry["partij"]
    }
    assert len(pairs) == len({party for party, _ in pairs}) == len({own for _, own in pairs})


def test_repeats_are_those_of_the_truth(
    warehouse: duckdb.DuckDBPyConnection, truth: dict[str, Any]
) -> None:
    found = set(
        rows(
            warehouse,
            "select a.contact_id, b.contact_id, r.after_us // 1000000 from core.contact_repeats as r"
            " inner join core.contacts as a on a.contact_key = r.contact_key"
            " inner join core.contacts as b on b.contact_key = r.repeat_key",
        )
    )
    expected = {
        (
            contact(entry["uuid"]),
            contact(entry["repeat"]["klantcontact"]),
            entry["repeat"]["afterSeconds"],
        )
        for entry in truth["contacts"]
        if entry["repeat"] and entry["repeat"]["afterSeconds"] <= MONTH_S
    }
    assert found == expected


@pytest.mark.parametrize("window", WINDOWS)
def test_the_three_readings_are_those_of_the_truth(
    warehouse: duckdb.DuckDBPyConnection, truth: dict[str, Any], window: str
) -> None:
    [found] = rows(
        warehouse,
        "select count(*), count(*) filter (where left_out = 'follow_up'),"
        " count(*) filter (where left_out = 'outbound'),"
        " count(*) filter (where left_out = 'pending'),"
        " count(*) filter (where left_out is null),"
        " count(*) filter (where left_out is null and is_identified),"
        " count(*) filter (where left_out is null and has_repeat),"
        " count(*) filter (where left_out is null and is_settled_by_label),"
        " count(is_settled_by_label) filter (where left_out is null),"
        " count(*) filter (where left_out is null and is_settled_by_process),"
        " count(*) filter (where left_out is null and is_settled_by_process and not has_repeat),"
        " count(*) filter (where left_out is null and is_settled_by_process and is_identified)"
        " from core.first_contact where time_window = ?",
        window,
    )
    fcr = truth["fcr"][window]
    counted = fcr["population"]
    expected = (
        *(counted[name] for name in ("all", "followUp", "outbound", "pending", "eligible")),
        counted["identified"],
        counted["identifiedWithRepeat"],
        fcr["registratie"]["numerator"],
        fcr["registratie"]["denominator"],
        fcr["proces"]["numerator"],
        fcr["herhaal"]["numerator"],
        fcr["procesIdentified"]["numerator"],
    )
    assert found == expected


def test_callbacks_are_those_of_the_truth(
    warehouse: duckdb.DuckDBPyConnection, truth: dict[str, Any]
) -> None:
    found = {name for (name,) in rows(warehouse, "select contact_id from core.callbacks")}
    assert found == {contact(e["uuid"]) for e in truth["contacts"] if e["hasInternetaak"]}
