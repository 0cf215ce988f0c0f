"""Setting the demo up: its invented log, a home of its own, and a key if there is none."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipelines.settings import Settings, create_key_file

FILES = ("municipality.yaml", "permits.csv")


def prepare_demo(home: Path | None) -> Settings:
    """Copy the demo's files into its home, by default .hartslag/demo, and return its settings."""
    target = (home or Path(".hartslag") / "demo").absolute()
    target.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(_demo_files() / name, target / name)
    create_key_file()
    return Settings(config_file=target / "municipality.yaml", home=target)


def _demo_files() -> Path:
    """In a checkout the folder data/demo; in an installed package the copy inside it."""
    here = Path(__file__).parent
    packaged = here / "demo_files"
    return packaged if packaged.is_dir() else here.parent / "data" / "demo"
