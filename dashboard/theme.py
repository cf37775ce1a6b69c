"""The look of charts: the same colours as `assets/theme.css`, as a Plotly template for light and dark.

Plotly writes colours into SVG and cannot read custom properties, so the values stand here a second time; a test
compares them with the style sheet.
"""

from dataclasses import dataclass
from typing import Any, Literal

Theme = Literal["light", "dark"]
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', 'DejaVu Sans', sans-serif"
SIZE_PIXELS = 13


@dataclass(frozen=True)
class Palette:
    """The colours that charts and maps need, named as the custom properties of the style sheet."""

    surface: str
    surface_2: str
    line: str
    line_strong: str
    text: str
    text_quiet: str
    accent: str
    good: str
    warn: str
    bad: str


LIGHT = Palette(
    surface="#ffffff",
    surface_2="#f4f6f8",
    line="#d3dae1",
    line_strong="#7b8794",
    text="#1a2128",
    text_quiet="#4b5763",
    accent="#1f5f8b",
    good="#1c6b45",
    warn="#8a5300",
    bad="#a8281c",
)
DARK = Palette(
    surface="#1b2025",
    surface_2="#14181c",
    line="#37414b",
    line_strong="#7e8b98",
    text="#e6eaee",
    text_quiet="#aab5c0",
    accent="#8cc3ea",
    good="#7fd0a6",
    warn="#f0bd6c",
    bad="#ff9e92",
)


def palette(theme: str | None) -> Palette:
    """The palette of a theme; anything but "dark" is light."""
    return DARK if theme == "dark" else LIGHT


def plotly_template(theme: str | None) -> dict[str, Any]:
    """Plotly's layout template: no frame, few lines, labels quiet, figures in the application's type."""
    colours = palette(theme)
    axis = {
        "gridcolor": colours.line,
        "linecolor": colours.line_strong,
        "zerolinecolor": colours.line_strong,
        "tickfont": {"color": colours.text_quiet},
        "title": {"font": {"color": colours.text_quiet}},
        "automargin": True,
    }
    return {
        "layout": {
            "font": {"family": FONT, "size": SIZE_PIXELS, "color": colours.text},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": [colours.accent, colours.line_strong, colours.text_quiet],
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": axis,
            "yaxis": axis,
            "hoverlabel": {
                "bgcolor": colours.surface,
                "bordercolor": colours.line_strong,
                "font": {"color": colours.text, "family": FONT, "size": SIZE_PIXELS},
            },
            "modebar": {
                "bgcolor": "rgba(0,0,0,0)",
                "color": colours.text_quiet,
                "activecolor": colours.accent,
            },
        }
    }
