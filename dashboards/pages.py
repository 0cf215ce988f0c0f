"""Which pages there are, and the file of each in either language."""

from dashboards.text import LANGUAGES, Language

_FILES: dict[Language, dict[str, str]] = {
    "nl": {
        "overview": "index.html",
        "journeys": "klantreizen.html",
        "improvements": "verbeterpunten.html",
        "contact": "eerste-contact.html",
        "partners": "ketenpartners.html",
        "definitions": "definities.html",
        "quality": "datakwaliteit.html",
        "about": "over.html",
    },
    "en": {
        "overview": "index.html",
        "journeys": "journeys.html",
        "improvements": "improvements.html",
        "contact": "first-contact.html",
        "partners": "partners.html",
        "definitions": "definitions.html",
        "quality": "data-quality.html",
        "about": "about.html",
    },
}
KINDS = tuple(_FILES["nl"])


def folder_of(language: Language) -> str:
    """Where a language's pages are below the site; Dutch pages are at its top."""
    return "" if language == "nl" else f"{language}/"


def file_of(language: Language, kind: str) -> str:
    """The file of a page within the folder of its language."""
    return _FILES[language][kind]


def other_language(language: Language) -> Language:
    """The language that a page links to."""
    return next(other for other in LANGUAGES if other != language)


def card_file(language: Language, improvement: str) -> str:
    """The file of an improvement's evidence card within the folder of its language."""
    return f"{'verbeterpunt' if language == 'nl' else 'improvement'}-{improvement}.html"


def journey_file(language: Language, journey: str) -> str:
    """The file of a journey's page within the folder of its language."""
    return f"{'klantreis' if language == 'nl' else 'journey'}-{journey}.html"


def kpi_file(language: Language, kpi: str) -> str:
    """The file of the page that spells out the definitions of a KPI."""
    return f"{'definities' if language == 'nl' else 'definitions'}-{kpi}.html"


def definition_link(definition: str, language: Language) -> str:
    """The place where a definition is spelled out; its KPI is the first part of its name."""
    return f"{kpi_file(language, definition.split('.')[0])}#def-{definition}"
