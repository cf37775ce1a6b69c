"""The one wrapper for charts: the theme's colours in light and dark, no tools that nobody asked for, a table twin.

Traces and layout name colours by the palette of `dashboard/theme.py`, as `"$accent"`; both themes are put together on
the server, and the browser shows the one that is chosen (`assets/chart.js`).
"""

# ruff: noqa: A002 - `id` is the word of Dash

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import orjson
from dash import html
from dash.development.base_component import Component

from dashboard.components.graph import graph
from dashboard.i18n import gettext as _
from dashboard.theme import Theme, palette, plotly_template


def chart(
    id: str, traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any], *, label: str, height_px: int = 280
) -> Component:
    """A chart with a name for screen readers; what it shows must also stand in a `table_twin` under it.

    It is `height_px` high, fills the width, has no tool bar and does not catch scrolling.
    """
    fixed = {"height": height_px, "dragmode": False, "uirevision": id, "separators": None}
    figures = {theme: figure(traces, {**fixed, **layout}, theme) for theme in ("light", "dark")}
    drawn = graph(id, figures["light"], label=label, config={"displayModeBar": False, "scrollZoom": False})
    # The box has its height before the chart is drawn, so that nothing below jumps.
    return html.Div(
        drawn,
        className="chart",
        style={"minHeight": f"{height_px}px"},
        **{"data-chart": id, "data-figures": orjson.dumps(figures).decode()},
    )


def figure(traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any], theme: Theme) -> dict[str, Any]:
    """A Plotly figure in the colours of one theme; `None` values of the layout are left out."""
    colours = {f"${name}": value for name, value in asdict(palette(theme)).items()}
    given = {name: value for name, value in layout.items() if value is not None}
    return {
        "data": _coloured(list(traces), colours),
        "layout": _coloured({**given, "template": plotly_template(theme)}, colours),
    }


def table_twin(
    head: Sequence[str], rows: Sequence[Sequence[Any]], caption: str, *, is_open: bool = False, numbers_from: int = 1
) -> Component:
    """The table that says the same as a chart, folded away until it is asked for; see `plain_table`."""
    shown = plain_table(head, rows, caption, numbers_from=numbers_from)
    return html.Details([html.Summary(_("As a table")), shown], className="table-twin", open=is_open)


def plain_table(
    head: Sequence[str], rows: Sequence[Sequence[Any]], caption: str, *, numbers_from: int = 1
) -> Component:
    """A table that is always shown and scrolls inside its frame.

    `rows` hold words that are formatted already; columns from `numbers_from` on are set flush right.
    """

    def kind(column: int) -> str | None:
        return "number" if column >= numbers_from else None

    body = [
        html.Tr(
            [
                html.Th(cell, scope="row") if column == 0 else html.Td(cell, className=kind(column))
                for column, cell in enumerate(row)
            ]
        )
        for row in rows
    ]
    heads = html.Tr([html.Th(name, scope="col", className=kind(column)) for column, name in enumerate(head)])
    table = html.Table(
        [html.Caption(caption, className="visually-hidden"), html.Thead(heads), html.Tbody(body)],
        className="plain-table",
    )
    return html.Div(table, className="table-twin-body", tabIndex="0", role="region", **{"aria-label": caption})


def _coloured(value: Any, colours: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return colours.get(value, value)
    if isinstance(value, Mapping):
        return {name: _coloured(part, colours) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_coloured(part, colours) for part in value]
    return value
