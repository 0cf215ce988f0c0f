"""What the servers hold, and what their own rules do when somebody writes: the side effects that
a reader meets are made here, as Open Zaak 1.30 and Open Klant 2.18 make them.

Records are JSON objects with links as in `links.py`. Instants are texts in UTC.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from lindeveld.api.links import last_part, link, uuid_for

Record = dict[str, Any]
OF_CASE = ("statussen", "rollen", "resultaten", "substatussen", "zaakobjecten")
_NAMES = {"zaken": "zaak", "statussen": "status", "rollen": "rol", "resultaten": "resultaat"}
_NEWEST_BY = {"statussen": "datumStatusGezet", "klantcontacten": "plaatsgevondenOp"}


class Store:
    """All records by resource and uuid, in the order in which they were made.

    Every write takes `at`, the moment of the server's clock. `lock` makes several writes one.
    """

    def __init__(self, *, keeps_trail: bool = True) -> None:
        self.lock = threading.RLock()
        self.version: defaultdict[str, int] = defaultdict(int)
        self._keeps_trail = keeps_trail
        self._records: defaultdict[str, dict[str, Record]] = defaultdict(dict)
        self._of_case: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._trail: defaultdict[str, list[Record]] = defaultdict(list)
        self._ordered: dict[str, tuple[int, list[Record]]] = {}
        self._rows = 0

    def get(self, resource: str, uuid: str) -> Record | None:
        return self._records[resource].get(uuid)

    def newest_first(self, resource: str) -> list[Record]:
        """A list as the server gives it."""
        with self.lock:
            version, found = self._ordered.get(resource, (-1, []))
            if version != self.version[resource]:
                found = list(reversed(self._records[resource].values()))
                if stamp := _NEWEST_BY.get(resource):
                    found.sort(key=lambda record: str(record[stamp]), reverse=True)
                self._ordered[resource] = self.version[resource], found
            return found

    def of_case(self, resource: str, zaak: str) -> list[Record]:
        """The records of one case, newest first."""
        names = [uuid for uuid, kind in self._of_case[zaak].items() if kind == resource]
        return [self._records[resource][uuid] for uuid in reversed(names)]

    def statuses(self, zaak: str) -> list[Record]:
        """Those of a case that are still there, the last set first."""
        found = self.of_case("statussen", zaak)
        return sorted(found, key=lambda status: str(status["datumStatusGezet"]), reverse=True)

    def whole(self, resource: str, record: Record) -> Record:
        """A record as the server tells it, with what follows from the others of its case."""
        if resource == "zaken":
            results = self.of_case("resultaten", record["uuid"])
            return {
                **record,
                "rollen": [role["url"] for role in self.of_case("rollen", record["uuid"])],
                "resultaat": results[0]["url"] if results else None,
            }
        if resource == "statussen":
            last = self.statuses(last_part(record["zaak"]))[0]
            return {**record, "indicatieLaatstGezetteStatus": last is record}
        if resource == "rollen":
            set_by = self.statuses(last_part(record["zaak"]))
            links = [s["url"] for s in set_by if s["gezetdoor"] == record["url"]]
            return {**record, "statussen": links}
        return record

    def trail(self, zaak: str) -> list[Record]:
        """The audit trail of a case, oldest first; it goes with the case."""
        return list(self._trail.get(zaak, ()))

    def create(self, resource: str, record: Record, at: str) -> Record:
        with self.lock:
            uuid = _uuid_of(record)
            self._records[resource][uuid] = record
            self._changed(resource)
            if resource in OF_CASE:
                zaak = last_part(record["zaak"])
                self._of_case[zaak][uuid] = resource
                if resource == "statussen":
                    self._set_status(zaak, record, at)
                self._touch(resource, zaak, at)
            self._log(resource, "create", None, record, at)
            return record

    def replace(self, resource: str, uuid: str, record: Record, at: str) -> Record:
        """PUT. Of a role the trail tells the old party twice, as the real one does."""
        with self.lock:
            old = self._records[resource][uuid]
            new = {**record, "uuid": uuid, "url": old["url"]}
            if resource == "rollen":
                new["registratiedatum"] = old["registratiedatum"]
            self._records[resource][uuid] = new
            self._changed(resource)
            told = new
            if resource == "rollen":
                told = {**new, "betrokkeneIdentificatie": old["betrokkeneIdentificatie"]}
            self._log(resource, "update", old, told, at)
            return new

    def patch(self, resource: str, uuid: str, changes: Record, at: str) -> Record:
        with self.lock:
            old = self._records[resource][uuid]
            new = {**old, **changes}
            if resource == "zaken":
                new["opschorting"] = _suspension(old["opschorting"], new["opschorting"])
                new["laatstGemuteerd"] = at
            if resource == "internetaken" and "status" in changes:
                new["afgehandeldOp"] = at if changes["status"] == "verwerkt" else None
            self._records[resource][uuid] = new
            self._changed(resource)
            self._log(resource, "partial_update", old, new, at)
            return new

    def delete(self, resource: str, uuid: str, at: str) -> None:
        """A role takes the statuses that it set with it, without a row in the trail; a case takes
        everything, its trail included."""
        with self.lock:
            old = self._records[resource].pop(uuid)
            self._changed(resource)
            if resource == "zaken":
                for name, kind in self._of_case.pop(uuid, {}).items():
                    self._records[kind].pop(name, None)
                    self._changed(kind)
                self._trail.pop(uuid, None)
                return
            if resource in OF_CASE:
                zaak = last_part(old["zaak"])
                self._of_case[zaak].pop(uuid, None)
                if resource == "rollen":
                    self._drop_statuses(zaak, old["url"])
                else:
                    self._touch(resource, zaak, at)
            self._log(resource, "destroy", old, None, at)

    def _drop_statuses(self, zaak: str, role: str) -> None:
        gone = [s for s in self.of_case("statussen", zaak) if s["gezetdoor"] == role]
        for status in gone:
            del self._records["statussen"][status["uuid"]]
            del self._of_case[zaak][status["uuid"]]
        if gone:
            left = self.statuses(zaak)
            last = left[0]["url"] if left else None
            self._records["zaken"][zaak] = {**self._records["zaken"][zaak], "status": last}
            self._changed("statussen")
            self._changed("zaken")

    def _set_status(self, zaak: str, status: Record, at: str) -> None:
        case = self._records["zaken"][zaak]
        kind = self._records["statustypen"][last_part(status["statustype"])]
        ended = status["datumStatusGezet"][:10] if kind["isEindstatus"] else None
        if case["einddatum"] and not ended:
            case = {**case, "laatstGeopend": at}
        self._records["zaken"][zaak] = {**case, "status": status["url"], "einddatum": ended}
        self._changed("zaken")

    def _touch(self, resource: str, zaak: str, at: str) -> None:
        """A case notes when it was last changed, but for its roles."""
        if resource != "rollen" and zaak in self._records["zaken"]:
            self._records["zaken"][zaak] = {**self._records["zaken"][zaak], "laatstGemuteerd": at}
            self._changed("zaken")

    def _changed(self, resource: str) -> None:
        self.version[resource] += 1

    def _log(
        self, resource: str, action: str, old: Record | None, new: Record | None, at: str
    ) -> None:
        if not self._keeps_trail or resource not in _NAMES:
            return
        body = new or old or {}
        zaak = body["uuid"] if resource == "zaken" else last_part(body["zaak"])
        self._rows += 1
        self._trail[zaak].append(
            {
                "uuid": uuid_for("audit", self._rows),
                "bron": "ZRC",
                "applicatieId": uuid_for("application"),
                "applicatieWeergave": "Zaaksysteem Lindeveld",
                "gebruikersId": "",
                "gebruikersWeergave": "",
                "actie": action,
                "actieWeergave": "",
                "resultaat": {"create": 201, "destroy": 204}.get(action, 200),
                "hoofdObject": link("zaken", zaak),
                "resource": _NAMES[resource],
                "resourceUrl": body["url"],
                "toelichting": "",
                "resourceWeergave": "",
                "aanmaakdatum": at,
                "wijzigingen": {"oud": old, "nieuw": new},
            }
        )

    def __iter__(self) -> Iterator[str]:
        """The resources that it holds."""
        return iter(list(self._records))


def _uuid_of(record: Record) -> str:
    return str(record.get("uuid") or last_part(record["url"]))


def _suspension(old: Record, new: Record) -> Record:
    """`eerdereOpschorting` becomes true at the start of the first one, and stays so."""
    was = old.get("eerdereOpschorting") or old["indicatie"]
    return {**new, "eerdereOpschorting": bool(was or new["indicatie"])}
