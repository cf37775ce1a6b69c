"""What several views share: tiles with the rule of the progress, the picture of a plan, the list of the projects."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import chart, export_links, figure_tile, icon, panel, remote_table
from dashboard.formatting import format_number, format_percent
from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from dashboard.pages.rueckbau import gantt, ids, selection, words
from dashboard.pages.rueckbau.tables import PROJECTS
from geodata.demolitions import Project, StageKind

# The figures of the page, with words that are short enough for a tile; their definitions are the register's.
_TILES: Final = (
    ("projects_demolished", N_("Demolished")),
    ("demolition_progress", N_("Mean progress")),
    ("projects_running", N_("Running")),
    ("projects_blocked", N_("Held up")),
    ("projects_late", N_("Behind the plan")),
    ("slip_days_median", N_("Usual delay (median)")),
    ("projects_ended", N_("Ended otherwise")),
)


def tiles(projects: Sequence[Project], kinds: Sequence[StageKind], as_of: date) -> Component:
    """The figures of these projects, and the rule of the progress one click away."""
    found = selection.figure_values(projects, as_of)
    hints = {"projects_ended": _("given up or renovated instead")}
    shown = [figure_tile(found, key, title=_(title), hint=hints.get(key)) for key, title in _TILES]
    down = sum(one.demolished_on is not None for one in projects)
    lead = html.Div([shown[0], share_bar(down, len(projects))], className="rueckbau-lead")
    return html.Div([html.Div([lead, *shown[1:]], className="tiles"), rule(kinds)], className="rueckbau-tiles")


def rule(kinds: Sequence[StageKind]) -> Component:
    """The published rule of the progress: in words, and the weights as they stand in the data."""
    total = sum(kind.weight for kind in kinds)
    lines = [
        html.Tr(
            [
                html.Th(code_label("demolition_stage", kind.code), scope="row"),
                html.Td(weight_text(kind.weight), className="number"),
                html.Td(format_percent(kind.weight / total), className="number"),
            ]
        )
        for kind in kinds
    ]
    heads = [html.Th(_("Stage"), scope="col")]
    heads += [
        html.Th(name, scope="col", className="number") for name in (_("Weight"), _("Share where all are required"))
    ]
    text = _(
        "Progress of a project = sum of the weights of its completed stages, divided by the sum of the weights of its "
        "required stages. A stage that is not required leaves both sums. A stage counts as completed from its actual "
        "end on. The weights are decided by the city and stand in its data."
    )
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(lines)], className="plain-table")
    return html.Details(
        [
            html.Summary([icon("question"), html.Span(_("How is the progress computed?")), icon("chevron")]),
            html.P(text),
            table,
        ],
        className="rueckbau-rule",
    )


def share_bar(part: int, whole: int) -> Component:
    """A share as a bar; the number stands beside it."""
    filled = html.Span(style={"width": f"{100 * part / whole if whole else 0:.1f}%"})
    return html.Div(filled, className="rueckbau-bar", **{"aria-hidden": "true"})


def listed(query: Mapping[str, str]) -> Component:
    """All projects of the filter as a table that sorts and can be taken along."""
    grid = remote_table(PROJECTS, ids.TABLE, query, label=_("Demolition projects"))
    return panel(_("All projects"), grid, actions=export_links(PROJECTS, query))


def gantt_chart(id: str, drawn: Sequence[gantt.GanttRow], as_of: date, *, label: str) -> Component:  # noqa: A002
    """The picture of rows, in a box of its own that scrolls sideways on a small screen."""
    picture = chart(
        id, gantt.traces(drawn, as_of), gantt.layout(drawn, as_of), label=label, height_px=gantt.height_px(drawn)
    )
    # It scrolls, so the keyboard must be able to enter it.
    return html.Div(picture, className="rueckbau-gantt", tabIndex="0", role="group", **{"aria-label": label})


def gantt_key(names: Sequence[str] = ("plan", "actual", "band", "open", "down", "blocked", "ended")) -> Component:
    """What bars and signs mean, in one line."""
    meanings = {
        "plan": _("planned"),
        "actual": _("what happened, up to the as-of date"),
        "band": _("forecast of the end with its band"),
        "open": _("earliest end, open-ended"),
        "down": _("demolished"),
        "blocked": _("held up"),
        "ended": _("given up or renovated instead"),
    }
    marks = [
        html.Li([html.Span(className=f"rueckbau-key rueckbau-key-{name}", **{"aria-hidden": "true"}), meanings[name]])
        for name in names
    ]
    return html.Ul(marks, className="rueckbau-keys")


def plan_heads(first: str, *, is_ahead: bool = True) -> tuple[str, ...]:
    """The head of the table twin; `is_ahead` = with the forecast."""
    return (first, _("Planned"), _("Actual"), *([_("End expected")] if is_ahead else []), _("Where it stands"))


def plan_cells(row: gantt.GanttRow, *, is_ahead: bool = True) -> list[str]:
    """What the picture says of a row, in words."""
    planned = words.days_text(row.planned.first_on, row.planned.last_on) if row.planned else words.MISSING
    actual = words.days_text(row.actual.first_on, row.actual.last_on) if row.actual else words.MISSING
    expected = [row.expected or words.MISSING] if is_ahead else []
    return [planned, actual, *expected, row.words]


def weight_text(weight: float) -> str:
    """A weight without decimals that say nothing."""
    return format_number(weight, decimals=0 if weight == int(weight) else 2)
