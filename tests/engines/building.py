"""Building models on a Spark of one's own, told line by line: `building.py FOLDER SPARK [MOST]`."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path

from pipelines.engines.session import open_session
from pipelines.engines.spark import SparkEngine
from pipelines.municipality import Spark
from transforms.models import load_models

OF_THE_CLUSTER = {"spark.executor.cores": "1", "spark.task.maxFailures": "8"}


def main(folder: Path, spark: str, most: str = "") -> None:
    """SPARK is the part of the configuration, as JSON; MOST the number of models."""
    asked = Spark.model_validate_json(spark)
    session = open_session(asked, **({} if asked.is_connect else OF_THE_CLUSTER))
    engine = SparkEngine(session, folder)
    for name, model in islice(load_models().items(), int(most) if most else None):
        sys.stdout.write(f"{name} {engine.build(model)}\n")
        sys.stdout.flush()
    session.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
