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
    has changed. The cause is the rule or the definition where one of those changed, else the data.
    """
    file = current / "marts" / "improvement_evidence.parquet"
    if not file.exists():
        return pl.DataFrame(schema=CHANGES)
    earlier = current / "marts" / "verdict_changes.parquet"
    known = pl.read_parquet(earlier) if earlier.exists() else pl.DataFrame(schema=CHANGES)
    both = evidence.join(pl.read_parquet(file), on=KEY, suffix="_was", maintain_order="left")
    cause = (
        pl.when(pl.col("rule") != pl.col("rule_was"))
        .then(pl.lit("rule"))
        .when(pl.col("definition_hash").ne_missing(pl.col("definition_hash_was")))
        .then(pl.lit("definition"))
        .otherwise(pl.lit("data"))
    )
    fresh = both.filter(pl.col("verdict") != pl.col("verdict_was")).select(
        pl.lit(run).alias("publication"),
        *KEY,
        was="verdict_was",
        became="verdict",
        cause=cause,
    )
    return pl.concat([known, fresh])
