"""The view of costs: what is done and what is expected at completion against the plan, by programme and project."""

from collections.abc import Sequence
from textwrap import shorten
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import chart, export_links, panel, plain_table, remote_table
from dashboard.formatting import MISSING, format_money, format_number, format_percent
from dashboard.i18n import gettext as _
from dashboard.i18n import ngettext
from dashboard.pages.rueckbau import costs, ids, links
from dashboard.pages.rueckbau.more_tables import COSTS
from dashboard.pages.rueckbau.shown import Shown
from dashboard.pages.rueckbau.views.course import ratio_words

_ROW_PX: Final = 62
# What fits over the bars of a phone; the table beneath holds the whole name.
_NAME_MOST: Final = 36


def view(shown: Shown) -> Sequence[Component]:
    """By programme with the sum of all, then each project."""
    return [programmes(shown), listed(shown)]


def programmes(shown: Shown) -> Component:
    """The answer in a sentence, bars of plan and forecast, and the table that says the same."""
    title = _("Cost against plan")
    found = costs.by_programme(shown.projects)
    total = found[-1].cost
    if not total.planned_eur and not total.done_eur:
        text = _(
            "No stage of these projects names a cost yet. Costs come with the delivery, or are entered at a stage."
        )
        return panel(title, html.P(text, className="quiet"))
    drawn = found[:-1] if len(found) > 2 else found[-1:]
    course = links.view_address(shown.query, links.COURSE, **{ids.MEASURE: "cost"})
    parts: list[Component] = [
        html.P(answer(total), className="rueckbau-lead-words"),
        _key(),
        chart(
            ids.COST, traces(drawn), layout(drawn),
            label=_("Cost against plan by programme; the table below says the same"),
            height_px=_ROW_PX * len(drawn) + 40,
        ),
        plain_table(_head(), [_cells(one) for one in found], title),
        html.P(ratio_words(shown), className="quiet rueckbau-note"),
    ]  # fmt: skip
    if total.without_cost:
        text = ngettext(
            "%(count)s required stage names no cost at all; it is in no sum.",
            "%(count)s required stages name no cost at all; they are in no sum.",
            total.without_cost,
            count=format_number(total.without_cost),
        )
        parts.append(html.P(text, className="quiet rueckbau-note"))
    parts.append(links.evidence(_("Course of the cost"), course))
    return panel(title, parts)


def answer(total: costs.Cost) -> str:
    """At completion against the plan, in a sentence."""
    values = {
        "forecast": format_money(total.forecast_eur),
        "planned": format_money(total.planned_eur),
        "over": format_money(abs(total.over_eur)),
        "share": MISSING if total.over_share is None else format_percent(abs(total.over_share)),
    }
    if total.over_eur > 0:
        return _(
            "At completion %(forecast)s are expected, %(over)s (%(share)s) above the plan of %(planned)s.", **values
        )
    return _("At completion %(forecast)s are expected, %(over)s (%(share)s) below the plan of %(planned)s.", **values)


def name_of(one: costs.ProgrammeCost) -> str:
    """The programme, or what stands in its place."""
    if one.is_total:
        return _("All projects")
    return one.programme or _("without a programme")


def traces(found: Sequence[costs.ProgrammeCost]) -> list[dict[str, Any]]:
    """Plan, and on it what is done and what is still expected; three traces in this order."""
    places = list(range(len(found)))
    common = {"type": "bar", "orientation": "h", "y": places, "hovertemplate": "%{customdata}<extra></extra>"}

    def bars(values: Sequence[float], title: str, **more: Any) -> dict[str, Any]:
        said = [f"{title}: {format_money(value)}" for value in values]
        return {**common, "x": list(values), "customdata": said, "name": title, **more}

    open_eur = [max(0.0, one.cost.forecast_eur - one.cost.done_eur) for one in found]
    pattern = {"shape": "/", "fgcolor": "$accent", "bgcolor": "$surface", "size": 6, "solidity": 0.3}
    plan = {"marker": {"color": "$line", "line": {"color": "$line_strong", "width": 1}}, "width": 0.3, "offset": -0.02}
    low = {"width": 0.26, "offset": 0.3}
    done = [one.cost.done_eur for one in found]
    still = {"marker": {"pattern": pattern, "line": {"color": "$accent", "width": 1}}, "base": done, **low}
    return [
        bars([one.cost.planned_eur for one in found], _("Cost planned"), **plan),
        bars(done, _("Cost of what is done"), marker={"color": "$accent"}, **low),
        bars(open_eur, _("still expected"), **still),
    ]


def layout(found: Sequence[costs.ProgrammeCost]) -> dict[str, Any]:
    """The name of each programme over its bars, the axis from zero."""
    names = [
        {
            "x": 0, "xref": "paper", "xanchor": "left", "y": index - 0.24, "yref": "y", "yanchor": "middle",
            "showarrow": False, "text": f"<b>{_plain(shorten(name_of(one), _NAME_MOST, placeholder=' …'))}</b>",
        }
        for index, one in enumerate(found)
    ]  # fmt: skip
    return {
        "barmode": "overlay",
        "showlegend": False,
        "margin": {"l": 4, "r": 16, "t": 4, "b": 30},
        "xaxis": {
            "rangemode": "tozero",
            "fixedrange": True,
            "tickformat": ",.0f",
            "ticksuffix": "\u00a0€",
            "nticks": 5,
            "tickangle": 0,
        },
        "yaxis": {"range": [len(found) - 0.35, -0.5], "visible": False, "fixedrange": True},
        "annotations": names,
    }


def _plain(name: str) -> str:
    """Plotly reads a little HTML in its labels."""
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _key() -> Component:
    names = {"plan": _("planned"), "actual": _("cost of what is done"), "band": _("still expected")}
    marks = [
        html.Li([html.Span(className=f"rueckbau-key rueckbau-key-{name}", **{"aria-hidden": "true"}), text])
        for name, text in names.items()
    ]
    return html.Ul(marks, className="rueckbau-keys")


def _head() -> tuple[str, ...]:
    return (
        _("Programme"), _("Projects"), _("Cost planned"), _("Cost of what is done"), _("Cost at completion"),
        _("Above the plan"),
    )  # fmt: skip


def _cells(one: costs.ProgrammeCost) -> list[str | Component]:
    name: str | Component = html.Strong(name_of(one)) if one.is_total else name_of(one)
    share = "" if one.cost.over_share is None else f" ({format_percent(one.cost.over_share)})"
    return [
        name,
        format_number(one.projects),
        format_money(one.cost.planned_eur),
        format_money(one.cost.done_eur),
        format_money(one.cost.forecast_eur),
        f"{format_money(one.cost.over_eur)}{share}",
    ]


def listed(shown: Shown) -> Component:
    """Each project, to sort and to take along."""
    grid = remote_table(COSTS, ids.COSTS, shown.query, label=_("Cost against plan by project"))
    hint = html.P(
        _("The projects furthest above their plan stand on top; a click on a heading sorts."),
        className="quiet table-hint",
    )
    return panel(_("Each project"), [hint, grid], actions=export_links(COSTS, shown.query))
