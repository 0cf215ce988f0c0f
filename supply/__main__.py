"""`python -m supply`: the code, the licences, the list of parts, the known weaknesses."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

from supply.licences import ROOT, dependencies, read_rules, refused
from supply.vulnerabilities import audited

PARTS = ROOT / ".hartslag" / "sbom.cdx.json"
CODE = ("pipelines", "transforms", "dashboards", "data/lindeveld", "supply")


def main(names: list[str]) -> int:
    """Runs the looks that are named, all by default; 0 where each finds nothing."""
    unknown = set(names) - set(LOOKS)
    if unknown:
        print(f"{', '.join(unknown)}: no such look.\n  Mend: choose of {', '.join(LOOKS)}.")
        return 2
    found = {name: LOOKS[name]() for name in names or LOOKS}
    return int(not all(found.values()))


def _licences_are_allowed() -> bool:
    rules = read_rules()
    found = dependencies(rules)
    wrong = refused(found, rules)
    print("\n".join(wrong) or f"Licences: {len(found)} dependencies, each allowed.")
    return not wrong


def _nothing_weak_is_known() -> bool:
    """Where nobody can be asked it is said so; that fails but in CI, which may reach nobody."""
    weaknesses = audited()
    if weaknesses is None:
        print(
            "NOT AUDITED for known weaknesses: no service that knows them can be reached.\n"
            "  Mend: run `python -m supply` on a machine that reaches one."
        )
        return "CI" in os.environ
    print("\n".join(weaknesses) or "Weaknesses: none is known in requirements.lock.")
    return not weaknesses


def _code_is_clean() -> bool:
    done = subprocess.run(
        [sys.executable, "-m", "bandit", "-q", "-c", "pyproject.toml", "-r", *CODE], cwd=ROOT
    )
    print("Code: bandit finds nothing." if done.returncode == 0 else "Code: see above.")
    return done.returncode == 0


def _parts_are_listed() -> bool:
    """The software bill of materials of what is installed here, as CycloneDX."""
    PARTS.parent.mkdir(parents=True, exist_ok=True)
    words = ["--pyproject", "pyproject.toml", "--output-reproducible", "-o", str(PARTS)]
    program = [sys.executable, "-m", "cyclonedx_py", "environment"]
    done = subprocess.run([*program, *words, sys.executable], cwd=ROOT)
    if done.returncode == 0:
        print(f"Parts: {PARTS.relative_to(ROOT)} lists them.")
    return done.returncode == 0


LOOKS: dict[str, Callable[[], bool]] = {
    "code": _code_is_clean,
    "licences": _licences_are_allowed,
    "parts": _parts_are_listed,
    "weaknesses": _nothing_weak_is_known,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
