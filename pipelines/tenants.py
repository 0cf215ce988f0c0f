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

from pipelines.comparing import compare, publications
from pipelines.errors import ConfigurationError
from pipelines.reading import NothingPublishedError, current_run, manifest
from pipelines.settings import Settings

FOLDER, SECRETS = "HARTSLAG_MUNICIPALITIES", "HARTSLAG_SECRETS"
KEY = "pseudonym.key"
ZONE = "Europe/Amsterdam"
SATURDAY = 6


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


class HowMuch(dg.Config):
    """How much of its systems a municipality's run reads: all, or what is new and can change."""

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
        _run(name, settings, environment_of(name, secrets, os.environ), config)
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
        how_much = {"whole": night.isoweekday() == SATURDAY}
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


@dg.definitions
def defs() -> dg.Definitions:
    """The municipalities that HARTSLAG_MUNICIPALITIES and HARTSLAG_SECRETS name."""
    missing = [name for name in (FOLDER, SECRETS) if not os.environ.get(name)]
    if missing:
        raise ConfigurationError(
            f"{' and '.join(missing)} is not set.\n"
            "  Mend: name the folder (docs/municipalities.md)."
        )
    return build_tenant_defs(Path(os.environ[FOLDER]), Path(os.environ[SECRETS]))


def _run(name: str, settings: Settings, environment: dict[str, str], config: HowMuch) -> None:
    """Raises dg.Failure with what the run said where it does not end well."""
    arguments = ["--config", str(settings.config_file), "--home", str(settings.home)]
    arguments += ["--whole"] if config.whole else []
    done = subprocess.run(  # noqa: S603 (this program, and paths of its own)
        [sys.executable, "-m", "pipelines.cli", "run", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise dg.Failure(f"{name}: {done.stderr.strip() or 'the run ended without a word'}")


def _with_publication(known: Mapping[str, Settings]) -> Iterator[Path]:
    for settings in known.values():
        try:
            current_run(settings)
        except NothingPublishedError:
            continue
        yield settings.home
