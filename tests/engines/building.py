"""Building every model on a Spark of one's own, told line by line: `building.py FOLDER MASTER`."""

from __future__ import annotations

import sys
from pathlib import Path

from pipelines.engines.spark import SparkEngine, open_session
from pipelines.municipality import Spark
from transforms.models import load_models


def main(folder: Path, master: str) -> None:
    asked = Spark(master=master, partitions=4, memory="1g")
    session = open_session(asked, **{"spark.executor.cores": "1", "spark.task.maxFailures": "8"})
    engine = SparkEngine(session, folder)
    for name, model in load_models().items():
        sys.stdout.write(f"{name} {engine.build(model)}\n")
        sys.stdout.flush()
    session.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
