"""Reads one published folder into typed frames. No SQL and no warehouse: only what was published.

Withheld cells arrive as null with `is_withheld`; nothing here undoes that.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

Record = dict[str, Any]
"""One row as a plain mapping from column to value: what figures and pages take."""

# Columns per table; a letter gives the type that an empty or invented frame gets.
_LETTERS: dict[str, pl.DataType] = {
    "t": pl.String(),
    "i": pl.Int64(),
    "f": pl.Float64(),
    "b": pl.Boolean(),
    "d": pl.Date(),
    "z": pl.Datetime("us", "UTC"),
}
_TABLES: dict[str, str] = {
    "kpi_values": (
        "kpi:t definition:t journey:t segment_kind:t segment:t period_kind:t period:t "
        "period_start:d n:i n_excluded:i numerator:f denominator:f value:f lower:f upper:f "
        "is_mature:b is_comparable:b is_withheld:b is_rounded:b definition_hash:t"
    ),
    "definitions": (
        "definition:t kpi:t name_nl:t name_en:t formula_nl:t formula_en:t unit:t direction:t "
        "population_nl:t population_en:t exclusions_nl:t exclusions_en:t source:t is_headline:b "
        "competes:t counts:t level:t model:t parameters:t sql_hash:t definition_hash:t"
    ),
    "journeys": (
        "journey:t name_nl:t name_en:t service_formula:t formula_nl:t formula_en:t cases:i "
        "open_cases:i first_started_on:d cutoff_at:z cutoff_basis:t term_weeks:i legal_basis:t "
        "end_basis:t"
    ),
    "norms": "journey:t definition:t at_most:f at_least:f basis:t",
    "improvements": (
        "improvement:t journey:t name_nl:t name_en:t went_live_on:d owner:t cost_eur:f expected:t "
        "comparison:t"
    ),
    "improvement_evidence": (
        "improvement:t definition:t verdict:t reason:t unit:t effect:f lower:f upper:f "
        "smallest_visible:f p:f items_before:i items_after:i first_month:d last_month_before:d "
        "first_month_after:d last_month_after:d followed_days:f weeks_needed:i expected:f "
        "expected_unit:t expectation:t naive_before:f naive_after:f naive_verdict:t rule:t "
        "definition_hash:t"
    ),
    "evidence_checks": "improvement:t definition:t position:i check:t passed:b facts:t",
    "evidence_points": "improvement:t definition:t month:d is_after:b level:f",
    "evidence_analyses": (
        "improvement:t definition:t position:i analysis:t detail:t value:f lower:f upper:f p:f "
        "verdict:t"
    ),
    "control_charts": (
        "journey:t definition:t kind:t rules:t variation:t assurance:t target:f false_alarm:f "
        "false_alarm_if_carried_over:f"
    ),
    "control_changes": "journey:t definition:t improvement:t month:d refusal:t",
    "control_points": (
        "journey:t definition:t month:d value:f state:t stretch:i centre:f lower:f upper:f "
        "flags:t meaning:t"
    ),
    "verdict_changes": "publication:t improvement:t definition:t was:t became:t cause:t",
    "heartbeat": "journey:t persona:t phase:t moment:t basis:t score:t cases:i is_withheld:b",
    "contact_moments": (
        "journey:t phase:t moment:t channel:t contacts:i cases:i stretches:i per_100:f "
        "is_withheld:b"
    ),
    "method_phases": "journey:t phase:t started_on:d",
    "phases": "journey:t phase:t name_nl:t name_en:t position:i",
    "process_activities": (
        "journey:t activity:t phase:t occurrences:i cases:i start_cases:i end_cases:i "
        "path_position:i is_withheld:b"
    ),
    "process_edges": (
        "journey:t from_activity:t to_activity:t occurrences:i cases:i mean_s:f median_s:f p90_s:f "
        "is_withheld:b"
    ),
    "process_variants": (
        "journey:t variant:i path:t events:i cases:i share:f median_throughput_days:f "
        "mean_handoffs:f median_lead_time_days:f on_time_share:f first_started_on:d "
        "last_started_on:d variants:i"
    ),
    "process_fit": (
        "journey:t model:t noise_threshold:f cases:i variants:i covered_share:f fitting_cases:i "
        "perfectly_fitting_share:f most_fitting_share:f unaligned_variants:i fitness:f precision:f "
        "generalisation:f simplicity:f"
    ),
    "deviations": (
        "journey:t rank:i basis:t kind:t activity:t other_activity:t bound:i level:t "
        "judged_cases:i cases:i residents:i lost_days:f median_days:f other_median_days:f "
        "is_withheld:b"
    ),
    "variant_lift": (
        "journey:t trait:t value:t slow_from_days:f cases:i slow_cases:i other_cases:i "
        "other_slow_cases:i slow_share:f slow_lower:f slow_upper:f other_share:f other_lower:f "
        "other_upper:f difference:f difference_lower:f difference_upper:f lift:f p_value:f "
        "q_value:f is_clear:b is_withheld:b"
    ),
    "process_activity_parts": (
        "journey:t part_kind:t part:t activity:t occurrences:i cases:i part_cases:i start_cases:i "
        "end_cases:i is_withheld:b"
    ),
    "process_edge_parts": (
        "journey:t part_kind:t part:t from_activity:t to_activity:t occurrences:i cases:i "
        "part_cases:i mean_s:f median_s:f is_withheld:b"
    ),
    "bottlenecks": (
        "journey:t rank:i from_activity:t to_activity:t occurrences:i cases:i total_days:f share:f "
        "median_days:f p90_days:f slow_days:f median_working_days:f handoff_share:f is_withheld:b"
    ),
    "activity_queues": (
        "journey:t activity:t waiting_cases:i waiting_median_days:f busiest_weekday:i "
        "busiest_weekday_share:f batched_share:f"
    ),
    "work_in_progress": "journey:t phase:t week_start:d cases:i",
    "performance_spectrum": (
        "journey:t rank:i from_activity:t to_activity:t month:d quarter:i passages:i"
    ),
    "handover_network": (
        "journey:t level:t from_unit:t to_unit:t from_is_partner:b to_is_partner:b handoffs:i "
        "cases:i ping_pongs:i median_days:f total_days:f is_lower_bound:b is_withheld:b"
    ),
    "process_changes": (
        "comparison_kind:t comparison:t journey:t aspect:t activity:t other_activity:t "
        "first_items:i second_items:i first_value:f second_value:f difference:f "
        "season_difference:f unit:t first_months:i second_months:i p_value:f q_value:f is_clear:b "
        "is_withheld:b"
    ),
    "change_points": (
        "journey:t aspect:t activity:t other_activity:t month:d first_value:f second_value:f "
        "difference:f unit:t first_items:i second_items:i p_value:f q_value:f is_clear:b "
        "improvement:t is_withheld:b"
    ),
    "sources": (
        "source:t kind:t journey:t files:i rows_read:i rows_loaded:i rows_quarantined:i "
        "cutoff_at:z cutoff_basis:t"
    ),
    "not_measurable": "kpi:t definition:t journey:t reason:t",
    "data_quality": "source:t finding:t severity:t affected:i total:i detail:t",
    "survival": "journey:t cohort:t after_days:i at_risk:i still_open:f is_withheld:b",
}
SCHEMA: dict[str, dict[str, pl.DataType]] = {
    table: {name: _LETTERS[letter] for name, letter in (c.split(":") for c in columns.split())}
    for table, columns in _TABLES.items()
}


class UnreadableMartsError(Exception):
    """A published folder lacks something; the message says what, where and what to do."""


@dataclass(frozen=True)
class Manifest:
    """What `manifest.json` says of the run; instants are UTC, the threshold is in cases."""

    run: str
    municipality: str
    created_at: datetime
    data_until: datetime | None
    disclosure_threshold: int
    config_hash: str
    version: str


@dataclass(frozen=True)
class Marts:
    """One published run: the manifest and a frame per table of `SCHEMA`."""

    manifest: Manifest
    tables: Mapping[str, pl.DataFrame]

    def rows(self, table: str, **equals: object) -> list[Record]:
        """Rows of a table whose columns equal the given values, in published order."""
        frame = self.tables[table]
        if equals:
            frame = frame.filter(
                *(pl.col(name).eq_missing(value) for name, value in equals.items())
            )
        return frame.to_dicts()


def read_marts(folder: Path) -> Marts:
    """Reads `folder/manifest.json` and `folder/marts/*.parquet`.

    Raises UnreadableMartsError when a file or a column of `SCHEMA` is missing.
    """
    return Marts(
        read_manifest(folder), {table: _read_table(folder / "marts", table) for table in SCHEMA}
    )


def _read_table(folder: Path, table: str) -> pl.DataFrame:
    path = folder / f"{table}.parquet"
    if not path.is_file():
        raise UnreadableMartsError(f"{path} is missing; publish again with `hartslag run`")
    frame = pl.read_parquet(path)
    lacking = [column for column in SCHEMA[table] if column not in frame.columns]
    if lacking:
        raise UnreadableMartsError(
            f"{path} lacks {', '.join(lacking)}: it was published by another version; "
            "publish again with `hartslag run`"
        )
    return frame


def read_manifest(folder: Path) -> Manifest:
    """Reads `folder/manifest.json`; raises UnreadableMartsError where it or a key is missing."""
    path = folder / "manifest.json"
    if not path.is_file():
        raise UnreadableMartsError(f"{path} is missing; is this a folder under published/?")
    content: Record = json.loads(path.read_text(encoding="utf-8"))
    try:
        return Manifest(
            run=content["run"],
            municipality=content["municipality"],
            created_at=_instant(content["created_at"]),
            data_until=_instant(content["data_until"]) if content["data_until"] else None,
            disclosure_threshold=int(content["disclosure_threshold"]),
            config_hash=content["config_hash"],
            version=content["version"],
        )
    except KeyError as error:
        raise UnreadableMartsError(
            f"{path} lacks the key {error}; publish again with `hartslag run`"
        ) from error


def _instant(written: str) -> datetime:
    """An ISO instant as aware UTC; one without an offset is read as UTC, as it was written."""
    parsed = datetime.fromisoformat(written)
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
