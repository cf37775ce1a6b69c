"""Planning a round: the question, the objects that are proposed, changing them, and saving the plan."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import empty_state, icon, link_button, notice, page_header, panel, query_field, query_select
from dashboard.components.edit_form import edit_form
from dashboard.formatting import format_date, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.planer import ids, words
from dashboard.pages.planer.drafted import Drafted, read_drafted
from dashboard.pages.planer.forms import FORM, plan_href
from dashboard.pages.planer.parts import map_panel, marks, missing_notice, views
from dashboard.pages.planer.question import ANY_LENGTH, LENGTHS_KM, Question, moved
from dashboard.place_words import property_detail, property_href, property_title
from dashboard.routes import href
from geodata.areas import Area, read_areas
from geodata.calendar import today
from geodata.codes import CONTROL_TYPES, OFFICES
from geodata.errors import InvalidFilter
from geodata.planning.candidates import PlannedObject
from geodata.planning.plans import MOST_STOPS
from geodata.planning.propose import LeftOut
from geodata.property_search import FoundProperty

_LEFT_OUT_SHOWN = 8


def planning_page(context: PageContext) -> Component:
    """The page for what the link says; a link that cannot be read is said in words."""
    try:
        question = Question.from_query(context.query, today())
    except InvalidFilter as refused:
        text = _("This part of the link cannot be read: %(part)s.", part=refused.field)
        again = link_button(_("Begin a new plan"), href("/planer"), symbol="refresh")
        return html.Div([_head(None), notice(text, kind="bad"), again], className="page planer")
    with context.deps.asker() as asker:
        areas = read_areas(asker, context.as_of)
        drafted = read_drafted(asker, question, context.as_of)
    return html.Div(
        [
            _head(question.plan),
            views("plan"),
            panel(_("Day, area, size"), _controls(drafted, areas)),
            *missing_notice(drafted.missing),
            html.Div(
                [
                    html.Div([_stops_panel(drafted), _adding(drafted)], className="planer-column"),
                    html.Div(
                        [
                            map_panel(drafted.drawing, drafted.stops, has_start=drafted.start is not None),
                            _left_out(drafted),
                            _saving(drafted),
                        ],
                        className="planer-column",
                    ),
                ],
                className="planer-columns",
            ),
        ],
        className="page planer",
    )


def _head(plan: int | None) -> Component:
    lead = _(
        "Objects are proposed by due date, urgency and distance. Change what you like: until you save, everything "
        "stands in the link of this page."
    )
    title = _("Plan a round") if plan is None else _("Change the plan")
    back = link_button(_("Back to the plan"), plan_href(plan), symbol="back") if plan is not None else None
    return page_header(title, lead=lead, actions=back)


# --- the question -----------------------------------------------------------------------------------------------------


def _controls(drafted: Drafted, areas: Sequence[Area]) -> list[Component]:
    question = drafted.question
    shown = question.to_query() | {"count": str(drafted.count)}
    kinds = [(code, code_label("control_type", code)) for code in CONTROL_TYPES]
    places = [(str(area.id), f"{area.name} ({code_label('area_kind', area.kind)})") for area in areas]
    counts = [(str(number), format_number(number)) for number in range(1, MOST_STOPS + 1)]
    lengths = [(one, _("%(count)s km", count=one)) for one in LENGTHS_KM] + [(ANY_LENGTH, _("any length"))]
    fields = [
        query_field("date", _("Date"), shown, kind="date"),
        query_select("kind", _("Type of control"), kinds, shown, empty_label=_("please choose")),
        query_select("area", _("Area"), places, shown, empty_label=_("the whole city")),
        query_select("count", _("Number of objects"), counts, shown, empty_label=_("as usual")),
        query_select("km", _("Whole way at most (straight line)"), lengths, shown, empty_label=_("please choose")),
        query_field("start", _("Start (address)"), shown),
    ]
    bar = html.Div(
        html.Div(fields, className="filter-bar-controls"),
        className="filter-bar",
        role="search",
        **{"aria-label": _("Day, area, size")},
    )
    return [bar, *_start_words(drafted), _offices(question), *_again(drafted)]


def _start_words(drafted: Drafted) -> list[Component]:
    if drafted.start is not None:
        return [html.P(_("Start: %(address)s.", address=drafted.start.name), className="quiet")]
    if drafted.question.start:
        text = _("No official address with a house number fits the start; the middle of the objects is taken instead.")
        return [notice(text)]
    return [html.P(_("Without a start the middle of the chosen objects is taken."), className="quiet")]


def _offices(question: Question) -> Component:
    """Links that add and take away an office: they work by keyboard and stand in the link like all else."""
    entries = [
        html.A(
            [icon("check") if code in question.offices else "", code_label("office", code)],
            id=f"planer-office-{code}",
            href=question.link(offices=_with(question.offices, code)),
            className="planer-chip qm-link",
            **({"aria-current": "true"} if code in question.offices else {}),
        )
        for code in OFFICES
    ]
    return html.Div(
        [html.P(_("Offices that take part"), className="planer-label", id="planer-offices"), *entries],
        className="planer-chips",
        role="group",
        **{"aria-labelledby": "planer-offices"},
    )


def _with(offices: Sequence[str], code: str) -> tuple[str, ...]:
    if code in offices:
        return tuple(one for one in offices if one != code)
    return tuple(one for one in OFFICES if one == code or one in offices)


def _again(drafted: Drafted) -> list[Component]:
    if drafted.is_proposed:
        return []
    text = _("The objects below were chosen by hand and stay until you let them be proposed anew.")
    anew = html.A(
        [icon("refresh"), _("Propose anew")],
        id="planer-anew",
        href=drafted.question.link(stops=None, search=""),
        className="button qm-link",
    )
    return [html.Div([html.P(text, className="quiet"), anew], className="planer-again")]


# --- the objects ------------------------------------------------------------------------------------------------------


def _stops_panel(drafted: Drafted) -> Component:
    title = _("Objects (%(count)s)", count=format_number(len(drafted.stops)))
    if not drafted.stops:
        return panel(title, _nothing(drafted))
    entries = [_stop(drafted, at) for at in range(len(drafted.stops))]
    said = [html.P(text, className="quiet", role="status") for text in _fewer(drafted)]
    return panel(title, [*said, html.Ol(entries, className="planer-stops"), _order(drafted)])


def _nothing(drafted: Drafted) -> Component:
    if not drafted.is_proposed:
        text = _("No object is chosen. Add one below, or let objects be proposed anew.")
        return empty_state(_("No object yet"), text, level=3)
    text = _(
        "Nothing of this type of control is overdue here or falls due within 30 days of that day. Choose another area "
        "or type, or add objects by hand."
    )
    return empty_state(_("Nothing to propose"), text, level=3)


def _fewer(drafted: Drafted) -> list[str]:
    if not drafted.is_proposed or len(drafted.stops) >= drafted.count:
        return []
    return [_("Fewer than asked for: no other object is due within this way.")]


def _stop(drafted: Drafted, at: int) -> Component:
    one, day = drafted.stops[at], drafted.question.held_on
    leg = words.leg_words(drafted.legs[at], is_first=at == 0)
    why = "; ".join([*words.reasons(one, day), leg])
    name = words.title_of(one)
    return html.Li(
        [
            html.Span(format_number(at + 1), className="planer-number", **{"aria-hidden": "true"}),
            html.Div(
                [
                    html.A(name, href=property_href(one.property_id), className="qm-link work-title"),
                    html.Div(why, className="work-line"),
                    html.Div(marks(one, is_released=one.property_id in drafted.released), className="planer-marks"),
                ],
                className="work-text",
            ),
            html.Div(_moves(drafted, at, name), className="planer-moves"),
        ],
        className="planer-stop",
    )


def _moves(drafted: Drafted, at: int, name: str) -> list[Component]:
    question, stops = drafted.question, drafted.question.stops or ()
    ways = (
        ("up", _("Move %(object)s up", object=name), moved(stops, at, -1), at > 0),
        ("down", _("Move %(object)s down", object=name), moved(stops, at, 1), at < len(stops) - 1),
        ("remove", _("Remove %(object)s", object=name), tuple(o for i, o in enumerate(stops) if i != at), True),
    )
    symbols = {"up": "chevron", "down": "chevron", "remove": "close"}
    return [
        html.A(
            icon(symbols[what]),
            id=ids.of_stop(what, stops[at]),
            href=question.link(stops=changed),
            className=f"button button-icon qm-link planer-{what}",
            title=label,
            **{"aria-label": label} | ({} if is_possible else {"aria-disabled": "true"}),
        )
        for what, label, changed, is_possible in ways
    ]


def _order(drafted: Drafted) -> Component:
    stops = drafted.question.stops or ()
    total = sum(leg or 0 for leg in drafted.legs)
    length = _("Whole way: %(distance)s. All distances are straight lines.", distance=words.length_words(total))
    if stops == drafted.best:
        return html.P([length, " ", _("This is the shortest order that was found.")], className="quiet planer-order")
    again = html.A(
        [icon("refresh"), _("Put into the shortest order")],
        id="planer-order",
        href=drafted.question.link(stops=drafted.best),
        className="button qm-link",
    )
    return html.Div([html.P(length, className="quiet"), again], className="planer-order")


# --- adding, what was left out, saving --------------------------------------------------------------------------------


def _adding(drafted: Drafted) -> Component:
    field = query_field("search", _("Address, key or file reference"), drafted.question.to_query())
    search = html.Div(
        html.Div(field, className="filter-bar-controls"),
        className="filter-bar",
        role="search",
        **{"aria-label": _("Add an object")},
    )
    return panel(_("Add an object"), [search, _found(drafted)])


def _found(drafted: Drafted) -> Component:
    question = drafted.question
    if not question.search.strip():
        text = _("Type part of an address, a key or a file reference, and press Enter.")
        return html.P(text, className="quiet")
    if not drafted.found:
        return html.P(_("No object has all these words."), className="quiet", role="status")
    return html.Ul([_found_entry(question, one) for one in drafted.found], className="work-list")


def _found_entry(question: Question, one: FoundProperty) -> Component:
    return _entry(question, one.id, property_title(one), property_detail(one))


def _entry(question: Question, property_id: int, title: str, detail: str) -> Component:
    stops = question.stops or ()
    text = [
        html.A(title, href=property_href(property_id), className="qm-link work-title"),
        html.Div(detail, className="work-line"),
    ]
    if property_id in stops:
        add: Component = html.Span(_("in the plan"), className="quiet")
    elif len(stops) >= MOST_STOPS:
        add = html.Span(_("the plan is full"), className="quiet")
    else:
        add = html.A(
            [icon("plus"), _("Add to the plan")],
            id=ids.of_stop("add", property_id),
            href=question.link(stops=(*stops, property_id)),
            className="button qm-link",
            **{"aria-label": _("Add %(object)s", object=title)},
        )
    return html.Li([html.Div(text, className="work-text"), add], className="work-entry")


def _left_out(drafted: Drafted) -> Component:
    names: dict[LeftOut, str] = {
        "planned": _("In another plan"),
        "clarify_access": _("Clarify access first: two visits in a row failed"),
        "no_point": _("Without a point, so without a distance"),
    }
    shown = set(drafted.question.stops or ())
    groups = [
        _left_out_group(drafted, names[why], [one for one in found if one.property_id not in shown])
        for why, found in drafted.left_out.items()
    ]
    released = ngettext(
        "%(count)s object of the city is released from the rule on that day and is not proposed.",
        "%(count)s objects of the city are released from the rule on that day and are not proposed.",
        len(drafted.released),
        count=format_number(len(drafted.released)),
    )
    told = [html.P(released, className="quiet")] if drafted.released else []
    parts = [part for part in groups if part is not None]
    if not parts and not told:
        parts = [html.P(_("Nothing that is due here was left out for such a reason."), className="quiet")]
    return panel(_("Due, but not proposed"), [*parts, *told])


def _left_out_group(drafted: Drafted, title: str, found: Sequence[PlannedObject]) -> Component | None:
    if not found:
        return None
    day = drafted.question.held_on
    entries = [
        _entry(drafted.question, one.property_id, words.title_of(one), "; ".join(words.reasons(one, day)))
        for one in found[:_LEFT_OUT_SHOWN]
    ]
    more = len(found) - _LEFT_OUT_SHOWN
    rest = [html.P(_("and %(count)s more", count=format_number(more)), className="quiet")] if more > 0 else []
    summary = html.Summary(f"{title} ({format_number(len(found))})")
    return html.Details([summary, html.Ul(entries, className="work-list"), *rest], className="planer-left-out")


def _saving(drafted: Drafted) -> Component:
    question = drafted.question
    about = {name: value for name, value in question.to_query().items() if name not in ("search", "version", "count")}
    if question.version is not None:
        about["expected"] = str(question.version)
    said = _(
        "%(kind)s on %(date)s, %(objects)s; offices: %(offices)s.",
        kind=code_label("control_type", question.kind),
        date=format_date(question.held_on),
        objects=words.objects_words(len(drafted.stops)),
        offices=words.offices_words(question.offices),
    )
    hint = _("Saving a plan orders nobody: the offices are told by the calendar file, which holds no address.")
    form = edit_form(FORM, about=about, has_title=False)
    return panel(_("Save"), [html.P(said), html.P(hint, className="quiet"), html.Div(form, className="planer-save")])
