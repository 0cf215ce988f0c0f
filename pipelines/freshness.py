"""How fresh every asset must be: one policy for all, put on in one place.

Runs are nightly; one that comes a few hours late is warned of, a night without one is a failure.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import dagster as dg

POLICY = dg.FreshnessPolicy.time_window(
    fail_window=timedelta(hours=36), warn_window=timedelta(hours=27)
)


def watched(assets: Iterable[dg.AssetsDefinition]) -> list[dg.AssetsDefinition]:
    """The same assets with the policy on each."""
    return list(dg.map_asset_specs(lambda spec: dg.apply_freshness_policy(spec, POLICY), assets))
