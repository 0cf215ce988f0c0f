"""The servers: Starlette on 127.0.0.1, with the paging, order and refusals of the real ones."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lindeveld.api import filters
from lindeveld.api.access import Client, Credentials, check_kiss, check_token, client_of
from lindeveld.api.errors import ApiError
from lindeveld.api.links import CATALOGI, KISS, KLANTINTERACTIES, ZAKEN, last_part
from lindeveld.api.store import Record, Store

PAGE_SIZE, LARGEST_PAGE, LARGEST_KISS_PAGE = 100, 500, 5000
VERSIONS = {ZAKEN: "1.5.1", CATALOGI: "1.3.1", KLANTINTERACTIES: "0.9.0"}
RESOURCES = {
    ZAKEN: ("zaken", "statussen", "rollen", "resultaten", "substatussen", "zaakobjecten"),
    CATALOGI: ("catalogussen", "zaaktypen", "statustypen", "resultaattypen", "roltypen"),
    KLANTINTERACTIES: (
        "klantcontacten",
        "betrokkenen",
        "partijen",
        "partij-identificatoren",
        "actoren",
        "actorklantcontacten",
        "internetaken",
        "onderwerpobjecten",
    ),
}
_OF_CASE = ("statussen", "rollen", "resultaten", "substatussen", "zaakobjecten")
_WITH_ETAG = ("zaken", "statussen", "rollen", "resultaten", *RESOURCES[CATALOGI])


@dataclass(frozen=True)
class Addresses:
    """Where a running town is to be asked."""

    base: str

    @property
    def zaken(self) -> str:
        return self.base + ZAKEN

    @property
    def catalogi(self) -> str:
        return self.base + CATALOGI

    @property
    def klantinteracties(self) -> str:
        return self.base + KLANTINTERACTIES

    @property
    def kiss(self) -> str:
        return self.base + KISS


def build_app(store: Store, credentials: Credentials) -> Starlette:
    """The servers over one store; several requests may come while the store is written."""
    town = _Town(store, credentials)
    routes = [
        Route(f"{ZAKEN}/zaken/_zoek", town.search, methods=["POST"]),
        Route(f"{ZAKEN}/zaken/{{uuid}}/audittrail", town.trail),
        Route(f"{KISS}/contactmomentendetails", town.conversations),
    ]
    for base, names in RESOURCES.items():
        for name in names:
            routes.append(Route(f"{base}/{name}", town.listing(base, name)))
            routes.append(Route(f"{base}/{name}/{{uuid}}", town.detail(base, name)))
    return Starlette(routes=routes, exception_handlers={ApiError: _refused})


@contextmanager
def running(store: Store, credentials: Credentials, port: int = 0) -> Iterator[Addresses]:
    """The servers in a thread of this process, on 127.0.0.1; port 0 takes any that is free."""
    config = uvicorn.Config(
        build_app(store, credentials), host="127.0.0.1", port=port, log_level="error"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise OSError(f"127.0.0.1:{port} cannot be served; is the port in use?")
        time.sleep(0.01)
    try:
        bound = server.servers[0].sockets[0].getsockname()[1]
        yield Addresses(f"http://127.0.0.1:{bound}")
    finally:
        server.should_exit = True
        thread.join()


class _Town:
    def __init__(self, store: Store, credentials: Credentials) -> None:
        self.store, self.credentials = store, credentials

    def listing(self, base: str, resource: str) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            client = self._admit(request, base)
            asked = dict(request.query_params)
            tests = filters.tests_for(resource, asked, _base(request))
            with self.store.lock:
                records = self._candidates(resource, asked, _base(request))
                found = self._visible(client, resource, records)
                found = [r for r in found if all(test(r) for test in tests)] if tests else found
                found = filters.ordered(resource, found, asked.get("ordering"))
                return self._page(request, base, resource, found)

        return answer

    def detail(self, base: str, resource: str) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            client = self._admit(request, base)
            with self.store.lock:
                record = self.store.get(resource, request.path_params["uuid"])
                if record is None:
                    raise ApiError(404, "not_found")
                if not self._may_see(client, resource, record):
                    raise ApiError(403, "permission_denied")
                body = _bytes(self.store.whole(resource, record), request)
                known = _bytes(record, request)  # a role that goes leaves the tag of its case stale
            headers = _headers(base)
            if resource in _WITH_ETAG:
                headers["ETag"] = f'"{hashlib.md5(known, usedforsecurity=False).hexdigest()}"'
                if request.headers.get("If-None-Match") == headers["ETag"]:
                    return Response(status_code=304, headers=headers)
            return Response(body, headers=headers, media_type="application/json")

        return answer

    async def search(self, request: Request) -> Response:
        client = self._admit(request, ZAKEN)
        if "Content-Crs" not in request.headers:
            raise ApiError(412, "precondition_failed")
        wanted = (await request.json()).get("uuid__in")
        with self.store.lock:
            seen = self._visible(client, "zaken", self.store.newest_first("zaken"))
            found = [r for r in seen if wanted is None or r["uuid"] in wanted]
            return self._page(request, ZAKEN, "zaken", found)

    def trail(self, request: Request) -> Response:
        client = self._admit(request, ZAKEN, needs_crs=False)
        if not client or not client.has_all_rights:
            raise ApiError(403, "permission_denied")
        zaak = request.path_params["uuid"]
        with self.store.lock:
            if self.store.get("zaken", zaak) is None:
                raise ApiError(404, "not_found")
            body = _bytes(self.store.trail(zaak), request)
        return Response(body, headers=_headers(ZAKEN), media_type="application/json")

    def conversations(self, request: Request) -> Response:
        check_kiss(request.headers.get("Authorization"), self.credentials)
        asked = request.query_params
        first, last = asked.get("from", ""), asked.get("to", "")
        if not (_is_exact(first) and _is_exact(last)):
            raise ApiError(400, "invalid")
        with self.store.lock:
            rows = [r for r in self.store.newest_first("kiss") if first <= r["startdatum"] <= last]
        rows.sort(key=lambda row: str(row["startdatum"]), reverse=True)
        told = [{k: v for k, v in row.items() if k != "uuid"} for row in rows]
        return self._page(request, KISS, "kiss", told, LARGEST_KISS_PAGE)

    def _admit(self, request: Request, base: str, *, needs_crs: bool = True) -> Client | None:
        said = request.headers.get("Authorization")
        if base == KLANTINTERACTIES:
            check_token(said, self.credentials)
            return None
        client = client_of(said, self.credentials)
        is_case = request.url.path.startswith(f"{ZAKEN}/zaken")
        if is_case and needs_crs and request.headers.get("Accept-Crs") != "EPSG:4326":
            raise ApiError(412, "precondition_failed")
        return client

    def _candidates(self, resource: str, asked: Mapping[str, str], base: str) -> list[Record]:
        zaak = asked.get("zaak", "")
        if resource in _OF_CASE and zaak.startswith(f"{base}/"):
            return self.store.of_case(resource, last_part(zaak))
        return self.store.newest_first(resource)

    def _visible(self, client: Client | None, resource: str, records: list[Record]) -> list[Record]:
        if client is None or client.has_all_rights:
            return records
        return [record for record in records if self._may_see(client, resource, record)]

    def _may_see(self, client: Client | None, resource: str, record: Record) -> bool:
        """Lists are cut down to these, without a word."""
        if client is None or client.has_all_rights or resource in RESOURCES[CATALOGI]:
            return True
        case = record
        if resource != "zaken":
            case = self.store.get("zaken", last_part(record["zaak"])) or {}
        kind = self.store.get("zaaktypen", last_part(case.get("zaaktype", ""))) or {}
        level = case.get("vertrouwelijkheidaanduiding", "zeer_geheim")
        return client.sees(kind.get("identificatie", ""), level)

    def _page(
        self,
        request: Request,
        base: str,
        resource: str,
        found: list[Record],
        largest: int = LARGEST_PAGE,
    ) -> Response:
        """One page: a size beyond the largest is cut down and one that is none is passed over, a
        page beyond the last is not there."""
        asked = request.query_params
        size = min(_whole_number(asked.get("pageSize")) or PAGE_SIZE, largest)
        page = _whole_number(asked.get("page", "1"))
        first = ((page or 0) - 1) * size
        if page is None or (first >= len(found) and page > 1):
            raise ApiError(404, "not_found")
        body = {
            "count": len(found),
            "next": _turned(request, page + 1) if first + size < len(found) else None,
            "previous": _turned(request, page - 1) if page > 1 else None,
            "results": [
                self.store.whole(resource, record) for record in found[first : first + size]
            ],
        }
        data = _bytes(body, request)
        return Response(data, headers=_headers(base), media_type="application/json")


def _base(request: Request) -> str:
    """The address that the request was sent to: links follow it."""
    return f"{request.url.scheme}://{request.url.netloc}"


def _turned(request: Request, page: int) -> str:
    return str(request.url.include_query_params(page=page))


def _bytes(content: Any, request: Request) -> bytes:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.replace('"@/', f'"{_base(request)}/').encode()


def _headers(base: str) -> dict[str, str]:
    version = VERSIONS.get(base)
    return {"API-version": version} if version else {}


def _whole_number(text: str | None) -> int | None:
    """A number from 1 on, or None."""
    return int(text) if text is not None and text.isdecimal() and int(text) > 0 else None


def _is_exact(text: str) -> bool:
    try:
        time.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return False
    return True


def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, ApiError):
        raise error
    body = json.dumps(error.body(_base(request))).encode()
    return Response(body, status_code=error.status, media_type="application/problem+json")
