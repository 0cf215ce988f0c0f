"""The servers do what the real ones do: one habit a test."""

from __future__ import annotations

import json
import re
import time
from typing import Any
from uuid import UUID

import jwt
import pytest
import requests
from lindeveld.api import people
from lindeveld.api.access import make_credentials
from lindeveld.api.catalog import RSIN
from lindeveld.api.links import last_part
from lindeveld.api.server import running
from lindeveld.api.store import Record, Store
from lindeveld.api.town_hall import filled
from lindeveld.records import Systems
from lindeveld.residents import citizen_numbers

from tests.data.api.conftest import CREDENTIALS, SCALE, SECRET, Town

NOW = "2026-10-01T10:00:00Z"


def code(answer: requests.Response) -> str:
    body = answer.json()
    return str(body["invalidParams"][0]["code"] if "invalidParams" in body else body["code"])


def walk(town: Town, url: str, **asked: Any) -> list[Record]:
    found: list[Record] = []
    answer = town.get(url, **asked).json()
    while True:
        found += answer["results"]
        if answer["next"] is None:
            return found
        answer = town.get(answer["next"]).json()


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("zaken", {"laatstGemuteerd__gt": "2026-01-01"}),
        ("zaken", {"registratiedatum__gte": "2026-01-01"}),
        ("statussen", {"datumStatusGezet__gt": "2026-01-01"}),
        ("statussen", {"ordering": "datumStatusGezet"}),
        ("substatussen", {"pageSize": "10"}),
    ],
)
def test_a_parameter_that_is_not_there_gives_400(
    town: Town, path: str, asked: dict[str, str]
) -> None:
    answer = town.get(f"{town.at.zaken}/{path}", **asked)
    assert (answer.status_code, code(answer)) == (400, "unknown-parameters")


def test_open_klant_has_no_order_and_no_ranges(town: Town) -> None:
    for name in ("ordering", "plaatsgevondenOp__gte"):
        answer = town.get(f"{town.at.klantinteracties}/klantcontacten", **{name: "x"})
        assert (answer.status_code, code(answer)) == (400, "unknown-parameters")


def test_a_page_beyond_the_last_is_not_found(town: Town) -> None:
    answer = town.get(f"{town.at.zaken}/zaken", page=99)
    assert (answer.status_code, code(answer)) == (404, "not_found")


def test_a_page_has_100_unless_asked_and_500_at_most(town: Town) -> None:
    sizes = [
        len(town.get(f"{town.at.zaken}/statussen", **asked).json()["results"])
        for asked in ({}, {"pageSize": 7}, {"pageSize": 5000})
    ]
    assert sizes == [100, 7, 500]


@pytest.mark.parametrize("size", ["0", "-5", "many"])
def test_a_size_that_is_none_is_passed_over(town: Town, size: str) -> None:
    answer = town.get(f"{town.at.zaken}/statussen", pageSize=size)
    assert (answer.status_code, len(answer.json()["results"])) == (200, 100)


@pytest.mark.parametrize("page", ["0", "-1", "first"])
def test_a_page_that_is_none_is_not_found(town: Town, page: str) -> None:
    assert town.get(f"{town.at.zaken}/statussen", page=page).status_code == 404


def test_every_record_is_on_some_page_once(town: Town) -> None:
    found = walk(town, f"{town.at.zaken}/statussen", pageSize=97)
    assert (
        len(found) == len({r["uuid"] for r in found}) == len(town.store.newest_first("statussen"))
    )


def test_lists_are_newest_first(town: Town) -> None:
    stamps = [s["datumStatusGezet"] for s in walk(town, f"{town.at.zaken}/statussen")]
    assert stamps == sorted(stamps, reverse=True)
    stamps = [r["registratiedatum"] for r in walk(town, f"{town.at.zaken}/rollen", pageSize=500)]
    assert stamps == sorted(stamps, reverse=True)
    url = f"{town.at.klantinteracties}/klantcontacten"
    stamps = [c["plaatsgevondenOp"] for c in walk(town, url, pageSize=500)]
    assert stamps == sorted(stamps, reverse=True)


def test_a_case_list_can_be_put_in_another_order(town: Town) -> None:
    days = [
        z["registratiedatum"]
        for z in walk(town, f"{town.at.zaken}/zaken", ordering="registratiedatum")
    ]
    assert days == sorted(days)
    assert town.get(f"{town.at.zaken}/zaken", ordering="laatstGemuteerd").status_code == 400


