"""A run without Dagster: the functions that the assets wrap, in their order, on the same home.

For tests that need many runs: Dagster takes two thirds of the time of a run on a small log. That
both publish the same bytes is held by tests/pipelines/test_backup.py.
"""

from __future__ import annotations

import hashlib
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

from pipelines.config_tables import config_tables
from pipelines.configuration import load_municipality
from pipelines.connectors.reading import Reading
from pipelines.control_tables import control_tables
from pipelines.evidence import judged
from pipelines.evidence_tables import evidence_tables
from pipelines.holding import the_only_run
from pipelines.load import load_source
from pipelines.mining import mined_tables
from pipelines.progress import tell
from pipelines.publish import Publication, last_published, public_marts, publish, run_name
from pipelines.pull import pull
from pipelines.settings import Settings, pseudonym_key
from pipelines.sources import ApiSource, RowSource
from pipelines.verdict_changes import verdict_changes
from pipelines.warehouse import note_key, open_warehouse, read, replace_tables
from transforms.models import build, load_models
from transforms.privacy import fingerprint


def run_chain(settings: Settings) -> Path:
    """Read, build and publish as the daily job does; returns the published folder."""
    with the_only_run(settings.home):
        _read(settings)
        return _publish(settings, _build(settings))


def _read(settings: Settings) -> None:
    municipality, key = load_municipality(settings.config_file), pseudonym_key()
    base = settings.config_file.parent
    with open_warehouse(settings.warehouse_file) as connection:
        frames = config_tables(municipality, load_models(), base)
        replace_tables(connection, "config", frames)
    with open_warehouse(settings.warehouse_file) as connection:
        note_key(connection, fingerprint(key))
        for source in municipality.sources:
            if isinstance(source, RowSource):
                list(load_source(connection, source, base, key))
    with open_warehouse(settings.warehouse_file) as connection:
        for source in municipality.sources:
            if isinstance(source, ApiSource):
                pull(connection, source, municipality, key, Reading("daily"))


def _build(settings: Settings) -> list[str]:
    """Returns the public tables that Python makes."""
    municipality, models = load_municipality(settings.config_file), load_models()
    for schema in ("core", "mart"):
        with open_warehouse(settings.warehouse_file) as connection:
            for model in models.values():
                if model.schema == schema:
                    build(connection, model)
    with open_warehouse(settings.warehouse_file) as connection:
        mined = mined_tables(connection, tell)
        replace_tables(connection, "mart", mined)
        named = read(connection, "select definition, definition_hash from mart.definitions")
        found = judged(connection, municipality, models)
        tables = evidence_tables(found, dict(named.iter_rows()), municipality.disclosure_threshold)
        replace_tables(connection, "mart", tables)
    return [f"mart.{table}" for table in (*mined, *tables)]


def _publish(settings: Settings, made: list[str]) -> Path:
    municipality, models = load_municipality(settings.config_file), load_models()
    threshold = municipality.disclosure_threshold
    with open_warehouse(settings.warehouse_file) as connection:
        marts = public_marts(connection, models, made, threshold)
    run = run_name(settings.published, str(uuid.uuid4()), datetime.now(UTC))
    last, evidence = last_published(settings.published), marts["improvement_evidence"]
    marts["verdict_changes"] = verdict_changes(last, run, evidence)
    marts |= control_tables(marts)
    config_hash = hashlib.sha256(settings.config_file.read_bytes()).hexdigest()
    about = Publication(run, municipality.name, threshold, config_hash, None)
    return publish(marts, about, settings.published)


if __name__ == "__main__":
    run_chain(Settings(config_file=Path(sys.argv[1]), home=Path(sys.argv[2])))
