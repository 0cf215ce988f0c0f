"""Where this machine keeps things, and where its secret comes from; read once, from here alone.

What belongs here: paths and the pseudonym key. What does not: anything a municipality decides
(`municipality.py`).
"""

from __future__ import annotations

import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import ConfigurationError
from transforms.privacy import secrets_of

MINIMUM_KEY_BYTES = 32


@dataclass(frozen=True)
class Settings:
    """`config_file` is the municipality's configuration; `home` holds all that a run writes."""

    config_file: Path
    home: Path

    @classmethod
    def resolve(cls, config_file: Path | None = None, home: Path | None = None) -> Settings:
        """Arguments win over HARTSLAG_CONFIG and HARTSLAG_HOME, those over the defaults.

        The default home is `.hartslag` beside the configuration file, or its folder where that is
        a home already, as that of the demo is; the default configuration is one in the given home.
        """
        named = config_file or os.environ.get("HARTSLAG_CONFIG")
        place = home or os.environ.get("HARTSLAG_HOME")
        own = Path(place) / "municipality.yaml" if place else None
        default = own if own is not None and own.expanduser().exists() else "municipality.yaml"
        config = Path(named or default).expanduser().absolute()
        is_home = (config.parent / "warehouse.duckdb").exists()
        beside = config.parent if is_home else config.parent / ".hartslag"
        chosen = Path(place or beside).expanduser().absolute()
        return cls(config_file=config, home=chosen)

    @property
    def warehouse_file(self) -> Path:
        return self.home / "warehouse.duckdb"

    @property
    def notices_file(self) -> Path:
        return self.home / "notices.sqlite"

    @property
    def published(self) -> Path:
        return self.home / "published"

    @property
    def dagster_home(self) -> Path:
        return self.home / "dagster"


def key_file() -> Path:
    """The file that holds the pseudonym key when HARTSLAG_KEY is not set."""
    base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return Path(os.environ.get("HARTSLAG_KEY_FILE") or base / "hartslag" / "pseudonym.key")


def known_key() -> bytes | None:
    """The pseudonym key, None where this machine has none; raises where it is too short."""
    return pseudonym_key() if "HARTSLAG_KEY" in os.environ or key_file().exists() else None


def pseudonym_key() -> bytes:
    """The key of the hashes, a secret a line; from HARTSLAG_KEY, else from the key file.

    Raises ConfigurationError where there is none, or it is too short to be a secret.
    """
    text, origin = os.environ.get("HARTSLAG_KEY"), "HARTSLAG_KEY"
    if text is None:
        file = key_file()
        try:
            text, origin = file.read_text(encoding="utf-8"), str(file)
        except FileNotFoundError:
            raise ConfigurationError(
                f"There is no pseudonym key: HARTSLAG_KEY is not set and {file} does not exist.\n"
                "  Mend: run `hartslag check --create-key` once, and keep the file safe: without"
                " it, later extracts cannot be joined to earlier ones."
            ) from None
    key = b"\n".join(line.strip() for line in text.strip().encode().splitlines())
    shortest = min(secrets_of(key), key=len)
    if len(shortest) < MINIMUM_KEY_BYTES:
        raise ConfigurationError(
            f"A secret in {origin} has {len(shortest)} characters; {MINIMUM_KEY_BYTES} are the"
            " least.\n  Mend: run `hartslag check --create-key` with HARTSLAG_KEY unset."
        )
    return key


def create_key_file() -> Path:
    """Write a new random key where there is none; an existing key is never replaced."""
    file = key_file()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(secrets.token_hex(32) + "\n")
    return file


def add_secret() -> bytes:
    """Add a new random secret to the key file, which is the old one or the new one at any moment;
    returns the key. Raises ConfigurationError where the key does not come from the file."""
    if "HARTSLAG_KEY" in os.environ:
        raise ConfigurationError(
            "The pseudonym key is in HARTSLAG_KEY, where it cannot be renewed.\n  Mend: put it in"
            " a file that HARTSLAG_KEY_FILE names, unset HARTSLAG_KEY, and give the command again."
        )
    file, key = key_file(), pseudonym_key() + b"\n" + secrets.token_hex(32).encode()
    descriptor, arriving = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(key + b"\n")
        handle.flush()
        os.fsync(handle.fileno())
    Path(arriving).replace(file)
    return key


def source_secret(source: str, name: str) -> str:
    """A secret of one source, such as HARTSLAG_ZAAKSYSTEEM_SECRET; see `secret`."""
    return secret(f"HARTSLAG_{source}_{name}".upper(), f"sources.{source}")


def secret(variable: str, asked_by: str) -> str:
    """What an environment variable holds; with _FILE behind its name, the variable holds the path
    of a file with the secret. `asked_by` is the part of the configuration that needs it.

    Raises ConfigurationError where there is none.
    """
    file = os.environ.get(f"{variable}_FILE")
    text = Path(file).read_text(encoding="utf-8") if file else os.environ.get(variable, "")
    if not text.strip():
        raise ConfigurationError(
            f"{asked_by}: {variable} is not set.\n  Mend: set it in the environment, or"
            f" {variable}_FILE to a file outside the repository that holds it."
        )
    return text.strip()
