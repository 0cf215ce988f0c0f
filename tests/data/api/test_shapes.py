"""Every list and detail is what the OpenAPI files of the products say that it is."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from typing import Any, get_args
from urllib.parse import urlsplit

import pytest
import yaml
from lindeveld.api.links import CATALOGI, KLANTINTERACTIES, ZAKEN
from lindeveld.api.server import RESOURCES
from openapi_schema_validator import OAS30ReadValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from pipelines.connectors.kinds import connector_of
from pipelines.connectors.klantinteracties import KlantinteractiesSource
from pipelines.connectors.reading import Cadence, Reading
from pipelines.connectors.zgw import ZgwSource
from tests.conftest import SHARED
from tests.data.api.conftest import Town

OPENAPI, RECORDED = (SHARED / "sources" / name for name in ("openapi", "recorded"))
FILES = {ZAKEN: "zaken", CATALOGI: "catalogi", KLANTINTERACTIES: "klantinteracties"}
NAME = "urn:hartslag:specification"
_LONGEST_SHOWN = 8
NONE_OF_THOSE = ("substatussen", "zaakobjecten")  # Lindeveld has none
LISTS = [(base, name) for base, names in RESOURCES.items() for name in names]

pytestmark = pytest.mark.skipif(
    not OPENAPI.exists(), reason="the OpenAPI files are not beside this checkout"
)


@cache
def specification(base: str) -> Any:
    text = (OPENAPI / f"{FILES[base]}.openapi.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)


@cache
def validator(base: str, path: str) -> OAS30ReadValidator:
    """What answers `GET path` with 200, as the specification has it."""
    whole = specification(base)
    answer = whole["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    registry = Registry().with_resource(NAME, Resource(contents=whole, specification=DRAFT4))
    schema = json.loads(json.dumps(answer["schema"]).replace('"#/', f'"{NAME}#/'))
    return OAS30ReadValidator(schema, registry=registry)


def deviations(base: str, path: str, body: Any) -> dict[tuple[str, str, str], str]:
    """Where a body is not what the specification says, by place, rule and value if it is empty."""
    found = {}
    for error in validator(base, path).iter_errors(body):
        place = "/".join("*" if isinstance(part, int) else part for part in error.absolute_path)
        said = json.dumps(error.instance)
        value = said if len(said) <= _LONGEST_SHOWN else "something"
        found[place, str(error.validator), value] = error.message[:200]
    return found


@cache
def of_the_product(base: str, path: str) -> frozenset[tuple[str, str, str]]:
    """Deviations of the real servers: nulls, empty texts and codes that their own specification
    forbids."""
    found: set[tuple[str, str, str]] = set()
    for entry in json.loads((RECORDED / "INDEX.json").read_text(encoding="utf-8")):
        url = urlsplit(entry["request"].removeprefix("GET "))
        if entry["status"] != 200 or not entry["file"] or "expand" in url.query:
            continue
        if re.fullmatch(re.sub(r"\{\w+\}", "[0-9a-f-]{36}", base + path), url.path):
            body = json.loads((RECORDED / entry["file"]).read_text(encoding="utf-8"))
            found |= {key for key in deviations(base, path, body) if key[2] != "something"}
    return frozenset(found)


def check(base: str, path: str, body: Any) -> None:
    """A body is valid, but for what the real server answers against its own specification."""
    known = of_the_product(base, path)
    assert {k: v for k, v in deviations(base, path, body).items() if k not in known} == {}


@pytest.mark.parametrize(("base", "resource"), LISTS)
def test_a_list_is_valid(town: Town, base: str, resource: str) -> None:
    answer = town.get(f"{town.at.base}{base}/{resource}")
    assert answer.status_code == 200
    check(base, f"/{resource}", answer.json())


def form(value: Any) -> Any:
    """What a record has and what it leaves empty; two of the same form are valid together."""
    if isinstance(value, dict):
        return tuple((key, form(part)) for key, part in sorted(value.items()))
    return (type(value).__name__, bool(value))


@pytest.mark.parametrize(("base", "resource"), LISTS)
def test_a_detail_of_each_form_is_valid(town: Town, base: str, resource: str) -> None:
    """Closed and open, suspended and extended, of each kind of party: one of each."""
    forms = {form(record): record for record in town.store.newest_first(resource)}
    assert forms or resource in NONE_OF_THOSE
    for record in forms.values():
        answer = town.get(record["url"].replace("@", town.at.base, 1))
        assert answer.status_code == 200
        check(base, f"/{resource}/{{uuid}}", answer.json())


def test_the_forms_are_many() -> None:
    """Else one of each says little."""
    some = {form(value) for value in ({"a": 1}, {"a": None}, {"a": {"b": ""}}, {"a": {"b": "x"}})}
    assert len(some) == 4


def test_every_list_that_a_connector_reads_is_among_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all cadences, and of the first pull."""
    for name in ("Z_CLIENT_ID", "Z_SECRET", "K_TOKEN"):
        monkeypatch.setenv(f"HARTSLAG_{name}", "of no server")
    base = "http://127.0.0.1/api/v1"
    zgw = ZgwSource(id="z", kind="zgw", zaken=base, catalogi=base)
    ki = KlantinteractiesSource(id="k", kind="klantinteracties", address=base)
    since = datetime(2026, 9, 1, tzinfo=UTC)
    asked = set()
    for reading in (Reading(), *(Reading(cadence, since) for cadence in get_args(Cadence))):
        for source in (zgw, ki):
            for listing in connector_of(source).listings(source, reading, since):
                asked |= {path for path, _ in listing.asks}
    assert {"zaken", "rollen", "statustypen", "klantcontacten", "internetaken"} <= asked
    assert asked <= {resource for _, resource in LISTS}


def test_an_audit_trail_is_valid(town: Town) -> None:
    [case, *_] = town.get(f"{town.at.zaken}/zaken").json()["results"]
    body = town.get(f"{town.at.zaken}/zaken/{case['uuid']}/audittrail").json()
    assert body
    check(ZAKEN, "/zaken/{zaak_uuid}/audittrail", body)
