"""The simulated cases, written to the store as a case system would write them, in order of time.

Who has a case changes in three ways, by turns: the role is removed and made anew, it is put in
place, or it gets an end date and a successor. Some statuses name the role that set them, so they
vanish when that role is removed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from lindeveld.api import catalog, people
from lindeveld.api.links import link, uuid_for
from lindeveld.api.store import Record, Store
from lindeveld.clock import local, utc
from lindeveld.exports import KANALEN, number_of
from lindeveld.journeys import BY_ID, TEAMS
from lindeveld.records import Case, Event

WAYS = ("remove", "put", "dated")
_REACHED_BY = ("emailadres", "functie", "telefoonnummer", "naam")
_SET_BY_ROLE = 20  # one case in so many names who set its statuses
Write = Callable[[Store, str], object]


def stamp(at: float) -> str:
    """An instant as the servers write it."""
    return utc(at).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(at: float | None) -> str | None:
    return None if at is None else local(at).date().isoformat()


@dataclass(frozen=True)
class Written:
    """One write of a case system, at an instant."""

    at: float
    write: Write


def writes_of(case: Case, numbers: list[str]) -> Iterator[Written]:
    """Everything that the case system writes about one case, in order of time."""
    writer = _Writer(case, numbers)
    found = [*writer.start(), *writer.statuses(), *writer.roles(), *writer.clock(), *writer.end()]
    yield from sorted(found, key=lambda written: written.at)


class _Writer:
    def __init__(self, case: Case, numbers: list[str]) -> None:
        self.case, self.journey = case, BY_ID[case.journey]
        self.bsn = numbers[case.resident]
        self.uuid = uuid_for("zaak", case.number)
        self.link = link("zaken", self.uuid)
        self.version = catalog.version_of(self.journey, local(case.opened_at).date())
        self.made_at = max(case.opened_at, case.registered_at or 0.0)
        names = set(catalog.activities(self.journey))
        self.events = [event for event in case.events if event.activity in names]
        self.way = WAYS[case.number % len(WAYS)]

    def start(self) -> Iterator[Written]:
        case, asked = self._case(), people.resident(self.case.resident, self.bsn)
        asker = self._role("initiator", "natuurlijk_persoon", asked, 0, self.made_at)
        asker["authenticatieContext"] = None
        yield Written(self.made_at, lambda store, at: store.create("zaken", case, at))
        yield Written(self.made_at, lambda store, at: store.create("rollen", asker, at))

    def statuses(self) -> Iterator[Written]:
        before = 0.0
        names_role = self.case.number % _SET_BY_ROLE == 0 and self.way == "remove"
        for number, event in enumerate(self.events):
            before = max(event.at, before + 1, self.made_at + 1)
            setter = self._department_link(0) if names_role and number == 0 else None
            yield self._status(event.activity, before, number, setter)
        if self.case.closed_at is not None:
            yield self._status(catalog.END, max(before, self.case.closed_at) + 1, 999, None)

    def roles(self) -> Iterator[Written]:
        yield from self._holders("department", [e for e in self.events if e.team in TEAMS])
        yield from self._holders("employee", [e for e in self.events if e.actor])
        for number, event in enumerate(self.events):
            code = people.partner_number(event.team or "")
            if code and event.team:
                yield self._adviser(event, number, code)

    def clock(self) -> Iterator[Written]:
        """Suspensions and the extension; the case system moves the deadline with them."""
        due = local(self.case.due_at).date()
        for start, end in self.case.suspensions:
            yield self._patch(start, {"opschorting": _suspended(True)})
            if end is not None:
                later = {"opschorting": _suspended(False)}
                yield self._patch(end, later | {"uiterlijkeEinddatumAfdoening": due.isoformat()})
        if self.case.extended_at is not None:
            extension = {"reden": "Meer tijd nodig", "duur": "P42D"}
            changes = {"verlenging": extension, "uiterlijkeEinddatumAfdoening": due.isoformat()}
            yield self._patch(self.case.extended_at, changes)

    def end(self) -> Iterator[Written]:
        if self.case.closed_at is None or self.case.result is None:
            return
        uuid = uuid_for("resultaat", self.case.number)
        record = {
            "url": link("resultaten", uuid),
            "uuid": uuid,
            "zaak": self.link,
            "resultaattype": catalog.result_link(self.journey, self.version, self.case.result),
            "toelichting": "",
        }
        at = max(self.case.closed_at, self.made_at)
        yield Written(at, lambda store, at: store.create("resultaten", record, at))

    def _holders(self, role: str, events: list[Event]) -> Iterator[Written]:
        """The stretches of one kind of handler, each but the first a change of hands."""
        holders: list[tuple[str, float]] = []
        for event in events:
            who = (event.team if role == "department" else event.actor) or ""
            if not holders or holders[-1][0] != who:
                at = event.at if holders or role == "employee" else self.made_at
                holders.append((who, max(at, self.made_at)))
        kind = "organisatorische_eenheid" if role == "department" else "medewerker"
        body = people.department if role == "department" else people.employee
        for number, (who, at) in enumerate(holders):
            record = self._role(role, kind, body(who), number, at)
            if number == 0:
                yield Written(at, _creating(record))
            else:
                yield Written(at, self._taking_over(role, number, record))

    def _taking_over(self, role: str, number: int, record: Record) -> Write:
        if self.way == "put":
            first = self._role_uuid(role, 0)
            return lambda store, at: store.replace("rollen", first, record, at)
        before = self._role_uuid(role, number - 1)
        if self.way == "dated":
            today = record["registratiedatum"][:10]
            record["beginGeldigheid"] = today

            def hand_over(store: Store, at: str) -> None:
                store.patch("rollen", before, {"eindeGeldigheid": today}, at)
                store.create("rollen", record, at)

            return hand_over

        def renew(store: Store, at: str) -> None:
            store.delete("rollen", before, at)
            store.create("rollen", record, at)

        return renew

    def _adviser(self, event: Event, number: int, code: str) -> Written:
        before = self.events[number - 1].at if number else self.made_at
        body = people.company(event.team or "", code)
        record = self._role("partner", "niet_natuurlijk_persoon", body, number, before)
        record |= {"beginGeldigheid": day(before), "eindeGeldigheid": day(event.at)}
        return Written(max(before, self.made_at), _creating(record))

    def _patch(self, at: float, changes: Record) -> Written:
        uuid = self.uuid
        return Written(
            max(at, self.made_at), lambda store, at: store.patch("zaken", uuid, changes, at)
        )

    def _status(self, name: str, at: float, number: int, setter: str | None) -> Written:
        uuid = uuid_for("status", self.case.number, number)
        record = {
            "url": link("statussen", uuid),
            "uuid": uuid,
            "zaak": self.link,
            "statustype": catalog.status_link(self.journey, self.version, name),
            "datumStatusGezet": stamp(at),
            "statustoelichting": "",
            "indicatieLaatstGezetteStatus": True,
            "gezetdoor": setter,
            "zaakinformatieobjecten": [],
        }
        return Written(at, lambda store, at: store.create("statussen", record, at))

    def _role_uuid(self, role: str, number: int) -> str:
        return uuid_for("rol", self.case.number, role, number)

    def _department_link(self, number: int) -> str:
        return link("rollen", self._role_uuid("department", number))

    def _role(self, role: str, kind: str, body: Record, number: int, at: float) -> Record:
        uuid = self._role_uuid(role, number)
        return {
            "url": link("rollen", uuid),
            "uuid": uuid,
            "zaak": self.link,
            "betrokkene": "",
            "betrokkeneType": kind,
            "afwijkendeNaamBetrokkene": "",
            "roltype": catalog.role_link(self.journey, self.version, role),
            "omschrijving": catalog.ROLES[role],
            "omschrijvingGeneriek": catalog.GENERIC[role],
            "roltoelichting": "toewijzing",
            "registratiedatum": stamp(at),
            "indicatieMachtiging": "",
            "contactpersoonRol": dict.fromkeys(_REACHED_BY, ""),
            "statussen": [],
            "beginGeldigheid": None,
            "eindeGeldigheid": None,
            "betrokkeneIdentificatie": body,
        }

    def _case(self) -> Record:
        case, journey = self.case, self.journey
        began = local(case.opened_at).date()
        due = began + timedelta(weeks=journey.term_weeks)
        return {
            "url": self.link,
            "uuid": self.uuid,
            "identificatie": number_of("LV", case),
            "bronorganisatie": catalog.RSIN,
            "omschrijving": journey.nl,
            "toelichting": "",
            "zaaktype": catalog.type_link(journey, self.version),
            "registratiedatum": day(self.made_at),
            "verantwoordelijkeOrganisatie": catalog.RSIN,
            "startdatum": began.isoformat(),
            "einddatum": None,
            "einddatumGepland": (began + (due - began) * 3 // 4).isoformat(),
            "uiterlijkeEinddatumAfdoening": due.isoformat(),
            "publicatiedatum": None,
            "laatstGemuteerd": stamp(self.made_at),
            "laatstGeopend": None,
            "communicatiekanaal": "",
            "communicatiekanaalNaam": KANALEN[case.channel],
            "vertrouwelijkheidaanduiding": catalog.CONFIDENTIAL,
            **_empty_parts(),
        }


def _creating(record: Record) -> Write:
    return lambda store, at: store.create("rollen", record, at)


def _suspended(is_on: bool) -> Record:
    return {
        "indicatie": is_on,
        "eerdereOpschorting": True,
        "reden": "Aanvulling gevraagd" if is_on else "",
    }


def _empty_parts() -> Record:
    """What a case of Lindeveld has none of."""
    return {
        "productenOfDiensten": [],
        "betalingsindicatie": "",
        "betalingsindicatieWeergave": "",
        "laatsteBetaaldatum": None,
        "zaakgeometrie": None,
        "verlenging": None,
        "opschorting": {"indicatie": False, "eerdereOpschorting": False, "reden": ""},
        "selectielijstklasse": "",
        "hoofdzaak": None,
        "deelzaken": [],
        "relevanteAndereZaken": [],
        "gerelateerdeZaken": [],
        "eigenschappen": [],
        "rollen": [],
        "status": None,
        "zaakinformatieobjecten": [],
        "zaakobjecten": [],
        "kenmerken": [],
        "archiefnominatie": None,
        "archiefstatus": "nog_te_archiveren",
        "archiefactiedatum": None,
        "resultaat": None,
        "opdrachtgevendeOrganisatie": "",
        "processobjectaard": "",
        "startdatumBewaartermijn": None,
        "processobject": {
            "datumkenmerk": "",
            "identificatie": "",
            "objecttype": "",
            "registratie": "",
        },
        "_expand": {},
    }
