"""The simulated contacts, written to the store as KISS and the callback application write them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from lindeveld.api import people
from lindeveld.api.cases import Written, stamp
from lindeveld.api.links import link, reference, uuid_for
from lindeveld.api.store import Record, Store
from lindeveld.contact_centre import NOT_REACHED, PROMISED
from lindeveld.exports import KANALEN
from lindeveld.journeys import BY_ID
from lindeveld.records import Callback, Contact

HANDLING = "Contact opnemen met betrokkene"


def writes_of_contact(contact: Contact, numbers: list[str]) -> Iterator[Written]:
    """One contact with who asked, what it was about and who answered."""
    yield Written(contact.at, partial(_write_contact, contact, numbers))


def writes_of_callback(callback: Callback) -> Iterator[Written]:
    """A callback that is promised and, mostly, done."""
    yield Written(callback.promised_at + 1, partial(_promise, callback))
    if callback.done_at is not None:
        uuid = _callback_uuid(callback)
        done = {"status": "verwerkt"}
        yield Written(
            max(callback.done_at, callback.promised_at + 2),
            lambda store, at: store.patch("internetaken", uuid, done, at),
        )


def contact_uuid(contact: Contact) -> str:
    return uuid_for("klantcontact", contact.number)


def _callback_uuid(callback: Callback) -> str:
    return uuid_for("internetaak", callback.number)


def _write_contact(contact: Contact, numbers: list[str], store: Store, at: str) -> None:
    uuid = contact_uuid(contact)
    if store.get("klantcontacten", uuid):
        return  # an export may hold it twice; a system cannot
    actor = _employee(store, contact.employee, at)
    involved, about = uuid_for("betrokkene", contact.number), uuid_for("onderwerp", contact.number)
    is_anonymous = contact.resident is None
    is_about = (contact.case is not None and contact.case.number > 0) or _follows(contact)
    record: Record = {
        "uuid": uuid,
        "url": link("klantcontacten", uuid),
        "gingOverOnderwerpobjecten": [reference("onderwerpobjecten", about)] if is_about else [],
        "hadBetrokkenActoren": [actor],
        "omvatteBijlagen": [],
        "hadBetrokkenen": [] if is_anonymous else [reference("betrokkenen", involved)],
        "leiddeTotInterneTaken": [],
        "nummer": None,
        "referentienummer": None,
        "kanaal": KANALEN[contact.channel],
        "onderwerp": BY_ID[contact.journey].nl,
        "inhoud": "",
        "reactie": "",
        "indicatieContactGelukt": contact.result != NOT_REACHED,
        "hoofdOnderwerpType": "",
        "verdereActieOndernomen": False,
        "taal": "nld",
        "vertrouwelijk": False,
        "plaatsgevondenOp": stamp(contact.at),
        "metadata": {},
        "_expand": {},
    }
    store.create("klantcontacten", record, at)
    if contact.resident is not None:
        bsn = numbers[contact.resident]
        person = _involved(store, contact.resident, bsn, involved, uuid, at)
        store.create("betrokkenen", person, at)
    link_uuid = uuid_for("actorklantcontact", contact.number)
    joined = {
        "uuid": link_uuid,
        "url": link("actorklantcontacten", link_uuid),
        "actor": reference("actoren", actor["uuid"]),
        "klantcontact": reference("klantcontacten", uuid),
    }
    store.create("actorklantcontacten", joined, at)
    if is_about:
        store.create("onderwerpobjecten", _about(contact, about, uuid), at)
    if contact.result == PROMISED or contact.handled_s:
        store.create("kiss", _conversation(contact, uuid), at)


def _follows(contact: Contact) -> bool:
    return contact.follows is not None and contact.follows.number > 0


def _employee(store: Store, code: str, at: str) -> Record:
    uuid = uuid_for("actor", code)
    known = store.get("actoren", uuid)
    if known is not None:
        return known
    record = {
        "uuid": uuid,
        "url": link("actoren", uuid),
        "naam": f"Medewerker-{code}",
        "soortActor": "medewerker",
        "indicatieActief": True,
        "actoridentificator": {
            "objectId": people.mail(code),
            "codeObjecttype": "mdw",
            "codeRegister": "msei",
            "codeSoortObjectId": "email",
        },
        "actorIdentificatie": {
            "functie": "Klantcontactmedewerker",
            "emailadres": people.mail(code),
            "telefoonnummer": people.PHONE,
        },
    }
    return store.create("actoren", record, at)


def _department(store: Store, team: str, at: str) -> str:
    uuid = uuid_for("actor", team)
    if store.get("actoren", uuid) is None:
        record = {
            "uuid": uuid,
            "url": link("actoren", uuid),
            "naam": team,
            "soortActor": "organisatorische_eenheid",
            "indicatieActief": True,
            "actoridentificator": {
                "objectId": people.team_code(team),
                "codeObjecttype": "afd",
                "codeRegister": "obj",
                "codeSoortObjectId": "idf",
            },
            "actorIdentificatie": {
                "omschrijving": team,
                "emailadres": people.mail("afdeling"),
                "faxnummer": people.PHONE,
                "telefoonnummer": people.PHONE,
            },
        }
        store.create("actoren", record, at)
    return uuid


def _involved(store: Store, resident: int, bsn: str, uuid: str, of: str, at: str) -> Record:
    return {
        "uuid": uuid,
        "url": link("betrokkenen", uuid),
        "wasPartij": reference("partijen", _party(store, resident, bsn, at)),
        "hadKlantcontact": reference("klantcontacten", of),
        "digitaleAdressen": [],
        "bezoekadres": people.no_address(),
        "correspondentieadres": people.no_address(),
        "contactnaam": people.contact_name(resident),
        "volledigeNaam": people.full_name(resident),
        "rol": "klant",
        "organisatienaam": "",
        "initiator": True,
        "_expand": {},
    }


def _party(store: Store, resident: int, bsn: str, at: str) -> str:
    uuid, number = uuid_for("partij", resident), uuid_for("identificator", resident)
    if store.get("partijen", uuid) is not None:
        return uuid
    identifier = {
        "uuid": number,
        "url": link("partij-identificatoren", number),
        "identificeerdePartij": reference("partijen", uuid),
        "anderePartijIdentificator": "",
        "partijIdentificator": {
            "codeObjecttype": "natuurlijk_persoon",
            "codeSoortObjectId": "bsn",
            "objectId": bsn,
            "codeRegister": "brp",
        },
        "subIdentificatorVan": None,
    }
    store.create(
        "partijen",
        {
            "uuid": uuid,
            "url": link("partijen", uuid),
            "nummer": None,
            "interneNotitie": "",
            "betrokkenen": [],
            "categorieRelaties": [],
            "digitaleAdressen": [],
            "voorkeursDigitaalAdres": None,
            "vertegenwoordigden": [],
            "rekeningnummers": [],
            "voorkeursRekeningnummer": None,
            "partijIdentificatoren": [identifier],
            "soortPartij": "persoon",
            "indicatieGeheimhouding": False,
            "voorkeurstaal": "nld",
            "indicatieActief": True,
            "bezoekadres": people.home_address(),
            "correspondentieadres": people.no_address(),
            "partijIdentificatie": {
                "contactnaam": people.contact_name(resident),
                "volledigeNaam": people.full_name(resident),
            },
            "_expand": {},
        },
        at,
    )
    store.create("partij-identificatoren", identifier, at)
    return uuid


def _about(contact: Contact, uuid: str, of: str) -> Record:
    """What a contact is about: its case, or the contact that it follows up."""
    was = contact.follows if _follows(contact) else None
    case = contact.case if was is None else None
    return {
        "uuid": uuid,
        "url": link("onderwerpobjecten", uuid),
        "klantcontact": reference("klantcontacten", of),
        "wasKlantcontact": None if was is None else reference("klantcontacten", contact_uuid(was)),
        "onderwerpobjectidentificator": {
            "objectId": contact_uuid(was) if was else uuid_for("zaak", case.number if case else 0),
            "codeObjecttype": "klantcontact" if was else "zgw-Zaak",
            "codeRegister": "openklant" if was else "openzaak",
            "codeSoortObjectId": "uuid",
        },
    }


def _conversation(contact: Contact, uuid: str) -> Record:
    """A row of the management API of KISS."""
    return {
        "uuid": uuid,
        "id": link("klantcontacten", uuid),
        "startdatum": stamp(contact.at - contact.handled_s),
        "einddatum": stamp(contact.at),
        "gespreksresultaat": contact.result,
        "vraag": BY_ID[contact.journey].nl,
        "specifiekeVraag": "",
        "emailadresKcm": people.mail(contact.employee),
        "verantwoordelijkeAfdeling": "",
        "bronnen": [],
    }


def _promise(callback: Callback, store: Store, at: str) -> None:
    uuid, contact = _callback_uuid(callback), contact_uuid(callback.contact)
    team = _department(store, callback.team, at)
    store.create(
        "internetaken",
        {
            "uuid": uuid,
            "url": link("internetaken", uuid),
            "nummer": None,
            "referentienummer": None,
            "gevraagdeHandeling": HANDLING,
            "aanleidinggevendKlantcontact": reference("klantcontacten", contact),
            "toegewezenAanActor": reference("actoren", team),
            "toegewezenAanActoren": [reference("actoren", team)],
            "toelichting": "",
            "status": "te_verwerken",
            "toegewezenOp": at,
            "afgehandeldOp": None,
        },
        at,
    )
    if (asked := store.get("klantcontacten", contact)) is not None:
        asked["leiddeTotInterneTaken"].append(reference("internetaken", uuid))
