"""A warehouse of an earlier version, without a column that this one reads, goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lindeveld.api.server import running

from pipelines.connectors import zgw_records
from pipelines.connectors.reading import Reading
from pipelines.connectors.zgw_tables import ZAKEN
from pipelines.pull import pull
from pipelines.warehouse import open_warehouse
from tests.pipelines.histories import History
from tests.pipelines.test_incremental import CREDENTIALS, KEY, SECRET, municipality

NEW = "andere_zaken"


@pytest.fixture
def history(monkeypatch: pytest.MonkeyPatch) -> History:
    monkeypatch.setenv("HARTSLAG_CASES_CLIENT_ID", "all")
    monkeypatch.setenv("HARTSLAG_CASES_SECRET", SECRET)
    history = History(7)
    for name in ("new case", "new case", "relate"):
        history.change(name)
    return history


def test_a_column_that_an_older_warehouse_lacks_is_added_and_filled(
    history: History, tmp_path: Path
) -> None:
    file, keep = tmp_path / "warehouse.duckdb", zgw_records.zaak

    def as_before(*given: Any) -> dict[str, Any]:
        return {name: value for name, value in keep(*given).items() if name != NEW}

    with running(history.store, CREDENTIALS) as at:
        asked = municipality(at)
        cases: Any = asked.sources[0]
        with pytest.MonkeyPatch.context() as patch, open_warehouse(file) as older:
            patch.delitem(ZAKEN.columns, NEW)  # type: ignore[arg-type]
            patch.setattr(zgw_records, "zaak", as_before)
            older.execute(f"alter table raw.zgw_zaken drop column {NEW}")
            older.execute("drop table meta.schema_version")
            pull(older, cases, asked, KEY, Reading("weekly"), now=history.now)
        with open_warehouse(file) as now:
            told = f"select count(*), count({NEW}) from raw.zgw_zaken where observed_to is null"
            assert now.execute(told).fetchall() == [(2, 0)]
            pull(now, cases, asked, KEY, Reading("daily"))
            assert now.execute(told).fetchall() == [(2, 1)]
