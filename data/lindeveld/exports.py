"""The exports of both systems, as a case suite and a contact centre write them: CSV and Excel."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from lindeveld.clock import local
from lindeveld.contact_centre import NOT_REACHED
from lindeveld.journeys import BY_ID
from lindeveld.records import Callback, Case, Contact, Systems

CASES, CONTACTS, CALLBACKS = "zaken.csv", "klantcontacten.csv", "contactverzoeken.xlsx"
_MADE_AT = datetime(2026, 10, 1)  # noqa: DTZ001 - the same in every file, so that its bytes are
KANALEN = {
    "desk": "balie",
    "phone": "telefoon",
    "e-mail": "e-mail",
    "web": "website",
    "social media": "sociale media",
    "local team": "wijkteam",
}
SOORTEN = {
    "request": "aanvraag",
    "question": "vraag",
    "status": "waar staat mijn zaak",
    "repeat": "zelfde vraag",
    "callback": "terugbellen",
}


def write(systems: Systems, numbers: list[str], folder: Path) -> None:
    """`numbers` holds the citizen service number of each resident, by place."""
    _csv(folder / CASES, (row for case in systems.cases for row in _case_rows(case, numbers)))
    _csv(folder / CONTACTS, (_contact_row(contact, numbers) for contact in systems.contacts))
    _excel(folder / CALLBACKS, map(_callback_row, systems.callbacks))


def _csv(file: Path, rows: Iterable[dict[str, Any]]) -> None:
    rows = iter(rows)
    first = next(rows)
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(first)
        writer.writerow(first.values())
        writer.writerows(row.values() for row in rows)


def _excel(file: Path, rows: Iterable[dict[str, Any]]) -> None:
    """One sheet. Instants stay text with their offset, which Excel's own dates do not have.

    Raises ValueError where a sheet cannot hold them all; Excel would leave the rest out.
    """
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        book.set_properties({"created": _MADE_AT})
        sheet = book.add_worksheet("Contactverzoeken")
        for number, row in enumerate(rows):
            if number == 0:
                sheet.write_row(0, 0, list(row))
            if sheet.write_row(number + 1, 0, list(row.values())) < 0:
                raise ValueError(f"{file.name}: a sheet holds {number:,} rows; ask for less")


def stamp(at: float | None) -> str:
    return "" if at is None else local(int(at)).isoformat()


def number_of(prefix: str, record: Case | Contact | Callback | None) -> str:
    """As the system writes it; empty for none, and for what lies before the period."""
    return "" if record is None or record.number < 1 else f"{prefix}-{record.number:07d}"


def _case_rows(case: Case, numbers: list[str]) -> Iterator[dict[str, Any]]:
    common = {
        "zaaktype": BY_ID[case.journey].case_type,
        "kanaal": KANALEN[case.channel],
        "doelgroep": case.target_group,
        "burgerservicenummer": numbers[case.resident],
        "startdatum": stamp(case.opened_at),
        "registratiedatum": stamp(case.registered_at or case.opened_at),
        "einddatum": stamp(case.closed_at),
        "uiterste_datum": stamp(case.due_at),
        "resultaat": case.result if case.closed_at is not None else "",
    }
    for event in case.events:
        yield {
            "zaaknummer": number_of("LV", case),
            "gebeurtenis": event.activity,
            "tijdstip": stamp(event.at),
            "medewerker": event.actor or "",
            "team": event.team or "",
            **common,
        }


def _contact_row(contact: Contact, numbers: list[str]) -> dict[str, Any]:
    resident = contact.resident
    return {
        "contactnummer": number_of("KC", contact),
        "tijdstip": stamp(contact.at),
        "kanaal": KANALEN[contact.channel],
        "richting": "uitgaand" if contact.kind == "callback" else "inkomend",
        "onderwerp": BY_ID[contact.journey].nl,
        "soort": SOORTEN[contact.kind],
        "zaaknummer": number_of("LV", contact.case),
        "burgerservicenummer": "" if resident is None else numbers[resident],
        "medewerker": contact.employee,
        "resultaat": contact.result,
        "gelukt": "nee" if contact.result == NOT_REACHED else "ja",
        "vervolg_op": number_of("KC", contact.follows),
        "duur_seconden": round(contact.handled_s),
        "tevredenheid": contact.satisfaction or "",
    }


def _callback_row(callback: Callback) -> dict[str, Any]:
    return {
        "contactverzoek": number_of("CV", callback),
        "contactnummer": number_of("KC", callback.contact),
        "team": callback.team,
        "toegezegd_op": stamp(callback.promised_at),
        "uiterlijk_op": stamp(callback.due_at),
        "afgehandeld_op": stamp(callback.done_at),
        "pogingen": callback.attempts,
    }
