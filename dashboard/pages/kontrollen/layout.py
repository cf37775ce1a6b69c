"""The page: what is due on the as-of date, what was done in the period, how far apart controls are, by area."""

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import (
    chart,
    empty_state,
    export_links,
    figure_tile,
    filter_bar,
    link_button,
    notice,
    page_header,
    panel,
    remote_table,
    table_twin,
)
from dashboard.formatting import format_date, format_days, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.in_time import Part, in_time
from dashboard.page import PageContext
from dashboard.pages.kontrollen import figures, ids
from dashboard.pages.kontrollen.question import PARAMETERS, Question, kinds_of, shown_kind
from dashboard.pages.kontrollen.tables import TABLE
from dashboard.routes import href
from geodata.access import Asker
from geodata.achieved_reads import TypeCount, read_achieved, read_achieved_by_area, read_types
from geodata.areas import Area, read_areas
from geodata.control_figures import DUE_FIGURES, VISIT_FIGURES
from geodata.control_reads import read_by_area
from geodata.errors import InvalidFilter
from geodata.figure import FigureValue
from geodata.figures import read_figures
from geodata.filters import FIELDS, PropertyFilter

FILTERS: Final = ("area", "control", "due", "colour", "use", "inhabited", "text", "from")
_COMPARED: Final = ("inspections_done", "rounds_held")


def layout(context: PageContext) -> Component:
    """The page for the filter of the link."""
    with context.deps.asker() as asker:
        areas = read_areas(asker, context.as_of)
    head = [_head(context, areas), filter_bar(context, FILTERS, areas)]
    try:
        question = Question.from_query(context.query, context.as_of)
    except InvalidFilter as refused:
        words = _("This part of the link cannot be read: %(part)s.", part=refused.field)
        return html.Div([*head, notice(words, kind="bad")], className="page kontrollen")
    # The visits of a period are counted one by one: in a very large city that may fail, and the rest still stands.
    due: list[Part] = [(_("State of the controls"), lambda asker: due_tiles(asker, question))]
    done: list[Part] = [(_("In the period"), lambda asker: visit_tiles(asker, question))]
    parts: list[Part] = [
        (_("Due inspections"), lambda asker: due_list(asker, context, question)),
        (_("How far apart inspections are"), lambda asker: achieved(asker, context, question)),
        (_("By area"), lambda asker: by_area(asker, context, question, areas)),
    ]
    tiles = html.Div([*in_time(context.deps, due), *in_time(context.deps, done)], className="kontrollen-tiles")
    return html.Div([*head, tiles, *in_time(context.deps, parts)], className="page kontrollen")


def _head(context: PageContext, areas: Sequence[Area]) -> Component:
    lead = _("What is due and overdue by the rules in force, what was done, and how far apart inspections really are.")
    names = ", ".join(sorted(area.name for area in areas if area.id in context.scope.area_ids))
    own = _("Your areas: %(areas)s. All numbers count only these.", areas=names) if names else ""
    to_map = link_button(_("Show on the map"), map_address(context), symbol="map")
    return page_header(_("Inspections"), lead=f"{lead} {own}".strip(), actions=to_map)


def map_address(context: PageContext) -> str:
    """The map with the same filter, what is overdue on it, and the layer of due dates."""
    drawn = [layer.key for layer in context.deps.layers if layer.is_on and layer.options is None]
    kept = {name: context.query[name] for name in FIELDS if context.query.get(name)}
    return href("/karte", {"due": "overdue", **kept, "layers": ",".join([*drawn, "due"])})


# --- figures ----------------------------------------------------------------------------------------------------------


def due_tiles(asker: Asker, question: Question) -> Component:
    """What is due on the as-of date, on time first."""
    found = read_figures(asker, question.chosen, keys=[figure.key for figure in DUE_FIGURES])
    never, worst = found["controls_never"], found["overdue_days_max"].value
    hints = {
        "controls_on_time": _("%(count)s never reached so far", count=_number(never)) if never.value else "",
        "controls_overdue": _objects(found["objects_overdue"].value),
        "overdue_days_median": _("at most %(days)s", days=format_days(worst)) if isinstance(worst, int) else "",
    }
    title = _("State of %(day)s", day=format_date(question.chosen.as_of))
    return _tiles(title, [figure_tile(found, key, hint=hint) for key, hint in hints.items()])


def visit_tiles(asker: Asker, question: Question) -> Component:
    """What was done in the period, beside the period of the same length before it."""
    found = read_figures(asker, question.chosen, question.period, keys=[figure.key for figure in VISIT_FIGURES])
    before = read_figures(asker, question.chosen, question.period.before, keys=_COMPARED)
    hints = {key: _("before: %(count)s", count=_number(before[key])) for key in _COMPARED}
    title = _(
        "%(first)s to %(last)s; before = the period of the same length before that",
        first=format_date(question.period.first_on),
        last=format_date(question.period.last_on),
    )
    shown = ("inspections_done", "failed_access", "rounds_held")
    return _tiles(title, [figure_tile(found, key, hint=hints.get(key)) for key in shown])


def _tiles(title: str, drawn: Sequence[Component]) -> Component:
    heading = html.H2(title, className="kontrollen-caption")
    return html.Section([heading, html.Div(drawn, className="tiles")], className="kontrollen-group")


