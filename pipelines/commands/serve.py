"""`hartslag serve` and `hartslag listen`."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.commands.common import WRONG_USE, Config, Home, Prefix, out, plain_errors, say, warn


def serve(
    config: Config = None,
    home: Home = None,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8787,
    prefix: Prefix = "/",
) -> None:
    """Serve the published site on this machine, until Ctrl-C.

    Example: hartslag serve --port 8787
    """
    from pipelines.app_serving import path_of
    from pipelines.reading import current_run
    from pipelines.serving import site_server
    from pipelines.settings import Settings

    settings = Settings.resolve(config, home)
    with plain_errors():
        current_run(settings)
        path = path_of(prefix)
    try:
        served = site_server(settings, port, path)
    except OSError as error:
        warn(f"Port {port}: {error.strerror}.\n  Mend: try another, such as --port {port + 1}.")
        raise typer.Exit(WRONG_USE) from None
    with served as server:
        out.print(f"Serving on http://127.0.0.1:{server.server_address[1]}{path} (Ctrl-C stops)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            out.print("Stopped.")


def listen(
    config: Config = None,
    home: Home = None,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8788,
) -> None:
    """Receive notifications of case systems, until Ctrl-C; a proxy brings them to this machine.

    Example: hartslag listen --port 8788
    """
    import uvicorn

    from pipelines.configuration import load_municipality
    from pipelines.receiving import Inbox, receiver
    from pipelines.settings import Settings, pseudonym_key

    with plain_errors():
        settings, key = Settings.resolve(config, home), pseudonym_key()
        municipality = load_municipality(settings.config_file)
        service = receiver(municipality, Inbox(settings.notices_file, key), key)
    say(f"Receiving on http://127.0.0.1:{port}/<source> (Ctrl-C stops)")
    uvicorn.run(service, host="127.0.0.1", port=port, log_config=None, server_header=False)
