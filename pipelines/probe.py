"""Asking a system, before anything is read, whether it can be: what `hartslag check` reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from pipelines.configuration import ConfigurationError
from pipelines.connectors.raw_log import SourceError
from pipelines.connectors.rest import Api, Page
from pipelines.municipality import Municipality
from pipelines.pull import Pulled, api_of, apis_of
from pipelines.sources import KlantinteractiesSource, ZgwSource

_SKEW = timedelta(minutes=1)
_ODD_SIZE = 7


@dataclass(frozen=True)
class Probe:
    """One question to a system: what was looked at, whether it is well, and the mend if not."""

    what: str
    ok: bool
    found: str
    mend: str = ""


def probe(source: Pulled, municipality: Municipality) -> dict[str, Any]:
    """A report on one system: `source`, `ok`, its `probes`, and the `problem` that ended them."""
    probes: list[Probe] = []
    try:
        probes.extend(_zgw(source, municipality) if isinstance(source, ZgwSource) else _ki(source))
    except (SourceError, ConfigurationError) as error:
        return {"source": source.id, "ok": False, "problem": str(error)}
    report = {"source": source.id, "probes": [asdict(each) for each in probes]}
    return report | {"ok": all(each.ok for each in probes)}


def _zgw(source: ZgwSource, municipality: Municipality) -> Iterator[Probe]:
    zaken, catalogi = apis_of(source)
    page = _first(zaken, "zaken", {"pageSize": str(_ODD_SIZE)} if _pages(source) else {})
    yield from _clock(zaken)
    yield from _address(zaken, page, "zaken")
    if _pages(source):
        yield _page_size(page)
    yield _case_types(catalogi, zaken, municipality)
    yield _order(zaken, "statussen", "datumStatusGezet")
    if source.audit_trail:
        yield _audit_trail(zaken, page)


def _ki(source: KlantinteractiesSource) -> Iterator[Probe]:
    api = api_of(source)
    page = _first(api, "klantcontacten", {"pageSize": str(_ODD_SIZE)})
    yield from _clock(api)
    yield from _address(api, page, "klantcontacten")
    yield _page_size(page)
    yield _order(api, "klantcontacten", "plaatsgevondenOp")


def _pages(source: ZgwSource) -> bool:
    return source.profile == "openzaak"


def _first(api: Api, path: str, params: dict[str, str]) -> Page:
    return next(iter(api.pages(path, params)))


def _clock(api: Api) -> Iterator[Probe]:
    if api.server_time is None:
        return
    skew = abs(datetime.now(UTC) - api.server_time)
    mend = "set the clock of this machine or of the server; tokens are dated."
    yield Probe("clock", skew <= _SKEW, f"{skew.total_seconds():.0f} s apart", mend)


def _address(api: Api, page: Page, path: str) -> Iterator[Probe]:
    """A filter by an address that the server does not call itself finds nothing, without a word."""
    if not page.records:
        yield Probe(f"{path} seen", False, "none", "look at the rights of this client.")
        return
    said, asked = urlsplit(page.records[0]["url"]), urlsplit(api.base)
    is_same = (said.scheme, said.netloc) == (asked.scheme, asked.netloc)
    mend = f"write the address as {said.scheme}://{said.netloc}, or mend the proxy's Host header."
    yield Probe("address", is_same, f"the server calls itself {said.netloc}", mend)


def _page_size(page: Page) -> Probe:
    is_kept = len(page.records) <= _ODD_SIZE
    return Probe(
        "page size",
        is_kept,
        f"asked {_ODD_SIZE}, got {len(page.records)}",
        "set `profile: vng-1.5`; this server has pages of its own size.",
    )


def _case_types(catalogi: Api, zaken: Api, municipality: Municipality) -> Probe:
    """Lists are cut down to what a client may see, without a word."""
    asked = {name for journey in municipality.journeys for name in journey.case_types}
    versions: dict[str, set[str]] = {}
    for page in catalogi.pages("zaaktypen", {"status": "alles"}):
        for record in page.records:
            versions.setdefault(record["identificatie"], set()).add(record["url"])
    unseen = sorted(
        name
        for name in asked
        if not any(
            _first(zaken, "zaken", {"zaaktype": url}).records for url in versions.get(name, ())
        )
    )
    return Probe(
        "case types",
        not unseen,
        f"no cases to be seen of {', '.join(unseen)}" if unseen else f"all {len(asked)} seen",
        "give the client `zaken.lezen` on these types and their confidentiality, or correct"
        " `case_types:` of the journeys.",
    )


def _order(api: Api, path: str, stamp: str) -> Probe:
    stamps = [record.get(stamp) or "" for record in _first(api, path, {}).records]
    is_down = all(a >= b for a, b in pairwise(stamps))
    found = "newest first" if is_down else "not newest first, so it is read whole in every run"
    return Probe(f"order of {path}", True, found)


def _audit_trail(zaken: Api, page: Page) -> Probe:
    status = zaken.status(f"zaken/{page.records[0]['uuid']}/audittrail") if page.records else 0
    return Probe(
        "audit trail",
        status == 200,
        f"the server answers {status}",
        "Open Zaak gives it to a client with all rights alone; set `audit_trail: false` otherwise.",
    )
