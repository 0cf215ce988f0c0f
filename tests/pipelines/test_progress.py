"""Who starts a run sees which list is read, and how far; a pipe sees nothing of it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import yaml
from lindeveld.api.server import running
from rich.console import Console

from pipelines.bars import bars
from pipelines.progress import listening, tell
from pipelines.runs import run_job
from pipelines.settings import Settings
from tests.conftest import unrecorded
from tests.pipelines.histories import SEEN_DAILY, History
from tests.pipelines.test_incremental import CREDENTIALS, KEY, SECRET, municipality


def test_a_run_tells_every_list_up_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARTSLAG_KEY", KEY.decode())
    monkeypatch.setenv("HARTSLAG_CASES_CLIENT_ID", "all")
    for name in ("CASES_SECRET", "CONTACTS_TOKEN", "CONTACTS_KISS_SECRET"):
        monkeypatch.setenv(f"HARTSLAG_{name}", SECRET)
    history, heard = History(5), dict[str, tuple[int, int | None]]()
    for name in [*SEEN_DAILY] * 2:
        history.change(name)
    with running(history.store, CREDENTIALS) as at:
        asked = municipality(at).model_dump(mode="json", exclude_none=True)
        file = tmp_path / "municipality.yaml"
        file.write_text(yaml.safe_dump(asked), encoding="utf-8")
        run_job(
            Settings(file, tmp_path / "home"),
            lambda done, total: None,
            lambda what, done, total: heard.__setitem__(what, (done, total)),
            unrecorded(tmp_path),
        )
    for source, table, resource in (
        ("cases", "zgw_zaken", "zaken"),
        ("cases", "zgw_rollen", "rollen"),
        ("contacts", "ki_klantcontacten", "klantcontacten"),
    ):
        count = len(history.store.newest_first(resource))
        assert heard[f"{source}: {table}"] == (count, count)


def test_nobody_hears_once_the_block_is_left() -> None:
    heard: list[str] = []
    with listening(lambda what, done, total: heard.append(what)):
        tell("inside", 1, 2)
    tell("outside", 1, 2)
    assert heard == ["inside"]


def shown(is_terminal: bool) -> str:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=is_terminal, width=120)
    with bars(console, "building", "tables") as both:
        both.work(3, 40)
        both.reading("zaaksysteem: zgw_statussen", 12_500, 101_934)
    return screen.getvalue()


def test_a_screen_shows_the_list_what_is_done_and_all() -> None:
    text = shown(is_terminal=True)
    for part in ("building", "3/40 tables", "zaaksysteem: zgw_statussen", "12,500/101,934", "0:00"):
        assert part in text


def test_a_pipe_gets_no_bars() -> None:
    assert shown(is_terminal=False) == ""
