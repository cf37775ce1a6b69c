"""The view of what is due: the most overdue one in a sentence, the list with the longest overdue first, by area."""

from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from dashboard.components import export_links, panel, plain_table, remote_table
from dashboard.formatting import format_date, format_days
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.in_time import Part
from dashboard.pages.kontrollen import ids, interval_figures
from dashboard.pages.kontrollen.links import (
    course_link,
    filtered_names,
    object_address,
    same_page,
    scenario_link,
)
from dashboard.pages.kontrollen.parts import Shown, answer, kind_links, no_areas, notes, nothing, silent
from dashboard.pages.kontrollen.tables import TABLE
from geodata.access import Asker
from geodata.areas import Area
from geodata.control_reads import DueRow, read_by_area, read_due_list
from geodata.course.achieved_reads import read_types


def view(shown: Shown) -> tuple[Part, list[Part]]:
    """The answer and the parts of this view."""
    on_top: Part = (_("Longest overdue"), lambda asker: worst(asker, shown))
    parts: list[Part] = [
        (_("Due inspections"), lambda asker: due_list(asker, shown)),
        (_("By area"), lambda asker: by_area(asker, shown)),
    ]
    return on_top, parts


def worst(asker: Asker, shown: Shown) -> Component:
    """The pair that is overdue the longest, or the next one due; with what could be done about it."""
    rows = read_due_list(asker, shown.question.chosen, size=1)
    if not rows:
        return silent()
    [row] = rows
    link = html.A(row.address or row.key, href=object_address(shown.context, row.property_id), className="qm-link")
    places = filtered_names(shown.question, shown.areas)
    more = [course_link(shown.context), *_what_if(asker, shown)]
    return answer([[lead_words(row, places), " ", link, f" – {rest_words(row)}"]], more)


def _what_if(asker: Asker, shown: Shown) -> list[Component]:
    """The scenario for the kind of control that most objects have here."""
    commonest = read_types(asker, shown.question.chosen)[0].control_type
    chosen = replace(shown.question.chosen, control_types=(commonest,))
    rows = read_due_list(asker, chosen, size=1)
    return scenario_link(shown.context, shown.question, commonest, rows[0].rule.interval_days) if rows else []


def lead_words(row: DueRow, places: str) -> str:
    """What the address that follows stands for; `places` are the areas of the filter by name, if any."""
    if row.overdue_days:
        return _("Longest overdue in %(areas)s:", areas=places) if places else _("Longest overdue:")
    return _("Nothing is overdue in %(areas)s. Next:", areas=places) if places else _("Nothing is overdue. Next:")


def rest_words(row: DueRow) -> str:
    """Type of control and days, after the address."""
    kind = code_label("control_type", row.control_type)
    if row.overdue_days:
        return _(
            "%(type)s, overdue for %(days)s (due on %(day)s).",
            type=kind,
            days=format_days(row.overdue_days),
            day=format_date(row.due_on),
        )
    return _(
        "%(type)s, due on %(day)s (%(days)s left).",
        type=kind,
        days=format_days(row.days_left),
        day=format_date(row.due_on),
    )


def due_list(asker: Asker, shown: Shown) -> Component:
    """The list, or why there is nothing in it."""
    title = _("Due inspections")
    if not read_types(asker, shown.question.chosen):
        return panel(title, nothing(shown.question.chosen))
    query = shown.context.query
    table = remote_table(TABLE, ids.LIST, query, label=_("List of due inspections"))
    hint = html.P(_("The longest overdue one stands on top; a click on a heading sorts."), className="quiet table-hint")
    return panel(title, [hint, table], actions=export_links(TABLE, query))


def by_area(asker: Asker, shown: Shown) -> Component:
    """One kind of area at a time, by name: kinds overlap and are never summed together."""
    title, kind, question = _("By area"), shown.kind, shown.question
    if kind is None:
        return no_areas(title)
    if not read_types(asker, question.chosen):
        return silent()
    rows = read_by_area(asker, question.chosen, question.period, kind)
    told = [row for row in rows if row.pairs or row.inspections]
    cells = interval_figures.area_rows(told, [area_link(shown, row.area) for row in told])
    head = interval_figures.area_head(code_label("area_kind", kind))
    table = plain_table(head, cells, title)
    return panel(title, [kind_links(shown, kind), table, *notes(interval_figures.area_notes(rows, told))])


def area_link(shown: Shown, area: Area) -> Component:
    """The name of an area as a link that makes it the filter of the page."""
    return html.A(area.name, href=same_page(shown.context, area=str(area.id)), className="qm-link")
