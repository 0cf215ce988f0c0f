"""An invented published run for the tests of pages and charts: small, complete, deterministic."""

import json
from datetime import UTC, date, datetime, timedelta
from math import sin
from typing import Any

import polars as pl

from dashboards.marts import SCHEMA, Manifest, Marts, Record
from tests.dashboards.invented_process import process_tables

HOSTILE = "<script>alert(1)</script>"
POPULATIONS = ("closed", "closed_plus_overdue_open", "due")
ON_TIME = {
    "closed": (71.633, 76.749, 77.126),
    "closed_plus_overdue_open": (69.591, 74.671, 75.037),
    "due": (68.955, 73.9, 74.514),
}
WEEKS = 60
FIRST_WEEK = date(2010, 11, 29)
PATH = (
    "Confirmation of receipt",
    "T02 Check confirmation of receipt",
    "T04 Determine confirmation of receipt",
    "T05 Print and send confirmation of receipt",
    "T06 Determine necessity of stop advice",
    "T10 Determine necessity to stop indication",
)


def invented(journeys: int = 1, is_hostile: bool = False) -> Marts:
    """A run with so many journeys; a hostile one carries markup in every name."""
    keys = [f"permits-{n}" if n else "permits" for n in range(journeys)]
    hurt = HOSTILE if is_hostile else ""
    rows: dict[str, list[Record]] = {table: [] for table in SCHEMA}
    rows["definitions"] = _definitions()
    for key in keys:
        for table, found in _journey(key, hurt).items():
            rows[table] += found
    rows["improvements"] = _improvements(keys[0], hurt) if keys else []
    rows["improvement_evidence"] = _evidence() if keys else []
    rows["sources"] = [_source(hurt)]
    rows["data_quality"] = _findings(hurt)
    rows["not_measurable"] = [
        {"kpi": "flow", "definition": "flow.union.touch", "journey": key, "reason": "no_starts"}
        for key in keys[:1]
    ]
    frames = {table: pl.DataFrame(rows[table], schema=SCHEMA[table]) for table in SCHEMA}
    return Marts(_manifest(hurt), frames)


def _manifest(hurt: str) -> Manifest:
    return Manifest(
        run="2012-01-24T0300",
        municipality=f"Lindeveld{hurt}",
        created_at=datetime(2012, 1, 24, 2, tzinfo=UTC),
        data_until=datetime(2012, 1, 23, 14, 42, 54, tzinfo=UTC),
        disclosure_threshold=5,
        config_hash="0123456789abcdef",
        version="0.1.0",
    )


def _journey(key: str, hurt: str) -> dict[str, list[Record]]:
    activities = [f"{name}{hurt}" for name in (*PATH, "T07 Ask the applicant", "T99 Rare step")]
    return {
        "journeys": [_journey_row(key, hurt)],
        "kpi_values": [*_whole(key), *_channels(key, hurt), *_weeks(key)],
        "norms": [
            _norm(key, "lead_time.km.median", at_most=56.0, basis="Awb 4:13"),
            _norm(key, "on_time.due.rolled", at_least=90.0, basis="service norm"),
        ],
        "phases": [
            {"journey": key, "phase": "in", "name_nl": "Intake", "name_en": "Intake", "position": 1}
        ],
        "method_phases": [
            {"journey": key, "phase": "define", "started_on": date(2011, 6, 1)},
            {"journey": key, "phase": "discover", "started_on": date(2011, 9, 1)},
            {"journey": key, "phase": "design", "started_on": date(2012, 3, 1)},
        ],
        "contact_moments": _moments(key, hurt),
        "process_activities": _activities(key, activities),
        "process_edges": _edges(key, activities),
        "process_variants": _variants(key, activities),
        "process_fit": [
            _fit(key, name) for name in ("inductive miner", "heuristics net", "desired")
        ],
        "deviations": _deviations(key, activities),
        "variant_lift": _lift(key, activities),
        **process_tables(key, activities, hurt),
        "survival": [
            _open(key, days, 1432 - 7 * days, max(0.0, 1 - days / 104)) for days in range(0, 183, 7)
        ],
    }


def _moments(key: str, hurt: str) -> list[Record]:
    """Contacts in the one phase: by phone fewer than before, at the desk too few to tell."""
    rates = [("before", f"telefoon{hurt}", 31.5), ("now", f"telefoon{hurt}", 20.5)]
    shared = {"journey": key, "phase": "in", "stretches": 1000}
    told = [
        shared
        | {"moment": moment, "channel": name, "per_100": rate, "is_withheld": False}
        | {"contacts": int(10 * rate), "cases": int(8 * rate)}
        for moment, name, rate in rates
    ]
    return [*told, shared | {"moment": "now", "channel": "balie", "is_withheld": True}]


