"""Privacy at the door: identifiers become keyed hashes before anything is written.

A key is one secret, or several, a line each: the first makes the hash, and each later one encrypts
it, so that a key can be renewed without the identifiers (docs/adr/005-renewing-the-key.md).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import Any

import polars as pl

LENGTH = 32
_PSEUDONYM = re.compile(f"[0-9a-f]{{{LENGTH}}}")


def pseudonym(value: str, key: bytes, kind: str) -> str:
    """Keyed HMAC-SHA256 of one text, the first 32 hexadecimals, encrypted by each later secret.

    `kind` (case, person, client) keeps equal texts of different kinds apart.
    """
    first, *later = secrets_of(key)
    [made] = renewed([_hashed(value, first, kind)], later)
    return made


def _hashed(value: str, secret: bytes, kind: str) -> str:
    return hmac.digest(secret, f"{kind}\0{value}".encode(), "sha256").hex()[:LENGTH]


def secrets_of(key: bytes) -> list[bytes]:
    """The secrets of a key, the oldest first."""
    return key.split(b"\n")


def is_pseudonym(text: str) -> bool:
    """Whether a text has the form of a pseudonym."""
    return _PSEUDONYM.fullmatch(text) is not None


def renewed(pseudonyms: Sequence[str], later: Sequence[bytes]) -> list[str]:
    """The pseudonyms as later secrets make them, in order."""
    blocks = bytes.fromhex("".join(pseudonyms))
    for secret in later:
        blocks = _cipher(secret).encryptor().update(blocks)
    return _split(blocks)


def first_form(pseudonyms: Sequence[str], key: bytes) -> list[str]:
    """The pseudonyms as the first secret of the key made them."""
    blocks = bytes.fromhex("".join(pseudonyms))
    for secret in reversed(secrets_of(key)[1:]):
        blocks = _cipher(secret).decryptor().update(blocks)
    return _split(blocks)


def _split(blocks: bytes) -> list[str]:
    text = blocks.hex()
    return [text[start : start + LENGTH] for start in range(0, len(text), LENGTH)]


def _cipher(secret: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    # A pseudonym is one block and equal ones must stay equal, so no mode that hides that will do.
    own = hashlib.sha256(b"hartslag renewal\0" + secret).digest()
    return Cipher(algorithms.AES(own), modes.ECB())  # noqa: S305


def fingerprint(key: bytes) -> str:
    """What tells one key from another without telling the key, in hexadecimals."""
    return hashlib.sha256(b"hartslag key fingerprint\0" + key).hexdigest()


def pseudonymise(values: pl.Series, key: bytes, kind: str) -> pl.Series:
    """The pseudonym of each text; null stays null. Each distinct value is hashed once."""
    first, *later = secrets_of(key)
    known = values.drop_nulls().unique()
    hashed = renewed([_hashed(value, first, kind) for value in known.to_list()], later)
    table = pl.DataFrame({"value": known, "hashed": pl.Series(hashed, dtype=pl.String)})
    frame = values.cast(pl.String).alias("value").to_frame()
    return frame.join(table.cast(pl.String), on="value", how="left", maintain_order="left")[
        "hashed"
    ].alias(values.name)
