"""`hartslag doctor`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import typer

from pipelines.commands.common import FAILED, AsJson, Config, Home, say, warn


def doctor(config: Config = None, home: Home = None, as_json: AsJson = False) -> None:
    """Look whether home, key, warehouse, publication, disk and clock are well, and what to mend.

    Exit code 1 where something is wrong. Sources and their data are what `hartslag check` looks at.

    Example: hartslag doctor --home .hartslag
    """
    from pipelines.doctor import examine
    from pipelines.settings import Settings

    findings = examine(Settings.resolve(config, home))
    is_well = all(found.level != "error" for found in findings)
    if as_json:
        content = {"ok": is_well, "findings": [asdict(found) for found in findings]}
        sys.stdout.write(json.dumps(content, indent=2) + "\n")
    else:
        for found in findings:
            tell = say if found.level == "ok" else warn
            tell(f"{found.level:<8} {found.check}: {found.what}")
            if found.mend:
                tell(f"  Mend: {found.mend}")
    if not is_well:
        raise typer.Exit(FAILED)
