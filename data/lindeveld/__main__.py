"""`python -m lindeveld FOLDER`: write Lindeveld to a folder of your choice."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.progress import Progress

from lindeveld.generate import generate
from lindeveld.town import Scale


def main() -> None:
    usual = Scale()
    parser = argparse.ArgumentParser(prog="lindeveld", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--residents", type=int, default=usual.residents)
    parser.add_argument("--months", type=int, default=usual.months)
    parser.add_argument("--seed", type=int, default=usual.seed)
    said = parser.parse_args()
    with Progress() as progress:
        task = progress.add_task("simulating", total=None)
        generate(
            said.folder,
            Scale(said.residents, said.months, said.seed),
            lambda done, total: progress.update(task, completed=done, total=total),
        )


if __name__ == "__main__":
    main()
