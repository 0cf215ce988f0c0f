"""Who may ask, and what a browser may do with the answer.

What belongs here: headers, host names, and the user that a proxy names. What does not: who a user
is; the app keeps no accounts, no session and no cookie.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from flask import Flask, Response, abort, g, request

from dashboards.health import HEALTH

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_SITE_POLICY = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""On top of the policy that each page of the site carries itself."""
_LONGEST_NAME = 200
_LONGEST_BODY = 64 * 1024


@dataclass(frozen=True)
class Access:
    """How the app is reached.

    `prefix` begins and ends with a slash. `user_header` is believed from an address in `proxies`
    alone; where it is set, nobody gets in without it. `hosts` are the names that the app answers to
    beside those of this machine, so that another name cannot be pointed at it.
    """

    prefix: str = "/"
    user_header: str | None = None
    proxies: Sequence[str] = ()
    hosts: Sequence[str] = ()


def user_of(access: Access, address: str | None, headers: Mapping[str, str]) -> str | None:
    """The user that the proxy names; None where there is none, or where it is no proxy of ours."""
    if access.user_header is None or not _is_proxy(access, address):
        return None
    named = {name.lower(): value for name, value in headers.items()}
    return named.get(access.user_header.lower(), "").strip()[:_LONGEST_NAME] or None


def _is_proxy(access: Access, address: str | None) -> bool:
    try:
        found = ip_address(address or "")
    except ValueError:
        return False
    return any(found in ip_network(proxy, strict=False) for proxy in access.proxies)


def content_policy(script_hashes: Sequence[str]) -> str:
    """What a page of the app may load: its own host, and the inline scripts that are its own.

    Styles are less strict, because Dash and Plotly put theirs in the page.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {' '.join(script_hashes)}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def protect(server: Flask, access: Access, policy: str) -> None:
    """Puts the guard before every request and the headers on every answer."""
    server.config["TRUSTED_HOSTS"] = ["127.0.0.1", "localhost", *access.hosts]
    server.config["MAX_CONTENT_LENGTH"] = _LONGEST_BODY
    site, health = f"{access.prefix}site/", f"{access.prefix}{HEALTH}"

    def let_in() -> None:
        g.user = user_of(access, request.remote_addr, dict(request.headers))
        if access.user_header is not None and g.user is None and request.path != health:
            abort(403)

    def harden(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers[name] = value
        is_site = request.path.startswith(site)
        response.headers["Content-Security-Policy"] = _SITE_POLICY if is_site else policy
        response.headers.setdefault("Cache-Control", "no-cache")
        response.headers.pop("Set-Cookie", None)
        return response

    server.before_request(let_in)
    server.after_request(harden)
