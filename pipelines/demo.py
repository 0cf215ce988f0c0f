"""Setting the demo up: simulated Lindeveld, a home of its own, and a key if there is none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lindeveld.generate import generate, registered
from lindeveld.town import Scale

from pipelines.settings import Settings, create_key_file

Progress = Callable[[int, int], None]
HOME, LIVE_HOME = Path(".hartslag") / "demo", Path(".hartslag") / "live"


def prepare_demo(
    home: Path | None,
    scale: Scale | None = None,
    progress: Progress = lambda done, total: None,
) -> Settings:
    """Simulate Lindeveld into its home, by default .hartslag/demo, and return its settings.

    What the same simulation wrote there before is used again. `progress` is told simulated days
    done and in all.
    """
    target = (home or HOME).absolute()
    generate(target, scale or Scale(), progress)
    create_key_file()
    return Settings(config_file=target / "municipality.yaml", home=target)


@contextmanager
def live_demo(home: Path | None, scale: Scale, progress: Progress) -> Iterator[Settings]:
    """Simulate Lindeveld, serve its systems on this machine, and give the settings to read them.

    The servers run in this process until the end; their secrets are made anew each time and are
    given to the connectors by the environment alone.
    """
    from lindeveld.api.access import make_credentials
    from lindeveld.api.server import running
    from lindeveld.api.town_hall import filled
    from lindeveld.configuration import configuration, live_systems
    from lindeveld.desired import write_desired

    target = (home or LIVE_HOME).absolute()
    target.mkdir(parents=True, exist_ok=True)
    store = filled(registered(scale, progress), scale.residents, keeps_trail=False)
    known = make_credentials()
    [(client, rights)] = known.clients.items()
    os.environ |= {
        "HARTSLAG_ZAAKSYSTEEM_CLIENT_ID": client,
        "HARTSLAG_ZAAKSYSTEEM_SECRET": rights.secret,
        "HARTSLAG_KLANTCONTACT_TOKEN": known.token,
        "HARTSLAG_KLANTCONTACT_KISS_SECRET": known.kiss_secret,
    }
    create_key_file()
    write_desired(target)
    with running(store, known) as at:
        systems = live_systems(at.zaken, at.catalogi, at.klantinteracties, at.kiss)
        file = target / "municipality.yaml"
        file.write_text(configuration(scale, systems), encoding="utf-8")
        yield Settings(config_file=file, home=target)
