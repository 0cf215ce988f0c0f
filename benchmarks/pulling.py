"""Pulling 100,000 statuses by the ZGW APIs: records a second, memory on the way, and the next pull.

`make bench` serves a simulated case system on 127.0.0.1 in a process of its own, measures that
server alone, then reads it whole into a new warehouse in another process, and once more as every
night would. The clock of a pull runs from its start until its rows are in `raw`.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

RESIDENTS = 21_000  # of whom the cases have some 100,000 statuses in 30 months
MIB = 1024 * 1024
SOURCE = "zaaksysteem"
LISTS = ("zaken", "statussen", "rollen", "resultaten")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--residents", type=int, default=RESIDENTS)
    parser.add_argument("--side", choices=("server", "pull"), help=argparse.SUPPRESS)
    parser.add_argument("--zaken", help=argparse.SUPPRESS)
    parser.add_argument("--catalogi", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.side:
        side = {"server": server_alone, "pull": pulling}[chosen.side]
        sys.stdout.write(json.dumps(side(chosen.zaken, chosen.catalogi)))
        return
    os.environ["LINDEVELD_SECRET"] = secrets.token_urlsafe(32)
    os.environ[f"HARTSLAG_{SOURCE.upper()}_SECRET"] = os.environ["LINDEVELD_SECRET"]
    with serving(chosen.residents) as at:
        alone, pulled = in_own_process("server", at), in_own_process("pull", at)
    print(table(alone, pulled))


@contextmanager
def serving(residents: int) -> Iterator[dict[str, str]]:
    """The addresses of a town served in a process of its own, which ends with the block."""
    command = [sys.executable, "-m", "lindeveld.api", "--residents", str(residents), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            said: dict[str, str] = {}
            for line in server.stdout or ():
                name, _, value = line.strip().rpartition(" ")
                said[name] = value
                if name == "KISS secret":
                    break
            if server.poll() is not None:
                sys.exit("The server did not start.")
            yield {name: said[name.title()] for name in ("zaken", "catalogi")}
        finally:
            server.terminate()


def in_own_process(side: str, at: dict[str, str]) -> dict[str, Any]:
    asked = [part for name, address in at.items() for part in (f"--{name}", address)]
    command = [sys.executable, "-m", "benchmarks.pulling", "--side", side, *asked]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{side} failed")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def server_alone(zaken: str, _: str) -> dict[str, Any]:
    """What the server gives to one who asks page after page and looks at nothing but the count."""
    import requests

    from pipelines.connectors.rest import PAGE_SIZE, zgw_token

    token = zgw_token("hartslag", os.environ["LINDEVELD_SECRET"])
    headers = {"Authorization": token(), "Accept-Crs": "EPSG:4326"}
    records, start = 0, time.perf_counter()
    with requests.Session() as session:
        for name in LISTS:
            page, count = 1, PAGE_SIZE
            while (page - 1) * PAGE_SIZE < count:
                asked = {"page": str(page), "pageSize": str(PAGE_SIZE)}
                body = session.get(f"{zaken}/{name}", params=asked, headers=headers).content
                count, page = int(body[: body.index(b",")].rpartition(b":")[2]), page + 1
            records += count
    return {"records": records, "seconds": time.perf_counter() - start}


def pulling(zaken: str, catalogi: str) -> dict[str, Any]:
    """A whole pull into a new warehouse, and a second one that goes on from it."""
    from lindeveld.configuration import configuration, live_systems
    from lindeveld.town import Scale

    from pipelines.configuration import load_municipality
    from pipelines.pull import pull
    from pipelines.warehouse import open_warehouse

    os.environ[f"HARTSLAG_{SOURCE.upper()}_CLIENT_ID"] = "hartslag"
    key, memory = secrets.token_bytes(32), Memory()
    with tempfile.TemporaryDirectory(prefix="hartslag-bench-") as folder:
        file = Path(folder) / "municipality.yaml"
        systems = live_systems(zaken, catalogi, "http://127.0.0.1:1", "http://127.0.0.1:1")
        file.write_text(configuration(Scale(), systems[:1]), encoding="utf-8")
        municipality = load_municipality(file)
        [source] = municipality.sources
        with open_warehouse(Path(folder) / "warehouse.duckdb") as connection:
            found = []
            for told in (memory, lambda table, done, total: None):
                start, used = time.perf_counter(), time.process_time()
                report = pull(connection, source, municipality, key, told=told)
                found.append(
                    {
                        "read": report.read,
                        "seconds": time.perf_counter() - start,
                        "busy": time.process_time() - used,
                    }
                )
                memory.stop()
            rows = connection.execute("select count(*) from raw.zgw_statussen").fetchall()[0][0]
    if rows != found[0]["read"]["zgw_statussen"]:
        sys.exit(f"{found[0]['read']['zgw_statussen']} statuses were read and {rows} are there")
    return {"whole": found[0], "next": found[1], "memory": memory.quarters()}


class Memory:
    """The memory that this process holds while records come, in MiB."""

    def __init__(self) -> None:
        self.held: list[tuple[int, float]] = []
        self.before, self.peak, self._tables = held_mib(), 0.0, dict[str, int]()

    def __call__(self, table: str, done: int, total: int | None) -> None:
        self._tables[table] = done
        self.held.append((sum(self._tables.values()), held_mib()))

    def stop(self) -> None:
        """The highest that it ever was, from here on back; loading included."""
        self.peak = self.peak or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MIB

    def quarters(self) -> dict[str, float]:
        read = self.held[-1][0]
        found = {"before": self.before}
        for share in (25, 50, 75, 100):
            found[f"at {share} %"] = next(m for r, m in self.held if r * 100 >= read * share)
        return {**found, "peak, with loading": self.peak}


def held_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / MIB


def table(alone: dict[str, Any], pulled: dict[str, Any]) -> str:
    whole, following = pulled["whole"], pulled["next"]
    lines = ["| | records | seconds | records a second |", "|---|---:|---:|---:|"]
    measured = [("server alone", alone["records"], alone["seconds"])]
    for name, one in (("whole pull", whole), ("next pull", following)):
        measured.append((name, sum(one["read"].values()), one["seconds"]))
    for name, records, seconds in measured:
        lines.append(f"| {name} | {records:,} | {seconds:,.1f} | {records / seconds:,.0f} |")
    lines += ["", f"statuses: {whole['read']['zgw_statussen']:,}; the pulling process itself was"]
    lines[-1] += f" at work for {whole['busy']:,.1f} and {following['busy']:,.1f} s"
    lines += ["", "| memory held while pulling | MiB |", "|---|---:|"]
    lines += [f"| {name} | {mib:,.0f} |" for name, mib in pulled["memory"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
