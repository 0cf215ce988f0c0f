"""Refusals in the shape that both products give."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

_WORDS = {
    "permission_denied": ("PermissionDenied", "Geen toestemming om dit te doen."),
    "not_found": ("NotFound", "Niet gevonden."),
    "invalid": ("ValidationError", "Ongeldige invoer."),
    "precondition_failed": ("PreconditionFailed", "'Accept-Crs' header ontbreekt"),
    "not_authenticated": ("NotAuthenticated", "Geen gegevens om mee aan te melden."),
    "authentication_failed": ("AuthenticationFailed", "Ongeldige gegevens om mee aan te melden."),
}


class ApiError(Exception):
    """A refusal, with the HTTP status and the code of the real servers."""

    def __init__(self, status: int, code: str, parameter: tuple[str, str, str] | None = None):
        super().__init__(code)
        self.status, self.code, self.parameter = status, code, parameter

    def body(self, base: str) -> dict[str, Any]:
        kind, words = _WORDS.get(self.code, _WORDS["permission_denied"])
        said: dict[str, Any] = {
            "type": f"{base}/ref/fouten/{kind}/",
            "code": self.code,
            "title": words,
            "status": self.status,
            "detail": words,
            "instance": f"urn:uuid:{uuid4()}",
        }
        if self.parameter is not None:
            name, code, reason = self.parameter
            said["invalidParams"] = [{"name": name, "code": code, "reason": reason}]
        return said


def unknown_parameters(names: list[str]) -> ApiError:
    reason = f"Onbekende query parameters: {', '.join(sorted(names))}"
    return ApiError(400, "invalid", ("nonFieldErrors", "unknown-parameters", reason))


def invalid_parameter(name: str, reason: str) -> ApiError:
    return ApiError(400, "invalid", (name, "invalid", reason))
