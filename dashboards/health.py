"""What a service answers at `healthz` to who watches over it: the run it shows, and how old it is.

Nothing here is about a person, so that a probe may ask without naming a user.
"""

import json
from datetime import datetime

from dashboards.marts import Manifest

HEALTH = "healthz"


def health(shown: Manifest | None, now: datetime) -> tuple[int, str]:
    """The status code and the JSON for a run that is shown; 503 where there is none.

    `now` is aware; `age_hours` counts from publication.
    """
    if shown is None:
        return 503, json.dumps({"status": "nothing published"}) + "\n"
    said = {
        "status": "ok",
        "run": shown.run,
        "published_at": shown.created_at.isoformat(),
        "age_hours": round((now - shown.created_at).total_seconds() / 3600, 1),
        "data_until": shown.data_until.isoformat() if shown.data_until else None,
        "version": shown.version,
    }
    return 200, json.dumps(said) + "\n"
