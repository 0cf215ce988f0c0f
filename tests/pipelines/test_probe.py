"""What `hartslag check` says of a system that cannot be read as it should be, and how to mend it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
from lindeveld.api.access import Client, Credentials
from lindeveld.api.server import Addresses, running

from pipelines.checking import try_system
from pipelines.connectors import kiss, patience
from pipelines.municipality import Municipality
from tests.pipelines.connectors.replay import Recordings, replaying
from tests.pipelines.histories import History
from tests.pipelines.recorded import is_absent
from tests.pipelines.recorded import municipality as recorded_municipality
from tests.pipelines.test_incremental import CREDENTIALS, SECRET, municipality

CASES, CONTACTS = 0, 1
Spoil = Callable[[requests.Response], None]


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARTSLAG_CASES_CLIENT_ID", "all")
    for name in ("CASES_SECRET", "CONTACTS_TOKEN", "CONTACTS_KISS_SECRET"):
        monkeypatch.setenv(f"HARTSLAG_{name}", SECRET)
    monkeypatch.setattr(patience, "FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(patience, "LONGEST_PAUSE_S", 0.01)


@pytest.fixture(scope="module")
def history() -> History:
    """Enough cases of both kinds, and contacts until now, that a page of seven is full."""
    history = History(11)
    history.now = datetime.now(UTC) - timedelta(days=40)
    for name in ["new case"] * 30 + ["new status", "new contact"] * 20:
        history.change(name)
    return history


@pytest.fixture(scope="module")
def at(history: History) -> Iterator[Addresses]:
    with running(history.store, CREDENTIALS) as addresses:
        yield addresses


def report(asked: Municipality, number: int) -> dict[str, Any]:
    return try_system(asked.sources[number], asked)  # type: ignore[arg-type]


def only(said: dict[str, Any], what: str) -> dict[str, Any]:
    [each] = [each for each in said["probes"] if each["what"] == what]
    return each  # type: ignore[no-any-return]


def wrong(said: dict[str, Any]) -> list[str]:
    return [each["what"] for each in said["probes"] if not each["ok"]]


@contextmanager
def before(upstream: str, spoil: Spoil = lambda answer: None, host: str = "") -> Iterator[str]:
    """A proxy that passes requests on under a host name, and spoils what comes back."""
    session = requests.Session()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = {**self.headers, "Host": host or upstream.removeprefix("http://")}
            answer = session.get(upstream + self.path, headers=said, timeout=10)
            spoil(answer)
            self.send_response_only(answer.status_code)
            self.send_header("Date", answer.headers["Date"])
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_: object) -> None:
            """Nothing: the test says what matters."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        session.close()


def test_systems_that_can_be_read_are_in_order(at: Addresses) -> None:
    cases, contacts = (report(municipality(at), number) for number in (CASES, CONTACTS))
    assert [each["what"] for each in cases["probes"]] == [
        *["clock", "zaken seen", "rights", "address", "page size", "case types"],
        *["order of statussen", "order of rollen", "audit trail"],
    ]
    assert [each["what"] for each in contacts["probes"]] == [
        *["clock", "klantcontacten seen", "rights", "page size", "order of klantcontacten"],
        *["KISS", "KISS clock", "KISS contacts"],
    ]
    assert (cases["ok"], contacts["ok"]) == (True, True)
    met = only(contacts, "KISS contacts")["found"]
    assert met == "the latest conversation is in the contact system"


def test_a_server_that_does_not_answer_is_a_problem_with_a_mend() -> None:
    asked = municipality(Addresses("http://127.0.0.1:9"))
    said = report(asked, CASES)
    assert not said["ok"]
    assert "look whether the server runs and can be reached" in said["problem"]


