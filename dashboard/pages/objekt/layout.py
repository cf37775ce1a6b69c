"""The page of one property. It is built on the server as a whole: everything that folds is the browser's own."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import unquote

from dash import html
from dash.development.base_component import Component

from dashboard.case_link import case_link
from dashboard.components import badge, empty_state, facts, icon, link_button, notice, panel
from dashboard.formatting import MISSING, format_date, format_distance, format_number
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.objekt import figures, rules, small_map
from dashboard.pages.objekt.actions import Links, action_bar, open_form
from dashboard.pages.objekt.assessment import assessment_panel
from dashboard.pages.objekt.changes import changes_panel
from dashboard.pages.objekt.contents import Contents, read_contents
from dashboard.pages.objekt.deletion import deletion_line
from dashboard.pages.objekt.links import links_panel, read_merge
from dashboard.pages.objekt.money_and_housing import closures_panel, grants_panel
from dashboard.pages.objekt.notes import notes_panel
from dashboard.pages.objekt.owners import owners_panel
from dashboard.pages.objekt.photographs import photographs_panel
from dashboard.pages.objekt.planned import planned_lines
from dashboard.pages.objekt.proceedings import proceedings_panel
from dashboard.pages.objekt.projects import projects_view
from dashboard.pages.objekt.timeline import timeline_view
from dashboard.routes import href
from geodata.access import Scope
from geodata.merges import Link
from geodata.property_detail import NEIGHBOUR_RADIUS_M, Neighbour, PropertyDetail
from layers.style import raster_source

DUE_SHAPES: Mapping[figures.DueLevel, str] = {"overdue": "diamond", "soon": "triangle", "on_time": "circle"}
DUE_KINDS: Mapping[figures.DueLevel, str] = {"overdue": "bad", "soon": "warn", "on_time": "good"}


def layout(context: PageContext) -> Component:
    """The page for the reference in the address, or words that there is no such property."""
    with context.deps.asker() as asker:
        # The database has no text with NUL, which the checks of a request do not see while it is written as %00.
        reference = unquote(context.path).replace("\0", "")
        contents = read_contents(asker, reference, context.as_of)
        given_up = read_merge(asker, reference) if contents is None else None
    if given_up is not None:
        return merged_away(given_up, context.query)
    if contents is None:
        return not_found(context.query, context.as_of)
    settings = context.deps.settings
    basemap = raster_source(settings.basemap, settings.basemap_attribution) if settings.basemap else None
    case = case_link(settings, context.scope, contents.detail.file_reference)
    return property_page(contents, context.scope, context.query, context.as_of, basemap, case)


def not_found(query: Mapping[str, str], as_of: date) -> Component:
    """What somebody reads who asked for a property that does not exist, lies out of scope or was recorded later."""
    text = _(
        "There is no property with this number on %(date)s that your account may see. The number may be mistyped, the "
        "property may lie in an area that is not assigned to you, or it was recorded later.",
        date=format_date(as_of),
    )
    back = link_button(_("Back to the map"), href("/karte", figures.map_query(query)), symbol="map")
    return html.Div(empty_state(_("Property not found"), text, back, level=1), className="page objekt")


def merged_away(link: Link, query: Mapping[str, str]) -> Component:
    """What somebody reads who follows a link to a record that was given up for another one."""
    text = _(
        "This record was merged into %(key)s on %(date)s, because both stood for one object. Everything that was "
        "recorded here stands there.",
        key=f"{link.register}/{link.key}",
        date=format_date(link.happened_on),
    )
    address = href(f"/objekt/{link.property_id}", figures.map_query(query))
    onward = link_button(_("Open this object"), address, symbol="house", kind="primary")
    return html.Div(empty_state(_("Merged into another object"), text, onward, level=1), className="page objekt")


def property_page(
    contents: Contents,
    scope: Scope,
    query: Mapping[str, str],
    as_of: date,
    basemap: Mapping[str, Any] | None = None,
    case: str | None = None,
) -> Component:
    """Heading, due dates, facts, map, neighbours and the timeline."""
    detail, record = contents.detail, contents.record
    links = Links(detail.id, query)
    return html.Article(
        [
            _head(detail, scope, query, as_of, case),
            *action_bar(contents, scope, links),
            *open_form(contents, scope, links, as_of),
            *links_panel(record, query),
            html.Div(
                [
                    *_work(contents, scope, links, query, as_of),
                    html.Aside(
                        [
                            *projects_view(contents.projects, query),
                            *closures_panel(contents.closures, query),
                            _facts_panel(contents, scope, as_of),
                            *owners_panel(detail.id, detail.ownership_form, scope, as_of),
                            panel(_("Where it lies"), small_map.map_view(detail, contents.neighbours, query, basemap)),
                            _neighbours_panel(contents.neighbours, scope, query, is_placed=detail.position is not None),
                        ],
                        className="objekt-aside",
                        **{"aria-label": _("Facts and surroundings")},
                    ),
                    html.Div(
                        [
                            *notes_panel(record, scope, links),
                            *photographs_panel(contents.photographs, detail.id, scope),
                            _timeline_panel(contents, scope, links, as_of),
                            *changes_panel(record, scope, links),
                        ],
                        className="objekt-timeline",
                    ),
                ],
                className="objekt-grid",
            ),
        ],
        className="page objekt",
    )


def _work(contents: Contents, scope: Scope, links: Links, query: Mapping[str, str], as_of: date) -> list[Component]:
    """What is due and what runs, for those who may know of plans."""
    if not scope.allows("plan:read"):
        return []
    parts = [
        _due_panel(contents, scope, links, as_of),
        *proceedings_panel(contents.proceedings, contents.detail.id, scope, query, as_of),
        *assessment_panel(contents, scope, links, as_of),
        *grants_panel(contents.grants, query),
    ]
    return [html.Div(parts, className="objekt-due")]


def state_badge(state: str | None) -> Component:
    """The state with the shape and colour that it has on the map."""
    if state is None:
        return badge(_("no state yet"))
    return html.Span([small_map.symbol(small_map.state_symbol(state)), code_label("state", state)], className="badge")


# --- heading ----------------------------------------------------------------------------------------------------------


def _head(
    detail: PropertyDetail, scope: Scope, query: Mapping[str, str], as_of: date, case: str | None = None
) -> Component:
    back = html.A(
        [icon("back"), _("Back to the map")],
        href=href("/karte", figures.map_query(query)),
        className="objekt-back qm-link",
    )
    since = f"{_('since')} {format_date(detail.state_since_on)}" if detail.state_since_on else ""
    lines = [
        html.Span([state_badge(detail.state), html.Span(since, className="quiet")], className="objekt-mark"),
        *([_assessment_mark(detail, as_of)] if scope.allows("proceeding:read") else []),
        html.Span([html.Span(_("Key"), className="quiet"), html.Code(f"{detail.register}/{detail.key}")]),
    ]
    if detail.file_reference:
        lines.append(html.Span([html.Span(_("File reference"), className="quiet"), _file_reference(detail, case)]))
    return html.Header(
        [back, html.H1(figures.title_of(detail), className="page-title"), html.Div(lines, className="objekt-marks")],
        className="objekt-head",
    )


def _file_reference(detail: PropertyDetail, case: str | None) -> Component:
    """The file reference; a link where a case system is set up, which opens beside this application."""
    reference = html.Code(detail.file_reference)
    return html.A(reference, href=case, target="_blank", rel="noopener noreferrer") if case else reference


def _assessment_mark(detail: PropertyDetail, as_of: date) -> Component:
    if detail.assessed_on is None:
        return html.Span([badge(_("not assessed yet"))], className="objekt-mark")
    label = _("Assessment: %(colour)s", colour=code_label("colour", detail.assessment_colour))
    mark = html.Span([small_map.symbol(f"assessment_{detail.assessment_colour or 'none'}"), label], className="badge")
    age = figures.age_text(detail.assessed_on, as_of)
    words = f"{format_date(detail.assessed_on)}, {age}"
    return html.Span([mark, html.Span(words, className="quiet")], className="objekt-mark")


# --- due dates --------------------------------------------------------------------------------------------------------


def _due_panel(contents: Contents, scope: Scope, links: Links, as_of: date) -> Component:
    lines = [figures.due_line(due, as_of) for due in contents.due_dates]
    released = rules.only_released(contents.rules, contents.releases, scope, links)
    if not lines and not released:
        nothing = html.P(_nothing_due(contents.detail), className="quiet")
        return panel(_("Next controls"), [*planned_lines(contents.planned), nothing])
    cards = [
        html.Li(
            [
                *_due_card(line, contents.detail, as_of),
                *rules.other_rules(line.control_type, contents.rules, contents.releases, scope, links),
            ],
            className="objekt-due-card",
        )
        for line in lines
    ]
    listed = html.Ul([*cards, *released], className="objekt-due-list")
    return panel(_("Next controls"), [*planned_lines(contents.planned), listed])


def _nothing_due(detail: PropertyDetail) -> str:
    if detail.closed_on is not None:
        return _("Closed on %(date)s, so no control is due any more.", date=format_date(detail.closed_on))
    return _("No rule asks for a control of this property. Rules come as a delivery of interval rules.")


def _due_card(line: figures.DueLine, detail: PropertyDetail, as_of: date) -> list[Component]:
    head = html.Div(
        [
            html.H3(code_label("control_type", line.control_type)),
            badge(line.status, kind=DUE_KINDS[line.level], shape=DUE_SHAPES[line.level]),
        ],
        className="objekt-due-head",
    )
    if line.last_effective_on is None:
        last = _("none yet; counted from the recording on %(date)s", date=format_date(detail.registered_on))
    else:
        last = f"{format_date(line.last_effective_on)} ({figures.age_text(line.last_effective_on, as_of)})"
    words = facts([(_("Due on"), format_date(line.due_on)), (_("Last control with sufficient access"), last)])
    flag = [notice(line.clarify_access, kind="bad")] if line.clarify_access else []
    return [head, words, *flag, _rule_details(line)]


def _rule_details(line: figures.DueLine) -> Component:
    rule = line.rule
    pairs = [
        (_("Reason"), rule.reason),
        (_("Legal basis"), rule.legal_basis or _("none named")),
        (_("Duty by law"), _("yes, cannot be lengthened") if rule.is_statutory else _("no")),
        (_("Resolution"), rule.resolution),
        (_("Decided by"), rule.decided_by),
        (_("In force since"), format_date(rule.valid_from)),
    ]
    return html.Details(
        [
            html.Summary([html.Span(figures.rule_sentence(rule)), icon("chevron")]),
            html.P(_("The shortest interval that applies wins."), className="quiet"),
            facts([(name, value) for name, value in pairs if value]),
        ],
        className="objekt-rule",
    )


# --- facts ------------------------------------------------------------------------------------------------------------


def _facts_panel(contents: Contents, scope: Scope, as_of: date) -> Component:
    detail = contents.detail
    parts = [facts(_fact_pairs(detail, scope, as_of)), _origin(detail, scope), *deletion_line(contents.deletion)]
    return panel(_("Facts"), parts)


def _fact_pairs(detail: PropertyDetail, scope: Scope, as_of: date) -> list[tuple[str, object]]:
    addresses = [html.Li(line) for line in figures.address_lines(detail.addresses)]
    pairs: list[tuple[str, object]] = [
        (_("Addresses"), html.Ul(addresses, className="objekt-addresses") if addresses else MISSING),
        (_("Recorded on"), format_date(detail.registered_on)),
        (_("Use"), code_label("use_type", detail.use_type)),
        (_("Building class"), MISSING if detail.building_class is None else str(detail.building_class)),
        (_("Dwellings"), format_number(detail.dwellings)),
        (_("Inhabited"), figures.yes_no(detail.is_inhabited)),
        (_("Listed building"), figures.yes_no(detail.is_heritage)),
        (_("Parcels"), "; ".join(detail.parcels) or MISSING),
    ]
    if scope.allows("proceeding:read"):
        pairs += [
            (_("Ownership"), code_label("ownership_form", detail.ownership_form)),
            (_("Lead office"), code_label("office", detail.lead_office)),
            (_("Assessment"), _assessment_words(detail, as_of)),
        ]
    if scope.allows("property:read_text"):
        pairs.append((_("Next step"), detail.next_step or MISSING))
    if detail.reminder_on is not None:
        pairs.append((_("Reminder"), figures.reminder_text(detail.reminder_on, as_of)))
    return pairs


def _assessment_words(detail: PropertyDetail, as_of: date) -> str | list[object]:
    if detail.assessed_on is None:
        return _("not assessed yet")
    inputs = figures.assessment_inputs(detail.pressure, detail.room_to_act)
    if not figures.is_assessment_old(detail.assessed_on, as_of):
        return inputs
    return [inputs, html.Br(), html.Span(_("Older than a year: check whether it still holds."), className="quiet")]


def _origin(detail: PropertyDetail, scope: Scope) -> Component:
    return html.P([_("Source"), ": ", origin_link(detail, scope)], className="objekt-origin quiet")


def origin_link(detail: PropertyDetail, scope: Scope) -> Component | str:
    """Where the facts come from; staff can follow it to the delivery."""
    text = figures.origin_text(detail.origin)
    if detail.origin.delivery_id is None or not scope.allows("delivery:read"):
        return text
    return html.A(text, href=href("/lieferungen", {"delivery": detail.origin.delivery_id}), className="qm-link")


# --- neighbours and timeline ------------------------------------------------------------------------------------------


def _neighbours_panel(
    neighbours: tuple[Neighbour, ...], scope: Scope, query: Mapping[str, str], *, is_placed: bool
) -> Component:
    title = _("Within %(distance)s", distance=format_distance(NEIGHBOUR_RADIUS_M))
    if not is_placed:
        text = _("Without a point on the map nothing can be said about what lies near.")
    elif not neighbours:
        text = _("No other recorded property lies this near.")
    else:
        text = ""
    own_area = [html.P(_("Only properties in the areas assigned to you."), className="quiet")]
    note = own_area if scope.has_areas and is_placed else []
    content = html.P(text, className="quiet") if text else _neighbour_table(neighbours, query)
    return panel(title, [content, *note])


def _neighbour_table(neighbours: tuple[Neighbour, ...], query: Mapping[str, str]) -> Component:
    names = (_("Property"), _("State"), _("Distance"))
    head = html.Thead(html.Tr([html.Th(name, scope="col") for name in names]))
    rows = [
        html.Tr(
            [
                html.Td(
                    html.A(
                        other.address_text or other.key,
                        href=href(f"/objekt/{other.id}", figures.map_query(query)),
                        className="qm-link",
                    )
                ),
                html.Td(state_badge(other.state)),
                html.Td(format_distance(other.distance_m), className="number"),
            ]
        )
        for other in neighbours
    ]
    return html.Table([head, html.Tbody(rows)], className="plain-table objekt-neighbours")


def _timeline_panel(contents: Contents, scope: Scope, links: Links, as_of: date) -> Component:
    view = figures.timeline(
        contents.events, contents.assessments, contents.inspections, contents.demolition_events, contents.measure_events
    )
    return panel(
        _("What happened up to %(date)s", date=format_date(as_of)), timeline_view(view, scope, links, contents.record)
    )
