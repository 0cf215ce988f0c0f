"""Who may see what: the tokens and rights of the real servers, with secrets made at each start."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import jwt

from lindeveld.api.errors import ApiError

EXPIRES_S = 3600
LEVELS = (
    "openbaar",
    "beperkt_openbaar",
    "intern",
    "zaakvertrouwelijk",
    "vertrouwelijk",
    "confidentieel",
    "geheim",
    "zeer_geheim",
)


@dataclass(frozen=True)
class Client:
    """An application at the case system. Without all rights it sees the cases of the types in
    `types`, each up to a level of confidentiality, and no audit trail."""

    secret: str
    has_all_rights: bool = True
    types: Mapping[str, str] = field(default_factory=dict)

    def sees(self, case_type: str, level: str) -> bool:
        most = self.types.get(case_type)
        return self.has_all_rights or (
            most is not None and LEVELS.index(level) <= LEVELS.index(most)
        )


@dataclass(frozen=True)
class Credentials:
    """The clients of the case system by their id, the token of the contact system, and the secret
    of KISS."""

    clients: Mapping[str, Client]
    token: str
    kiss_secret: str


def make_credentials() -> Credentials:
    """Secrets for one start of the servers, or those of the environment."""

    def secret(name: str) -> str:
        return os.environ.get(f"LINDEVELD_{name}") or secrets.token_urlsafe(32)

    clients = {"hartslag": Client(secret("SECRET"))}
    return Credentials(clients, secret("TOKEN"), secret("KISS_SECRET"))


def client_of(authorization: str | None, known: Credentials) -> Client:
    """The client of a ZGW token. Raises ApiError with the codes of Open Zaak, all of them 403."""
    if not authorization or not authorization.startswith("Bearer "):
        raise ApiError(403, "permission_denied")
    token = authorization.removeprefix("Bearer ")
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        raise ApiError(403, "jwt-decode-error") from None
    name = claims.get("client_id")
    if not name:
        raise ApiError(403, "missing-client-identifier")
    client = known.clients.get(name)
    if client is None:
        raise ApiError(403, "invalid-client-identifier")
    try:
        jwt.decode(token, client.secret, ["HS256"], options={"verify_iat": False})
    except jwt.InvalidTokenError:
        raise ApiError(403, "invalid-jwt-signature") from None
    issued = claims.get("iat")
    if not isinstance(issued, int):
        raise ApiError(403, "jwt-missing-iat-claim")
    if time.time() > issued + EXPIRES_S:
        raise ApiError(403, "jwt-expired")
    return client


def check_token(authorization: str | None, known: Credentials) -> None:
    """Raises ApiError 401 as Open Klant does."""
    if not authorization:
        raise ApiError(401, "not_authenticated")
    if not secrets.compare_digest(authorization.encode(), f"Token {known.token}".encode()):
        raise ApiError(401, "authentication_failed")


def check_kiss(authorization: str | None, known: Credentials) -> None:
    """Raises ApiError 401 for a token that KISS would not take."""
    try:
        jwt.decode(
            (authorization or "").removeprefix("Bearer "),
            known.kiss_secret,
            ["HS256"],
            options={"require": ["iat", "exp"]},
        )
    except jwt.InvalidTokenError:
        raise ApiError(401, "not_authenticated") from None