def test_dates_filter_cases(town: Town) -> None:
    url = f"{town.at.zaken}/zaken"
    everything = walk(town, url, pageSize=500)
    some = walk(town, url, startdatum__gte="2026-06-01", startdatum__lt="2026-07-01")
    assert {z["uuid"] for z in some} == {
        z["uuid"] for z in everything if "2026-06-01" <= z["startdatum"] < "2026-07-01"
    }
    still_open = walk(town, url, einddatum__isnull="true", pageSize=500)
    assert {z["uuid"] for z in still_open} == {z["uuid"] for z in everything if not z["einddatum"]}
    assert town.get(url, startdatum__gte="1 juni").status_code == 400


def test_a_filter_by_another_host_finds_nothing_without_a_word(town: Town) -> None:
    [case, *_] = town.get(f"{town.at.zaken}/zaken").json()["results"]
    right = town.get(f"{town.at.zaken}/rollen", zaak=case["url"]).json()
    wrong = town.get(f"{town.at.zaken}/rollen", zaak=case["url"].replace("127.0.0.1", "localhost"))
    assert right["count"] > 0
    assert (wrong.status_code, wrong.json()["count"]) == (200, 0)


def test_links_follow_the_host_of_the_request(town: Town) -> None:
    url = town.at.zaken.replace("127.0.0.1", "localhost")
    answer = town.get(f"{url}/zaken")
    assert answer.json()["results"][0]["url"].startswith(f"{url}/zaken/")
    assert answer.json()["next"].startswith(url)


@pytest.mark.parametrize(
    ("claims", "secret", "said"),
    [
        ({"client_id": "all"}, SECRET, "jwt-missing-iat-claim"),
        ({"client_id": "all", "iat": int(time.time()) - 3700}, SECRET, "jwt-expired"),
        ({"client_id": "all", "iat": int(time.time())}, SECRET[::-1], "invalid-jwt-signature"),
        ({"client_id": "other", "iat": int(time.time())}, SECRET, "invalid-client-identifier"),
        ({"iat": int(time.time())}, SECRET, "missing-client-identifier"),
    ],
)
def test_a_wrong_token_gives_403_with_its_code(
    town: Town, claims: dict[str, Any], secret: str, said: str
) -> None:
    token = f"Bearer {jwt.encode(claims, secret, 'HS256')}"
    answer = town.get(f"{town.at.zaken}/statussen", headers={"Authorization": token})
    assert (answer.status_code, code(answer)) == (403, said)


def test_no_token_gives_403_here_and_401_there(town: Town) -> None:
    assert requests.get(f"{town.at.zaken}/statussen", timeout=5).status_code == 403
    for said, expected in ((None, "not_authenticated"), ("Token x", "authentication_failed")):
        headers = {"Authorization": said} if said else {}
        answer = requests.get(
            f"{town.at.klantinteracties}/klantcontacten", headers=headers, timeout=5
        )
        assert (answer.status_code, code(answer)) == (401, expected)


def test_cases_need_the_crs_header(town: Town) -> None:
    answer = town.get(f"{town.at.zaken}/zaken", headers={"Accept-Crs": ""})
    assert (answer.status_code, code(answer)) == (412, "precondition_failed")
    assert town.get(f"{town.at.zaken}/rollen", headers={"Accept-Crs": ""}).status_code == 200


def test_lists_are_cut_down_to_what_a_client_may_see(town: Town) -> None:
    kinds = town.get(f"{town.at.catalogi}/zaaktypen", identificatie="ZT-WMO").json()["results"]
    allowed = {kind["url"] for kind in kinds}
    everything = walk(town, f"{town.at.zaken}/zaken", pageSize=500)
    seen = town.get(f"{town.at.zaken}/zaken", client="reader", pageSize=500).json()["results"]
    assert {z["uuid"] for z in seen} == {z["uuid"] for z in everything if z["zaaktype"] in allowed}
    assert town.get(f"{town.at.zaken}/statussen", client="low").json()["count"] == 0
    hidden = next(z for z in everything if z["zaaktype"] not in allowed)
    assert town.get(hidden["url"], client="reader").status_code == 403


def test_the_audit_trail_needs_all_rights(town: Town) -> None:
    [case, *_] = town.get(f"{town.at.zaken}/zaken", client="reader").json()["results"]
    assert town.get(f"{case['url']}/audittrail", client="reader").status_code == 403
    assert town.get(f"{case['url']}/audittrail").status_code == 200


def test_the_trail_is_a_bare_list_oldest_first(town: Town) -> None:
    [case, *_] = town.get(f"{town.at.zaken}/zaken").json()["results"]
    stamps = [row["aanmaakdatum"] for row in town.get(f"{case['url']}/audittrail").json()]
    assert stamps == sorted(stamps)


def test_a_detail_that_did_not_change_is_not_sent_again(town: Town) -> None:
    [case, *_] = town.get(f"{town.at.zaken}/zaken").json()["results"]
    tag = town.get(case["url"]).headers["ETag"]
    assert town.get(case["url"], headers={"If-None-Match": tag}).status_code == 304


