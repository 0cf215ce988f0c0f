"""The checks on the data: one file a check, a query that returns the rows that are wrong.

A file `transforms/checks/<check>.sql` starts with a block comment in YAML: `meaning`, `table`
(under which Dagster shows it) and `mend`. The rest is one SELECT over `raw`, `config` and
`core`, which reads its limits from its row in `config.checks` (docs/checks.md). Persons stand in
none of them.

What belongs here: reading those files, and asking them. What does not: how severe a check is,
which is configuration, and what Dagster makes of it (`pipelines/checks.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from transforms.models import MODELS, ModelError, header_and_select

CHECKS = MODELS / "checks"


@dataclass(frozen=True)
class DataCheck:
    """`table` is one of `core`; `rows` is the query that returns the failing rows."""

    name: str
    table: str
    meaning: str
    mend: str
    rows: str


@cache
def load_data_checks() -> tuple[DataCheck, ...]:
    """All checks on the data, by name; read once."""
    return tuple(parse_data_check(file) for file in sorted(CHECKS.glob("*.sql")))


def parse_data_check(file: Path) -> DataCheck:
    """Read one file. Raises ModelError naming the file where its header is incomplete."""
    header, select = header_and_select(file)
    if missing := {"meaning", "table", "mend"} - set(header):
        raise ModelError(f"{file}: the header lacks {', '.join(sorted(missing))}.")
    said = {key: " ".join(str(header[key]).split()) for key in ("meaning", "table", "mend")}
    return DataCheck(file.stem, said["table"], said["meaning"], said["mend"], select)
