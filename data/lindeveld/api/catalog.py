"""The case type catalogue of Lindeveld, made from its journeys; one type has two versions."""

from __future__ import annotations

from datetime import date, timedelta

from lindeveld.api.links import link, uuid_for
from lindeveld.api.store import Record, Store
from lindeveld.journeys import JOURNEYS, Journey

RSIN = "999999990"  # from the range that nobody has, as the residents have theirs
CONFIDENTIAL = "zaakvertrouwelijk"
SECOND_VERSION_ON = date(2026, 1, 1)
WITH_TWO_VERSIONS = "public_space"
ROLES = {
    "initiator": "Aanvrager",
    "department": "Behandelende afdeling",
    "employee": "Behandelaar",
    "partner": "Adviseur",
}
GENERIC = {
    "initiator": "initiator",
    "department": "behandelaar",
    "employee": "behandelaar",
    "partner": "adviseur",
}
END = "Afgehandeld"  # the status that ends a case, whatever it came to
_CATALOGUE = uuid_for("catalogus")
_OPEN = {"beginGeldigheid": None, "eindeGeldigheid": None, "beginObject": None, "eindeObject": None}


def version_of(journey: Journey, day: date) -> int:
    """Which version of its type a case that begins on that day points to."""
    return 2 if journey.id == WITH_TWO_VERSIONS and day >= SECOND_VERSION_ON else 1


def type_link(journey: Journey, version: int) -> str:
    return link("zaaktypen", uuid_for("zaaktype", journey.id, version))


def status_link(journey: Journey, version: int, activity: str) -> str:
    return link("statustypen", uuid_for("statustype", journey.id, version, activity))


def result_link(journey: Journey, version: int, result: str) -> str:
    return link("resultaattypen", uuid_for("resultaattype", journey.id, version, result))


def role_link(journey: Journey, version: int, role: str) -> str:
    return link("roltypen", uuid_for("roltype", journey.id, version, role))


def activities(journey: Journey) -> list[str]:
    """The statuses of a journey in order, each once; the last one ends a case."""
    return [*dict.fromkeys(step.activity for step, _ in journey.steps()), END]


def versions(journey: Journey) -> tuple[int, ...]:
    return (1, 2) if journey.id == WITH_TWO_VERSIONS else (1,)


def fill(store: Store, at: str) -> None:
    """Put the catalogue in the store."""
    types = []
    for journey in JOURNEYS:
        for version in versions(journey):
            record = _case_type(journey, version)
            types.append(record["url"])
            store.create("zaaktypen", record, at)
            _fill_type(store, journey, version, at)
    store.create(
        "catalogussen",
        {
            "url": link("catalogussen", _CATALOGUE),
            "domein": "LINDE",
            "rsin": RSIN,
            "contactpersoonBeheerNaam": "Functioneel beheer",
            "contactpersoonBeheerTelefoonnummer": "",
            "contactpersoonBeheerEmailadres": "",
            "zaaktypen": types,
            "besluittypen": [],
            "informatieobjecttypen": [],
            "naam": "Zaaktypen van Lindeveld",
            "versie": "",
            "begindatumVersie": None,
        },
        at,
    )


def _fill_type(store: Store, journey: Journey, version: int, at: str) -> None:
    named = {
        "zaaktype": type_link(journey, version),
        "zaaktypeIdentificatie": journey.case_type,
        "catalogus": link("catalogussen", _CATALOGUE),
    }
    names = activities(journey)
    for number, activity in enumerate(names, 1):
        store.create("statustypen", _status_type(journey, version, number, activity, named), at)
    for result in journey.results:
        store.create("resultaattypen", _result_type(journey, version, result, named), at)
    for role, title in ROLES.items():
        record = {
            "url": role_link(journey, version, role),
            "omschrijving": title,
            "omschrijvingGeneriek": GENERIC[role],
            **named,
            **_OPEN,
        }
        store.create("roltypen", record, at)


