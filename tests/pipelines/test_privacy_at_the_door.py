"""Marked personal data in every field of every answer: nothing of it may be in any file."""

from __future__ import annotations

import base64
import gzip
import json
import sqlite3
import tempfile
import traceback
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
import yaml

from pipelines.connectors import patience
from pipelines.connectors.raw_log import SourceError
from pipelines.municipality import Municipality
from pipelines.pull import pull
from pipelines.runs import run_job
from pipelines.settings import Settings
from tests.pipelines.connectors.replay import Recordings, replaying
from tests.pipelines.planting import MARK, Planter, Seeker
from tests.pipelines.recorded import KEY, TYPES, is_absent, municipality
from tests.pipelines.test_incremental import warehouse

pytestmark = is_absent
KISS = "/kiss/api/contactmomentendetails"
LISTS = {
    "zaken": ("zaken", "rollen", "statussen", "resultaten"),
    "klantinteracties": (
        *("klantcontacten", "betrokkenen", "partij-identificatoren", "actoren", "internetaken"),
        "onderwerpobjecten",
    ),
}


class Planted(Recordings):
    """The recordings with marks, a KISS beside them, and refusals with marks where `refused`."""

    def __init__(self) -> None:
        super().__init__()
        self.planter, self.refused = Planter(), ""
        contacts = self.bodies["/klantinteracties/api/v1/klantcontacten"]["results"]
        talks = [_conversation(contact) for contact in contacts]
        self.bodies[KISS] = {"count": len(talks), "next": None, "previous": None, "results": talks}
        self.identifiers = {
            record["uuid"]
            for base, names in LISTS.items()
            for name in names
            for record in self.bodies[f"/{base}/api/v1/{name}"]["results"]
        }
        self.bodies = {path: self.planter.plant(body) for path, body in self.bodies.items()}

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        if self.refused and self.refused in path:
            refusal = {"code": MARK, "title": MARK, "detail": MARK, "invalidParams": [MARK]}
            return 400, self.planter.plant(refusal)
        if path == KISS:
            query = {name: given for name, given in query.items() if name not in ("from", "to")}
        return super().answer(path, query)

    def each(self, path: str, change: Callable[[dict[str, Any]], Any]) -> None:
        """Change every record of a list."""
        for record in self.bodies[path]["results"]:
            change(record)


def _conversation(contact: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": contact["uuid"],
        "startdatum": contact["plaatsgevondenOp"],
        "einddatum": contact["plaatsgevondenOp"],
        "gespreksresultaat": "Zelfstandig afgehandeld",
        "vraag": "vraag",
        "specifiekeVraag": "vraag",
        "emailadresKcm": "kcm@example.nl",
        "verantwoordelijkeAfdeling": "KCC",
        "bronnen": [{"soort": "soort", "titel": "titel", "url": "geen adres"}],
    }


def asked_of(base: str) -> dict[str, Any]:
    asked = municipality(base, audit_trail="api").model_dump(mode="json", exclude_none=True)
    asked["sources"][1]["kiss"] = f"{base}/kiss/api"
    return asked


@pytest.fixture(scope="module", autouse=True)
def _secrets() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARTSLAG_KEY", KEY.decode())
        patch.setenv("HARTSLAG_CASES_CLIENT_ID", "reader")
        for name in ("CASES_SECRET", "CONTACTS_TOKEN", "CONTACTS_KISS_SECRET"):
            patch.setenv(f"HARTSLAG_{name}", "a secret of a server that only replays")
        patch.setattr(patience, "MOST_WAITING_S", 0.0)
        yield


@contextmanager
def _kept(folder: Path, prefix: str) -> Iterator[str]:
    """A temporary folder that stays, so that it can be searched."""
    yield tempfile.mkdtemp(prefix=prefix, dir=folder)


def planted_files(folder: Path) -> list[dict[str, Any]]:
    """Sources that are files, with marks in every column that is hashed or not named, and in rows
    that cannot be used; the name of a column that nobody reads is marked too."""
    mark = Planter().mark
    rows = [
        {
            "nr": mark(),
            "wie": mark(),
            "medewerker": mark(),
            "zaak": mark(),
            "kanaal": "telefoon",
            "om": f"2026-01-{day + 1:02d}T10:00:00+01:00" if day else mark(),
            "duur": mark(),
            mark(): mark(),
        }
        for day in range(25)
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None).select(list(rows[0]))
    frame = frame.with_columns(pl.lit(mark()).alias(f"{MARK} toelichting"))
    frame.write_csv(folder / "contacten.csv")
    frame.write_excel(folder / "contacten.xlsx")
    columns = {
        "contact_id": "nr",
        "contacted_at": "om",
        "client": "wie",
        "actor": "medewerker",
        "case_id": "zaak",
        "channel": "kanaal",
        "handled_s": "duur",
    }
    events = {"case_id": "nr", "activity": "kanaal", "occurred_at": "om", "actor": "medewerker"}
    return [
        {"id": "csv", "kind": "contact_export", "path": "contacten.csv", "columns": columns},
        {"id": "excel", "kind": "contact_export", "path": "contacten.xlsx", "columns": columns},
        {
            "id": "log",
            "kind": "event_log",
            "path": "contacten.csv",
            "journey": "alles",
            "columns": {**events, "client": "wie"},
        },
    ]


