"""`hartslag app`."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.commands.common import WRONG_USE, Config, Home, Prefix, out, plain_errors, warn


def app(
    config: Config = None,
    home: Home = None,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8789,
    prefix: Prefix = "/",
    host_name: Annotated[
        list[str] | None, typer.Option(help="Name by which the proxy asks; may be repeated.")
    ] = None,
    user_header: Annotated[
        str | None, typer.Option(help="Header in which the proxy names the user.")
    ] = None,
    proxy: Annotated[
        list[str] | None, typer.Option(help="Address of the proxy that is believed.")
    ] = None,
) -> None:
    """Serve the app and the site on this machine, until Ctrl-C: choose period, journey and group.

    Example: hartslag app --port 8789
    """
    from dashboards.app.server import build_app
    from pipelines.app_serving import access_of, serve_app
    from pipelines.settings import Settings

    settings = Settings.resolve(config, home)
    with plain_errors():
        access = access_of(prefix, user_header, proxy or [], host_name or [])
    out.print(f"The app is on http://127.0.0.1:{port}{access.prefix} (Ctrl-C stops)")
    try:
        serve_app(lambda: build_app(settings.published, access), port)
    except OSError as error:
        warn(f"Port {port}: {error.strerror}.\n  Mend: try another, such as --port {port + 1}.")
        raise typer.Exit(WRONG_USE) from None
    except KeyboardInterrupt:
        out.print("Stopped.")
