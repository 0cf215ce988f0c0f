"""The models that the inductive miner finds, as BPMN 2.0 and PNML, a file per journey."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from pipelines.exporting.choice import Choice, Progress
from pipelines.warehouse import read
from transforms.mining.files import bpmn_text, pnml_text
from transforms.mining.variants import Variants, by_journey


def write_bpmn(
    connection: duckdb.DuckDBPyConnection, choice: Choice, folder: Path, progress: Progress
) -> list[str]:
    return _write(connection, choice, folder, progress, "bpmn", bpmn_text)


def write_pnml(
    connection: duckdb.DuckDBPyConnection, choice: Choice, folder: Path, progress: Progress
) -> list[str]:
    return _write(
        connection, choice, folder, progress, "pnml", lambda variants, _: pnml_text(variants)
    )


def _write(
    connection: duckdb.DuckDBPyConnection,
    choice: Choice,
    folder: Path,
    progress: Progress,
    ending: str,
    text_of: Callable[[Variants, str], bytes],
) -> list[str]:
    """Variants of fewer cases than the threshold are left out, as what one person did is no model
    of the work."""
    found = dict(
        by_journey(read(connection, "select journey, path, cases from mart.process_variants"))
    )
    names = []
    for number, journey in enumerate(choice.names, 1):
        large = [(path, n) for path, n in found[journey] if n >= choice.threshold]
        if large:
            paths, counts = zip(*large, strict=True)
            variants = Variants(paths, counts, found[journey].cases)
            names.append(f"{journey}.{ending}")
            (folder / names[-1]).write_bytes(text_of(variants, journey))
        progress(number, len(choice.names))
    return names
