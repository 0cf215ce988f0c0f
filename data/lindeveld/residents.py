"""The residents: numbers from the range that is kept for tests, and no names at all."""

from __future__ import annotations

from itertools import islice

FIRST, LAST = 999_000_000, 999_999_999
MOST = LAST - FIRST + 1
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def passes_eleven_test(number: int) -> bool:
    """Whether nine digits form a valid citizen service number (the elfproef)."""
    digits = map(int, f"{number:09d}")
    return sum(w * d for w, d in zip(_WEIGHTS, digits, strict=True)) % 11 == 0


def citizen_numbers(residents: int) -> list[str]:
    """A citizen service number for each resident, from 999000000 on, which nobody has.

    The first 90,000 or so pass the eleven test, as a system would ask; larger towns go on with
    numbers that fail it and so can be nobody's at all. Raises ValueError beyond a million.
    """
    if residents > MOST:
        raise ValueError(f"{residents:,} residents; the range for tests has {MOST:,} numbers")
    valid = list(
        islice(filter(None, map(_numbered, range(FIRST // 10, LAST // 10 + 1))), residents)
    )
    taken = set(valid) if len(valid) < residents else set()
    others = (number for number in range(FIRST, LAST + 1) if number not in taken)
    return [str(number) for number in (*valid, *islice(others, residents - len(valid)))]


def _numbered(first_eight: int) -> int | None:
    """The number that begins so and passes the eleven test; for one in eleven there is none."""
    last = sum(w * d for w, d in zip(_WEIGHTS[:8], map(int, str(first_eight)), strict=True)) % 11
    return first_eight * 10 + last if last < 10 else None
