"""One question to a database: read-only, in batches, and silent about what it may not repeat.

What belongs here: drivers, the session, refusing to write. What does not: what the rows mean
(`database.py`). What a server says can hold the address, the password or the values of a row, so
that of its errors only their kind is told.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.connectors.raw_log import PassingSourceError, SourceError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

BATCH_ROWS = 10_000


@dataclass(frozen=True)
class _System:
    """One kind of database: how SQLAlchemy and sqlglot call it, its driver, and the extra of this
    project that brings that; `read_only` is the statement that lets nothing be written."""

    drivername: str
    driver: str
    extra: str
    dialect: str
    read_only: str | None


_POSTGRESQL = _System(
    "postgresql+psycopg",
    "psycopg",
    "",
    "postgres",
    "set session characteristics as transaction read only",
)
_MYSQL = _System("mysql+pymysql", "pymysql", "mysql", "mysql", "set session transaction read only")
_SYSTEMS = {
    "postgresql": _POSTGRESQL,
    "postgres": _POSTGRESQL,
    "mssql": _System("mssql+pymssql", "pymssql", "sqlserver", "tsql", None),
    "oracle": _System(
        "oracle+oracledb", "oracledb", "oracle", "oracle", "set transaction read only"
    ),
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
}
# What to do about an error, by the first letters of its SQLSTATE; the longest that fits.
_MENDS = {
    "": "look whether the database runs and can be reached, and at the address in the environment.",
    "25006": "take out of the query what writes; functions that it calls may not write either.",
    "28": "correct user and password in the address in the environment.",
    "3D": "correct the name of the database in the address in the environment.",
    "42": "run the query in the database's own client, as this user; correct its names.",
    "42501": "give this user the right to read the tables of the query, and no other.",
    "57014": "let the query do less, or allow it more time in the database.",
}

_PASSING = ("08", "40", "53", "57")  # connection, rollback, resources, intervention


def answers(where: str, url: str, query: str) -> Generator[tuple[list[str], list[Any]]]:
    """(column names, rows) of a query, at most BATCH_ROWS at a time, at least once.

    Who stops before the end closes it. Raises SourceError, which begins with `where`, for an
    address that cannot be used, a query that is not one SELECT, and what the database refuses.
    """
    from sqlalchemy.exc import SQLAlchemyError

    engine, system = _engine(where, url)
    refuse_all_but_reading(where, query, system.dialect)
    try:
        with engine.connect() as connection:
            _make_read_only(connection, system)
            streaming = connection.execution_options(stream_results=True, no_parameters=True)
            with streaming.exec_driver_sql(query.strip().rstrip(";")) as result:
                names, is_first = list(result.keys()), True
                while (rows := result.fetchmany(BATCH_ROWS)) or is_first:
                    yield names, list(rows)
                    is_first = False
    except SQLAlchemyError as error:
        raise _refused(where, error) from None


def refuse_all_but_reading(where: str, query: str, dialect: str) -> None:
    """Raise SourceError for anything but one SELECT that neither writes nor locks."""
    import sqlglot
    from sqlglot import exp

    try:
        statements = [found for found in sqlglot.parse(query, dialect=dialect) if found]
    except sqlglot.errors.SqlglotError as error:
        at = getattr(error, "errors", None) or [{}]
        line = at[0].get("line")
        raise SourceError(
            f"{where}: cannot be read as SQL{f', line {line}' if line else ''}.\n"
            "  Mend: run it in the database's own client, and correct it."
        ) from None
    changes = (exp.DML, exp.DDL, exp.Command, exp.Into, exp.Lock)
    is_reading = len(statements) == 1 and isinstance(statements[0], exp.Select | exp.SetOperation)
    if not is_reading or any(isinstance(part, changes) for part in statements[0].walk()):
        raise SourceError(
            f"{where}: is not one SELECT that only reads.\n  Mend: give one statement that begins"
            " with SELECT or WITH, without INTO, FOR UPDATE, INSERT, UPDATE or DELETE."
        )


def _engine(where: str, url: str) -> tuple[Engine, _System]:
    from sqlalchemy import NullPool, create_engine, make_url
    from sqlalchemy.exc import SQLAlchemyError

    try:
        address = make_url(url)
    except (SQLAlchemyError, ValueError):
        raise SourceError(
            f"{where}: the address in the environment is none of a database.\n"
            "  Mend: write it as postgresql://user:password@host:5432/database, with special"
            " characters of the password as %40."
        ) from None
    system = _SYSTEMS.get(address.get_backend_name())
    if system is None:
        known = ", ".join(name for name in _SYSTEMS if name != "postgres")
        raise SourceError(
            f"{where}: the address in the environment names a kind of database that is not known.\n"
            f"  Mend: begin it with one of {known}."
        )
    if importlib.util.find_spec(system.driver) is None:
        raise SourceError(
            f"{where}: the driver {system.driver} is not installed.\n"
            f"  Mend: install Hartslag with it: pip install 'hartslag[{system.extra}]'."
        )
    return create_engine(address.set(drivername=system.drivername), poolclass=NullPool), system


def _make_read_only(connection: Connection, system: _System) -> None:
    """Let the database itself refuse to write, in this and any later transaction of the session.

    SQL Server knows no such session; there the rights of the user must see to it.
    """
    if system.read_only is None:
        return
    connection.exec_driver_sql(system.read_only)
    if "session" in system.read_only:  # it holds from the next transaction on
        connection.commit()


def _refused(where: str, error: Exception) -> SourceError:
    cause = getattr(error, "orig", None) or error
    state = getattr(cause, "sqlstate", None) or ""
    fitting = max((start for start in _MENDS if state.startswith(start)), key=len)
    said = f"{type(cause).__name__}, SQLSTATE {state}" if state else type(cause).__name__
    may_pass = not state or state.startswith(_PASSING)
    kind = PassingSourceError if may_pass else SourceError
    return kind(f"{where}: the database refuses ({said}).\n  Mend: {_MENDS[fitting]}")
