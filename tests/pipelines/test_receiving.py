"""Notifications: hashed at the door, kept once, listed to who has the token, and read by a run."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import uvicorn

from pipelines.connectors.raw_log import SourceError
from pipelines.connectors.reading import Reading
from pipelines.connectors.records import UUID
from pipelines.errors import ConfigurationError
from pipelines.municipality import Municipality
from pipelines.pull import pull
from pipelines.receiving import Inbox, receiver
from pipelines.warehouse import open_warehouse
from tests.pipelines.connectors.replay import RECORDED, Recordings, replaying
from tests.pipelines.recorded import KEY, is_absent, municipality, rows

TOKEN = "a token that both sides know"  # noqa: S105 - for a server that is gone with the test
AT = "2026-08-14T09:30:00Z"
SWEEP = Reading("weekly")
CASE, ROLE = (f"https://z.nl/zaken/{n}1111111-2222-3333-4444-555555555555" for n in "ab")
CHANGE = {
    "kanaal": "zaken",
    "hoofdObject": CASE,
    "resource": "rol",
    "resourceUrl": ROLE,
    "actie": "update",
    "aanmaakdatum": AT,
    "kenmerken": {"bronorganisatie": "123456782"},
}


class Receiving:
    def __init__(self, file: Path, address: str) -> None:
        self.file, self.address = file, address

    def post(self, body: Any, token: str = TOKEN, source: str = "cases") -> int:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.address}/{source}"
        return requests.post(url, data=data, headers=headers, timeout=10).status_code

    def kept(self, token: str = TOKEN, **params: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(f"{self.address}/cases", params, headers=headers, timeout=10)


def asking(address: str, base: str = "http://localhost") -> Municipality:
    asked = municipality(base, audit_trail=None).model_dump(mode="json", exclude_none=True)
    asked["sources"][0]["notifications"] = address
    return Municipality.model_validate(asked)


@pytest.fixture
def receiving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiving]:
    monkeypatch.setenv("HARTSLAG_CASES_NOTIFICATIONS_TOKEN", TOKEN)
    file = tmp_path / "notices.sqlite"
    app = receiver(asking("http://localhost"), Inbox(file, KEY), KEY)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Receiving(file, f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join()


def test_a_change_is_kept_once_however_often_it_is_told(receiving: Receiving) -> None:
    assert [receiving.post(CHANGE) for _ in range(3)] == [204] * 3
    said = receiving.kept().json()
    assert said["count"] == 1
    [row] = said["results"]
    assert (row["resource"], row["actie"]) == ("rol", "update")
    assert row["aanmaakdatum"] == "2026-08-14T09:30:00.000000+00:00"


def test_a_notification_service_finds_what_it_asks_of_a_subscriber(receiving: Receiving) -> None:
    assert receiving.post(CHANGE | {"kanaal": "test"}) == 204
    assert receiving.post(CHANGE, token="another") == 403  # noqa: S106 - of no server
    assert receiving.post(CHANGE, source="contacts") == 403
    assert receiving.kept().json()["count"] == 0
    assert receiving.kept(token="another").status_code == 403  # noqa: S106 - of no server


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 204),
        ({**CHANGE, "aanmaakdatum": "gisteren bij Jansen"}, 400),
        ({**CHANGE, "hoofdObject": None}, 400),
        ({name: value for name, value in CHANGE.items() if name != "actie"}, 400),
        ({**CHANGE, "kenmerken": {"toelichting": "x" * 70_000}}, 413),
    ],
)
def test_what_is_no_notification_is_refused_by_its_field(
    receiving: Receiving, body: Any, status: int
) -> None:
    assert receiving.post(body) == status
    assert receiving.kept().json()["count"] == 0


def test_lists_run_newest_first_page_by_page(receiving: Receiving) -> None:
    for hour in range(5):
        receiving.post({**CHANGE, "aanmaakdatum": f"2026-08-14T0{hour}:00:00Z"})
    first = receiving.kept(pageSize=3).json()
    second = receiving.kept(pageSize=3, page=2).json()
    stamps = [row["aanmaakdatum"][11:13] for row in (*first["results"], *second["results"])]
    assert stamps == ["04", "03", "02", "01", "00"]
    assert (first["next"], second["next"]) == ("/cases?page=2&pageSize=3", None)


@is_absent
def test_of_recorded_notifications_no_name_and_no_address_is_kept(receiving: Receiving) -> None:
    lines = (RECORDED / "notificaties" / "received.jsonl").read_text("utf-8").splitlines()
    bodies = [json.loads(line)["body"] for line in lines]
    assert {receiving.post(body) for body in bodies} == {204}
    wanted = {
        (body["resourceUrl"], body["actie"], body["aanmaakdatum"])
        for body in bodies
        if body.get("kanaal") == "zaken" and body["resource"] in ("zaak", "rol")
    } | {
        (body["subject"], "opgeschort", body["time"])
        for body in bodies
        if body.get("type", "").endswith("zaak-opgeschort")
    }
    assert receiving.kept().json()["count"] == len(wanted) > 100
    written = b"".join(file.read_bytes() for file in receiving.file.parent.glob("notices*"))
    told = json.dumps(bodies)
    assert not [uuid for uuid in set(UUID.findall(told)) if uuid.encode() in written]
    assert not [word for word in (b"http", b"123456782", b"toelichting") if word in written]


@is_absent
def test_a_run_reads_what_was_kept_and_refuses_what_another_key_hashed(
    receiving: Receiving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARTSLAG_CASES_CLIENT_ID", "reader")
    monkeypatch.setenv("HARTSLAG_CASES_SECRET", "a secret of a server that only replays")
    receiving.post(CHANGE)
    with replaying(Recordings()) as base, open_warehouse(tmp_path / "w.duckdb") as warehouse:
        asked = asking(receiving.address, base)
        for _ in range(2):
            report = pull(warehouse, asked.sources[0], asked, KEY, SWEEP)  # type: ignore[arg-type]
            assert report.kept["zgw_notices"] == 1
        found = rows(warehouse, "select resource, actie, observed_to from raw.zgw_notices")
        assert found == [("rol", "update", None)]
        with pytest.raises(SourceError, match="hashes with another key"):
            pull(warehouse, asked.sources[0], asked, b"another key of no worth, but long")  # type: ignore[arg-type]


def test_without_a_source_that_is_told_there_is_nothing_to_receive(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No source has `notifications:`"):
        receiver(municipality("http://x", audit_trail=None), Inbox(tmp_path / "n", KEY), KEY)
