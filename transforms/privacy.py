"""Privacy at the door: identifiers become keyed hashes before anything is written."""

from __future__ import annotations

import hashlib
import hmac

import polars as pl

LENGTH = 32


def pseudonymise(values: pl.Series, key: bytes, kind: str) -> pl.Series:
    """Keyed HMAC-SHA256 of each text, the first 32 hexadecimals; null stays null.

    `kind` (case, person, client) keeps equal texts of different kinds apart. Each distinct value
    is hashed once.
    """
    known = values.drop_nulls().unique()
    prefix = kind.encode() + b"\0"
    hashed = [
        hmac.new(key, prefix + value.encode(), hashlib.sha256).hexdigest()[:LENGTH]
        for value in known.to_list()
    ]
    table = pl.DataFrame({"value": known, "hashed": pl.Series(hashed, dtype=pl.String)})
    frame = values.cast(pl.String).alias("value").to_frame()
    return frame.join(table.cast(pl.String), on="value", how="left", maintain_order="left")[
        "hashed"
    ].alias(values.name)