def _case_type(journey: Journey, version: int) -> Record:
    began = "2020-01-01" if version == 1 else SECOND_VERSION_ON.isoformat()
    is_replaced = version < len(versions(journey))
    ended = (SECOND_VERSION_ON - timedelta(days=1)).isoformat() if is_replaced else None
    days = journey.term_weeks * 7 - 2 * (version - 1)
    names = activities(journey)
    return {
        "url": type_link(journey, version),
        "identificatie": journey.case_type,
        "omschrijving": journey.nl,
        "omschrijvingGeneriek": "",
        "vertrouwelijkheidaanduiding": CONFIDENTIAL,
        "doel": journey.nl,
        "aanleiding": "Aanvraag of melding",
        "toelichting": "",
        "indicatieInternOfExtern": "extern",
        "handelingInitiator": "aanvragen",
        "onderwerp": journey.nl,
        "handelingBehandelaar": "behandelen",
        "doorlooptijd": f"P{days}D",
        "servicenorm": f"P{days * 3 // 4}D",
        "opschortingEnAanhoudingMogelijk": True,
        "verlengingMogelijk": journey.can_extend,
        "verlengingstermijn": "P42D" if journey.can_extend else None,
        "trefwoorden": [],
        "publicatieIndicatie": False,
        "publicatietekst": "",
        "verantwoordingsrelatie": [],
        "productenOfDiensten": [],
        "selectielijstProcestype": "",
        "referentieproces": {"naam": journey.nl, "link": ""},
        "concept": False,
        "verantwoordelijke": "Gemeente Lindeveld",
        "broncatalogus": {"url": "", "domein": "", "rsin": ""},
        "bronzaaktype": {"url": "", "identificatie": "", "omschrijving": ""},
        "beginGeldigheid": began,
        "eindeGeldigheid": ended,
        "versiedatum": began,
        "beginObject": "2020-01-01",
        "eindeObject": None,
        "catalogus": link("catalogussen", _CATALOGUE),
        "statustypen": [status_link(journey, version, name) for name in names],
        "resultaattypen": [result_link(journey, version, name) for name in journey.results],
        "eigenschappen": [],
        "informatieobjecttypen": [],
        "roltypen": [role_link(journey, version, role) for role in ROLES],
        "besluittypen": [],
        "deelzaaktypen": [],
        "gerelateerdeZaaktypen": [],
        "zaakobjecttypen": [],
    }


def _status_type(
    journey: Journey, version: int, number: int, activity: str, named: Record
) -> Record:
    return {
        "url": status_link(journey, version, activity),
        "omschrijving": activity,
        "omschrijvingGeneriek": "",
        "statustekst": "",
        **named,
        "volgnummer": number,
        "isEindstatus": number == len(activities(journey)),
        "informeren": False,
        "doorlooptijd": None,
        "toelichting": None,
        "checklistitemStatustype": [],
        "eigenschappen": [],
        "zaakobjecttypen": [],
        **_OPEN,
    }


def _result_type(journey: Journey, version: int, result: str, named: Record) -> Record:
    return {
        "url": result_link(journey, version, result),
        "omschrijving": result,
        "omschrijvingGeneriek": result,
        "resultaattypeomschrijving": f"https://selectielijst.example/soorten/{uuid_for(result)}",
        "selectielijstklasse": f"https://selectielijst.example/resultaten/{uuid_for(result)}",
        "toelichting": "",
        "archiefnominatie": "vernietigen",
        "archiefactietermijn": "P5Y",
        "brondatumArchiefprocedure": {
            "afleidingswijze": "afgehandeld",
            "datumkenmerk": "",
            "einddatumBekend": False,
            "objecttype": "",
            "registratie": "",
            "procestermijn": None,
        },
        "procesobjectaard": "",
        "indicatieSpecifiek": None,
        "procestermijn": None,
        **named,
        "besluittypen": [],
        "besluittypeOmschrijving": [],
        "informatieobjecttypen": [],
        "informatieobjecttypeOmschrijving": [],
        **_OPEN,
    }
