"""Random histories of a case system and a contact system, written to the servers of Lindeveld."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from lindeveld.api import catalog, contacts, people
from lindeveld.api.cases import _Writer, stamp
from lindeveld.api.links import last_part, link, uuid_for
from lindeveld.api.store import Record, Store
from lindeveld.journeys import BY_ID, TEAMS
from lindeveld.records import Callback, Case, Contact, Event

START = datetime(2026, 6, 1, 8, tzinfo=UTC)
NUMBERS = [f"99900{n:04d}" for n in range(40)]
JOURNEYS = ("support_at_home", "public_space")
WRITTEN = (
    "zaken",
    "statussen",
    "rollen",
    "resultaten",
    "klantcontacten",
    "internetaken",
    "betrokkenen",
)
DEPARTMENT, EMPLOYEE = "organisatorische_eenheid", "medewerker"


class History:
    """A town's systems while they are written; each change takes some minutes."""

    def __init__(self, seed: int) -> None:
        self.chance, self.now, self.number = Random(seed), START, 0  # noqa: S311
        self.store = Store()
        catalog.fill(self.store, self.at)
        self.made: set[tuple[str, str]] = set()
        self.contacts: list[Contact] = []
        self.callbacks: list[Callback] = []

    @property
    def at(self) -> str:
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def change(self, name: str) -> None:
        """One change by its name; one that has nothing to change makes a case instead."""
        self.now += timedelta(minutes=self.chance.randint(1, 300))
        self.number += 1
        with self.store.lock:
            if not CHANGES[name](self):
                new_case(self)
            self._note()

    def _note(self) -> None:
        """Everything that was ever there, by resource and uuid."""
        for resource in WRITTEN:
            self.made |= {(resource, each["uuid"]) for each in self.store.newest_first(resource)}

    def pick(self, resource: str, fits: Callable[[Record], bool] = bool) -> Record | None:
        found = [record for record in self.store.newest_first(resource) if fits(record)]
        return self.chance.choice(found) if found else None

    def open_case(self) -> Record | None:
        return self.pick("zaken", lambda case: case["einddatum"] is None)

    def role(self) -> Record | None:
        """A handler of a case that is open."""
        return self.pick(
            "rollen",
            lambda role: (
                role["omschrijvingGeneriek"] == "behandelaar"
                and not role["eindeGeldigheid"]
                and self.case_of(role)["einddatum"] is None
            ),
        )

    def case_of(self, record: Record) -> Record:
        case = self.store.get("zaken", last_part(record["zaak"]))
        assert case is not None
        return case

    def party(self, kind: str) -> Record:
        if kind == DEPARTMENT:
            return people.department(self.chance.choice(TEAMS))
        return people.employee(f"m{self.chance.randrange(6)}")


def new_case(history: History) -> bool:
    at = history.now.timestamp()
    journey = history.chance.choice(JOURNEYS)
    team = history.chance.choice(TEAMS)
    case = Case(
        number=history.number,
        journey=journey,
        resident=history.chance.randrange(len(NUMBERS)),
        channel="web",
        target_group="",
        asked_at=at,
        opened_at=at - history.chance.choice((0, 0, 86_400 * 3)),
        due_at=at + 86_400 * 56,
        registered_at=at,
        events=[Event(catalog.activities(BY_ID[journey])[0], at, team, None)],
    )
    writer = _Writer(case, NUMBERS)
    for written in [*writer.start(), *writer.roles(), *writer.statuses()]:
        written.write(history.store, stamp(at))
    return True


def new_status(history: History, name: str | None = None) -> bool:
    case = (
        history.open_case() if name != "again" else history.pick("zaken", lambda c: c["einddatum"])
    )
    if case is None:
        return False
    kind = history.store.get("zaaktypen", last_part(case["zaaktype"]))
    assert kind is not None
    types = kind["statustypen"]
    chosen = types[-1] if name == "end" else history.chance.choice(types[:-1])
    roles = history.store.of_case("rollen", case["uuid"])
    setter = history.chance.choice([None, *(role["url"] for role in roles)])
    uuid = uuid_for("status", "history", history.number)
    record = {
        "url": link("statussen", uuid),
        "uuid": uuid,
        "zaak": case["url"],
        "statustype": chosen,
        "datumStatusGezet": history.at,
        "statustoelichting": "",
        "indicatieLaatstGezetteStatus": True,
        "gezetdoor": setter,
        "zaakinformatieobjecten": [],
    }
    history.store.create("statussen", record, history.at)
    return True


def put_role(history: History) -> bool:
    role = history.role()
    if role is None:
        return False
    body = history.party(role["betrokkeneType"])
    new = {**role, "betrokkeneIdentificatie": body}
    history.store.replace("rollen", role["uuid"], new, history.at)
    return True


def renew_role(history: History) -> bool:
    role = history.role()
    if role is None:
        return False
    history.store.delete("rollen", role["uuid"], history.at)
    _add_role(history, role)
    return True


def date_role(history: History) -> bool:
    role = history.role()
    if role is None:
        return False
    history.store.patch("rollen", role["uuid"], {"eindeGeldigheid": history.at[:10]}, history.at)
    _add_role(history, role, beginGeldigheid=history.at[:10])
    return True


