"""The parts of the page over all projects: tiles with the rule, stages, areas, plan against reality, list."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import chart, export_links, figure_tile, icon, panel, remote_table, table_twin
from dashboard.formatting import format_number, format_percent
from dashboard.i18n import N_, code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.pages.rueckbau import gantt, ids, rows, selection, words
from dashboard.pages.rueckbau.tables import PROJECTS
from dashboard.routes import href
from geodata.areas import Area
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
_STAGE_ROW_PX: Final = 36


def tiles(projects: Sequence[Project], kinds: Sequence[StageKind], as_of: date) -> Component:
    """The figures of these projects, and the rule of the progress one click away."""
    found = selection.figure_values(projects, as_of)
    hints = {"projects_ended": _("given up or renovated instead")}
    shown = [figure_tile(found, key, title=_(title), hint=hints.get(key)) for key, title in _TILES]
    down = sum(one.demolished_on is not None for one in projects)
    lead = html.Div([shown[0], _share_bar(down, len(projects))], className="rueckbau-lead")
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


def areas(projects: Sequence[Project], known: Sequence[Area], query: Mapping[str, str]) -> Component:
    """How many are down in each area of one kind, in the order of the names."""
    kind = selection.chosen_kind(known, query)
    counts = selection.by_area(projects, known, kind)
    head = _kind_links(known, kind, query)
    if not counts:
        text = _("No project lies in an area of this kind.") if kind else _("The city has no areas yet.")
        return panel(_("By area"), [head, html.P(text, className="quiet")])
    note = _("Areas of one kind in the order of their names; ended projects are among the projects.")
    content = [head, _area_table(counts, query), html.P(note, className="quiet rueckbau-note")]
    return panel(_("By area"), content, actions=_map_link(_("Show on the map"), query))


def plan(projects: Sequence[Project], query: Mapping[str, str], as_of: date) -> Component:
    """Plan against reality: one row for each project."""
    ordered = rows.in_reading_order(projects)[: rows.ROWS_MAX]
    drawn = [rows.project_row(one, as_of) for one in ordered]
    picture = gantt_chart(
        ids.GANTT, drawn, as_of, label=_("Plan and course of the projects; the table below says the same")
    )
    body = [_plan_line(one, row, projects, query) for one, row in zip(ordered, drawn, strict=True)]
    twin = table_twin(plan_heads(_("Project")), body, _("Plan and course of the projects"), numbers_from=9)
    parts: list[Component] = [gantt_key(), picture, twin]
    if len(projects) > len(drawn):
        text = _(
            "The picture shows the first %(shown)s of %(count)s projects; the filter leads to others, and the list "
            "below has all of them.",
            shown=format_number(len(drawn)),
            count=format_number(len(projects)),
        )
        parts.insert(0, html.P(text, className="quiet"))
    return panel(_("Plan and course"), parts)


def listed(query: Mapping[str, str]) -> Component:
    """All projects of the filter as a table that sorts and can be taken along."""
    grid = remote_table(PROJECTS, ids.TABLE, query, label=_("Demolition projects"))
    return panel(_("All projects"), grid, actions=export_links(PROJECTS, query))


# --- plan against reality ---------------------------------------------------------------------------------------------


def gantt_chart(id: str, drawn: Sequence[gantt.GanttRow], as_of: date, *, label: str) -> Component:  # noqa: A002
    """The picture of rows, in a box of its own that scrolls sideways on a small screen."""
    picture = chart(
        id, gantt.traces(drawn, as_of), gantt.layout(drawn, as_of), label=label, height_px=gantt.height_px(drawn)
    )
    # It scrolls, so the keyboard must be able to enter it.
    return html.Div(picture, className="rueckbau-gantt", tabIndex="0", role="group", **{"aria-label": label})


def gantt_key(names: Sequence[str] = ("plan", "actual", "down", "blocked", "ended")) -> Component:
    """What bars and signs mean, in one line."""
    meanings = {
        "plan": _("planned"),
        "actual": _("what happened, up to the as-of date"),
        "down": _("demolished"),
        "blocked": _("held up"),
        "ended": _("given up or renovated instead"),
    }
    marks = [
        html.Li([html.Span(className=f"rueckbau-key rueckbau-key-{name}", **{"aria-hidden": "true"}), meanings[name]])
        for name in names
    ]
    return html.Ul(marks, className="rueckbau-keys")


def plan_heads(first: str) -> tuple[str, ...]:
    """The head of the table twin."""
    return (first, _("Planned"), _("Actual"), _("Where it stands"))


def plan_cells(row: gantt.GanttRow) -> list[str]:
    """What the picture says of a row, in words."""
    planned = words.days_text(row.planned.first_on, row.planned.last_on) if row.planned else words.MISSING
    actual = words.days_text(row.actual.first_on, row.actual.last_on) if row.actual else words.MISSING
    return [planned, actual, row.words]


def _plan_line(
    one: Project, row: gantt.GanttRow, projects: Sequence[Project], query: Mapping[str, str]
) -> list[str | Component]:
    return [project_link(one, projects, query), *plan_cells(row)]


def project_link(one: Project, projects: Sequence[Project], query: Mapping[str, str]) -> Component:
    """The link that opens a project and keeps the filter for the way back."""
    address = href("/rueckbau", {**query, **selection.link_values(one, projects)})
    return html.A(one.address, href=address, className="qm-link")


# --- stages -----------------------------------------------------------------------------------------------------------


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
    address = href("/rueckbau", {**query, ids.STAGE: count.code, ids.STATUS: "running"})
    return html.A(code_label("demolition_stage", count.code), href=address, className="qm-link")


def weight_text(weight: float) -> str:
    """A weight without decimals that say nothing."""
    return format_number(weight, decimals=0 if weight == int(weight) else 2)


# --- areas ------------------------------------------------------------------------------------------------------------


def _kind_links(known: Sequence[Area], chosen: str | None, query: Mapping[str, str]) -> Component:
    links = [
        html.A(
            code_label("area_kind", kind),
            href=href("/rueckbau", {**query, ids.KIND: kind}),
            className="button button-small qm-link",
            **({"aria-current": "true"} if kind == chosen else {}),
        )
        for kind in selection.area_kinds(known)
    ]
    return html.Nav(links, className="rueckbau-kinds", **{"aria-label": _("Kind of areas")})


def _area_table(counts: Sequence[selection.AreaCount], query: Mapping[str, str]) -> Component:
    lines = [
        html.Tr(
            [
                html.Th(
                    html.A(
                        count.area.name,
                        href=href("/rueckbau", {**query, "area": count.area.id}),
                        className="qm-link",
                    ),
                    scope="row",
                ),
                html.Td(_share_bar(count.demolished, count.projects)),
                html.Td(_down_text(count), className="number"),
            ]
        )
        for count in counts
    ]
    heads = [
        html.Th(_("Area"), scope="col"),
        html.Th(html.Span(_("Share"), className="visually-hidden"), scope="col"),
        html.Th(_("demolished"), scope="col", className="number"),
    ]
    return html.Table([html.Thead(html.Tr(heads)), html.Tbody(lines)], className="plain-table rueckbau-areas")


def _share_bar(part: int, whole: int) -> Component:
    """A share as a bar; the number stands beside it."""
    filled = html.Span(style={"width": f"{100 * part / whole if whole else 0:.1f}%"})
    return html.Div(filled, className="rueckbau-bar", **{"aria-hidden": "true"})


def _down_text(count: selection.AreaCount) -> str:
    return _("%(part)s of %(whole)s", part=format_number(count.demolished), whole=format_number(count.projects))


def _map_link(text: str, query: Mapping[str, str]) -> Component:
    """The map with the same filter and the layer of demolitions."""
    kept = {name: query[name] for name in ("as_of", "area", "text", "lang") if query.get(name)}
    address = href("/karte", {**kept, "layers": "demolition"})
    return html.A([icon("map"), text], href=address, className="button button-small qm-link")
