"""What starts a job by itself: a file that arrives."""

import hashlib

import dagster as dg

from pipelines.configuration import load_municipality
from pipelines.connectors.files import matching_files
from pipelines.connectors.raw_log import SourceError
from pipelines.errors import ConfigurationError
from pipelines.jobs import daily
from pipelines.settings import Settings
from pipelines.sources import FileSource


def watched_folders(settings: Settings) -> dg.SensorDefinition:
    """A sensor on the folders of the file sources; it takes no lock, so a run does not stop it."""

    @dg.sensor(name="watched_folders", job=daily, minimum_interval_seconds=300)
    def look() -> dg.RunRequest | dg.SkipReason:
        """Run the daily job when files of the sources arrive or change; each is taken once.

        Files are told apart by name, size and time here; the job itself goes by their content.
        """
        try:
            seen = _state(settings)
        except (ConfigurationError, SourceError) as error:
            return dg.SkipReason(str(error))
        if not seen:
            return dg.SkipReason("No source reads files.")
        return dg.RunRequest(run_key=hashlib.sha256("\n".join(seen).encode()).hexdigest())

    return look


def _state(settings: Settings) -> list[str]:
    lines = []
    for source in load_municipality(settings.config_file).sources:
        if isinstance(source, FileSource):
            for file in matching_files(source, settings.config_file.parent):
                found = file.stat()
                lines.append(f"{source.id} {file.name} {found.st_size} {found.st_mtime_ns}")
    return lines