def _objects(found: object) -> str:
    if not isinstance(found, int) or not found:
        return ""
    return ngettext("at %(count)s object", "at %(count)s objects", found, count=format_number(found))


def _number(found: FigureValue) -> str:
    return format_number(found.value) if isinstance(found.value, int) else format_number(None)


# --- the list ---------------------------------------------------------------------------------------------------------


def due_list(asker: Asker, context: PageContext, question: Question) -> Component:
    """The list, or why there is nothing in it."""
    if not read_types(asker, question.chosen):
        return panel(_("Due inspections"), _nothing(question.chosen))
    table = remote_table(TABLE, ids.LIST, context.query, label=_("List of due inspections"))
    return panel(_("Due inspections"), table, actions=export_links(TABLE, context.query))


def _nothing(chosen: PropertyFilter) -> Component:
    if chosen.is_restricted:
        text = _("No monitored control fits this filter. Reset a part of it to see more.")
        return empty_state(_("Nothing to list"), text, level=3)
    text = _(
        "No rule asks for a control of a recorded object on this date. Rules and objects come as deliveries; once both "
        "are there, this list says what is due."
    )
    return empty_state(_("Nothing is monitored yet"), text, level=3)


# --- achieved intervals -----------------------------------------------------------------------------------------------


def achieved(asker: Asker, context: PageContext, question: Question) -> Component:
    """The distribution of achieved intervals of one type of control against its rules."""
    title = _("How far apart inspections are")
    types = read_types(asker, question.chosen)
    if not types:
        return panel(title, _nothing(question.chosen))
    shown = shown_type(types, question)
    found = read_achieved(asker, question.chosen, shown.control_type)
    choice = choice_links(
        context, "type", [(one.control_type, code_label("control_type", one.control_type)) for one in types],
        shown.control_type, label=_("Kind of control"),
    )  # fmt: skip
    if not found.intervals.days.size:
        text = _("An interval begins with an inspection that reached the required access. There is none so far.")
        return panel(title, [choice, empty_state(_("No interval yet"), text, level=3)])
    words = figures.achieved_words(found, shown.never)
    label = f"{title}: {code_label('control_type', shown.control_type)}. {' '.join(words)}"
    head = (_("Interval"), _("closed"), _("still open"))
    return panel(
        title,
        [
            choice,
            html.Ul([html.Li(one) for one in words], className="kontrollen-words"),
            chart(
                ids.ACHIEVED,
                figures.achieved_traces(found.intervals),
                figures.achieved_layout(found),
                label=label,
                height_px=320,
            ),
            table_twin(head, figures.class_rows(found.intervals), title),
        ],
    )


def shown_type(types: Sequence[TypeCount], question: Question) -> TypeCount:
    """The type of control that the link names, where there is one; else the one with the most pairs."""
    return next((one for one in types if one.control_type == question.control_type), types[0])


# --- by area ----------------------------------------------------------------------------------------------------------


def by_area(asker: Asker, context: PageContext, question: Question, areas: Sequence[Area]) -> Component:
    """One kind of area at a time, by name: kinds overlap and are never summed together."""
    title = _("By area")
    kind = shown_kind(areas, context.scope.area_ids, question.kind)
    types = read_types(asker, question.chosen)
    if kind is None:
        return panel(
            title, html.P(_("Areas come as a delivery; then the figures stand here for each."), className="quiet")
        )
    if not types:
        return panel(title, _nothing(question.chosen))
    shown = shown_type(types, question)
    rows = read_by_area(asker, question.chosen, question.period, kind)
    found = read_achieved_by_area(asker, question.chosen, shown.control_type, kind)
    kinds = choice_links(
        context, "kind", [(one, code_label("area_kind", one)) for one in kinds_of(areas)], kind, label=_("Kind of area")
    )
    type_label = code_label("control_type", shown.control_type)
    caption = _("Usual interval against the rule by area: %(type)s", type=type_label)
    head = (
        code_label("area_kind", kind), _("On time"), _("Share"), _("Overdue"), _("Usual delay"),
        _("Inspections in the period"), _("Usual interval (%(type)s)", type=type_label), _("Rule"),
    )  # fmt: skip
    told = [row for row in rows if row.pairs or row.inspections]
    twin = table_twin(head, figures.area_rows(told, {one.area.id: one for one in found}), title, is_open=True)
    note = [html.P(words, className="quiet kontrollen-note") for words in figures.area_notes(rows, told)]
    drawn = chart(
        ids.BY_AREA,
        figures.area_traces(found),
        figures.area_layout(found),
        label=caption,
        height_px=figures.area_height_px(found),
    )
    heading = html.H3(caption, className="kontrollen-caption")
    return panel(title, [kinds, *([heading, drawn] if found else []), twin, *note])


def choice_links(
    context: PageContext, name: str, options: Sequence[tuple[str, str]], chosen: str, *, label: str
) -> Component:
    """Links to the same page with another value of one part of the link."""
    kept = {key: value for key, value in context.query.items() if key in (*FIELDS, *PARAMETERS, "lang")}
    links = [
        html.A(
            text,
            href=href(context.page_path, {**kept, name: code}),
            className="choice-link qm-link",
            **({"aria-current": "true"} if code == chosen else {}),
        )
        for code, text in options
    ]
    return html.Nav(links, className="choice-links", **{"aria-label": label})
