"""The same rows give the same events and cases, whichever file they come in."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pipelines.connectors.logs import (
    COLUMNS,
    XES_COLUMNS,
    read,
    write_csv,
    write_excel,
    write_parquet,
    xes,
)

TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1).map(
    lambda text: f"a {text} z"
)
START = datetime(2025, 1, 1, tzinfo=UTC)
STAMP = st.builds(
    lambda seconds, hours: (
        (START + timedelta(seconds=seconds))
        .astimezone(tz=datetime.fromisoformat(f"2025-01-01T00:00:00+0{hours}:00").tzinfo)
        .isoformat()
    ),
    st.integers(0, 40_000_000),
    st.integers(0, 2),
)
ROW = st.fixed_dictionaries(
    {
        "case": st.sampled_from(["Z1", "Z2", "Z3"]),
        "event": TEXT,
        "at": STAMP,
        "who": st.one_of(st.none(), TEXT),
        "team": st.one_of(st.none(), TEXT),
    }
)
MORE = {"actor": "who", "team": "team"}


def write_xes(file: Path, rows: Sequence[Mapping[str, str | None]]) -> None:
    """A trace for each stretch of rows of one case, so that the order of the rows stays."""
    keys = {"event": "concept:name", "at": "time:timestamp", "who": "who", "team": "team"}
    traces = [
        (
            {"concept:name": str(row["case"])},
            [{name: value for key, name in keys.items() if (value := row[key]) is not None}],
        )
        for row in rows
    ]
    anyone = {"concept:name": "no one", "time:timestamp": START.isoformat()}
    traces.append(({"concept:name": "Z1"}, [anyone | {"who": "w", "team": "t"}]))
    file.write_text(xes(traces), encoding="utf-8")


WRITERS: dict[str, Callable[[Path, Sequence[Mapping[str, str | None]]], None]] = {
    "csv": write_csv,
    "parquet": write_parquet,
    "xlsx": write_excel,
}


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(ROW, min_size=1, max_size=12))
def test_every_format_gives_the_same(rows: list[dict[str, str | None]]) -> None:
    last = {"case": "Z1", "event": "no one", "at": START.isoformat(), "who": "w", "team": "t"}
    with tempfile.TemporaryDirectory() as folder:
        write_xes(Path(folder) / "log.xes", rows)
        expected = read(Path(folder) / "log.xes", XES_COLUMNS | MORE)
        for ending, write in WRITERS.items():
            file = Path(folder) / f"log.{ending}"
            write(file, [*rows, last])
            found = read(file, COLUMNS | MORE)
            assert found.tables["events"].equals(expected.tables["events"]), ending
            assert found.tables["cases"].equals(expected.tables["cases"]), ending
