"""What Hartslag is made of may be, and a look that could not look says so."""

from __future__ import annotations

import re
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from supply.licences import ROOT, dependencies, is_allowed, licence_of, locked, read_rules, refused
from supply.vulnerabilities import KNOWN_WEAK, audited

RULES = read_rules()


def test_every_dependency_has_a_licence_that_is_allowed() -> None:
    found = dependencies(RULES)
    assert len(found) > 100
    assert refused(found, RULES) == []


def test_every_allowed_licence_and_exception_has_a_reason() -> None:
    reasons = [*RULES.allowed.values(), *(own["reason"] for own in RULES.packages.values())]
    assert all(reasons)
    assert set(RULES.written.values()) <= set(RULES.allowed)
    assert set(RULES.packages) <= locked()


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("SSPL-1.0", False),
        ("MIT AND SSPL-1.0", False),
        ("MIT OR SSPL-1.0", True),
        ("SSPL-1.0 AND MIT OR MIT", True),
        ("MPL-2.0 AND (SSPL-1.0 OR MIT)", True),
        ("(MIT OR MIT) AND SSPL-1.0", False),
        ("", False),
        ("All rights reserved", False),
    ],
)
def test_an_expression_is_allowed_by_its_parts(expression: str, allowed: bool) -> None:
    assert is_allowed(expression, RULES) is allowed


def test_the_newest_form_of_a_licence_counts() -> None:
    said: Any = Message()
    said["License"] = "BSD-ish, see file"
    said["Classifier"] = "License :: OSI Approved :: MIT License"
    assert licence_of(said, RULES) == "MIT"
    said["License-Expression"] = "Apache-2.0"
    assert licence_of(said, RULES) == "Apache-2.0"


def answer(name: str, **more: Any) -> dict[str, Any]:
    return {"dependencies": [{"name": name, "version": "1", **more}]}


WEAK = {"vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}
NOT_FOUND = {"skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    "to_canary", [None, answer("jinja2", **NOT_FOUND), answer("jinja2", vulns=[])]
)
def test_a_service_that_does_not_know_what_is_weak_audits_nothing(to_canary: Any) -> None:
    assert audited(lambda service, file: to_canary) is None


def test_what_is_weak_or_was_not_judged_is_told() -> None:
    def ask(service: str, file: Path) -> dict[str, Any] | None:
        if service == "pypi":
            return None
        if file.name == "requirements.txt":
            assert file.read_text(encoding="utf-8").strip() == KNOWN_WEAK
            return answer("jinja2", **WEAK)
        return {"dependencies": [*answer("a", **WEAK)["dependencies"], {"name": "b", **NOT_FOUND}]}

    assert audited(ask) == ["a 1: PYSEC-1, mended in 2", "b: Dependency not found on PyPI"]


@pytest.mark.parametrize("lock", ["requirements.lock", "deploy/requirements.lock"])
def test_every_line_of_a_lock_has_a_hash_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert len(entries) > 100
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text


def test_the_image_has_versions_that_the_tests_ran_with_and_no_tool_of_theirs() -> None:
    def pinned(lock: str) -> set[tuple[str, str]]:
        text = (ROOT / lock).read_text(encoding="utf-8")
        return set(re.findall(r"^([a-z0-9.-]+)(?:\[.*\])?==([^ ;]+)", text, re.MULTILINE))

    image, tests = pinned("deploy/requirements.lock"), pinned("requirements.lock")
    assert {name for name, _ in image - tests} <= {"hatchling", "trove-classifiers", "editables"}
    assert {"pytest", "mypy", "ruff", "playwright"} & {name for name, _ in image} == set()
