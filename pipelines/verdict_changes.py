"""What was said before and is said otherwise now: verdicts that changed between publications."""

from __future__ import annotations

from pathlib import Path

import polars as pl

KEY = ["improvement", "definition"]
CHANGES = {
    "publication": pl.String,
    "improvement": pl.String,
    "definition": pl.String,
    "was": pl.String,
    "became": pl.String,
    "cause": pl.String,
}


def verdict_changes(current: Path, run: str, evidence: pl.DataFrame) -> pl.DataFrame:
    """All changes so far, oldest first: those that the current publication knew, and those since.

    `current` is the folder of the publication that this one follows; where there is none, nothing
    has changed. A verdict that is no longer given is `withdrawn`. The cause is the rule, the
    definition or the register's entry where one of those changed, else the data.
    """
    file = current / "marts" / "improvement_evidence.parquet"
    if not file.exists():
        return pl.DataFrame(schema=CHANGES)
    earlier = current / "marts" / "verdict_changes.parquet"
    known = pl.read_parquet(earlier) if earlier.exists() else pl.DataFrame(schema=CHANGES)
    then = pl.read_parquet(file)
    if "register_hash" not in then.columns:
        then = then.with_columns(register_hash=pl.lit(None, pl.String))
    both = then.join(evidence, on=KEY, how="left", suffix="_now", maintain_order="left")
    both = both.with_columns(verdict_now=pl.col("verdict_now").fill_null("withdrawn"))
    cause = (
        pl.when(pl.col("verdict_now") == "withdrawn")
        .then(pl.lit("register"))
        .when(pl.col("rule") != pl.col("rule_now"))
        .then(pl.lit("rule"))
        .when(pl.col("definition_hash").ne_missing(pl.col("definition_hash_now")))
        .then(pl.lit("definition"))
        .when(pl.col("register_hash") != pl.col("register_hash_now"))
        .then(pl.lit("register"))
        .otherwise(pl.lit("data"))
    )
    fresh = both.filter(pl.col("verdict") != pl.col("verdict_now")).select(
        pl.lit(run).alias("publication"),
        *KEY,
        was="verdict",
        became="verdict_now",
        cause=cause,
    )
    return pl.concat([known, fresh])
