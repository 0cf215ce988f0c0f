"""`hartslag health`."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.commands.common import FAILED, say, warn

_PATIENCE_S = 5


def health(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8789,
    path: Annotated[str, typer.Option(help="What to ask for.")] = "/healthz",
) -> None:
    """Ask a service on this machine whether it is well; exit code 1 where it is not.

    Example: hartslag health --port 8789 --path /hartslag/healthz
    """
    from http.client import HTTPConnection, HTTPException

    connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        status, said = answer.status, answer.read(10_000).decode("utf-8", "replace").strip()
    except (OSError, HTTPException) as error:
        warn(f"127.0.0.1:{port} does not answer: {error}.\n  Mend: start the service.")
        raise typer.Exit(FAILED) from None
    finally:
        connection.close()
    if status != 200:
        warn(f"127.0.0.1:{port}{path} answers {status}: {said}")
        raise typer.Exit(FAILED)
    say(said)
