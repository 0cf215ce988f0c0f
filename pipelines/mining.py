"""The tables that mining makes: fit of models, deviations from the desired journey, what slow cases
have in common, what changed in the process, and since when.

What belongs here: reading the warehouse for `transforms/mining`, and remembering alignments. What
does not: what any of it means.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial

import duckdb
import polars as pl

from pipelines.errors import PlainError
from pipelines.transactions import transaction
from pipelines.warehouse import read
from transforms.mining.alignments import Conformance, Moves, conformance
from transforms.mining.change_points import change_points
from transforms.mining.changes import process_changes
from transforms.mining.desired import UnreadableFlowError, desired_model, flow_hash
from transforms.mining.deviations import counted, path_deviations
from transforms.mining.discovery import Model
from transforms.mining.fit import desired_fit, process_fit
from transforms.mining.lift import variant_lift
from transforms.mining.variants import Path, by_journey

ALIGNING_SECONDS = 120.0
"""For all journeys of one run together; what is left is aligned in the next run."""

_MONTHS = "select * from core.process_months order by all"
_SIDES = "select * from core.comparison_months"
_REGISTER = "select improvement, journey, went_live_on from config.improvements order by position"
_MATURE = """
select journey, cast(date_trunc('month', last_day) as date) as month
from core.cohorts
where counts = 'cases' and segment = 'all' and period_kind = 'month' and is_old_enough
"""
_PATH_MONTHS = """
select p.journey, cast(date_trunc('month', c.opened_on) as date) as month, p.path_key,
  count(*) as cases
from core.case_paths as p
inner join core.cases as c on c.case_key = p.case_key
where c.closed_at is not null
group by all
order by all
"""

Listener = Callable[[str, int, int], None]


def mined_tables(
    connection: duckdb.DuckDBPyConnection,
    listener: Listener = lambda what, done, total: None,
    seconds: float = ALIGNING_SECONDS,
) -> dict[str, pl.DataFrame]:
    """`process_fit`, `deviations`, `variant_lift`, `process_changes` and `change_points`.

    Raises PlainError where a desired flow cannot be read.
    """
    variants = read(connection, "select journey, path, cases from mart.process_variants")
    found = _conformances(connection, listener, seconds)
    keys = _keys(connection)
    told = {journey: told for journey, (_, told) in found.items()}
    judged = [
        (journey, keys[journey, path])
        for journey, each in told.items()
        for path, fits in zip(each.variants.paths, each.fits, strict=True)
        if fits is not None
    ]
    months = pl.concat([read(connection, _MONTHS), _fitting(connection, told, keys)])
    return {
        "process_fit": pl.concat([process_fit(variants), desired_fit(found)]).sort(
            "journey", maintain_order=True
        ),
        "deviations": counted(connection, path_deviations(told, keys), judged),
        "variant_lift": variant_lift(read(connection, "select * from core.trait_counts")),
        "process_changes": process_changes(months, read(connection, _SIDES)),
        "change_points": change_points(
            months, read(connection, _MATURE), read(connection, _REGISTER)
        ),
    }


def _fitting(
    connection: duckdb.DuckDBPyConnection,
    told: dict[str, Conformance],
    keys: dict[tuple[str, Path], int],
) -> pl.DataFrame:
    """Closed cases that fit the desired flow, of those of which it is known, as one more aspect."""
    rows = [
        (journey, keys[journey, path], float(fits))
        for journey, each in told.items()
        for path, fits in zip(each.variants.paths, each.fits, strict=True)
        if fits is not None
    ]
    schema = {"journey": pl.String, "path_key": pl.Int32, "fits": pl.Float64}
    known = pl.DataFrame(rows, schema=schema, orient="row")
    counted = read(connection, _PATH_MONTHS).join(known, on=["journey", "path_key"])
    summed = counted.group_by("journey", "month", maintain_order=True).agg(
        items=pl.sum("cases"), total=(pl.col("cases") * pl.col("fits")).sum()
    )
    nothing = pl.lit(None, pl.String)
    return summed.select(
        "journey",
        pl.lit("all").alias("part_kind"),
        pl.lit("all").alias("part"),
        "month",
        pl.lit("fits").alias("aspect"),
        nothing.alias("activity"),
        nothing.alias("other_activity"),
        "items",
        "total",
    )


def _conformances(
    connection: duckdb.DuckDBPyConnection, listener: Listener, seconds: float
) -> dict[str, tuple[Model, Conformance]]:
    flows = connection.execute(
        "select journey, file, bpmn from config.desired_flows order by journey"
    ).fetchall()
    variants = dict(
        by_journey(read(connection, "select journey, path, cases from core.closed_paths"))
    )
    end = time.monotonic() + seconds
    found = {}
    for journey, file, bpmn in flows:
        if journey not in variants:
            continue
        try:
            model = desired_model(bpmn, file)
        except UnreadableFlowError as error:
            raise PlainError(f"journeys.{journey}.desired: {error}") from error
        flow = flow_hash(bpmn)
        told = conformance(
            model,
            variants[journey],
            _known(connection, flow),
            time.monotonic,
            max(0.0, end - time.monotonic()),
            partial(listener, f"aligning {journey}"),
        )
        _keep(connection, flow, told.found)
        found[journey] = (model, told)
    return found


def _keys(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, Path], int]:
    rows = connection.execute("select journey, path, path_key from core.closed_paths").fetchall()
    return {(journey, tuple(json.loads(path))): key for journey, path, key in rows}


def _known(connection: duckdb.DuckDBPyConnection, flow: str) -> dict[str, Moves]:
    rows = connection.execute(
        "select path_hash, moves from mined.alignments where flow_hash = ?", [flow]
    ).fetchall()
    return {key: [tuple(move) for move in json.loads(moves)] for key, moves in rows}


def _keep(connection: duckdb.DuckDBPyConnection, flow: str, found: dict[str, Moves]) -> None:
    rows = [(flow, key, json.dumps(moves)) for key, moves in found.items()]
    if rows:
        with transaction(connection):
            connection.executemany("insert into mined.alignments values (?, ?, ?)", rows)
