"""The view of plan and status: where the projects stand, and plan against reality with the forecast."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import panel, plain_table, table_twin
from dashboard.formatting import format_number, format_percent
from dashboard.i18n import gettext as _
from dashboard.pages.rueckbau import ids, links, panels, pipeline, rows
from dashboard.pages.rueckbau.forecasts import forecasts_of, history_words, key_of, method_words
from dashboard.pages.rueckbau.shown import Shown
from geodata.projects.programmes import ProgrammeProgress, read_programmes


def view(shown: Shown) -> Sequence[Component]:
    """Tiles, stages, the picture of the plans, and the list."""
    return [
        panels.tiles(shown.projects, shown.kinds, shown.as_of),
        programmes(shown),
        pipeline.pipeline(shown.projects, shown.kinds, shown.query),
        plan(shown),
        panels.listed(shown.query),
    ]


def programmes(shown: Shown) -> Component:
    """Each programme by its name: how many of how many, how far by the published rule, what is late and held up."""
    title = _("Progress by programme")
    head = (_("Programme"), _("demolished"), _("Progress"), _("Running"), _("late"), _("held up"), _("ended otherwise"))
    rows = [_programme_cells(one, shown) for one in read_programmes(shown.projects)]
    note = _("The mean of the progress of its projects; ended ones are left out.")
    return panel(title, [plain_table(head, rows, title), html.P(note, className="quiet rueckbau-note")])


def _programme_cells(one: ProgrammeProgress, shown: Shown) -> list[str | Component]:
    name: str | Component = _("without a programme")
    if one.programme is not None:
        address = links.same_page(shown.query, **{ids.PROGRAMME: one.programme})
        name = html.A(one.programme, href=address, className="qm-link")
    down = _("%(part)s of %(whole)s", part=format_number(one.demolished), whole=format_number(one.projects))
    counts = [format_number(count) for count in (one.running, one.late, one.blocked, one.ended)]
    return [name, down, format_percent(one.progress), *counts]


def plan(shown: Shown) -> Component:
    """Plan against reality and the forecast: one row for each project."""
    projects = shown.projects
    ordered = rows.in_reading_order(projects)[: rows.ROWS_MAX]
    ahead = forecasts_of(ordered, shown.known, shown.as_of)
    drawn = [rows.project_row(one, shown.as_of, ahead.get(key_of(one))) for one in ordered]
    picture = panels.gantt_chart(
        ids.GANTT, drawn, shown.as_of, label=_("Plan and course of the projects; the table below says the same")
    )
    body = [
        [links.project_link(one, projects, shown.query), *panels.plan_cells(row)]
        for one, row in zip(ordered, drawn, strict=True)
    ]
    twin = table_twin(panels.plan_heads(_("Project")), body, _("Plan and course of the projects"), numbers_from=9)
    parts: list[Component] = [panels.gantt_key(), picture, twin, *history_words(ahead)]
    parts.append(method_words(shown.known, shown.as_of))
    if len(projects) > len(drawn):
        text = _(
            "The picture shows the first %(shown)s of %(count)s projects; the filter leads to others, and the list "
            "below has all of them.",
            shown=format_number(len(drawn)),
            count=format_number(len(projects)),
        )
        parts.insert(0, html.P(text, className="quiet"))
    return panel(_("Plan and course"), parts)
