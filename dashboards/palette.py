"""Colours by meaning. A page takes `TOKENS`: names of CSS custom properties that `hartslag.js`
reads from the style sheet, so that a theme and dark mode reach into the charts. Anything without
a style sheet takes `LIGHT`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """One colour per meaning; what is told by colour is always told by shape or words too."""

    ink: str
    soft: str
    line: str
    surface: str
    accent: str
    quiet: str
    good: str
    bad: str


TOKENS = Palette("--ink", "--soft", "--line", "--surface", "--accent", "--quiet", "--good", "--bad")
LIGHT = Palette(
    "#17212b", "#4a5a68", "#d3dbe1", "#ffffff", "#00607a", "#8fa1ae", "#1c6b3c", "#a3301c"
)
CLEAR = "rgba(0,0,0,0)"
