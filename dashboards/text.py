"""Words, numbers, dates and durations for one reader: Dutch (nl) or English (en).

Every word comes from `catalogues/<language>.toml`; a key is `section.name`. A number next to its
unit is held together by a no-break space, so that a line never ends between the two.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")
NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_SEPARATORS: dict[Language, tuple[str, str]] = {"nl": (",", "."), "en": (".", ",")}
_DURATIONS = ((86_400.0, "days"), (3_600.0, "hours"), (60.0, "minutes"), (1.0, "seconds"))


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """All words of a language by flat key, e.g. `nav.overview`."""
    path = Path(__file__).parent / "catalogues" / f"{language}.toml"
    sections = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        f"{s}.{key}": words for s, entries in sections.items() for key, words in entries.items()
    }


@dataclass(frozen=True)
class Text:
    """Speaks one language; call it with a key, or use its formatters."""

    language: Language

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key with `{name}` filled in; an unknown key raises KeyError."""
        return catalogue(self.language)[key].format(**values)

    def member(self, family: str, name: str, **values: object) -> str:
        """Words for a code from the data; a code without words is shown as it is, never hidden."""
        words = catalogue(self.language).get(f"{family}.{name}")
        return name if words is None else words.format(**values)

    def count(self, key: str, n: int, **values: object) -> str:
        """`key_one` for exactly one, else `key_other`, with `{n}` as a grouped number."""
        ending = "one" if n == 1 else "other"
        return self(f"{key}_{ending}", n=self.number(n), **values)

    def none_or(self, n: int) -> str:
        """A number within a sentence, where nought is a word."""
        return self.number(n) if n else self("value.none")

    def of(self, row: Mapping[str, Any], stem: str = "name") -> str:
        """The column of a row that is in this language: `name_nl` or `name_en`."""
        return str(row[f"{stem}_{self.language}"] or "")

    def number(self, value: float, digits: int = 0) -> str:
        """`1.434` and `5,4` in Dutch, `1,434` and `5.4` in English; a true minus sign."""
        decimal, thousands = _SEPARATORS[self.language]
        plain = f"{abs(value):,.{digits}f}"
        swapped = plain.translate(str.maketrans(",.", thousands + decimal))
        is_negative = value < 0 and any(c in "123456789" for c in plain)
        return f"{MINUS}{swapped}" if is_negative else swapped

    def percent(self, value: float, digits: int = 1) -> str:
        """A share from 0 to 100, e.g. `74,5 %`."""
        return f"{self.number(value, digits)}{NBSP}%"

    def euro(self, value: float) -> str:
        """Whole euros, e.g. `€ 450.000`."""
        return f"€{NBSP}{self.number(value)}"

    def value(self, value: float, unit: str) -> str:
        """A figure in the unit of its definition: days, percent, per_case, eur, cases."""
        if unit == "percent":
            return self.percent(value)
        if unit == "eur":
            return self.euro(value)
        digits = {"days": 1, "working_days": 1, "cases": 0, "contacts": 0}.get(unit, 2)
        return self.quantity(value, unit, digits)

    def change(self, value: float, unit: str) -> str:
        """A wished or measured change with its sign, e.g. `−10,0 %`."""
        return f"+{self.value(value, unit)}" if value > 0 else self.value(value, unit)

    def quantity(self, value: float, unit: str, digits: int) -> str:
        """A number with the word of its unit, singular only when it reads as exactly one."""
        shown = self.number(value, digits)
        key = f"{unit}_one" if shown == "1" else unit
        return f"{shown}{NBSP}{self.member('unit', key)}"

    def duration(self, seconds: float) -> str:
        """Short and readable in the largest fitting unit: `31 s`, `14 min`, `5,4 dagen`."""
        for size, unit in _DURATIONS:
            if abs(seconds) >= size:
                digits = 1 if unit in {"hours", "days"} else 0
                return self.quantity(seconds / size, unit, digits)
        return self.quantity(round(seconds), "seconds", 0)

    def month(self, day: date) -> str:
        """`mrt 2011`, the month of a day."""
        return f"{self._month(day.month)}{NBSP}{day.year}"

    def date(self, day: date) -> str:
        """`12 mrt 2011`."""
        return f"{day.day}{NBSP}{self._month(day.month)}{NBSP}{day.year}"

    def instant(self, moment: datetime) -> str:
        """An aware instant on Amsterdam's clock: `23 jan 2012, 15:42`."""
        local = moment.astimezone(AMSTERDAM)
        return f"{self.date(local.date())}, {local:%H:%M}"

    def through(self, moment: datetime | None) -> str:
        """The end of data, as what comes after `through`: at midnight it is the day before."""
        if moment is None:
            return self("value.unknown")
        local = moment.astimezone(AMSTERDAM)
        if local.time() == time.min:
            return self.date(local.date() - timedelta(days=1))
        return self.instant(moment)

    def months(self, form: Literal["short", "long"] = "short") -> list[str]:
        """The twelve names, January first."""
        return self(f"date.months_{form}").split()

    def weekdays(self, form: Literal["short", "long"] = "short") -> list[str]:
        """The seven names, Sunday first, as Plotly wants them."""
        return self(f"date.weekdays_{form}").split()

    def _month(self, number: int) -> str:
        return self.months()[number - 1]


def plotly_locale(text: Text) -> dict[str, Any] | None:
    """The locale module that Plotly registers: names, and how numbers and dates are written.

    None for English, which Plotly has, and which it does not let anyone replace.
    """
    if text.language == "en":
        return None
    decimal, thousands = _SEPARATORS[text.language]
    return {
        "moduleType": "locale",
        "name": text.language,
        "dictionary": {},
        "format": {
            "days": text.weekdays("long"),
            "shortDays": text.weekdays("short"),
            "months": text.months("long"),
            "shortMonths": text.months("short"),
            "date": "%-d %b %Y",
            "decimal": decimal,
            "thousands": thousands,
            "grouping": [3],
        },
    }
