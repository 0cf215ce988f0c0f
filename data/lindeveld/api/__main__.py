"""`python -m lindeveld.api`: serve the systems of a town on this machine until stopped."""

from __future__ import annotations

import argparse
import sys
import time

from rich.progress import Progress

from lindeveld.api.access import make_credentials
from lindeveld.api.server import running
from lindeveld.api.town_hall import filled
from lindeveld.arguments import add_scale, asked_scale
from lindeveld.generate import registered


def main() -> None:
    parser = argparse.ArgumentParser(prog="lindeveld.api", description=__doc__)
    add_scale(parser)
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--audit-trail", action="store_true", help="keep it; takes more memory")
    said = parser.parse_args()
    scale = asked_scale(parser, said)
    with Progress() as progress:
        task = progress.add_task("simulating", total=None)
        systems = registered(
            scale,
            lambda done, total: progress.update(task, completed=done, total=total),
        )
    store = filled(systems, scale.residents, keeps_trail=said.audit_trail)
    known = make_credentials()
    with running(store, known, said.port) as at:
        sys.stdout.write(
            f"Zaken {at.zaken}\nCatalogi {at.catalogi}\nKlantinteracties {at.klantinteracties}\n"
            f"KISS {at.kiss}\n"
        )
        for client, rights in known.clients.items():
            sys.stdout.write(f"client id {client}, secret {rights.secret}\n")
        sys.stdout.write(f"token {known.token}\nKISS secret {known.kiss_secret}\n")
        sys.stdout.flush()
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
