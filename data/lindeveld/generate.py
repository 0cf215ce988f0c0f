"""Lindeveld in a folder: simulated, soiled, exported, configured; same seed, same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from lindeveld.configuration import configuration
from lindeveld.desired import write_desired
from lindeveld.dirt import soil
from lindeveld.exports import write
from lindeveld.records import Systems
from lindeveld.residents import citizen_numbers
from lindeveld.simulation import simulate
from lindeveld.town import Scale
from lindeveld.world import truth

MADE_OF = "lindeveld.json"


def generate(
    folder: Path, scale: Scale, progress: Callable[[int, int], None] = lambda done, total: None
) -> bool:
    """Write the exports and the configuration; False where just these were there already.

    `progress` is told simulated days done and in all.
    """
    recipe = json.dumps(asdict(scale) | {"program": _program()}, default=str, sort_keys=True)
    mark = folder / MADE_OF
    if mark.is_file() and mark.read_text(encoding="utf-8") == recipe:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    mark.unlink(missing_ok=True)
    systems = registered(scale, progress)
    write(systems, citizen_numbers(scale.residents), folder)
    write_desired(folder)
    (folder / "municipality.yaml").write_text(configuration(scale), encoding="utf-8")
    mark.write_text(recipe, encoding="utf-8")
    return True


def registered(
    scale: Scale, progress: Callable[[int, int], None] = lambda done, total: None
) -> Systems:
    """What the systems of one town hold, with the usual dirt."""
    systems = simulate(scale, progress=progress)
    soil(systems, truth()["dirt"], scale.seed)
    return systems


def _program() -> str:
    """A hash of the simulation itself: another version makes other data."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.rglob("*")):
        if file.suffix in (".py", ".yaml"):
            digest.update(file.read_bytes())
    return digest.hexdigest()
