"""Many municipalities on one Dagster: each is a partition, with a home and a key of its own.

What belongs here: which municipalities there are, what a run of one may know, and the definitions
for Dagster (`dagster dev -m pipelines.tenants`). What does not: the run itself, which is that of
one municipality (`runs.py`), and comparing (`comparing.py`).

A run of a municipality is a process of its own, which is given the secrets of that municipality and
of no other. Their pseudonyms cannot be joined, since each has another key.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import dagster as dg

from pipelines.commands.common import BLOCKED, WRONG_USE
from pipelines.comparing import compare, publications
from pipelines.errors import ConfigurationError
from pipelines.raw_assets import FIRST_WAIT_S, MOST_RETRIES, Patience
from pipelines.reading import NothingPublishedError, current_run, manifest
from pipelines.settings import Settings

FOLDER, SECRETS, DAGSTER = "HARTSLAG_MUNICIPALITIES", "HARTSLAG_SECRETS", "DAGSTER_HOME"
SHIPPED = Path(__file__).with_name("dagster.yaml")
KEY = "pseudonym.key"
ZONE = "Europe/Amsterdam"
SATURDAY = 6
FINAL = (WRONG_USE, BLOCKED)
"""How a run ends that would end so again."""


def tenants(folder: Path) -> dict[str, Settings]:
    """The municipalities of a folder: each subfolder with a `municipality.yaml`, by its name.

    Raises ConfigurationError where there is none.
    """
    found = {
        file.parent.name: Settings(file.absolute(), file.absolute().parent / ".hartslag")
        for file in sorted(folder.glob("*/municipality.yaml"))
    }
    if not found:
        raise ConfigurationError(
            f"{FOLDER}: no folder in {folder} has a municipality.yaml.\n"
            "  Mend: give each municipality a folder with its configuration."
        )
    return found


def environment_of(name: str, secrets: Path, given: Mapping[str, str]) -> dict[str, str]:
    """What the process of one municipality knows: nothing of Hartslag's but its own secrets.

    A file `pseudonym.key` in its folder is its key; any other is named for a variable, such as
    `HARTSLAG_ZAAKSYSTEEM_SECRET`. Raises ConfigurationError where it has no key.
    """
    own = secrets / name
    if not (own / KEY).is_file():
        raise ConfigurationError(
            f"{name} has no key: {own / KEY} does not exist.\n"
            "  Mend: make one for each municipality, and keep it safe: openssl rand -hex 32"
        )
    others = {k: v for k, v in given.items() if not k.startswith(("HARTSLAG_", "DAGSTER_"))}
    files = {f"{file.name}_FILE": str(file) for file in sorted(own.iterdir()) if file.name != KEY}
    return others | files | {"HARTSLAG_KEY_FILE": str(own / KEY)}


class HowMuch(Patience):
    """How much of its systems a municipality's run reads: all, or what is new and can change; and
    how often a run that failed begins again. One that was blocked does not."""

    whole: bool = False


def build_tenant_defs(folder: Path, secrets: Path) -> dg.Definitions:
    """Everything that Dagster knows of the municipalities of a folder."""
    known = tenants(folder)
    parts = dg.StaticPartitionsDefinition(list(known))

    @dg.asset(partitions_def=parts, group_name="municipalities")
    def published(context: dg.AssetExecutionContext, config: HowMuch) -> dg.MaterializeResult:
        """What one municipality published: its sources read, tables rebuilt, checked, written."""
        name = context.partition_key
        settings = known[name]
        try:
            _run(name, settings, environment_of(name, secrets, os.environ), config.whole)
        except RunFailedError as error:
            if not config.retries:
                raise
            wait_s = FIRST_WAIT_S * 2**context.retry_number
            raise dg.RetryRequested(config.retries, wait_s) from error
        about = manifest(current_run(settings))
        return dg.MaterializeResult(
            metadata={key: str(about[key]) for key in ("run", "data_until", "config_hash")}
        )

    @dg.asset(deps=[published], group_name="municipalities")
    def comparison(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        """What they published side by side; who has published nothing yet is not in it."""
        homes = list(_with_publication(known))
        files = compare(publications(homes), folder / "comparison")
        context.log.info(f"{len(homes)} of {len(known)} municipalities are compared.")
        return dg.MaterializeResult(
            metadata={"municipalities": len(homes), "page": dg.MetadataValue.path(str(files[0]))}
        )

    each = dg.define_asset_job("each", [published])
    together = dg.define_asset_job("together", [comparison])

    @dg.schedule(
        job=each,
        cron_schedule="0 4 * * *",
        execution_timezone=ZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    def every_night(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
        """A run for each municipality, at four in the morning, Dutch time; on Saturday it reads
        their systems whole, so that what is gone there goes here."""
        night = context.scheduled_execution_time.date()
        how_much = {"whole": night.isoweekday() == SATURDAY, "retries": MOST_RETRIES}
        for name in known:
            yield dg.RunRequest(
                run_key=f"{name} {night.isoformat()}",
                partition_key=name,
                run_config={"ops": {"published": {"config": how_much}}},
            )

    morning = dg.ScheduleDefinition(
        name="every_morning",
        job=together,
        cron_schedule="30 7 * * *",
        execution_timezone=ZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    return dg.Definitions(
        assets=[published, comparison],
        jobs=[each, together],
        schedules=[every_night, morning],
        executor=dg.in_process_executor,
    )


def folders(environment: Mapping[str, str]) -> tuple[Path, Path]:
    """The folders of configurations and of secrets, as the environment names them.

    Raises ConfigurationError where one is not named, or Dagster would not keep to our settings.
    """
    missing = [name for name in (FOLDER, SECRETS, DAGSTER) if not environment.get(name)]
    if missing:
        raise ConfigurationError(
            f"{' and '.join(missing)} is not set.\n"
            "  Mend: name the folder (docs/municipalities.md)."
        )
    record = Path(environment[DAGSTER])
    if not (record / SHIPPED.name).is_file():
        raise ConfigurationError(
            f"{DAGSTER}: {record} has no {SHIPPED.name}. Without it Dagster tells its makers of"
            f" each run, and starts many at once.\n  Mend: cp {SHIPPED} {record}, and start again."
        )
    return Path(environment[FOLDER]), Path(environment[SECRETS])


@dg.definitions
def defs() -> dg.Definitions:
    """The municipalities that HARTSLAG_MUNICIPALITIES and HARTSLAG_SECRETS name."""
    return build_tenant_defs(*folders(os.environ))


class RunFailedError(dg.Failure):
    """A run that did not end well, and may do so later."""


def _run(name: str, settings: Settings, environment: dict[str, str], whole: bool) -> None:
    """Raises with what the run said where it does not end well: RunFailedError where another
    attempt may help, dg.Failure where a check or the configuration stopped it."""
    arguments = ["--config", str(settings.config_file), "--home", str(settings.home)]
    arguments += ["--whole"] if whole else []
    done = subprocess.run(  # noqa: S603 (this program, and paths of its own)
        [sys.executable, "-m", "pipelines.cli", "run", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        kind = dg.Failure if done.returncode in FINAL else RunFailedError
        raise kind(f"{name}: {done.stderr.strip() or 'the run ended without a word'}")


def _with_publication(known: Mapping[str, Settings]) -> Iterator[Path]:
    for settings in known.values():
        try:
            current_run(settings)
        except NothingPublishedError:
            continue
        yield settings.home