def test_a_search_by_uuid_is_paged(town: Town) -> None:
    wanted = [z["uuid"] for z in town.store.newest_first("zaken")[:5]]
    headers = {
        "Authorization": f"Bearer {jwt.encode({'client_id': 'all', 'iat': int(time.time())}, SECRET, 'HS256')}",
        "Accept-Crs": "EPSG:4326",
        "Content-Crs": "EPSG:4326",
    }
    answer = requests.post(
        f"{town.at.zaken}/zaken/_zoek", json={"uuid__in": wanted}, headers=headers, timeout=5
    )
    assert {z["uuid"] for z in answer.json()["results"]} == set(wanted)


def test_kiss_wants_one_form_of_date_and_gives_both_ends(town: Town) -> None:
    url = f"{town.at.kiss}/contactmomentendetails"
    asked = {"from": "2026-06-01T00:00:00Z", "to": "2026-06-08T00:00:00Z"}
    rows = town.get(url, **asked).json()["results"]
    assert rows
    assert all(asked["from"] <= row["startdatum"] <= asked["to"] for row in rows)
    assert town.get(url, **{**asked, "from": "2026-06-01T00:00:00.0Z"}).status_code == 400
    empty = town.get(url, **{"from": "2000-01-01T00:00:00Z", "to": "2000-01-02T00:00:00Z"})
    assert (empty.status_code, empty.json()["count"]) == (200, 0)


def test_one_status_of_a_case_is_the_last(town: Town) -> None:
    latest: dict[str, str] = {}
    flagged: dict[str, list[str]] = {}
    for status in walk(town, f"{town.at.zaken}/statussen", pageSize=500):
        latest.setdefault(status["zaak"], status["url"])  # newest first
        flagged.setdefault(status["zaak"], [])
        if status["indicatieLaatstGezetteStatus"]:
            flagged[status["zaak"]].append(status["url"])
    assert flagged == {zaak: [status] for zaak, status in latest.items()}


def test_a_role_names_the_statuses_that_it_set(own: Store) -> None:
    status = next(s for s in own.newest_first("statussen") if s["gezetdoor"])
    role = own.get("rollen", last_part(status["gezetdoor"]))
    assert role is not None
    assert own.whole("rollen", role)["statussen"] == [status["url"]]
    assert own.whole("rollen", role_of(own, "natuurlijk_persoon"))["statussen"] == []


def test_pages_drift_while_somebody_writes(own: Store) -> None:
    """The last of the first page comes again as the first of the second."""
    with running(own, CREDENTIALS) as at:
        drifting = Town(own, at)
        first = drifting.get(f"{at.zaken}/statussen", pageSize=10).json()
        new = {
            **own.newest_first("statussen")[0],
            "uuid": str(UUID(int=1)),
            "datumStatusGezet": NOW,
        }
        own.create("statussen", new, NOW)
        second = drifting.get(first["next"]).json()
    assert second["results"][0]["uuid"] == first["results"][-1]["uuid"]
    assert second["count"] == first["count"] + 1


def test_a_role_that_goes_leaves_the_tag_of_its_case_stale(own: Store) -> None:
    role = role_of(own)
    with running(own, CREDENTIALS) as at:
        reader = Town(own, at)
        url = f"{at.zaken}/zaken/{last_part(role['zaak'])}"
        before = reader.get(url)
        own.delete("rollen", role["uuid"], NOW)
        after = reader.get(url)
        unchanged = reader.get(url, headers={"If-None-Match": before.headers["ETag"]})
    assert len(after.json()["rollen"]) == len(before.json()["rollen"]) - 1
    assert unchanged.status_code == 304


@pytest.fixture
def own(systems: Systems) -> Store:
    """A store that a test may change."""
    return filled(systems, SCALE.residents)


def role_of(store: Store, kind: str = "organisatorische_eenheid") -> Record:
    return next(r for r in store.newest_first("rollen") if r["betrokkeneType"] == kind)


def test_a_removed_role_takes_its_statuses_without_a_row(own: Store) -> None:
    status = next(s for s in own.newest_first("statussen") if s["gezetdoor"])
    zaak = last_part(status["zaak"])
    own.delete("rollen", last_part(status["gezetdoor"]), NOW)
    assert own.get("statussen", status["uuid"]) is None
    left = own.statuses(zaak)
    case = own.get("zaken", zaak)
    assert case is not None
    assert case["status"] == (left[0]["url"] if left else None)
    rows = [(row["resource"], row["actie"]) for row in own.trail(zaak)]
    assert rows[-1] == ("rol", "destroy")
    assert ("status", "create") in rows


