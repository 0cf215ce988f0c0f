"""How long a server is waited for, and what is said where it stays wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from pipelines.connectors import patience
from pipelines.connectors.asking import Asker
from pipelines.connectors.patience import OutOfPatienceError, Patience, asked_pause
from pipelines.connectors.raw_log import SourceError

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
URL = "https://zaken.example.nl/api/v1/zaken/11111111-2222-3333-4444-555555555555/audittrail"


class Clock:
    def __init__(self) -> None:
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(patience, "time", clock)
    return clock


def response(status: int, body: bytes = b"{}", **headers: str) -> requests.Response:
    made = requests.Response()
    made.status_code, made._content = status, body
    made.headers = CaseInsensitiveDict({k.replace("_", "-"): v for k, v in headers.items()})
    return made


def asker(monkeypatch: pytest.MonkeyPatch, *answers: requests.Response | Exception) -> Asker:
    """Asks a server that gives these answers in turn, the last one for ever."""
    left, made = list(answers), Asker("cases", lambda: "Token none", {})

    def get(*_: Any, **__: Any) -> requests.Response:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(made._session, "get", get)
    return made


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": " 7 "}, 7),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Mon, 01 Jun 2026 12:02:00 GMT"}, 120),
        ({"Retry-After": "Mon, 01 Jun 2026 11:00:00 GMT"}, 0),
        (
            {
                "Retry-After": "Mon, 01 Jun 2026 15:02:00 GMT",
                "Date": "Mon, 01 Jun 2026 15:00:00 GMT",
            },
            120,
        ),
    ],
)
def test_a_wait_is_asked_for_in_seconds_or_by_a_date(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert asked_pause(headers, NOW) == seconds


@given(st.lists(st.tuples(st.floats(0, 100), st.none() | st.floats(0, 10_000)), max_size=60))
def test_all_waiting_together_has_an_end(tries: list[tuple[float, float | None]]) -> None:
    clock, waited = Clock(), 0.0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patience, "time", clock)
        patient = Patience()
        for number, (spent, asked) in enumerate(tries):
            try:
                patient.pause(number % 5 + 1, spent, asked)
            except OutOfPatienceError:
                break
            waited += spent + clock.pauses[-1]
            assert clock.pauses[-1] >= (asked or 0)
    assert waited <= patience.MOST_WAITING_S


def test_a_server_that_asks_for_a_day_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    asked = asker(monkeypatch, response(503, Retry_After="86400"))
    with pytest.raises(SourceError, match=r"asked again in 86400 s(.|\n)*Mend: "):
        asked.read(URL)
    assert clock.pauses == []


def test_each_try_has_a_token_of_its_own(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    numbers, sent = iter(range(9)), []
    asked = Asker("cases", lambda: f"Bearer {next(numbers)}", {})

    def get(_: str, headers: dict[str, str], **__: Any) -> requests.Response:
        sent.append(headers["Authorization"])
        return response(200 if len(sent) == 3 else 503)

    monkeypatch.setattr(asked._session, "get", get)
    assert asked.read(URL) == {}
    assert sent == ["Bearer 0", "Bearer 1", "Bearer 2"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (response(403, b'{"code": "jwt-expired"}'), "Mend: set the clock"),
        (response(403, b'{"code": "permission_denied"}'), "Mend: look at the client id"),
        (response(401), "Mend: renew the token"),
        (response(503), "answers 503"),
        (response(200, b'{"results": ['), "cut off or no JSON"),
        (requests.ReadTimeout(), r"no answer \(ReadTimeout\), 6 times"),
        (requests.TooManyRedirects(), r"cannot be asked \(TooManyRedirects\)"),
        (response(200, Date="Mon, 01 Jun 2020 12:00:00 GMT"), "behind the one of this machine"),
    ],
)
def test_what_stays_wrong_is_told_with_its_mend(
    monkeypatch: pytest.MonkeyPatch,
    clock: Clock,
    answer: requests.Response | Exception,
    told: str,
) -> None:
    with pytest.raises(SourceError, match=told) as caught:
        asker(monkeypatch, answer).read(URL)
    assert "\n  Mend: " in str(caught.value)


@pytest.mark.parametrize("code", ["Jansen", "bsn 999990001", "jansen@example.nl", ["x"], None])
def test_an_error_names_neither_record_nor_person(
    monkeypatch: pytest.MonkeyPatch, clock: Clock, code: Any
) -> None:
    body = requests.compat.json.dumps({"code": code, "detail": "Jansen"}).encode()
    with pytest.raises(SourceError) as caught:
        asker(monkeypatch, response(400, body)).read(URL)
    assert "/api/v1/zaken/<uuid>/audittrail" in str(caught.value)
    for secret in ("11111111", "ansen", "99999"):
        assert secret not in str(caught.value)


def test_a_clock_that_a_proxy_kept_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    old = response(200, Date="Mon, 01 Jun 2020 12:00:00 GMT", Age="31536000")
    assert asker(monkeypatch, old).read(URL) == {}


def test_a_date_that_is_none_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = asker(monkeypatch, response(200, Date="yesterday"))
    assert asked.read(URL) == {}
    assert asked.server_time is None


def test_faults_that_pass_cost_no_more_than_a_pause(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    busy, cut = response(429, Retry_After="30"), response(200, b"[1, 2")
    asked = asker(monkeypatch, busy, cut, requests.ConnectionError(), response(200, b"[1, 2]"))
    assert asked.read(URL) == [1, 2]
    assert clock.pauses == [30, 1, 2]