def _journey_row(key: str, hurt: str) -> Record:
    return {
        "journey": key,
        "name_nl": f"Omgevingsvergunning aanvragen{hurt}",
        "name_en": f"Environmental permit{hurt}",
        "service_formula": "ontwerp",
        "formula_nl": "Ontwerp",
        "formula_en": "Tailored",
        "cases": 1434,
        "open_cases": 105,
        "first_started_on": date(2010, 10, 2),
        "cutoff_at": datetime(2012, 1, 23, 14, 42, 54, tzinfo=UTC),
        "cutoff_basis": "latest event",
        "term_weeks": 8,
        "legal_basis": "Awb 4:13",
        "end_basis": "registered",
    }


def _definitions() -> list[Record]:
    on_time = [
        _definition(f"on_time.{p}.{r}", "on_time", "percent", "higher", f"Op tijd ({p}, {r})")
        for p in POPULATIONS
        for r in ("exact", "calendar", "rolled")
    ]
    return [
        _definition(
            "lead_time.km.median", "lead_time", "days", "lower", "Mediaan, open zaken meegeteld"
        ),
        *on_time,
        _definition(
            "handoffs.team.per_known_case", "handoffs", "per_case", "lower", "Per bekende zaak"
        ),
        _definition("rework.any_cases", "rework", "percent", "lower", "Zaken met dubbel werk"),
        _definition("workload.opened", "workload", "cases", "none", "Begonnen zaken"),
    ]


def _definition(name: str, kpi: str, unit: str, direction: str, words: str) -> Record:
    headlines = {"lead_time.km.median", "on_time.due.rolled", "handoffs.team.per_known_case"}
    both = {f"{stem}_{lang}": f"{stem} of {name}" for stem in _WORDS for lang in ("nl", "en")}
    return both | {
        "definition": name,
        "kpi": kpi,
        "name_nl": words,
        "name_en": f"{words} (en)",
        "unit": unit,
        "direction": direction,
        "source": "kpi reference, chapter 4",
        "is_headline": name in headlines or kpi in {"rework", "workload"},
        "competes": "on_time" if kpi == "on_time" else "",
        "counts": "cases",
        "level": "case",
        "model": f"mart.kpi_{kpi}",
        "parameters": "{}",
        "sql_hash": "feedbeef" * 8,
        "definition_hash": f"{abs(hash_of(name)):08x}" * 8,
    }


_WORDS = ("formula", "population", "exclusions")


def hash_of(name: str) -> int:
    """A stable stand-in for a hash."""
    return sum((place + 1) * ord(letter) * 7919 for place, letter in enumerate(name)) % 2**32


def _whole(key: str) -> list[Record]:
    rows = [
        figure(key, "lead_time.km.median", 52.5, n=1432, n_excluded=2, lower=50.9, upper=54.1),
        figure(key, "handoffs.team.per_known_case", 2.4, n=1348, n_excluded=86),
        figure(key, "rework.any_cases", 6.346, n=1434),
    ]
    for population, values in ON_TIME.items():
        for reading, value in zip(("exact", "calendar", "rolled"), values, strict=True):
            rows.append(figure(key, f"on_time.{population}.{reading}", value, n=1338))
    return rows


def _channels(key: str, hurt: str) -> list[Record]:
    found = []
    for place, (name, n) in enumerate({"Internet": 1250, "Balie": 109, "Post": 53}.items()):
        segment = {"segment_kind": "channel", "segment": f"{name}{hurt}"}
        found.append(figure(key, "lead_time.km.median", 50.0 + 9 * place, n=n, **segment))
        found.append(figure(key, "on_time.due.rolled", 76.0 - 8 * place, n=n, **segment))
    segment = {"segment_kind": "channel", "segment": f"Intern{hurt}"}
    return [*found, withheld(key, "lead_time.km.median", **segment)]


def _weeks(key: str) -> list[Record]:
    found = []
    for number in range(WEEKS):
        start = FIRST_WEEK + timedelta(weeks=number)
        period = {
            "period_kind": "week",
            "period": f"{start:%G-W%V}",
            "period_start": start,
            "is_mature": number < WEEKS - 8,
        }
        opened = 21 + round(8 * sin(number * 1.7))
        lead = 53 + 9 * sin(number * 1.1) + 4 * sin(number * 0.3)
        found.append(figure(key, "workload.opened", opened, n=opened, **period))
        if number == WEEKS - 9:
            found.append(withheld(key, "lead_time.km.median", **period))
        elif number < WEEKS - 3:
            found.append(figure(key, "lead_time.km.median", lead, n=opened, **period))
        else:
            found.append(figure(key, "lead_time.km.median", None, n=opened, **period))
    return found


