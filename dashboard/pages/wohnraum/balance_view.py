"""The view of the balance: dwellings lost and won by year and by programme, large ones beside all."""

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components import chart, edit_form, empty_state, panel, plain_table, remote_table, table_twin
from dashboard.formatting import format_date, format_number
from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from dashboard.in_time import Part
from dashboard.pages.wohnraum import ids, links, words
from dashboard.pages.wohnraum.forms import WITHDRAW_CHANGE
from dashboard.pages.wohnraum.parts import Shown
from dashboard.pages.wohnraum.question import SPANS
from dashboard.pages.wohnraum.tables import CHANGES
from dashboard.pages.wohnraum.words import signed
from geodata.access import Asker
from geodata.housing.balance import Balance, DwellingChange, by_programme, by_year, total
from geodata.housing.reads import read_bounds, read_changes

_SPAN_WORDS = {"5": N_("5 years"), "10": N_("10 years"), "all": N_("all years")}


def view(shown: Shown) -> list[Part]:
    """Everything from one read of the changes."""
    return [(_("Balance of dwellings"), lambda asker: _balance(asker, shown))]


def _balance(asker: Asker, shown: Shown) -> Component:
    changes = read_changes(asker, shown.question.chosen, shown.question.period)
    spans = links.choice_links(
        shown.context.query, ids.SPAN, [(code, _(_SPAN_WORDS[code])) for code in SPANS], shown.question.span,
        label=_("Period"),
    )  # fmt: skip
    if not changes:
        return html.Div([spans, _nothing(shown)], className="wohnraum-stack")
    years = by_year(changes)
    bounds = read_bounds(asker).get("large_dwelling")
    lines: list[str | Component] = [
        *words.balance_lines(total(changes), years[0].year or 0, years[-1].year or 0),
        *([words.bounds_words(bounds)] if bounds else []),
    ]
    listed = remote_table(
        CHANGES, "wohnraum-changes", {**shown.context.query, "as_of": shown.context.as_of.isoformat()},
        label=_("Dwellings lost and won, one by one"),
    )  # fmt: skip
    return html.Div(
        [
            spans,
            words.answer(lines),
            panel(_("By year"), _by_year(years)),
            panel(_("By programme"), _table(by_programme(changes), _programme, _("Programme"))),
            panel(_("One by one"), listed),
            *_withdraw(shown, changes),
        ],
        className="wohnraum-stack",
    )


def _by_year(years: Sequence[Balance]) -> list[Component]:
    label = _("Dwellings lost (below) and won (above) by year")
    names = [str(one.year) for one in years]
    rows = [_row(str(one.year), one) for one in years]
    drawn = chart(ids.BALANCE, _traces(years, names), _layout(years), label=label, height_px=280)
    return [drawn, table_twin(_head(_("Year")), rows, label)]


def _traces(years: Sequence[Balance], names: Sequence[str]) -> list[dict[str, Any]]:
    """Bars up and down from zero; what is lost is hatched, too, so that it can be told without colours."""
    hover = "%{x}: %{customdata}<extra>%{fullData.name}</extra>"
    hatched = {
        "color": "$surface_2",
        "line": {"color": "$line_strong", "width": 1},
        "pattern": {"shape": "/", "fgcolor": "$line_strong", "size": 6, "solidity": 0.25},
    }

    def trace(name: str, values: Sequence[int], words: Sequence[str], **how: Any) -> dict[str, Any]:
        return {"name": name, "x": list(names), "y": list(values), "customdata": words, "hovertemplate": hover, **how}

    won, lost = [one.dwellings_won for one in years], [one.dwellings_lost for one in years]
    net = [one.dwellings_net for one in years]
    line = {"type": "scatter", "mode": "lines+markers", "line": {"color": "$text", "width": 2},
            "marker": {"size": 8, "symbol": "diamond"}}  # fmt: skip
    return [
        trace(_("Won"), won, [format_number(one) for one in won], type="bar", marker={"color": "$accent"}),
        trace(_("Lost"), [-one for one in lost], [format_number(one) for one in lost], type="bar", marker=hatched),
        trace(_("Balance"), net, [signed(one) for one in net], **line),
    ]


def _layout(years: Sequence[Balance]) -> dict[str, Any]:
    return {
        "barmode": "relative",
        "bargap": 0.35,
        "margin": {"l": 44, "r": 16, "t": 8, "b": 28},
        "legend": {"orientation": "h", "y": 1.16, "x": 0, "xanchor": "left"},
        "xaxis": {"type": "category", "nticks": min(len(years), 8)},
        "yaxis": {"zeroline": True, "rangemode": "tozero"},
    }


def _table(rows: Sequence[Balance], name: Any, first: str) -> Component:
    together = [_row(name(one), one) for one in rows]
    if len(rows) > 1:
        together.append(_row(_("Together"), _sum(rows)))
    return plain_table(_head(first), together, _("Dwellings lost and won by programme"))


def _sum(rows: Sequence[Balance]) -> Balance:
    names = ("dwellings_lost", "dwellings_won", "large_flats_lost", "large_flats_won")
    return Balance(None, **{name: sum(getattr(one, name) for one in rows) for name in names})


def _programme(one: Balance) -> str:
    return one.programme or _("without a programme")


def _head(first: str) -> tuple[str, ...]:
    of_all = (_("Lost"), _("Won"), _("Balance"))
    return (first, *of_all, _("Large ones lost"), _("Large ones won"), _("Balance of large ones"))


def _row(name: str, one: Balance) -> list[str]:
    return [
        name, format_number(one.dwellings_lost), format_number(one.dwellings_won), signed(one.dwellings_net),
        format_number(one.large_flats_lost), format_number(one.large_flats_won), signed(one.large_flats_net),
    ]  # fmt: skip


def _withdraw(shown: Shown, changes: Sequence[DwellingChange]) -> list[Component]:
    if not shown.may_write:
        return []
    entered = [
        (one.key, f"{format_date(one.happened_on)} · {one.address} · {code_label('dwelling_change', one.kind)}")
        for one in changes
    ]
    back = links.same_page(shown.context.query)
    form = edit_form(WITHDRAW_CHANGE, folded=True, cancel=back, options={"change": entered})
    return [html.Div(form, className="wohnraum-forms")]


def _nothing(shown: Shown) -> Component:
    text = _(
        "Nothing is recorded for this period and this filter. Dwellings that demolitions, mergings, renovations and "
        "new buildings take or bring are delivered, or entered here."
    )
    return empty_state(_("No dwellings lost or won"), text)
