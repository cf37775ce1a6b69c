"""The one wrapper for Plotly: no cloud, no logo, the language of the request, the theme of the application."""

# ruff: noqa: A002, N803 - `id` and `className` are the words of Dash

from typing import Any

from babel import dates
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.formatting import locale
from dashboard.i18n import N_, language
from dashboard.i18n import gettext as _

# Plotly 7 offers "Share chart", which sends the figure to a cloud service, and a content security policy does not
# stop it: the button must not exist, and there must be no address that it could use.
_CONFIG = {
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "displaylogo": False,
    "responsive": True,
}
# Plotly's own words, as they stand in its source.
_WORDS = (
    N_("Autoscale"),
    N_("Box Select"),
    N_("Double-click on legend to isolate one trace"),
    N_("Double-click to zoom back out"),
    N_("Download plot as a PNG"),
    N_("Download plot"),
    N_("Lasso Select"),
    N_("Pan"),
    N_("Reset"),
    N_("Reset axes"),
    N_("Reset view"),
    N_("Snapshot succeeded"),
    N_("Sorry, there was a problem downloading your snapshot!"),
    N_("Taking snapshot - this may take a few seconds"),
    N_("Zoom"),
    N_("Zoom in"),
    N_("Zoom out"),
)


def graph_config(**more: Any) -> dict[str, Any]:
    """The configuration of every chart; what is forbidden stays so, whatever the caller adds."""
    return {**more, **_CONFIG, "locale": language(), "locales": {language(): _locale()}}


def graph(
    id: str, figure: Any = None, *, label: str, config: dict[str, Any] | None = None, className: str = "", **more: Any
) -> Component:
    """A chart or map. `label` says in words what it shows; its content also stands in a table on the same page."""
    drawing = dcc.Graph(
        id=id,
        figure=figure if figure is not None else {"data": [], "layout": {}},
        config=graph_config(**(config or {})),
        className="graph",
        **more,
    )
    # The graph itself takes no ARIA attributes, so the name stands on a figure round it.
    return html.Div(drawing, className=f"graph-frame {className}".strip(), role="figure", **{"aria-label": label})


def _locale() -> dict[str, Any]:
    def names(width: str) -> list[str]:
        months = dates.get_month_names(width, locale=locale())
        return [months[number] for number in range(1, 13)]

    def weekdays(width: str) -> list[str]:
        days = dates.get_day_names(width, locale=locale())
        return [days[(number - 1) % 7] for number in range(7)]  # Plotly starts with Sunday, Babel with Monday

    marks = {"de": [",", "."], "en": [".", ","]}[language()]
    return {
        "dictionary": {word: _(word) for word in _WORDS},
        "format": {
            "days": weekdays("wide"),
            "shortDays": weekdays("abbreviated"),
            "months": names("wide"),
            "shortMonths": names("abbreviated"),
            "date": {"de": "%d.%m.%Y", "en": "%d/%m/%Y"}[language()],
            "decimal": marks[0],
            "thousands": marks[1],
            "year": "%Y",
            "month": "%b %Y",
            "dayMonth": {"de": "%-d. %b", "en": "%-d %b"}[language()],
            "dayMonthYear": {"de": "%-d. %b %Y", "en": "%-d %b %Y"}[language()],
        },
    }
