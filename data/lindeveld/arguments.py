"""How large, how long and which seed, as both commands of Lindeveld take them."""

from __future__ import annotations

import argparse

from lindeveld.town import Scale


def add_scale(parser: argparse.ArgumentParser) -> None:
    usual = Scale()
    parser.add_argument("--residents", type=int, default=usual.residents)
    parser.add_argument("--months", type=int, default=usual.months)
    parser.add_argument("--seed", type=int, default=usual.seed)


def asked_scale(parser: argparse.ArgumentParser, said: argparse.Namespace) -> Scale:
    """The scale that was asked for; ends the program with a message where it cannot be."""
    try:
        return Scale(said.residents, said.months, said.seed)
    except ValueError as error:
        parser.error(str(error))
