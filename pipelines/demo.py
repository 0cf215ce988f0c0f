"""Setting the demo up: simulated Lindeveld, a home of its own, and a key if there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lindeveld.generate import generate
from lindeveld.town import Scale

from pipelines.settings import Settings, create_key_file


def prepare_demo(
    home: Path | None,
    scale: Scale | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Settings:
    """Simulate Lindeveld into its home, by default .hartslag/demo, and return its settings.

    What the same simulation wrote there before is used again. `progress` is told simulated days
    done and in all.
    """
    target = (home or Path(".hartslag") / "demo").absolute()
    generate(target, scale or Scale(), progress)
    create_key_file()
    return Settings(config_file=target / "municipality.yaml", home=target)
