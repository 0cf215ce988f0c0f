"""A small town whose systems are served on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from lindeveld.api.access import Client, Credentials
from lindeveld.api.server import Addresses, running
from lindeveld.api.store import Store
from lindeveld.api.town_hall import filled
from lindeveld.records import Systems
from lindeveld.simulation import simulate
from lindeveld.town import Scale

from pipelines.connectors.rest import timed_token, zgw_token

SCALE = Scale(residents=2000, months=6, seed=5)
SECRET = "a secret for tests that no server outside them knows"  # noqa: S105
READER = Client(SECRET, has_all_rights=False, types={"ZT-WMO": "zaakvertrouwelijk"})
LOW_READER = Client(SECRET, has_all_rights=False, types={"ZT-WMO": "openbaar"})
CREDENTIALS = Credentials(
    {"all": Client(SECRET), "reader": READER, "low": LOW_READER}, "token", SECRET
)


@dataclass(frozen=True)
class Town:
    store: Store
    at: Addresses

    def get(
        self, url: str, client: str = "all", headers: dict[str, str] | None = None, **asked: Any
    ) -> requests.Response:
        """A request as a well-behaved reader sends it."""
        said = {"Authorization": zgw_token(client, SECRET)(), "Accept-Crs": "EPSG:4326"}
        if "klantinteracties" in url:
            said["Authorization"] = f"Token {CREDENTIALS.token}"
        if "/kiss/" in url:
            said["Authorization"] = timed_token(SECRET)()
        return requests.get(url, params=asked, headers=said | (headers or {}), timeout=10)


@pytest.fixture(scope="session")
def systems() -> Systems:
    return simulate(SCALE)


@pytest.fixture(scope="session")
def store(systems: Systems) -> Store:
    return filled(systems, SCALE.residents)


@pytest.fixture(scope="session")
def town(store: Store) -> Iterator[Town]:
    with running(store, CREDENTIALS) as addresses:
        yield Town(store, addresses)
