"""Renewing the key: pseudonyms change where they stand, and what is read afterwards meets them."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.connectors.records import Door
from pipelines.connectors.zgw_notices import notice
from pipelines.erasing import by_identifier, erase
from pipelines.errors import ConfigurationError
from pipelines.key_renewal import OtherKeyError, hold_to_key, rotate
from pipelines.receiving import Inbox
from pipelines.settings import Settings, pseudonym_key
from pipelines.warehouse import open_warehouse
from tests.conftest import Query
from tests.pipelines.histories import NUMBERS, SEEN_DAILY, History
from tests.pipelines.residents import ANNA, BRAM, KEY, client, files_with, read_again, town
from tests.pipelines.test_erasing_systems import asked_of, read_in, rows_of, settings_of
from tests.pipelines.test_incremental import (
    _secrets,  # noqa: F401 - a fixture that holds for these tests too
)
from transforms.privacy import fingerprint, first_form, pseudonym, renewed

CASE = {
    "kanaal": "zaken",
    "resource": "zaak",
    "hoofdObject": "https://z.nl/zaken/a1111111-2222-3333-4444-555555555555",
    "resourceUrl": "https://z.nl/zaken/a1111111-2222-3333-4444-555555555555",
    "actie": "update",
    "aanmaakdatum": "2026-08-14T09:30:00Z",
}


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The key of the tests, in a file, where it can be renewed."""
    file = tmp_path / "key" / "pseudonym.key"
    file.parent.mkdir()
    file.write_text(KEY.decode() + "\n")
    monkeypatch.delenv("HARTSLAG_KEY")
    monkeypatch.setenv("HARTSLAG_KEY_FILE", str(file))
    return file


def hold(settings: Settings) -> None:
    with open_warehouse(settings.warehouse_file) as connection:
        hold_to_key(connection, pseudonym_key())


def rows(settings: Settings) -> dict[str, list[object]]:
    with duckdb.connect(settings.warehouse_file) as connection:
        return {
            table: connection.execute(f"from raw.{table} order by all").fetchall()
            for table in ("cases", "events", "contacts", "callbacks", "erased")
        }


def test_a_later_secret_changes_every_pseudonym_and_can_be_undone_by_who_has_it() -> None:
    key = KEY + b"\n" + b"another secret of the same length or more"
    before, after = (pseudonym(ANNA, each, "client") for each in (KEY, key))
    assert before != after == renewed([before], key.split(b"\n")[1:])[0]
    assert first_form([after, before], key)[0] == before
    assert first_form([before], KEY) == [before]
    assert len({fingerprint(KEY), fingerprint(key)}) == 2


def test_files_read_anew_with_the_new_key_give_what_was_renewed_where_it_stood(
    key_file: Path, tmp_path: Path
) -> None:
    settings = town(tmp_path)
    read_again(settings, KEY)
    hold(settings)
    erase(settings, by_identifier(BRAM, KEY), KEY)
    before = rows(settings)
    result = CliRunner().invoke(
        app,
        [
            "rotate-key",
            "--yes",
            "--config",
            str(settings.config_file),
            "--home",
            str(settings.home),
        ],
    )
    assert result.exit_code == 0, result.output
    key = pseudonym_key()
    assert key_file.stat().st_mode & 0o077 == 0
    assert key.startswith(KEY + b"\n")
    assert files_with(settings.home, {client(ANNA)}) == set()
    assert (
        Query(settings).one(
            f"select count(*) from raw.cases where client = '{pseudonym(ANNA, key, 'client')}'"
        )
        == 2
    )
    after = rows(settings)
    assert after != before
    read_again(settings, key)
    assert rows(settings) == after
    hold(settings)


def test_systems_read_on_with_the_new_key_and_take_nothing_for_changed(
    key_file: Path, tmp_path: Path
) -> None:
    history, settings = History(11), settings_of(tmp_path)
    for name in [*SEEN_DAILY] * 2:
        history.change(name)
    old = Inbox(settings.notices_file, KEY)
    row = notice(CASE, Door(KEY, {}))
    assert row is not None
    old.put("cases", row)
    with asked_of(history) as asked:
        read_in(settings, asked, history, "weekly", KEY)
        erase(settings, by_identifier(NUMBERS[0], KEY), KEY)
        done = rotate(settings)
        assert (done.is_new, done.notices) == (True, 1)
        key, renewed_rows = pseudonym_key(), rows_of(settings)
        read_in(settings, asked, history, "weekly", key)
        assert rows_of(settings) == renewed_rows
    [kept] = Inbox(settings.notices_file, key).page("cases", 1, 9)[1]
    assert kept["zaak"] == pseudonym("a1111111-2222-3333-4444-555555555555", key, "case")


@pytest.mark.slow
def test_a_second_home_and_a_backup_of_before_are_brought_along(
    key_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "one").mkdir()
    settings = town(tmp_path / "one")
    read_again(settings, KEY)
    hold(settings)
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    other = Settings(tmp_path / "two" / "municipality.yaml", tmp_path / "two" / "home")
    assert rotate(settings).is_new
    with pytest.raises(OtherKeyError, match="rotate-key` brings it along"):
        hold(other)
    with pytest.raises(OtherKeyError):
        erase(other, by_identifier(ANNA, pseudonym_key()), pseudonym_key())
    assert not rotate(other).is_new
    hold(other)
    assert rows(other) == rows(settings)


def test_another_key_is_refused_and_one_in_the_environment_is_not_renewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(tmp_path / "municipality.yaml", tmp_path)
    hold(settings)
    with pytest.raises(ConfigurationError, match="HARTSLAG_KEY_FILE"):
        rotate(settings)
    monkeypatch.setenv("HARTSLAG_KEY", "another key for tests alone, of 32 characters or more")
    with pytest.raises(OtherKeyError, match="begin in another --home"):
        hold(settings)
