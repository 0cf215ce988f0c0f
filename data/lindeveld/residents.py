"""The residents: numbers that nobody has or can have, and no names at all.

The administrator of the population register keeps 9999xxxxx for its own test persons, so a number
there belongs to nobody. Any other number that fails the eleven test cannot be given out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

KEPT = range(999_900_000, 999_999_990)  # the last ten are for the municipality itself
MOST = 1_000_000
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def passes_eleven_test(number: int) -> bool:
    """Whether nine digits form a valid citizen service number (the elfproef)."""
    digits = map(int, f"{number:09d}")
    return sum(w * d for w, d in zip(_WEIGHTS, digits, strict=True)) % 11 == 0


def citizen_numbers(residents: int) -> list[str]:
    """A citizen service number for each resident, which is nobody's.

    The first 9,090 or so pass the eleven test, as a system would ask. The others fail it: first
    those of the kept range, then those below it. Raises ValueError beyond a million.
    """
    if residents > MOST:
        raise ValueError(f"{residents:,} residents; there are numbers for {MOST:,}")
    return [str(number) for number in islice(_nobodys(), residents)]


def _nobodys() -> Iterator[int]:
    tens = range(KEPT.start // 10, KEPT.stop // 10)
    yield from (ten * 10 + digit for ten in tens if (digit := _check_digit(ten)) < 10)
    for ten in chain(tens, range(tens.start - 1, 0, -1)):
        right = _check_digit(ten)
        yield from (ten * 10 + digit for digit in range(10) if digit != right)


def _check_digit(ten: int) -> int:
    """The last digit with which a number that begins so passes the eleven test; 10 for none."""
    return sum(w * d for w, d in zip(_WEIGHTS[:8], map(int, f"{ten:08d}"), strict=True)) % 11
