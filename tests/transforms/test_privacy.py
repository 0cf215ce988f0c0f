"""Pseudonyms: keyed, stable, different per kind."""

from __future__ import annotations

import hashlib
import hmac

import polars as pl

from transforms.privacy import pseudonymise

KEY = b"k" * 32


def test_a_pseudonym_is_the_keyed_hash_of_kind_and_value() -> None:
    expected = hmac.new(KEY, b"person\0Anna", hashlib.sha256).hexdigest()[:32]
    assert pseudonymise(pl.Series(["Anna"]), KEY, "person").to_list() == [expected]


def test_null_stays_null_and_equal_values_stay_equal() -> None:
    first, missing, second = pseudonymise(pl.Series(["a", None, "a"]), KEY, "case").to_list()
    assert missing is None
    assert first == second


def test_kind_and_key_change_the_pseudonym() -> None:
    values = pl.Series(["a"])
    found = {
        pseudonymise(values, key, kind).item()
        for key in (KEY, b"q" * 32)
        for kind in ("case", "person")
    }
    assert len(found) == 4