class Written:
    """What a run that went well and one that failed left behind, and who looks through it."""

    def __init__(self, home: Path, seeker: Seeker, errors: tuple[str, ...]) -> None:
        self.home, self.seeker, self.errors = home, seeker, errors


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    """All that two daily runs on planted answers and files wrote, temporary files included."""
    given, home = tmp_path_factory.mktemp("given"), tmp_path_factory.mktemp("planted")
    recordings = Planted()
    with pytest.MonkeyPatch.context() as patch, replaying(recordings) as base:
        kept = SimpleNamespace(TemporaryDirectory=lambda prefix: _kept(home, prefix))
        patch.setattr("pipelines.pull.tempfile", kept)  # of this module alone: others import late
        asked = asked_of(base)
        asked["sources"] += planted_files(given)
        config = given / "municipality.yaml"
        config.write_text(yaml.safe_dump(asked), encoding="utf-8")
        settings = Settings(config, home / "home")
        outcome = run_job(settings, lambda done, total: None)
        assert outcome.ok, outcome.errors
        recordings.refused = "/audittrail"
        failed = run_job(settings, lambda done, total: None)
        assert not failed.ok
        yield Written(home, Seeker(recordings.identifiers), failed.errors)


def test_the_runs_left_files_to_search(written: Written) -> None:
    assert any(written.home.glob("hartslag-*/*.parquet"))
    assert any(written.home.glob("home/**/*.db"))
    assert any(written.home.glob("home/published/*/**/*.parquet"))
    assert len([file for file in written.home.rglob("*") if file.is_file()]) > 60


def test_no_mark_and_no_identifier_is_in_any_file(written: Written) -> None:
    assert written.seeker.files_with(written.home) == []


def test_what_failed_was_told_without_them(written: Written) -> None:
    assert "answers 400" in "".join(written.errors)
    assert not written.seeker.finds("".join(written.errors).encode())


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/zaken/api/v1/rollen", lambda r: r.update(betrokkeneType=f"{MARK} de Vries")),
        ("/zaken/api/v1/rollen", lambda r: r.update(betrokkeneIdentificatie=f"{MARK} de Vries")),
        ("/zaken/api/v1/zaken", lambda r: r.update(startdatum=f"{MARK} belt terug")),
        ("/zaken/api/v1/zaken", lambda r: r.update(opschorting={"indicatie": MARK})),
        ("/zaken/api/v1/zaken", lambda r: r.pop("zaaktype")),
        ("/klantinteracties/api/v1/klantcontacten", lambda r: r.update(hadBetrokkenActoren=[MARK])),
        (
            "/klantinteracties/api/v1/klantcontacten",
            lambda r: r.update(verdereActieOndernomen=f"{MARK} belt terug"),
        ),
        ("/klantinteracties/api/v1/internetaken", lambda r: r.update(status=f"{MARK} bellen")),
        (KISS, lambda r: r.update(id=MARK, startdatum=MARK)),
    ],
)
def test_no_error_repeats_what_it_is_about(
    path: str, change: Callable[[dict[str, Any]], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dagster keeps the whole of an error, causes and all."""
    recordings = Planted()
    recordings.each(path, change)
    with replaying(recordings) as base, warehouse() as connection:
        said = asked_of(base)
        for each in said["sources"]:
            each["max_quarantined_share"] = 0
        asked = Municipality.model_validate(said)
        source = asked.sources["/zaken/" not in path]
        with pytest.raises(SourceError) as caught:
            pull(connection, source, asked, KEY)  # type: ignore[arg-type]
    whole = "".join(traceback.format_exception(caught.value))
    assert "Mend: " in whole
    shown = "".join(line for line in whole.splitlines(True) if "MARK" not in line)
    assert not Seeker(recordings.identifiers).finds(shown.encode())


def test_a_mark_would_be_found_wherever_it_hides(tmp_path: Path) -> None:
    """Packed, in a database across its pages, in capitals, in the state of the loader, as a uuid."""
    text, uuid = f"x{MARK.upper()}000001", "11111111-2222-3333-4444-555555555555"
    (tmp_path / "a.gz").write_bytes(gzip.compress(text.encode()))
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("sheet.xml", text)
    pl.DataFrame({"a": [text]}).write_parquet(tmp_path / "c.parquet")
    with sqlite3.connect(tmp_path / "d.db") as database:
        database.execute("create table t (a text)")
        database.execute("insert into t values (?)", ["y" * 4000 + text])
    state = base64.b64encode(zlib.compress(json.dumps({"a": [text] * 9}).encode(), 9)).decode()
    (tmp_path / "e.json").write_text(state)
    (tmp_path / "f.log").write_text(f"/zaken/{uuid.upper()}/audittrail")
    (tmp_path / f"{text}.txt").write_text("")
    (tmp_path / "nothing.txt").write_text("geen woord")
    found = {file.name for file in Seeker({uuid}).files_with(tmp_path)}
    names = {"a.gz", "b.xlsx", "c.parquet", "d.db", "e.json", "f.log", f"{text}.txt"}
    assert found == names


def test_the_types_are_those_of_the_recordings() -> None:
    """Types keep their names; that is what the search leaves alone."""
    kinds = Planted().bodies["/catalogi/api/v1/zaaktypen"]["results"]
    assert {kind["identificatie"] for kind in kinds} >= set(TYPES)