def test_the_trail_of_a_replaced_role_tells_the_old_party_twice(own: Store) -> None:
    role = role_of(own)
    new = {**role, "betrokkeneIdentificatie": people.department("Jeugdteam")}
    own.replace("rollen", role["uuid"], new, NOW)
    row = own.trail(last_part(role["zaak"]))[-1]
    told = row["wijzigingen"]["nieuw"]["betrokkeneIdentificatie"]
    assert told == role["betrokkeneIdentificatie"]
    kept = own.get("rollen", role["uuid"])
    assert kept is not None
    assert kept["betrokkeneIdentificatie"]["naam"] == "Jeugdteam"
    assert kept["registratiedatum"] == role["registratiedatum"]


def test_roles_do_not_touch_when_a_case_was_last_changed(own: Store) -> None:
    role = role_of(own)
    zaak = last_part(role["zaak"])
    before = own.get("zaken", zaak)
    own.delete("rollen", role["uuid"], NOW)
    after = own.get("zaken", zaak)
    assert before is not None
    assert after is not None
    assert after["laatstGemuteerd"] == before["laatstGemuteerd"]
    own.patch("zaken", zaak, {"verlenging": None}, NOW)
    assert own.get("zaken", zaak)["laatstGemuteerd"] == NOW  # type: ignore[index]


def test_an_end_status_ends_a_case_and_another_opens_it_again(own: Store) -> None:
    case = next(z for z in own.newest_first("zaken") if z["einddatum"])
    ended = next(s for s in own.of_case("statussen", case["uuid"]))
    other = own.of_case("statussen", case["uuid"])[-1]
    own.create(
        "statussen",
        {**other, "uuid": last_part(ended["url"])[::-1], "datumStatusGezet": NOW},
        NOW,
    )
    assert own.get("zaken", case["uuid"])["einddatum"] is None  # type: ignore[index]


def test_earlier_suspension_is_told_from_its_start_and_for_ever(own: Store) -> None:
    case = next(z for z in own.newest_first("zaken") if not z["opschorting"]["eerdereOpschorting"])
    for is_on in (True, False):
        change = {"opschorting": {"indicatie": is_on, "reden": ""}}
        assert own.patch("zaken", case["uuid"], change, NOW)["opschorting"]["eerdereOpschorting"]


def test_a_destroyed_case_takes_everything_and_its_trail(own: Store) -> None:
    case = own.newest_first("zaken")[0]
    own.delete("zaken", case["uuid"], NOW)
    assert own.of_case("rollen", case["uuid"]) == []
    assert own.trail(case["uuid"]) == []


def test_a_callback_that_opens_again_has_no_end(own: Store) -> None:
    done = next(t for t in own.newest_first("internetaken") if t["afgehandeldOp"])
    again = own.patch("internetaken", done["uuid"], {"status": "te_verwerken"}, NOW)
    assert (again["afgehandeldOp"], again["toegewezenOp"]) == (None, done["toegewezenOp"])


def test_an_earlier_moment_knows_nothing_of_later(systems: Systems) -> None:
    middle = sorted(contact.at for contact in systems.contacts)[len(systems.contacts) // 2]
    early = filled(systems, SCALE.residents, middle)
    late = filled(systems, SCALE.residents)
    for resource in ("zaken", "statussen", "klantcontacten"):
        assert 0 < len(early.newest_first(resource)) < len(late.newest_first(resource))


def test_the_same_seed_gives_the_same_bytes(systems: Systems) -> None:
    one, other = (
        json.dumps(
            [
                filled(systems, SCALE.residents).newest_first(name)
                for name in ("zaken", "rollen", "klantcontacten")
            ]
        )
        for _ in range(2)
    )
    assert one == other


def test_nobody_is_meant(store: Store) -> None:
    """Numbers of citizens are from the range for tests; names, mail, phones and roads say so."""
    told = json.dumps([store.newest_first(resource) for resource in store])
    numbers = re.findall(r'"(?:inpBsn|objectId)": "(\d{9})"', told)
    assert len(numbers) > 500
    assert set(numbers) <= set(citizen_numbers(SCALE.residents))
    assert set(re.findall(r'"(?:rsin|[a-z]*[oO]rganisatie)": "(\d+)"', told)) == {RSIN}
    for name, value in re.findall(r'"(geslachtsnaam|achternaam)": "([^"]+)"', told):
        assert value.startswith(("Testpersoon", "Medewerker-")), name
    assert all(address.endswith(".example") for address in re.findall(r"[\w.-]+@([\w.]+)", told))
    phones = re.findall(r'"(?:telefoonnummer|faxnummer)": "(\d+)"', told)
    assert set(phones) == {people.PHONE}
    companies = re.findall(r'"kvkNummer": "(\d+)"', told)
    assert companies
    assert all(re.fullmatch(r"00\d{6}", number) for number in companies), "given out from 01 on"


def test_every_start_has_secrets_of_its_own() -> None:
    assert make_credentials() != make_credentials()
