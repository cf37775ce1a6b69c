"""Where the money is: four bars, each of which goes on from a part of the one above it, and a table of sums."""

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components import chart, panel, plain_table
from dashboard.formatting import format_money, format_percent
from dashboard.i18n import gettext as _
from dashboard.pages.foerderung import ids
from geodata.funding.flow import Flow

_HEIGHT_PX = 236


def flow_panel(flows: Sequence[Flow]) -> Component:
    """The picture of all shown grants with its key; its table is `sums_panel`."""
    label = _("Flow of the money: eligible, granted, called, paid")
    drawn = chart(ids.FLOW, _traces(flows[0]), _layout(), label=label, height_px=_HEIGHT_PX)
    return panel(_("Flow of the money"), [drawn, _key(), _in_words(flows[0])])


def sums_panel(flows: Sequence[Flow]) -> Component:
    """The sums of all shown grants and of each programme, which say what the picture says."""
    return panel(_("Flow of the money by programme"), _table(flows, _("Flow of the money by programme")))


def stages(total: Flow) -> list[tuple[str, float, str, float, str]]:
    """Stage, what goes on from it and where to, what stays in it and why."""
    return [
        (_("Eligible"), total.granted_eur, _("granted"), total.own_share_eur, _("own share of the city")),
        (_("Granted"), total.called_eur, _("called"), total.open_eur, _("not called yet")),
        (
            _("Called"),
            total.paid_eur,
            _("paid"),
            max(0.0, total.called_eur - total.paid_eur),
            _("not paid, or paid back"),
        ),
        (_("Paid"), max(0.0, total.paid_eur - total.unused_eur), _("used"), total.unused_eur, _("not used yet")),
    ]


def _traces(total: Flow) -> list[dict[str, Any]]:
    rows = stages(total)
    names = [name for name, *_rest in rows]
    onward = [(amount, f"{words} {format_money(amount)}") for _name, amount, words, _stays, _why in rows]
    staying = [(amount, f"{why} {format_money(amount)}") for _name, _goes, _words, amount, why in rows]
    return [
        _bars(names, onward, {"color": "$accent"}, "$surface"),
        # Hatched, so that the two parts differ without their colours, too.
        _bars(
            names,
            staying,
            {
                "color": "$surface_2",
                "line": {"color": "$line_strong", "width": 1},
                "pattern": {"shape": "/", "fgcolor": "$line", "size": 8, "solidity": 0.3},
            },
            "$text",
        ),
    ]


def _bars(
    names: Sequence[str], parts: Sequence[tuple[float, str]], marker: dict[str, Any], colour: str
) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(names),
        "x": [amount for amount, _words in parts],
        "text": [words if amount else "" for amount, words in parts],
        "textposition": "inside",
        "insidetextanchor": "start",
        "insidetextfont": {"color": colour},
        "textangle": 0,
        "marker": marker,
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }


def _layout() -> dict[str, Any]:
    return {
        "barmode": "stack",
        "bargap": 0.25,
        "showlegend": False,
        "margin": {"l": 88, "r": 12, "t": 8, "b": 28},
        "xaxis": {"rangemode": "tozero", "tickformat": ",.0f", "ticksuffix": " €", "nticks": 3, "tickangle": 0},
        "yaxis": {"autorange": "reversed", "ticklen": 0, "ticklabelstandoff": 8},
        # A word that does not fit its bar is left to the table instead of standing across its neighbour.
        "uniformtext": {"minsize": 11, "mode": "hide"},
    }


def _in_words(total: Flow) -> Component:
    """Each bar as a line of words, for whom its own words do not fit into it."""
    return html.Ul(
        [
            html.Li(
                [
                    html.Strong(f"{name} {format_money(onward + staying)}"),
                    html.Span(f"{goes} {format_money(onward)}, {why} {format_money(staying)}", className="quiet"),
                ]
            )
            for name, onward, goes, staying, why in stages(total)
        ],
        className="foerderung-stages",
    )


def _key() -> Component:
    return html.Ul(
        [
            html.Li([html.Span(className="foerderung-swatch foerderung-on"), _("goes on to the next stage")]),
            html.Li(
                [html.Span(className="foerderung-swatch foerderung-stays"), _("stays: own share, not called, not used")]
            ),
        ],
        className="foerderung-key",
    )


def _table(flows: Sequence[Flow], caption: str) -> Component:
    head = (
        _("Programme"), _("Grants"), _("Eligible"), _("Granted"), _("Called"), _("Paid"), _("Spent"), _("Own share"),
        _("Not called yet"), _("Called of granted"),
    )  # fmt: skip
    rows = [
        [
            one.programme or _("All programmes"),
            str(one.grants),
            *(
                format_money(amount)
                for amount in (
                    one.eligible_eur, one.granted_eur, one.called_eur, one.paid_eur, one.spent_eur, one.own_share_eur,
                    one.open_eur,
                )
            ),
            format_percent(one.called_eur / one.granted_eur) if one.granted_eur else "",
        ]
        for one in (flows if len(flows) > 2 else flows[:1])
    ]  # fmt: skip
    return plain_table(head, rows, caption)