def add_employee(history: History) -> bool:
    case = history.open_case()
    if case is None:
        return False
    roles = history.store.of_case("rollen", case["uuid"])
    _add_role(history, {**roles[0], "betrokkeneType": EMPLOYEE})
    return True


def _add_role(history: History, like: Record, **more: Any) -> None:
    uuid = uuid_for("rol", "history", history.number)
    kind = like["betrokkeneType"] if like["betrokkeneType"] in (DEPARTMENT, EMPLOYEE) else EMPLOYEE
    record = {
        **like,
        "uuid": uuid,
        "url": link("rollen", uuid),
        "registratiedatum": history.at,
        "betrokkeneType": kind,
        "betrokkeneIdentificatie": history.party(kind),
        "omschrijvingGeneriek": "behandelaar",
        "beginGeldigheid": None,
        "eindeGeldigheid": None,
        **more,
    }
    history.store.create("rollen", record, history.at)


def suspend(history: History) -> bool:
    case = history.open_case()
    if case is None:
        return False
    change = {"opschorting": {"indicatie": not case["opschorting"]["indicatie"], "reden": ""}}
    history.store.patch("zaken", case["uuid"], change, history.at)
    return True


def extend(history: History) -> bool:
    case = history.open_case()
    if case is None:
        return False
    change = {
        "verlenging": {"reden": "", "duur": "P42D"},
        "uiterlijkeEinddatumAfdoening": (history.now + timedelta(days=60)).date().isoformat(),
    }
    history.store.patch("zaken", case["uuid"], change, history.at)
    return True


def relate(history: History) -> bool:
    case, other = history.open_case(), history.pick("zaken")
    if case is None or other is None:
        return False
    kind = history.chance.choice(("vervolg", "onderwerp", "bijdrage", "overig"))
    said = {"url": other["url"], "aardRelatie": kind, "overigeRelatie": "", "toelichting": ""}
    change = {"relevanteAndereZaken": [said], "gerelateerdeZaken": [{"url": other["url"]}]}
    history.store.patch("zaken", case["uuid"], change, history.at)
    return True


def add_result(history: History) -> bool:
    case = history.open_case()
    if case is None or history.store.of_case("resultaten", case["uuid"]):
        return False
    kind = history.store.get("zaaktypen", last_part(case["zaaktype"]))
    assert kind is not None
    uuid = uuid_for("resultaat", "history", history.number)
    record = {
        "url": link("resultaten", uuid),
        "uuid": uuid,
        "zaak": case["url"],
        "resultaattype": history.chance.choice(kind["resultaattypen"]),
        "toelichting": "",
    }
    history.store.create("resultaten", record, history.at)
    return True


def drop_result(history: History) -> bool:
    result = history.pick("resultaten")
    if result is None:
        return False
    history.store.delete("resultaten", result["uuid"], history.at)
    return True


def destroy_case(history: History) -> bool:
    case = history.pick("zaken")
    if case is None:
        return False
    history.store.delete("zaken", case["uuid"], history.at)
    return True


def new_contact(history: History) -> bool:
    at, chance = history.now.timestamp(), history.chance
    before = chance.choice(history.contacts) if history.contacts else None
    contact = Contact(
        number=history.number,
        journey=chance.choice(JOURNEYS),
        kind="question",
        resident=chance.choice([None, *range(8)]),
        channel=chance.choice(("phone", "desk")),
        at=at,
        handled_s=chance.randrange(60, 600),
        employee=f"m{chance.randrange(4)}",
        case=None,
        result=chance.choice(("Zelfstandig afgehandeld", "Contactverzoek gemaakt", "Onbekend")),
        follows=before if before and chance.random() < 0.2 else None,
    )
    history.contacts.append(contact)
    for written in contacts.writes_of_contact(contact, NUMBERS):
        written.write(history.store, history.at)
    return True


def promise(history: History) -> bool:
    if not history.contacts:
        return new_contact(history)
    asked, at = history.chance.choice(history.contacts), history.now.timestamp()
    callback = Callback(history.number, asked, history.chance.choice(TEAMS), at, at + 7200)
    history.callbacks.append(callback)
    [written, *_] = contacts.writes_of_callback(callback)
    written.write(history.store, history.at)
    return True


def turn_callback(history: History) -> bool:
    task = history.pick("internetaken")
    if task is None:
        return False
    other = "te_verwerken" if task["status"] == "verwerkt" else "verwerkt"
    history.store.patch("internetaken", task["uuid"], {"status": other}, history.at)
    return True


CHANGES: dict[str, Callable[[History], bool]] = {
    "new case": new_case,
    "new status": new_status,
    "end": lambda history: new_status(history, "end"),
    "open again": lambda history: new_status(history, "again"),
    "put role": put_role,
    "renew role": renew_role,
    "date role": date_role,
    "add employee": add_employee,
    "suspend": suspend,
    "extend": extend,
    "relate": relate,
    "add result": add_result,
    "drop result": drop_result,
    "destroy case": destroy_case,
    "new contact": new_contact,
    "promise": promise,
    "turn callback": turn_callback,
}
# What a daily reading cannot see: a case that is gone.
SEEN_DAILY = tuple(name for name in CHANGES if name != "destroy case")
