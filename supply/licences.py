"""Whether each installed dependency has a licence that is allowed, from what it says of itself."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
_LONGEST_NAME = 40


@dataclass(frozen=True)
class Rules:
    """`allowed` licences with their reasons; `written` forms of a name; `packages` without."""

    allowed: Mapping[str, str]
    written: Mapping[str, str]
    packages: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Dependency:
    """A package that is installed, and its licence as an expression; empty if unknown."""

    name: str
    version: str
    licence: str


def read_rules(file: Path = ROOT / "supply" / "licences.toml") -> Rules:
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    return Rules(content["allowed"], content["written"], content["packages"])


def locked(lock: Path = ROOT / "requirements.lock") -> set[str]:
    """The names in a lock."""
    return set(
        re.findall(r"^([a-z0-9.-]+)(?:\[.*\])?==", lock.read_text(encoding="utf-8"), re.MULTILINE)
    )


def dependencies(rules: Rules) -> list[Dependency]:
    """All packages of the lock that are installed, by name."""
    names = locked()
    found = {}
    for distribution in distributions():
        name = re.sub(r"[-_.]+", "-", distribution.metadata["Name"]).lower()
        if name in names:
            own = rules.packages.get(name)
            licence = own["licence"] if own else licence_of(distribution.metadata, rules)
            found[name] = Dependency(name, distribution.version, licence)
    return [found[name] for name in sorted(found)]


def licence_of(metadata: PackageMetadata, rules: Rules) -> str:
    """What the metadata says, newest form first: an expression, classifiers, a word."""
    words = str((metadata.get_all("License") or [""])[0]).strip()
    classifiers = [
        value.rpartition(" :: ")[2]
        for value in metadata.get_all("Classifier") or []
        if value.startswith("License :: OSI Approved ::")
    ]
    expression = str((metadata.get_all("License-Expression") or [""])[0])
    if expression:
        return expression
    if classifiers:
        return " OR ".join(rules.written.get(name, name) for name in classifiers)
    return rules.written.get(words, words) if len(words) <= _LONGEST_NAME else ""


def is_allowed(expression: str, rules: Rules) -> bool:
    """Whether an expression of names, AND, OR and brackets can be kept with allowed licences."""
    flat = expression.replace("(", " ( ").replace(")", " ) ").split()
    words = iter([*flat, ""])
    found, last = _either(words, rules)
    return found and last == ""


def _either(words: Iterator[str], rules: Rules) -> tuple[bool, str]:
    found, after = _both(words, rules)
    while after == "OR":
        other, after = _both(words, rules)
        found = found or other
    return found, after


def _both(words: Iterator[str], rules: Rules) -> tuple[bool, str]:
    found, after = _one(words, rules)
    while after == "AND":
        other, after = _one(words, rules)
        found = found and other
    return found, after


def _one(words: Iterator[str], rules: Rules) -> tuple[bool, str]:
    word = next(words)
    if word == "(":
        found, _ = _either(words, rules)
    else:
        found = word in rules.allowed
    return found, next(words, "")


def refused(found: list[Dependency], rules: Rules) -> list[str]:
    """What is not allowed, in words."""
    return [
        f"{one.name} {one.version}: {one.licence or 'says no licence'}.\n"
        "  Mend: look it up in what the package ships, then allow it in supply/licences.toml with"
        " the reason, or do without the package."
        for one in found
        if not is_allowed(one.licence, rules)
    ]
