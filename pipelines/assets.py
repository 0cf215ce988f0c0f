"""The assets: configuration, one per SQL model, the publication; those of `raw` are in
`raw_assets.py`, those that pm4py makes in `mining_assets.py`.

What belongs here: thin wrappers that name an asset and report on it. What does not: the work
itself, which is in functions that run without Dagster.

The models of one schema are one step with one connection, since a step costs Dagster more time
than a model costs DuckDB; each is still an asset that can be selected alone.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dagster as dg
import duckdb

from pipelines.asset_metadata import told_of
from pipelines.checks import (
    blocks,
    check_results,
    check_specs,
    data_check_results,
    data_check_specs,
)
from pipelines.config_tables import TABLES, config_tables
from pipelines.control_tables import control_tables
from pipelines.evidence_assets import JUDGED_TABLES, evidence_assets
from pipelines.mining_assets import MINED_TABLES, mining_assets
from pipelines.mishaps import told_plainly
from pipelines.publish import Publication, last_published, public_marts, publish, run_name
from pipelines.raw_assets import POOL, raw_assets
from pipelines.resources import Workspace
from pipelines.verdict_changes import verdict_changes
from pipelines.warehouse import replace_tables
from transforms.models import SCHEMAS, Model, load_models

_MADE = (*MINED_TABLES, *JUDGED_TABLES)
"""Public tables that Python makes."""


def all_assets() -> list[dg.AssetsDefinition]:
    models = load_models()
    return [
        _config_asset(models),
        *raw_assets(),
        *(_schema_asset(schema, models) for schema in SCHEMAS),
        mining_assets(),
        evidence_assets(models),
        _published_asset(models),
    ]


def _spec(schema: str, table: str, **more: Any) -> dg.AssetSpec:
    return dg.AssetSpec(key=[schema, table], group_name=schema, **more)


def _config_asset(models: dict[str, Model]) -> dg.AssetsDefinition:
    specs = [
        _spec("config", table, kinds={"yaml"}, description="As municipality.yaml says it.")
        for table in TABLES
    ]

    @dg.multi_asset(name="configuration", specs=specs, pool=POOL)
    def configuration(workspace: Workspace) -> Iterator[dg.MaterializeResult]:
        """The municipality's configuration, checked, as tables."""
        folder = workspace.settings.config_file.parent
        frames = config_tables(workspace.municipality(), models, folder)
        with workspace.warehouse() as connection:
            replace_tables(connection, "config", frames)
        for table, frame in frames.items():
            yield dg.MaterializeResult(
                asset_key=["config", table], metadata={"dagster/row_count": frame.height}
            )

    return configuration


def _schema_asset(schema: str, models: dict[str, Model]) -> dg.AssetsDefinition:
    mine = [model for model in models.values() if model.schema == schema]

    @dg.multi_asset(
        name=f"{schema}_models",
        specs=[_model_spec(model) for model in mine],
        check_specs=[
            *(spec for model in mine for spec in check_specs(model)),
            *data_check_specs(schema),
        ],
        can_subset=True,
        pool=POOL,
    )
    def tables(
        context: dg.AssetExecutionContext, workspace: Workspace
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        with workspace.warehouse() as connection, workspace.engine(connection, mine) as engine:
            for model in mine:
                if dg.AssetKey([schema, model.table]) not in context.selected_asset_keys:
                    continue
                rows = engine.build(model)
                metadata = {"dagster/row_count": rows, **told_of(connection, model)}
                checks = check_results(connection, model)
                yield dg.MaterializeResult(
                    asset_key=[schema, model.table], metadata=metadata, check_results=checks
                )
                if any(blocks(check) for check in checks):
                    return
            yield from data_check_results(connection, context.selected_asset_check_keys)

    return tables


def _model_spec(model: Model) -> dg.AssetSpec:
    return _spec(
        model.schema,
        model.table,
        description=model.meaning,
        deps=[dg.AssetKey(name.split(".")) for name in model.reads],
        kinds={"sql", "duckdb"},
        skippable=True,
        metadata={
            "dagster/column_schema": _column_schema(model),
            "sql": dg.MetadataValue.md(f"```sql\n{model.select}\n```"),
        },
    )


def _column_schema(model: Model) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=column.unit or "value",
                description=column.meaning,
            )
            for column in model.columns
        ]
    )


def _published_asset(models: dict[str, Model]) -> dg.AssetsDefinition:
    public = [*(model.name for model in models.values() if model.is_public), *_MADE]
    spec = _spec(
        "published",
        "site",
        description="The marts as Parquet and CSV, and the site; the pointer moves last.",
        deps=[dg.AssetKey(name.split(".")) for name in public],
        kinds={"parquet", "csv"},
    )

    @dg.multi_asset(name="published", specs=[spec], pool=POOL)
    def published(context: dg.AssetExecutionContext, workspace: Workspace) -> dg.MaterializeResult:
        settings, municipality = workspace.settings, workspace.municipality()
        with workspace.warehouse() as connection:
            if context.run.asset_selection:  # nothing says that the models passed in this run
                _refuse_failed(connection, models)
            marts = public_marts(connection, models, _MADE, municipality.disclosure_threshold)
        run = run_name(settings.published, context.run.run_id, datetime.now(UTC))
        marts["verdict_changes"] = verdict_changes(
            last_published(settings.published), run, marts["improvement_evidence"]
        )
        marts |= control_tables(marts)
        about = Publication(
            run=run,
            municipality=municipality.name,
            threshold=municipality.disclosure_threshold,
            config_hash=hashlib.sha256(settings.config_file.read_bytes()).hexdigest(),
            data_until=marts["sources"]["cutoff_at"].min(),  # type: ignore[arg-type]
        )
        with told_plainly(settings.home):
            folder = publish(marts, about, settings.published)
        metadata: dict[str, Any] = {
            "folder": dg.MetadataValue.path(folder),
            "figures": marts["kpi_values"].height,
            "withheld_figures": int(marts["kpi_values"]["is_withheld"].sum()),
        }
        if about.data_until is not None:
            metadata["data_until"] = dg.MetadataValue.timestamp(about.data_until)
        return dg.MaterializeResult(metadata=metadata)

    return published


def _refuse_failed(connection: duckdb.DuckDBPyConnection, models: dict[str, Model]) -> None:
    """Raise Failure where a blocking test of any model finds rows in the warehouse as it is."""
    results = [
        *(check for model in models.values() for check in check_results(connection, model)),
        *data_check_results(connection),
    ]
    failed = [f"{_table(check)}: {check.check_name}" for check in results if blocks(check)]
    if failed:
        raise dg.Failure(
            f"Blocked by {', '.join(failed)}; nothing was published.\n"
            "  Mend: run the job `daily`, and mend what its checks show."
        )


def _table(check: dg.AssetCheckResult) -> str:
    return ".".join(check.asset_key.path) if check.asset_key else ""
