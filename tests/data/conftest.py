"""The default town, and its twin in which no improvement was made; simulated once for all tests."""

from __future__ import annotations

import pytest
from lindeveld.simulation import run
from lindeveld.town import Scale, Town
from lindeveld.world import World, truth


@pytest.fixture(scope="session")
def town() -> Town:
    """Nobody changes it: take a copy to soil it."""
    town = Town(Scale(), World())
    run(town)
    return town


@pytest.fixture(scope="session")
def twin() -> Town:
    """The same town without the improvements; what changed by itself changed here too."""
    twin = Town(Scale(), World(frozenset(entry["id"] for entry in truth()["improvements"])))
    run(twin)
    return twin
