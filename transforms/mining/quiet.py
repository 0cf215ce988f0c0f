"""pm4py without its banner, bars and warnings; imported here alone, when first asked for."""

from __future__ import annotations

import contextlib
import io
import os
import warnings
from collections.abc import Iterator
from typing import Any


def pm4py() -> Any:
    """The module; the first call takes seconds."""
    os.environ.setdefault("PM4PY_SHOW_PROGRESS_BAR", "False")
    with contextlib.redirect_stdout(io.StringIO()):
        import pm4py
    pm4py.util.constants.SHOW_PROGRESS_BAR = False
    pm4py.util.constants.SHOW_INTERNAL_WARNINGS = False
    return pm4py


@contextlib.contextmanager
def quiet() -> Iterator[Any]:
    """pm4py, with its own calls to what others have since deprecated left unsaid."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield pm4py()
