"""Running projects by the stage in which they are: bars with their numbers, and the table that says the same."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import chart, panel, table_twin
from dashboard.formatting import format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.pages.rueckbau import ids, links, selection
from geodata.demolitions import Project, StageKind

_STAGE_ROW_PX: Final = 36


def pipeline(projects: Sequence[Project], kinds: Sequence[StageKind], query: Mapping[str, str]) -> Component:
    """Running projects by the stage in which they are."""
    counts = selection.pipeline(projects, [kind.code for kind in kinds])
    running = sum(count.projects for count in counts)
    lead = ngettext(
        "%(count)s running project by the stage in which it is",
        "%(count)s running projects by the stage in which they are",
        running,
        count=format_number(running),
    )
    drawn = chart(
        ids.PIPELINE,
        _pipeline_traces(counts),
        _pipeline_layout(counts),
        label=_("Running projects by stage; the table below says the same"),
        height_px=_STAGE_ROW_PX * max(1, len(counts)) + 16,
    )
    body = [
        [_stage_link(count, query), format_number(count.projects), format_number(count.blocked)] for count in counts
    ]
    twin = table_twin((_("Stage"), _("Running projects"), _("of these held up")), body, _("Running projects by stage"))
    return panel(_("Status of the projects"), [html.P(lead, className="quiet"), drawn, twin])


def _pipeline_traces(counts: Sequence[selection.StageCount]) -> list[dict[str, Any]]:
    """Going on and held up, one upon the other, stages from top to bottom; the number stands behind the bars."""
    places = list(range(len(counts)))
    common = {"type": "bar", "orientation": "h", "y": places, "width": 0.56, "hoverinfo": "skip"}
    going_on = {**common, "x": [count.projects - count.blocked for count in counts], "marker": {"color": "$accent"}}
    # Held up is told by the hatching and the word too, not by the colour alone.
    pattern = {"shape": "/", "fgcolor": "$bad", "bgcolor": "$surface", "size": 6, "solidity": 0.4}
    widths = [1 if count.blocked else 0 for count in counts]  # the outline of a bar of no length would still be seen
    marker = {"pattern": pattern, "line": {"color": "$bad", "width": widths}}
    return [going_on, {**common, "x": [count.blocked for count in counts], "marker": marker}]


def _pipeline_layout(counts: Sequence[selection.StageCount]) -> dict[str, Any]:
    most = max((count.projects for count in counts), default=0)
    # A space behind each line keeps the words off the bars.
    labels = [
        f"{wrapped(code_label('demolition_stage', count.code))}\u2002".replace("<br>", "\u2002<br>") for count in counts
    ]
    return {
        "barmode": "stack",
        "showlegend": False,
        "margin": {"l": 8, "r": 8, "t": 4, "b": 4},
        # Room behind the longest bar for its words.
        "xaxis": {"range": [0, max(most, 1) * 2.7], "visible": False, "fixedrange": True},
        "yaxis": {
            "range": [len(counts) - 0.5, -0.5], "tickvals": list(range(len(counts))), "ticktext": labels,
            "showgrid": False, "zeroline": False, "fixedrange": True, "tickfont": {"size": 12, "color": "$text"},
        },
        "annotations": [
            {
                "x": count.projects, "y": index, "xanchor": "left", "yanchor": "middle", "xshift": 6,
                "showarrow": False, "text": _pipeline_words(count),
                "font": {"color": "$text" if count.projects else "$text_quiet"},
            }
            for index, count in enumerate(counts)
        ],
    }  # fmt: skip


def _pipeline_words(count: selection.StageCount) -> str:
    number = format_number(count.projects)
    if not count.blocked:
        return number
    return _("%(count)s, ◆ %(blocked)s held up", count=number, blocked=format_number(count.blocked))


def wrapped(label: str, width: int = 22) -> str:
    """A label of at most two lines: long names of stages would leave a phone no room for the bars."""
    if len(label) <= width:
        return label
    gaps = [at for at, sign in enumerate(label) if sign == " "]
    best = min(gaps, key=lambda at: abs(at - len(label) / 2), default=None)
    return label if best is None else f"{label[:best]}<br>{label[best + 1 :]}"


def _stage_link(count: selection.StageCount, query: Mapping[str, str]) -> Component:
    address = links.same_page(query, **{ids.STAGE: count.code, ids.STATUS: "running"})
    return html.A(code_label("demolition_stage", count.code), href=address, className="qm-link")
