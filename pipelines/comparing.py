"""Comparing what several municipalities published: reading each, and writing the comparison.

What belongs here: which publications, and files. What does not: what is compared
(`transforms/side_by_side.py`) and words (`dashboards/comparison.py`). Warehouses stay shut: only
what each one published, with its small groups withheld, is read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from dashboards.comparison import comparison_html
from dashboards.marts import Marts
from dashboards.text import LANGUAGES
from pipelines.errors import PlainError
from pipelines.reading import current_marts, unknown
from pipelines.settings import Settings
from transforms.side_by_side import side_by_side


class IncomparableError(PlainError):
    """Too few municipalities, two of one name, or a period that none of them published."""


def publications(homes: Sequence[Path]) -> dict[str, Marts]:
    """What is published in each home, by the name of its municipality, in the given order.

    Raises IncomparableError, and NothingPublishedError for a home without a publication.
    """
    found: dict[str, Marts] = {}
    for home in homes:
        marts = current_marts(Settings.resolve(home=home))
        name = marts.manifest.municipality
        if name in found:
            raise IncomparableError(
                f"{home} is of {name}, as another home is.\n  Mend: name each municipality once."
            )
        found[name] = marts
    if len(found) < 2:
        raise IncomparableError("One municipality is no comparison.\n  Mend: name more homes.")
    return found


def compare(marts: Mapping[str, Marts], target: Path, period: str = "all") -> list[Path]:
    """Write the rows as Parquet and CSV, a page in each language, and a manifest; the files.

    Raises IncomparableError where nobody published the period.
    """
    values = {name: each.tables["kpi_values"] for name, each in marts.items()}
    known = sorted({p for frame in values.values() for p in frame["period"].drop_nulls().unique()})
    if period not in known:
        raise IncomparableError(unknown("period", period, known))
    rows = side_by_side(
        values, {name: each.tables["definitions"] for name, each in marts.items()}, period
    )
    target.mkdir(parents=True, exist_ok=True)
    parquet, csv = target / "side_by_side.parquet", target / "side_by_side.csv"
    rows.write_parquet(parquet)
    rows.write_csv(csv)
    pages = []
    for language in LANGUAGES:
        page = target / f"comparison-{language}.html"
        page.write_text(comparison_html(rows.to_dicts(), marts, period, language), encoding="utf-8")
        pages.append(page)
    manifest = target / "manifest.json"
    manifest.write_text(_manifest(marts, period), encoding="utf-8")
    return [*pages, parquet, csv, manifest]


def _manifest(marts: Mapping[str, Marts], period: str) -> str:
    about = {
        name: {
            "run": each.manifest.run,
            "config_hash": each.manifest.config_hash,
            "version": each.manifest.version,
        }
        for name, each in marts.items()
    }
    return json.dumps({"period": period, "publications": about}, indent=2, ensure_ascii=False)
