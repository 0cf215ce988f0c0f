"""The eight journeys of Lindeveld: who asks, how often, and what the town hall then does.

What belongs here: the way of working on the first day. What does not: how it changes
(`truth.yaml`) and what a queue makes of it (`simulation.py`). Names of activities, teams and
partners are as the case system would show them, in Dutch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens to a case: first a wait, then work by a team, then the event.

    `wait_days` is a mean; `on` says whose time that is: planning, resident, or a partner's name.
    `minutes` is the mean time of the team's work; without it nobody of the town hall works on it.
    """

    id: str
    activity: str
    team: str | None = None
    minutes: float = 0
    wait_days: float = 0
    on: str = "planning"
    spread: float = 0.6  # coefficient of variation of both
    suspends: bool = False


@dataclass(frozen=True, slots=True)
class Detour:
    """Steps that a part of the cases go through."""

    id: str
    chance: float
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    id: str
    nl: str
    en: str
    flow: tuple[Step | Detour, ...]

    def steps(self) -> Iterator[tuple[Step, float]]:
        """Each step with the share of the cases that go through it."""
        for part in self.flow:
            if isinstance(part, Step):
                yield part, 1.0
            else:
                yield from ((step, part.chance) for step in part.steps)


@dataclass(frozen=True, slots=True)
class Journey:
    """`yearly` counts cases per 1,000 residents; `season` has a factor per month, mean one."""

    id: str
    nl: str
    en: str
    formula: str
    case_type: str
    term_weeks: int
    legal_basis: str
    yearly: float
    season: tuple[float, ...]
    channels: dict[str, float]
    target_groups: dict[str, float]
    phases: tuple[Phase, ...]
    results: dict[str, float]
    questions: float  # contacts a year per 1,000 residents without a case
    resolved: float  # share of first contacts that the answering employee can settle
    asks_after_days: float  # mean days between two questions of one resident about an open case
    can_extend: bool = True

    def steps(self) -> Iterator[tuple[Step, float]]:
        for phase in self.phases:
            yield from phase.steps()


EVEN = (1.0,) * 12
SCHOOL = (1.15, 1.1, 1.15, 1.0, 1.0, 0.9, 0.6, 0.7, 1.15, 1.1, 1.15, 1.0)
TRAVEL = (0.85, 0.9, 1.0, 1.15, 1.4, 1.5, 1.1, 0.8, 0.75, 0.85, 0.85, 0.85)
MOVES = (0.85, 0.85, 0.95, 1.0, 1.0, 1.1, 1.2, 1.25, 1.1, 0.95, 0.9, 0.85)
BUILDS = (0.9, 1.05, 1.25, 1.2, 1.15, 1.05, 0.85, 0.75, 1.0, 1.05, 0.95, 0.8)
OUTSIDE = (0.8, 0.8, 0.95, 1.05, 1.15, 1.2, 1.15, 1.15, 1.0, 1.05, 0.9, 0.8)

WELFARE, AGENCY, SAFETY = (
    "Welzijnsstichting De Linde",
    "Omgevingsdienst Lindestreek",
    "Veiligheidsregio Lindestreek",
)
ENERGY, SUPPORT = "Energieadvies Lindestreek", "Ondersteuningsteam De Brug"
WORK, HEALTH = "Werkbedrijf Lindestreek", "Gezondheidsdienst Lindestreek"
PARTNERS = {
    "environment_agency": (AGENCY, "Environment agency"),
    "safety_region": (SAFETY, "Safety region"),
    "energy_advice": (ENERGY, "Energy advice"),
    "support_team": (SUPPORT, "Support team"),
    "welfare_foundation": (WELFARE, "Welfare foundation"),
    "work_agency": (WORK, "Work agency"),
    "health_service": (HEALTH, "Health service"),
}

DESK, SOCIAL, YOUTH, DEBT = "Publieksbalie", "Wmo-consulenten", "Jeugdteam", "Schuldhulp"
BACK, PERMITS, OUTDOOR, BUSINESS = (
    "Backoffice sociaal domein",
    "Vergunningen",
    "Buitendienst",
    "Bedrijvenloket",
)
ENTRANCE, CONTACT_CENTRE = "Sociale toegang", "Klantcontactcentrum"
TEAMS = (CONTACT_CENTRE, DESK, ENTRANCE, SOCIAL, YOUTH, DEBT, BACK, PERMITS, OUTDOOR, BUSINESS)
# The share of the time present that the average load takes; the busier, the longer the queue.
UTILISATION = {CONTACT_CENTRE: 0.72, DESK: 1.02, BACK: 0.97}
USUAL_UTILISATION = 0.87