def test_a_wrong_secret_is_told(at: Addresses, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARTSLAG_CASES_SECRET", "another secret, that the server does not know")
    assert "403 (invalid-jwt-signature)" in report(municipality(at), CASES)["problem"]
    monkeypatch.setenv("HARTSLAG_CONTACTS_TOKEN", "another")
    assert "renew the token of this source" in report(municipality(at), CONTACTS)["problem"]


def test_case_types_that_a_client_may_not_see_are_named(history: History) -> None:
    limited = Client(SECRET, has_all_rights=False, types={"ZT-WMO": "zaakvertrouwelijk"})
    with running(history.store, Credentials({"all": limited}, SECRET, SECRET)) as at:
        said = report(municipality(at), CASES)
    assert wrong(said) == ["case types", "audit trail"]
    assert only(said, "case types")["found"].startswith("no cases to be seen of ZT-")
    assert "zaken.lezen" in only(said, "case types")["mend"]


def test_a_client_that_sees_nothing_is_told(history: History) -> None:
    blind = replace(CREDENTIALS, clients={"all": Client(SECRET, has_all_rights=False)})
    with running(history.store, blind) as at:
        assert "zaken seen" in wrong(report(municipality(at), CASES))


def test_a_list_that_is_refused_is_named(at: Addresses) -> None:
    def spoil(answer: requests.Response) -> None:
        if "/betrokkenen" in answer.url:
            answer.status_code = 403

    with before(at.base, spoil) as base:
        said = report(municipality(Addresses(base)), CONTACTS)
    assert wrong(said) == ["rights"]
    refused = only(said, "rights")
    assert "/klantinteracties/api/v1/betrokkenen: the server answers 403" in refused["found"]
    assert "rights of this client" in refused["mend"]


def test_a_server_that_calls_itself_otherwise_finds_no_case(at: Addresses) -> None:
    with before(at.base, host="intern.example.nl") as base:
        said = report(municipality(Addresses(base)), CASES)
    assert wrong(said) == ["address"]
    address = only(said, "address")
    assert "the server calls itself http://intern.example.nl" in address["found"]
    assert "write the address as http://intern.example.nl" in address["mend"]


def test_clocks_that_differ_are_told(at: Addresses) -> None:
    def spoil(answer: requests.Response) -> None:
        answer.headers["Date"] = format_datetime(datetime.now(UTC) - behind, usegmt=True)

    behind = timedelta(hours=1)
    with before(at.base, spoil) as base:
        said = report(municipality(Addresses(base)), CONTACTS)
        behind = timedelta(days=2000)
        years_behind = report(municipality(Addresses(base)), CONTACTS)
    assert wrong(said) == ["clock", "KISS clock"]
    assert "set the clock of this machine or of the server" in only(said, "clock")["mend"]
    assert not years_behind["ok"]
    assert "Mend: set the clock" in years_behind["problem"]


def test_kiss_refuses_a_wrong_secret_and_a_wrong_address(
    at: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = municipality(at)
    elsewhere = asked.sources[CONTACTS].model_copy(update={"kiss": f"{at.base}/elsewhere"})
    refused = only(try_system(elsewhere, asked), "KISS")  # type: ignore[arg-type]
    assert refused["found"] == "the server answers 404 to a range of dates"
    assert "ends in /api" in refused["mend"]
    monkeypatch.setenv("HARTSLAG_CONTACTS_KISS_SECRET", "another secret that KISS does not hold")
    said = report(asked, CONTACTS)
    assert wrong(said) == ["KISS"]
    assert "KISS_SECRET" in only(said, "KISS")["mend"]


def test_a_kiss_that_takes_dates_in_another_form_is_told(
    at: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kiss, "_FORMAT", "%Y-%m-%dT%H:%M:%S.000Z")
    refused = only(report(municipality(at), CONTACTS), "KISS")
    assert refused["found"] == "the server answers 400 to a range of dates"
    assert "takes dates in another form" in refused["mend"]


def test_a_kiss_of_another_environment_is_told(at: Addresses) -> None:
    def spoil(answer: requests.Response) -> None:
        if "/klantcontacten/" in answer.url:
            answer.status_code = 404

    with before(at.base, spoil) as base:
        said = report(municipality(Addresses(base)), CONTACTS)
    assert wrong(said) == ["KISS contacts"]
    assert "same environment" in only(said, "KISS contacts")["mend"]


@pytest.fixture
def recordings() -> Recordings:
    return Recordings()


def replayed(recordings: Recordings) -> dict[str, Any]:
    with replaying(recordings) as base:
        return report(recorded_municipality(base, audit_trail=None), CASES)


@is_absent
def test_recorded_answers_under_another_host_find_no_case(recordings: Recordings) -> None:
    said = replayed(recordings)
    assert "the server calls itself http://127.0.0.1:8001" in only(said, "address")["found"]
    assert only(said, "case types")["found"] == "all 4 seen"


@is_absent
def test_pages_of_their_own_size_are_told(recordings: Recordings) -> None:
    size = only(replayed(recordings), "page size")
    assert (size["ok"], size["found"]) == (False, "asked 7, got 19")
    assert "profile: vng-1.5" in size["mend"]


@is_absent
def test_a_list_in_another_order_is_told(recordings: Recordings) -> None:
    recordings.bodies["/zaken/api/v1/statussen"]["results"].reverse()
    said = replayed(recordings)
    assert "read whole in every run" in only(said, "order of statussen")["found"]
    assert only(said, "order of rollen")["found"] == "newest first"
