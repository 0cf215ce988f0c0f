"""What is kept of the cases that a case points to: the kind and the pseudonym, nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.connectors.records import Door, MissingFieldError
from pipelines.connectors.zgw_records import _other_cases
from transforms.privacy import pseudonym

KEY = b"a key for tests alone, 32 characters or more"
ONE, TWO = "ab7cf029-18c3-486a-ace3-1da9cd2d1027", "9e327b6a-edc9-4430-bf96-519249567dbc"
HOST = "https://zaken.example.nl/zaken/api/v1/zaken"


def hashed(name: str) -> str:
    return pseudonym(name, KEY, "case")


def relation(link: str, kind: str, words: str = "") -> dict[str, Any]:
    return {"url": link, "aardRelatie": kind, "overigeRelatie": words, "toelichting": words}


def kept(relevant: list[dict[str, Any]], **more: Any) -> str | None:
    return _other_cases({"relevanteAndereZaken": relevant, **more}, Door(KEY, {}))


def test_a_case_without_relations_has_none() -> None:
    assert kept([]) is None
    assert kept([], gerelateerdeZaken=[]) is None


def test_the_order_in_which_they_are_told_makes_no_difference() -> None:
    told = [relation(f"{HOST}/{ONE}", "vervolg"), relation(f"{HOST}/{TWO}", "bijdrage")]
    assert kept(told) == kept([*told[::-1], told[0]])
    assert kept(told) == f"bijdrage:{hashed(TWO)} vervolg:{hashed(ONE)}"


def test_open_zaak_alone_tells_of_cases_that_are_related_without_a_kind() -> None:
    assert kept([], gerelateerdeZaken=[{"url": f"{HOST}/{ONE}"}]) == f"gerelateerd:{hashed(ONE)}"


def test_words_that_somebody_wrote_never_land() -> None:
    said = [relation(f"{HOST}/{ONE}", "overig", "zaak van mevrouw Jansen")]
    assert kept(said) == f"overig:{hashed(ONE)}"
    assert kept([relation(f"{HOST}/{ONE}", "van Jansen: zie")]) == f"overig:{hashed(ONE)}"


def test_a_case_of_another_system_without_a_uuid_is_known_by_its_link() -> None:
    link = "https://elders.example.nl/zaak/2026-17"
    assert kept([relation(link, "onderwerp")]) == f"onderwerp:{hashed(link)}"


def test_a_server_that_no_longer_tells_relations_is_noticed() -> None:
    with pytest.raises(MissingFieldError, match="relevanteAndereZaken"):
        _other_cases({}, Door(KEY, {}))
