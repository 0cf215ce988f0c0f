"""Privacy at the door: identifiers become keyed hashes before anything is written."""

from __future__ import annotations

import hashlib
import hmac
import re

import polars as pl

LENGTH = 32
_PSEUDONYM = re.compile(f"[0-9a-f]{{{LENGTH}}}")


def pseudonym(value: str, key: bytes, kind: str) -> str:
    """Keyed HMAC-SHA256 of one text, the first 32 hexadecimals.

    `kind` (case, person, client) keeps equal texts of different kinds apart.
    """
    return hmac.digest(key, f"{kind}\0{value}".encode(), "sha256").hex()[:LENGTH]


def is_pseudonym(text: str) -> bool:
    """Whether a text has the form of a pseudonym."""
    return _PSEUDONYM.fullmatch(text) is not None


def fingerprint(key: bytes) -> str:
    """What tells one key from another without telling the key, in hexadecimals."""
    return hashlib.sha256(b"hartslag key fingerprint\0" + key).hexdigest()


def pseudonymise(values: pl.Series, key: bytes, kind: str) -> pl.Series:
    """The pseudonym of each text; null stays null. Each distinct value is hashed once."""
    known = values.drop_nulls().unique()
    hashed = [pseudonym(value, key, kind) for value in known.to_list()]
    table = pl.DataFrame({"value": known, "hashed": pl.Series(hashed, dtype=pl.String)})
    frame = values.cast(pl.String).alias("value").to_frame()
    return frame.join(table.cast(pl.String), on="value", how="left", maintain_order="left")[
        "hashed"
    ].alias(values.name)