JOURNEYS = (
    Journey(
        "support_at_home",
        "Hulp thuis",
        "Support at home",
        "ontwerp",
        "ZT-WMO",
        8,
        "Wmo 2015 art. 2.3.2 en 2.3.5",
        26,
        EVEN,
        {"phone": 0.45, "local team": 0.25, "web": 0.15, "desk": 0.15},
        {"ouderen": 0.7, "mantelzorgers": 0.2, "volwassenen": 0.1},
        (
            Phase(
                "report",
                "Melden",
                "Reporting",
                (
                    Step("receive", "Melding ontvangen", ENTRANCE, 15),
                    Step("triage", "Hulpvraag verkend", ENTRANCE, 30, 1.5),
                ),
            ),
            Phase(
                "investigate",
                "Onderzoeken",
                "Investigating",
                (
                    Step("visit", "Keukentafelgesprek gevoerd", SOCIAL, 100, 17),
                    Detour(
                        "advice",
                        0.3,
                        (
                            Step("ask_advice", "Medisch advies gevraagd", SOCIAL, 20),
                            Step("get_advice", "Medisch advies ontvangen", HEALTH, 0, 13, HEALTH),
                        ),
                    ),
                    Step("report", "Verslag vastgesteld", SOCIAL, 60, 4, "resident"),
                ),
            ),
            Phase(
                "decide",
                "Beslissen",
                "Deciding",
                (
                    Step("decide", "Besluit genomen", SOCIAL, 40),
                    Step("arrange", "Ondersteuning gestart", WELFARE, 0, 9, WELFARE),
                ),
            ),
        ),
        {"toegekend": 0.85, "afgewezen": 0.1, "ingetrokken": 0.05},
        33,
        0.55,
        32,
    ),
    Journey(
        "youth_support",
        "Jeugdhulp",
        "Youth support",
        "ontwerp",
        "ZT-JEUGD",
        8,
        "Jeugdwet en verordening; Awb art. 4:13",
        13,
        SCHOOL,
        {"phone": 0.4, "local team": 0.35, "web": 0.15, "e-mail": 0.1},
        {"gezinnen": 0.8, "jongeren": 0.2},
        (
            Phase(
                "report",
                "Melden",
                "Reporting",
                (Step("receive", "Aanmelding ontvangen", ENTRANCE, 20),),
            ),
            Phase(
                "investigate",
                "Onderzoeken",
                "Investigating",
                (
                    Step("talk", "Gezinsgesprek gevoerd", YOUTH, 110, 12),
                    Detour(
                        "second_team",
                        0.9,
                        (
                            Step(
                                "pass_on",
                                "Overgedragen aan ondersteuningsteam",
                                SUPPORT,
                                0,
                                6,
                                SUPPORT,
                            ),
                            Step("plan", "Hulpverleningsplan opgesteld", YOUTH, 60, 3),
                        ),
                    ),
                    Step("agree", "Gezinsplan vastgesteld", YOUTH, 45, 5, "resident"),
                ),
            ),
            Phase(
                "decide",
                "Beslissen",
                "Deciding",
                (
                    Step("decide", "Besluit genomen", BACK, 130),
                    Step("start", "Jeugdhulp gestart", SUPPORT, 0, 14, SUPPORT),
                ),
            ),
        ),
        {"toegekend": 0.9, "ingetrokken": 0.1},
        13,
        0.5,
        27,
    ),
    Journey(
        "debt_counselling",
        "Hulp bij schulden",
        "Debt counselling",
        "ontwikkel",
        "ZT-SCHULD",
        8,
        "Wet gemeentelijke schuldhulpverlening art. 4a",
        9,
        (1.3, 1.15, 1.05, 1.0, 1.0, 0.95, 0.85, 0.9, 1.0, 1.0, 0.95, 0.85),
        {"phone": 0.4, "web": 0.3, "desk": 0.15, "local team": 0.15},
        {"huishoudens met een laag inkomen": 0.7, "ondernemers": 0.1, "jongeren": 0.2},
        (
            Phase(
                "report",
                "Aanmelden",
                "Signing up",
                (
                    Step("receive", "Aanmelding ontvangen", DEBT, 20),
                    Step("talk", "Eerste gesprek gevoerd", DEBT, 75, 9),
                ),
            ),
            Phase(
                "stabilise",
                "Stabiliseren",
                "Stabilising",
                (
                    Detour(
                        "incomplete",
                        0.45,
                        (
                            Step("ask", "Gegevens opgevraagd", DEBT, 15),
                            Step("get", "Gegevens ontvangen", None, 0, 14, "resident", 0.8, True),
                        ),
                    ),
                    Detour("work", 0.35, (Step("work", "Werkintake gedaan", WORK, 0, 12, WORK),)),
                    Step("plan", "Plan van aanpak opgesteld", DEBT, 90, 8),
                ),
            ),
            Phase(
                "decide",
                "Beslissen",
                "Deciding",
                (Step("decide", "Beschikking verzonden", BACK, 110),),
            ),
        ),
        {"toegekend": 0.75, "doorverwezen": 0.1, "ingetrokken": 0.15},
        12,
        0.45,
        25,
    ),
    Journey(
        "passport",
        "Paspoort aanvragen",
        "Passport",
        "snel",
        "ZT-PASPOORT",
        4,
        "Paspoortwet; servicenorm van Lindeveld",
        96,
        TRAVEL,
        {"web": 0.65, "desk": 0.2, "phone": 0.15},
        {"volwassenen": 0.6, "gezinnen": 0.3, "ouderen": 0.1},
        (
            Phase(
                "request",
                "Aanvragen",
                "Applying",
                (
                    Step("receive", "Aanvraag ontvangen"),
                    Step("desk", "Aanvraag aan de balie", DESK, 22),
                ),
            ),
            Phase(
                "produce",
                "Maken",
                "Producing",
                (Step("produce", "Document ontvangen", None, 0, 5.5, "producer", 0.15),),
            ),
            Phase(
                "hand_over",
                "Uitreiken",
                "Handing over",
                (Step("collect", "Document uitgereikt", DESK, 8, 3, "resident"),),
            ),
        ),
        {"uitgereikt": 0.99, "ingetrokken": 0.01},
        90,
        0.85,
        54,
        can_extend=False,
    ),
    Journey(
        "moving_house",
        "Verhuizing doorgeven",
        "Moving house",
        "snel",
        "ZT-VERHUIZING",
        4,
        "Wet basisregistratie personen; servicenorm van Lindeveld",
        82,
        MOVES,
        {"web": 0.7, "desk": 0.2, "e-mail": 0.1},
        {"volwassenen": 0.55, "gezinnen": 0.25, "studenten": 0.2},
        (
            Phase(
                "report", "Doorgeven", "Reporting", (Step("receive", "Verhuisaangifte ontvangen"),)
            ),
            Phase(
                "process",
                "Verwerken",
                "Processing",
                (
                    Step("check", "Aangifte gecontroleerd", DESK, 10, 1.5),
                    Detour(
                        "proof",
                        0.18,
                        (
                            Step("ask", "Bewijsstuk gevraagd", DESK, 6),
                            Step("get", "Bewijsstuk ontvangen", None, 0, 7, "resident"),
                            Step("check_again", "Bewijsstuk beoordeeld", DESK, 8, 0.5),
                        ),
                    ),
                    Step("done", "Verhuizing verwerkt", DESK, 8, 1),
                ),
            ),
        ),
        {"verwerkt": 0.98, "ingetrokken": 0.02},
        120,
        0.58,
        16,
        can_extend=False,
    ),
    Journey(
        "environmental_permit",
        "Omgevingsvergunning",
        "Environmental permit",
        "ontwerp",
        "ZT-OMGEVING",
        8,
        "Omgevingswet art. 16.64",
        13,
        BUILDS,
        {"web": 0.8, "desk": 0.1, "e-mail": 0.1},
        {"huiseigenaren": 0.7, "ondernemers": 0.3},
        (
            Phase(
                "request",
                "Aanvragen",
                "Requesting",
                (
                    Step("receive", "Aanvraag ontvangen", PERMITS, 20),
                    Step("check", "Volledigheid getoetst", PERMITS, 60, 4),
                ),
            ),
            Phase(
                "complete",
                "Aanvullen",
                "Completing",
                (
                    Detour(
                        "incomplete",
                        0.5,
                        (
                            Step("ask", "Aanvulling gevraagd", PERMITS, 25),
                            Step("get", "Aanvulling ontvangen", None, 0, 16, "resident", 0.6, True),
                            Step("check_again", "Aanvulling getoetst", PERMITS, 40, 3),
                        ),
                    ),
                ),
            ),
            Phase(
                "assess",
                "Beoordelen",
                "Assessing",
                (
                    Detour(
                        "agency",
                        0.6,
                        (
                            Step("ask_agency", "Advies gevraagd", PERMITS, 20),
                            Step("agency", "Milieuadvies ontvangen", AGENCY, 0, 15, AGENCY),
                        ),
                    ),
                    Detour(
                        "safety",
                        0.15,
                        (
                            Step(
                                "safety", "Brandveiligheidsadvies ontvangen", SAFETY, 0, 12, SAFETY
                            ),
                        ),
                    ),
                    Detour(
                        "energy",
                        0.15,
                        (Step("energy", "Energieadvies ontvangen", ENERGY, 0, 9, ENERGY),),
                    ),
                    Step("assess", "Aanvraag beoordeeld", PERMITS, 180, 9),
                ),
            ),
            Phase(
                "decide",
                "Beslissen",
                "Deciding",
                (
                    Step("decide", "Besluit genomen", PERMITS, 60, 4),
                    Step("send", "Besluit verzonden", PERMITS, 15),
                ),
            ),
        ),
        {"verleend": 0.85, "geweigerd": 0.07, "ingetrokken": 0.08},
        27,
        0.55,
        36,
    ),
    Journey(
        "public_space",
        "Melding openbare ruimte",
        "Report about public space",
        "beheer",
        "ZT-MOR",
        2,
        "Servicenorm van Lindeveld",
        110,
        OUTSIDE,
        {"web": 0.6, "phone": 0.25, "social media": 0.15},
        {"bewoners": 0.9, "ondernemers": 0.1},
        (
            Phase(
                "report",
                "Melden",
                "Reporting",
                (
                    Step("receive", "Melding ontvangen"),
                    Step("judge", "Melding beoordeeld", OUTDOOR, 8),
                ),
            ),
            Phase(
                "solve",
                "Oplossen",
                "Solving",
                (
                    Step("plan", "Ingepland", OUTDOOR, 6, 2),
                    Step("solve", "Melding opgelost", OUTDOOR, 40, 4),
                ),
            ),
            Phase(
                "tell",
                "Terugkoppelen",
                "Reporting back",
                (Step("tell", "Melder bericht", OUTDOOR, 4, 1),),
            ),
        ),
        {"opgelost": 0.9, "geen actie": 0.1},
        54,
        0.7,
        13,
        can_extend=False,
    ),
    Journey(
        "starting_business",
        "Bedrijf starten",
        "Starting a business",
        "ontwikkel",
        "ZT-BEDRIJF",
        8,
        "Dienstenwet; Awb art. 4:13",
        12,
        (1.2, 1.05, 1.05, 1.0, 1.0, 0.95, 0.8, 0.85, 1.1, 1.05, 1.0, 0.95),
        {"web": 0.5, "phone": 0.2, "e-mail": 0.2, "desk": 0.1},
        {"ondernemers": 1.0},
        (
            Phase(
                "request",
                "Aanvragen",
                "Requesting",
                (
                    Step("receive", "Aanvraag ontvangen", BUSINESS, 15),
                    Step("talk", "Startersgesprek gevoerd", BUSINESS, 60, 5),
                ),
            ),
            Phase(
                "complete",
                "Aanvullen",
                "Completing",
                (
                    Detour(
                        "incomplete",
                        0.25,
                        (
                            Step("ask", "Aanvulling gevraagd", BUSINESS, 20),
                            Step("get", "Aanvulling ontvangen", None, 0, 11, "resident", 0.6, True),
                        ),
                    ),
                ),
            ),
            Phase(
                "decide",
                "Beslissen",
                "Deciding",
                (
                    Detour(
                        "agency",
                        0.4,
                        (Step("agency", "Milieutoets ontvangen", AGENCY, 0, 13, AGENCY),),
                    ),
                    Step("assess", "Aanvraag beoordeeld", BUSINESS, 80, 6),
                    Step("decide", "Besluit verzonden", BUSINESS, 30, 1),
                ),
            ),
        ),
        {"verleend": 0.88, "geweigerd": 0.05, "ingetrokken": 0.07},
        24,
        0.5,
        27,
    ),
)
BY_ID = {journey.id: journey for journey in JOURNEYS}
