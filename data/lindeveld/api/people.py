"""The people in the registrations: openly invented, so that nobody can be meant.

Names are "Testpersoon" with a number, addresses a road that does not exist, numbers come from
ranges that nobody has, and mail goes to the top-level domain that is reserved for examples.
"""

from __future__ import annotations

from lindeveld.api.store import Record
from lindeveld.journeys import PARTNERS, TEAMS

PHONE, DOMAIN, ROAD, POSTCODE = "0000000000", "lindeveld.example", "Nergensweg", "0000XX"
_NO_ADDRESS: Record = {
    "nummeraanduidingId": "",
    "straatnaam": "",
    "huisnummer": None,
    "huisnummertoevoeging": "",
    "postcode": "",
    "stad": "",
    "adresregel1": "",
    "adresregel2": "",
    "adresregel3": "",
    "land": "",
}


def team_code(team: str) -> str:
    """The code of a department, as a case system has them."""
    return f"AFD{TEAMS.index(team):02d}"


def partner_number(team: str) -> str | None:
    """The number by which the systems know a chain partner.

    The Chamber of Commerce gives out eight digits from 01000000 on, so these are nobody's.
    """
    names = [name["nl"] for name in PARTNERS.values()]
    return f"0000000{names.index(team) + 1}" if team in names else None


def resident(number: int, bsn: str) -> Record:
    """A natural person as the Zaken API has them."""
    return {
        "inpBsn": bsn,
        "anpIdentificatie": "",
        "inpA_nummer": "",
        "geslachtsnaam": f"Testpersoon{number}",
        "voorvoegselGeslachtsnaam": "",
        "voorletters": "T.",
        "voornamen": "Test",
        "geslachtsaanduiding": "",
        "geboortedatum": "1900-01-01",
        "verblijfsadres": {
            "aoaIdentificatie": "0000000000000000",
            "wplWoonplaatsNaam": "Lindeveld",
            "gorOpenbareRuimteNaam": ROAD,
            "aoaPostcode": POSTCODE,
            "aoaHuisnummer": 1,
            "aoaHuisletter": "",
            "aoaHuisnummertoevoeging": "",
            "inpLocatiebeschrijving": "",
        },
        "subVerblijfBuitenland": None,
    }


def employee(code: str) -> Record:
    """An employee as the Zaken API has them."""
    name = f"Medewerker-{code}"
    return {
        "identificatie": code,
        "achternaam": name,
        "voorletters": "M.",
        "voorvoegselAchternaam": "",
    }


def department(team: str) -> Record:
    return {"identificatie": team_code(team), "naam": team, "isGehuisvestIn": ""}


def company(team: str, number: str) -> Record:
    return {
        "innNnpId": "",
        "annIdentificatie": "",
        "kvkNummer": number,
        "vestigingsNummer": "",
        "statutaireNaam": team,
        "innRechtsvorm": "stichting",
        "bezoekadres": "",
        "verblijfsadres": None,
        "subVerblijfBuitenland": None,
    }


def mail(name: str) -> str:
    return f"{name}@{DOMAIN}"


def contact_name(number: int) -> Record:
    return {
        "voorletters": "T.",
        "voornaam": "Test",
        "voorvoegselAchternaam": "",
        "achternaam": f"Testpersoon{number}",
    }


def full_name(number: int) -> str:
    return f"Test Testpersoon{number}"


def no_address() -> Record:
    return dict(_NO_ADDRESS)


def home_address() -> Record:
    return {
        **_NO_ADDRESS,
        "adresregel1": f"{ROAD} 1",
        "adresregel2": f"{POSTCODE} Lindeveld",
        "land": "NL",
    }
