"""Which filters and orders the lists have; what is not here gives 400, as it does there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from operator import eq, ge, gt, le, lt
from typing import Any

from lindeveld.api.errors import invalid_parameter, unknown_parameters
from lindeveld.api.store import Record

Test = Callable[[Record], bool]
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {"gt": gt, "gte": ge, "lt": lt, "lte": le}
# Dates of a case, and the comparisons that each has; `registratiedatum` has no gte and no lte.
_DATES = {
    "startdatum": ("", "gt", "gte", "lt", "lte"),
    "registratiedatum": ("", "gt", "lt"),
    "einddatum": ("", "gt", "lt", "isnull"),
    "einddatumGepland": ("", "gt", "lt"),
    "uiterlijkeEinddatumAfdoening": ("", "gt", "lt"),
}
_LINKS = {
    "zaken": ("zaaktype",),
    "statussen": ("zaak", "statustype"),
    "rollen": ("zaak", "roltype"),
    "resultaten": ("zaak", "resultaattype"),
    "zaakobjecten": ("zaak",),
    "statustypen": ("zaaktype",),
    "resultaattypen": ("zaaktype",),
    "roltypen": ("zaaktype",),
    "zaaktypen": ("catalogus",),
    "substatussen": ("zaak",),
}
_WORDS = {
    "zaken": ("identificatie", "bronorganisatie"),
    "rollen": ("betrokkeneType", "omschrijving", "omschrijvingGeneriek"),
    "zaaktypen": ("identificatie",),
    "klantcontacten": ("kanaal", "plaatsgevondenOp"),
    "internetaken": ("status", "toegewezenOp"),
}
_WITH_STATUS = ("zaaktypen", "statustypen", "resultaattypen", "roltypen")
ORDERINGS = {
    "zaken": ("startdatum", "einddatum", "registratiedatum", "identificatie", "archiefactiedatum")
}
PAGING = ("page", "pageSize")
UNSIZED = ("substatussen",)


def tests_for(resource: str, asked: Mapping[str, str], base: str) -> list[Test]:
    """What a record must pass. Links are compared whole, so another host's find nothing.

    Raises ApiError for a parameter that the list does not have, or a value that it cannot read.
    """
    found: list[Test] = []
    unknown = []
    for name, value in asked.items():
        if name in (*PAGING, "ordering", "expand"):
            continue
        if test := _test(resource, name, value, base):
            found.append(test)
        elif not (name == "status" and resource in _WITH_STATUS):
            unknown.append(name)
    if "ordering" in asked and resource not in ORDERINGS:
        unknown.append("ordering")
    if "pageSize" in asked and resource in UNSIZED:
        unknown.append("pageSize")
    if unknown:
        raise unknown_parameters(unknown)
    return found


def _test(resource: str, name: str, value: str, base: str) -> Test | None:
    if name in _LINKS.get(resource, ()):
        if not value.startswith(("http://", "https://")):
            raise invalid_parameter(name, "Voer een geldige URL in.")
        said = value.replace(base, "@", 1) if value.startswith(f"{base}/") else value
        return lambda record: record[name] == said
    if name in _WORDS.get(resource, ()):
        return _words_test(name, value)
    field, _, kind = name.partition("__")
    if resource == "zaken" and kind in _DATES.get(field, ()):
        return _date_test(field, kind, value, name)
    return None


def _words_test(name: str, value: str) -> Test:
    if name.endswith("Op"):
        try:
            datetime.fromisoformat(value)
        except ValueError:
            raise invalid_parameter(name, "Voer een geldige datum/tijd in.") from None
    return lambda record: record[name] == value


def _date_test(field: str, kind: str, value: str, name: str) -> Test:
    if kind == "isnull":
        is_null = value.lower() == "true"
        return lambda record: (record[field] is None) is is_null
    try:
        day = date.fromisoformat(value).isoformat()
    except ValueError:
        raise invalid_parameter(name, "Voer een geldige datum in.") from None
    compare: Callable[[Any, Any], bool] = _COMPARE.get(kind, eq)
    return lambda record: record[field] is not None and compare(record[field], day)


def ordered(resource: str, records: list[Record], ordering: str | None) -> list[Record]:
    """The list in the order asked for. Raises ApiError for one that there is not."""
    if not ordering:
        return records
    name = ordering.removeprefix("-")
    if name not in ORDERINGS.get(resource, ()):
        raise invalid_parameter("ordering", f"Selecteer een geldige keuze. {ordering} is het niet.")
    return sorted(records, key=lambda r: r[name] or "", reverse=ordering.startswith("-"))
