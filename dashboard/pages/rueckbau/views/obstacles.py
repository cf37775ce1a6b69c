"""The view of obstacles: what holds up how many projects for how long, and which stages lose the days."""

from collections.abc import Sequence
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import chart, export_links, panel, plain_table, remote_table, table_twin
from dashboard.formatting import MISSING, format_days, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.pages.rueckbau import delays, ids, links, words
from dashboard.pages.rueckbau.more_tables import OBSTACLES
from dashboard.pages.rueckbau.pipeline import wrapped
from dashboard.pages.rueckbau.shown import Shown
from geodata.demolitions import Project

_ROW_PX: Final = 34


def view(shown: Shown) -> Sequence[Component]:
    """What holds up, as a table by obstacle; where the days are lost; the list of what is held up."""
    return [blockers(shown), stages(shown), listed(shown)]


def blockers(shown: Shown) -> Component:
    """Each obstacle with its projects; what holds up most of them stands first."""
    title = _("What holds projects up")
    found = delays.obstacles(shown.projects, shown.as_of)
    running = [one for one in shown.projects if one.status == "running"]
    if not found:
        text = _("No running project is held up on this date. What holds one up is entered at its stage.")
        return panel(title, html.P(text, className="quiet"))
    held = sum(len(one.projects) for one in found)
    lead = ngettext(
        "%(held)s of %(count)s running project is held up.",
        "%(held)s of %(count)s running projects are held up.",
        len(running),
        held=format_number(held),
        count=format_number(len(running)),
    )
    head = (_("Obstacle"), _("Projects"), _("Longest"), _("Usual (median)"), _("Which"))
    rows = [
        [
            code_label("demolition_blocker", one.blocker),
            format_number(len(one.projects)),
            format_days(one.longest_days),
            MISSING if one.median_days is None else format_days(round(one.median_days)),
            _which(one.projects, shown),
        ]
        for one in found
    ]
    return panel(title, [html.P(lead, className="rueckbau-lead-words"), plain_table(head, rows, title, numbers_from=9)])


def _which(held: Sequence[Project], shown: Shown) -> Component:
    items = []
    for one in held:
        days = delays.blocked_days(one, shown.as_of)
        stage = code_label("demolition_stage", delays.blocked_stage(one, shown.as_of))
        said = stage if days is None else f"{stage}, {format_days(days)}"
        items.append(html.Li([links.project_link(one, shown.known, shown.query), f" ({said})"]))
    return html.Ul(items, className="rueckbau-which")


def stages(shown: Shown) -> Component:
    """The days that each stage has lost by itself: picture, table and the rule in words."""
    title = _("Where the days are lost")
    found = delays.by_stage(shown.projects, shown.as_of)
    if not found:
        return panel(title, html.P(_("No stage with a planned end is done or overdue yet."), className="quiet"))
    worst = found[0].delay
    lead = _("No stage has lost days by itself.")
    if worst.days_lost:
        stage = code_label("demolition_stage", worst.stage)
        lead = _("Most days were lost in: %(stage)s (%(days)s).", stage=stage, days=format_days(worst.days_lost))
    drawn = chart(
        ids.OBSTACLES, loss_traces(found), loss_layout(found),
        label=_("Days lost by stage; the table below says the same"), height_px=_ROW_PX * len(found) + 44,
    )  # fmt: skip
    head = (_("Stage"), _("Days lost in all"), _("in projects"), _("Usual (median)"), _("Caught up"), _("Lost most"))
    rows = [_stage_cells(one, shown) for one in found]
    rule = _(
        "A stage loses the days by which it is later than the stages before it already were, so the days of a project "
        "add up to its delay. Counted are stages that are done, or open and late; ended projects are left out."
    )
    parts = [
        html.P(lead, className="rueckbau-lead-words"),
        drawn,
        table_twin(head, rows, title, numbers_from=9),
        html.P(rule, className="quiet rueckbau-note"),
    ]
    return panel(title, parts)


def _stage_cells(one: delays.StageLoss, shown: Shown) -> list[str | Component]:
    worst: str | Component = MISSING
    if one.worst is not None:
        link = links.project_link(one.worst, shown.known, shown.query)
        worst = html.Span([link, f" ({format_days(one.worst_days)})"])
    delay = one.delay
    return [
        code_label("demolition_stage", delay.stage),
        format_days(delay.days_lost),
        format_number(delay.projects),
        format_days(round(delay.days_lost_median)) if delay.projects else MISSING,
        format_days(delay.days_gained),
        worst,
    ]


def loss_traces(found: Sequence[delays.StageLoss]) -> list[dict[str, Any]]:
    """What was lost to the right, what was caught up hatched to the left, stages from top to bottom."""
    common = {"type": "bar", "orientation": "h", "width": 0.56, "hoverinfo": "skip", "y": list(range(len(found)))}
    lost = [one.delay.days_lost for one in found]
    gained = [-one.delay.days_gained for one in found]
    pattern = {"shape": "/", "fgcolor": "$good", "bgcolor": "$surface", "size": 6, "solidity": 0.4}
    widths = [1 if days else 0 for days in gained]
    return [
        {**common, "x": lost, "marker": {"color": "$warn"}},
        {**common, "x": gained, "marker": {"pattern": pattern, "line": {"color": "$good", "width": widths}}},
    ]


def loss_layout(found: Sequence[delays.StageLoss]) -> dict[str, Any]:
    """Stages with their names, and the days behind each bar."""
    labels = [
        f"{wrapped(code_label('demolition_stage', one.delay.stage))}\u2002".replace("<br>", "\u2002<br>")
        for one in found
    ]
    most = max(1, *(one.delay.days_lost for one in found))
    least = max(0, *(one.delay.days_gained for one in found))
    return {
        "barmode": "relative",
        "showlegend": False,
        "margin": {"l": 8, "r": 8, "t": 4, "b": 28},
        "xaxis": {"range": [-1.05 * least, most * 1.6], "zeroline": True, "fixedrange": True, "nticks": 6},
        "yaxis": {
            "range": [len(found) - 0.5, -0.5], "tickvals": list(range(len(found))), "ticktext": labels,
            "showgrid": False, "zeroline": False, "fixedrange": True, "tickfont": {"size": 12, "color": "$text"},
        },
        "annotations": [
            {
                "x": one.delay.days_lost, "y": index, "xanchor": "left", "yanchor": "middle", "xshift": 6,
                "showarrow": False, "text": format_days(one.delay.days_lost),
            }
            for index, one in enumerate(found)
        ],
    }  # fmt: skip


def listed(shown: Shown) -> Component:
    """What is held up or late, one row each, to sort and to take along."""
    query = {**shown.query}
    empty = _("No project of this filter is held up or behind its plan.")
    grid = remote_table(OBSTACLES, ids.OBSTACLES + "-list", query, label=_("Late and held up projects"), empty=empty)
    words_of = html.P(words.late_rule(), className="quiet table-hint")
    return panel(_("Late and held up projects"), [words_of, grid], actions=export_links(OBSTACLES, query))
