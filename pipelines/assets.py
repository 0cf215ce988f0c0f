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

from pipelines.checks import blocks, check_results, check_specs
from pipelines.config_tables import TABLES, config_tables
from pipelines.control_tables import control_tables
from pipelines.evidence_assets import JUDGED_TABLES, evidence_assets
from pipelines.mining_assets import MINED_TABLES, mining_assets
from pipelines.publish import Publication, public_marts, publish
from pipelines.raw_assets import FRESHNESS, POOL, raw_assets
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
    return dg.AssetSpec(key=[schema, table], group_name=schema, freshness_policy=FRESHNESS, **more)


def _config_asset(models: dict[str, Model]) -> dg.AssetsDefinition:
    specs = [_spec("config", table, kinds={"yaml"}) for table in TABLES]

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
        check_specs=[spec for model in mine for spec in check_specs(model)],
        can_subset=True,
        pool=POOL,
    )
    def tables(
        context: dg.AssetExecutionContext, workspace: Workspace
    ) -> Iterator[dg.MaterializeResult]:
        with workspace.warehouse() as connection, workspace.engine(connection, mine) as engine:
            for model in mine:
                if dg.AssetKey([schema, model.table]) not in context.selected_asset_keys:
                    continue
                metadata: dict[str, Any] = {"dagster/row_count": engine.build(model)}
                if model.name == "mart.kpi_values":
                    metadata |= _headlines(connection)
                checks = check_results(connection, model)
                yield dg.MaterializeResult(
                    asset_key=[schema, model.table], metadata=metadata, check_results=checks
                )
                if any(blocks(check) for check in checks):
                    return

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


def _headlines(connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """The headline figure of each KPI and journey, to be drawn over time in Dagster's UI."""
    rows = connection.execute(
        "select v.journey || '/' || v.definition, v.value from mart.kpi_values as v"
        " inner join mart.definitions as d on d.definition = v.definition"
        " where d.is_headline and v.segment = 'all' and v.period = 'all' and v.value is not null"
    ).fetchall()
    return {name: float(value) for name, value in rows}


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
        run = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{context.run.run_id[:8]}"
        marts["verdict_changes"] = verdict_changes(
            settings.published / "current", run, marts["improvement_evidence"]
        )
        marts |= control_tables(marts)
        about = Publication(
            run=run,
            municipality=municipality.name,
            threshold=municipality.disclosure_threshold,
            config_hash=hashlib.sha256(settings.config_file.read_bytes()).hexdigest(),
            data_until=marts["sources"]["cutoff_at"].min(),  # type: ignore[arg-type]
        )
        folder = publish(marts, about, settings.published)
        withheld = int(marts["kpi_values"]["is_withheld"].sum())
        return dg.MaterializeResult(
            metadata={"folder": dg.MetadataValue.path(folder), "withheld_figures": withheld}
        )

    return published


def _refuse_failed(connection: duckdb.DuckDBPyConnection, models: dict[str, Model]) -> None:
    """Raise Failure where a blocking test of any model finds rows in the warehouse as it is."""
    failed = [
        f"{model.name}: {check.check_name}"
        for model in models.values()
        for check in check_results(connection, model)
        if blocks(check)
    ]
    if failed:
        raise dg.Failure(
            f"Blocked by {', '.join(failed)}; nothing was published.\n"
            "  Mend: run the job `daily`, and mend what its checks show."
        )
