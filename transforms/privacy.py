"""Pseudonyms: identifiers of residents and employees become keyed hashes before they land.

What belongs here: what makes a value safe to store or to publish. What does not: where the key
lives (`pipelines/settings.py`).
"""

from __future__ import annotations

import hmac

import polars as pl

PSEUDONYM_CHARACTERS = 32


def pseudonymise(values: pl.Series, key: bytes, kind: str) -> pl.Series:
    """Replace every value by the keyed hash of its kind and itself.

    HMAC-SHA256 over `kind`, a NUL byte and the value in UTF-8, as hex, the first 32 characters
    (128 bits). Same length, order and name as `values`; null stays null. Each distinct value is
    hashed once. The kind keeps a case number and an employee number apart that look the same.

    Raises ValueError where the key is empty: the hash would be anyone's to repeat.
    """
    if not key:
        raise ValueError("the pseudonym key is empty; run `hartslag check --create-key`")
    texts = values.cast(pl.String).alias("value")
    distinct = texts.drop_nulls().unique()
    prefix = kind.encode() + b"\0"
    hashes = pl.Series(
        "hash",
        [
            hmac.digest(key, prefix + value.encode(), "sha256").hex()[:PSEUDONYM_CHARACTERS]
            for value in distinct
        ],
        dtype=pl.String,
    )
    lookup = pl.DataFrame([distinct, hashes])
    joined = texts.to_frame().join(lookup, on="value", how="left", maintain_order="left")
    return joined["hash"].alias(values.name)