def figure(key: str, definition: str, value: float | None, **more: Any) -> Record:
    """A row of `kpi_values`; whatever is not given is of the whole journey."""
    usual: Record = {
        "kpi": definition.split(".")[0],
        "definition": definition,
        "journey": key,
        "segment_kind": "all",
        "segment": "all",
        "period_kind": "all",
        "period": "all",
        "period_start": None,
        "n": None,
        "n_excluded": 0,
        "numerator": None,
        "denominator": None,
        "value": value,
        "lower": None,
        "upper": None,
        "is_mature": True,
        "is_withheld": False,
        "is_rounded": False,
        "definition_hash": f"{abs(hash_of(definition)):08x}" * 8,
    }
    return usual | more


def withheld(key: str, definition: str, **more: Any) -> Record:
    """A row of `kpi_values` whose group is too small."""
    return figure(key, definition, None, n_excluded=None, is_withheld=True, **more)


def _norm(key: str, definition: str, basis: str, **bounds: float) -> Record:
    usual: Record = {"journey": key, "definition": definition, "basis": basis}
    return usual | {"at_most": None, "at_least": None} | bounds


def _activities(key: str, names: list[str]) -> list[Record]:
    return [
        {
            "journey": key,
            "activity": name,
            "phase": "in" if place < 4 else None,
            "occurrences": 1434 - 100 * place if place < 7 else None,
            "cases": 1434 - 100 * place if place < 7 else None,
            "start_cases": 1434 if place == 0 else 0,
            "end_cases": {0: 116, 5: 828, 6: 490}.get(place, 0),
            "path_position": place + 1 if place < 6 else None,
            "is_withheld": place == 7,
        }
        for place, name in enumerate(names)
    ]


def _edges(key: str, names: list[str]) -> list[Record]:
    counts = {(n, n + 1): 1150 - 90 * n for n in range(5)}
    counts |= {(3, 6): 178, (6, 4): 141, (1, 1): 38, (6, 6): 6, (0, 6): 22, (5, 2): 7, (2, 0): 5}
    found = [
        {
            "journey": key,
            "from_activity": names[a],
            "to_activity": names[b],
            "occurrences": n,
            "cases": n,
            "mean_s": 40.0 * n,
            "median_s": 7.0 * (a + 1) ** 4,
            "p90_s": 200.0 * n,
            "is_withheld": False,
        }
        for (a, b), n in counts.items()
    ]
    rare = dict.fromkeys(("occurrences", "cases", "mean_s", "median_s", "p90_s"))
    ends = {"journey": key, "from_activity": names[6], "to_activity": names[7]}
    return [*found, ends | rare | {"is_withheld": True}]


def _variants(key: str, names: list[str]) -> list[Record]:
    paths = [names[:6], names[:1], names[:4], [*names[:4], names[6], names[4], names[5]]]
    cases = (713, 116, 92, 51)
    usual = {"journey": key, "first_started_on": date(2010, 10, 2), "variants": 1}
    found = [
        usual
        | {
            "variant": place,
            "path": json.dumps(path),
            "events": len(path),
            "cases": n,
            "share": 100 * n / 1434,
            "median_throughput_days": 0.4 * place,
            "mean_handoffs": None if place == 2 else 1.5 + place,
            "median_lead_time_days": 50.0 + place,
            "on_time_share": None if place == 3 else 80.0 - place,
            "last_started_on": date(2012, 1, 20),
        }
        for place, (path, n) in enumerate(zip(paths, cases, strict=True), start=1)
    ]
    return [*found, usual | {"cases": 90, "share": 6.3, "variants": 78}]


def _fit(key: str, model: str) -> Record:
    is_drawn = model == "desired"
    return {
        "journey": key,
        "model": model,
        "noise_threshold": 0.2 if model == "inductive miner" else None,
        "cases": 1329 if is_drawn else 1434,
        "variants": 116,
        "covered_share": 100.0,
        "fitting_cases": 1000,
        "perfectly_fitting_share": 75.2,
        "most_fitting_share": 77.9 if is_drawn else 75.2,
        "unaligned_variants": 12 if is_drawn else 0,
        "fitness": 0.978,
        "precision": 0.713,
        "generalisation": 0.901,
        "simplicity": None if is_drawn else 0.64,
    }


