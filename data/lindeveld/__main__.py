"""`python -m lindeveld FOLDER`: write Lindeveld to a folder of your choice."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.progress import Progress

from lindeveld.arguments import add_scale, asked_scale
from lindeveld.generate import generate


def main() -> None:
    parser = argparse.ArgumentParser(prog="lindeveld", description=__doc__)
    parser.add_argument("folder", type=Path)
    add_scale(parser)
    said = parser.parse_args()
    scale = asked_scale(parser, said)
    with Progress() as progress:
        task = progress.add_task("simulating", total=None)
        generate(
            said.folder,
            scale,
            lambda done, total: progress.update(task, completed=done, total=total),
        )


if __name__ == "__main__":
    main()
