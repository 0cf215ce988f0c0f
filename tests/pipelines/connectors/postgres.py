"""A PostgreSQL of the test's own: in a temporary folder, on a socket, gone with the test."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

PASSWORD = "geheim-van-Jansen"  # noqa: S105 - a server that is gone when the test is
OWNER = "owner"
UNPRIVILEGED = "nobody"  # whom the server runs as, since it refuses to run as root


def programs() -> Path | None:
    """The folder with `initdb` and `pg_ctl`; null where there is none."""
    found = [Path(file).resolve().parent for file in (shutil.which("initdb"),) if file]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda f: -int(f.parent.name))
    return next((folder for folder in found if (folder / "pg_ctl").exists()), None)


@dataclass(frozen=True)
class Server:
    socket: Path

    def url(self, password: str = PASSWORD, database: str = "postgres") -> str:
        return f"postgresql://{OWNER}:{password}@/{database}?host={self.socket}"

    def execute(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements as the owner; the rows of the last, if it gives any."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


@contextmanager
def postgres(folder: Path) -> Iterator[Server]:
    """A server with the programs in `folder`."""
    with tempfile.TemporaryDirectory(prefix="hartslag-postgres-") as home:
        data, secret = Path(home) / "data", Path(home) / "password"
        secret.write_text(PASSWORD, encoding="utf-8")
        user = UNPRIVILEGED if os.getuid() == 0 else None
        if user:
            for path in (Path(home), secret):
                os.chown(path, pwd.getpwnam(user).pw_uid, -1)

        def run(program: str, *arguments: object) -> None:
            command = [folder / program, "-D", data, *arguments]
            with (Path(home) / "log").open("a") as log:
                done = subprocess.run(command, user=user, cwd=home, stdout=log, stderr=log)
            assert done.returncode == 0, (Path(home) / "log").read_text(encoding="utf-8")

        run("initdb", "-U", OWNER, "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "-N")
        quiet = f"-k {home} -c listen_addresses='' -c fsync=off -c timezone=UTC"
        run("pg_ctl", "-w", "-o", quiet, "start")
        try:
            yield Server(Path(home))
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