def _deviations(key: str, names: list[str]) -> list[Record]:
    usual: Record = dict.fromkeys(("other_activity", "bound", "level", "lost_days"))
    usual |= {"journey": key, "basis": "flow", "judged_cases": 1329, "is_withheld": False}
    usual |= {"median_days": 60.5, "other_median_days": 42.0}
    rule = usual | {"basis": "rule"}
    two = {"activity": names[0], "other_activity": names[2]}
    found = [
        usual | {"kind": "again", "activity": names[1], "residents": 311, "lost_days": 2196.7},
        usual | {"kind": "extra", "activity": names[6], "residents": 178, "lost_days": 942.0},
        rule | {"kind": "within", **two, "bound": 5, "residents": 120, "lost_days": 400.0},
        usual | {"kind": "skipped", "activity": names[3], "residents": 30},
        usual | {"kind": "moved", "activity": names[4], "residents": 29, "lost_days": 1.0},
        rule | {"kind": "handoffs", "bound": 1, "level": "team", "residents": 28},
        rule | {"kind": "four_eyes", **two, "residents": 20},
        rule | {"kind": "precedence", **two, "residents": 10},
        rule | {"kind": "response", **two, "residents": 9},
    ]
    told = [
        {"activity": None} | row | {"rank": place, "cases": row["residents"]}
        for place, row in enumerate(found, 1)
    ]
    gone = dict.fromkeys(("rank", "cases", "residents", "median_days", "other_median_days"))
    return [
        *told,
        usual | {"kind": "extra", "activity": names[7], "is_withheld": True} | gone,
    ]


def _lift(key: str, names: list[str]) -> list[Record]:
    usual = dict.fromkeys(SCHEMA["variant_lift"])
    usual |= {"journey": key, "slow_from_days": 60.0, "is_withheld": False}
    shares = {"slow_lower": 40.0, "slow_upper": 52.0, "other_lower": 10.0, "other_upper": 15.0}
    shares |= {"slow_share": 46.3, "other_share": 12.3, "difference": 34.0, "lift": 1.85}
    shares |= {"difference_lower": 27.8, "difference_upper": 40.1, "q_value": 0.001}
    return [
        usual | shares | {"trait": "again", "value": names[1], "cases": 315, "is_clear": True},
        usual | {"trait": "channel", "value": "Post", "is_withheld": True},
    ]


def _open(key: str, days: int, at_risk: int, still_open: float) -> Record:
    return {
        "journey": key,
        "cohort": "all",
        "after_days": days,
        "at_risk": max(at_risk, 0),
        "still_open": still_open,
        "is_withheld": False,
    }


def _improvements(key: str, hurt: str) -> list[Record]:
    wish = [{"definition": "lead_time.km.median", "change": -5, "unit": "days"}]
    usual = {"journey": key, "owner": None, "cost_eur": 450_000.0, "expected": json.dumps(wish)}
    return [
        usual
        | {
            "improvement": "form",
            "name_nl": f"Digitaal formulier{hurt}",
            "name_en": f"Online form{hurt}",
            "went_live_on": date(2011, 4, 1),
        },
        usual
        | {
            "improvement": "team",
            "name_nl": "Eén vast team",
            "name_en": "One steady team",
            "went_live_on": date(2011, 9, 15),
        },
    ]


def _evidence() -> list[Record]:
    """The first improvement was judged, the second was not."""
    usual = dict.fromkeys(SCHEMA["improvement_evidence"])
    return [
        usual
        | {
            "improvement": "form",
            "definition": "lead_time.km.median",
            "verdict": "no_proof",
            "reason": "within_noise",
            "unit": "percent",
            "effect": -4.0,
            "lower": -12.0,
            "upper": 5.0,
            "naive_verdict": "improved",
            "rule": "2026.1",
            "expected": -5.0,
            "expected_unit": "days",
            "expectation": "unknown",
            "definition_hash": "f00d" * 16,
        }
    ]


def _source(hurt: str) -> Record:
    return {
        "source": f"receipt{hurt}",
        "kind": "event_log",
        "journey": None,
        "files": 1,
        "rows_read": 8577,
        "rows_loaded": 8572,
        "rows_quarantined": 5,
        "cutoff_at": datetime(2012, 1, 23, 14, 42, 54, tzinfo=UTC),
        "cutoff_basis": "latest event",
    }


def _findings(hurt: str) -> list[Record]:
    def found(finding: str, severity: str, affected: int, total: int | None) -> Record:
        return {
            "source": "receipt",
            "finding": finding,
            "severity": severity,
            "affected": affected,
            "total": total,
            "detail": f"field=end{hurt}",
        }

    return [
        found("ends_before_start", "warning", 2, 1434),
        found("events_without_team", "info", 1936, 8577),
        found("a_finding_of_tomorrow", "error", 1, None),
    ]
