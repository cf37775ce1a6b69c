"""The page of a saved plan: what is planned, files to take along, what came of it, changing it and calling it off."""

from dataclasses import dataclass
from datetime import date

from dash import html
from dash.development.base_component import Component

from dashboard.auth import signed_in
from dashboard.components import badge, empty_state, facts, icon, link_button, notice, page_header, panel
from dashboard.components.edit_form import edit_form
from dashboard.formatting import format_date, format_number
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.logged import log
from dashboard.page import PageContext
from dashboard.pages.planer import ids, words
from dashboard.pages.planer.drafted import drawing_of, released_on
from dashboard.pages.planer.forms import CALL_OFF, plan_href
from dashboard.pages.planer.parts import map_panel, marks, views
from dashboard.pages.planer.question import ANY_LENGTH, Question
from dashboard.pages.planer.recording import counts_panel, recording_page
from dashboard.place_words import property_href
from dashboard.routes import href
from geodata.access import Asker
from geodata.areas import read_areas
from geodata.calendar import today
from geodata.planning.candidates import PlannedObject, read_objects
from geodata.planning.propose import legs_m
from geodata.planning.reads import Plan, read_plan
from geodata.round_detail import RoundDetail, read_round

_DIGITS = 18


@dataclass(frozen=True)
class Shown:
    """A plan with all that its page shows."""

    plan: Plan
    stops: tuple[PlannedObject, ...]
    legs: tuple[float | None, ...]
    area_name: str | None
    drawing: str | None
    released: frozenset[int]
    held: RoundDetail | None

    @property
    def can_be_recorded(self) -> bool:
        """Whether its day has come: what lies ahead is a plan and no fact."""
        return self.plan.called_off is None and self.plan.held_on <= max(today(), signed_in().default_as_of)


def read_shown(asker: Asker, number: int, as_of: date) -> Shown | None:
    """The plan of a number; None where there is none."""
    plan = read_plan(asker, number)
    if plan is None:
        return None
    stops = read_objects(asker, plan.stops, plan.kind, plan.held_on, except_plan=plan.key)
    names = {area.id: area.name for area in read_areas(asker, as_of)}
    start = (plan.start.east_m, plan.start.north_m) if plan.start else None
    return Shown(
        plan=plan,
        stops=stops,
        legs=legs_m(stops, start),
        area_name=names.get(plan.area_id) if plan.area_id is not None else None,
        drawing=drawing_of(asker, stops, plan.start, as_of),
        released=released_on(asker, plan.kind, plan.held_on),
        held=read_round(asker, plan.round_id) if plan.round_id is not None else None,
    )


def plan_page(context: PageContext) -> Component:
    """`/planer/<number>`; with `?view=record&stop=<id>` the forms of its objects."""
    number = int(context.path) if context.path.isascii() and context.path.isdecimal() else 0
    shown = None
    if number and len(context.path) <= _DIGITS:
        with context.deps.asker() as asker:
            shown = read_shown(asker, number, context.as_of)
    if shown is None:
        text = _("There is no plan with this number. It may have been deleted after its time.")
        back = link_button(_("All plans"), href("/planer", {"view": "list"}))
        return html.Div(empty_state(_("No such plan"), text, back, level=1), className="page planer")
    if context.query.get("view") == "record" and shown.can_be_recorded:
        return recording_page(shown.plan, shown.stops, context.query.get("stop", ""))
    if shown.held is not None and shown.held.persons:
        # Before they are shown in the form: what cannot be logged is not answered.
        log(context.deps, "read_restricted", f"round {shown.held.id}")
    return _overview(shown)


def _overview(shown: Shown) -> Component:
    plan = shown.plan
    lead = ", ".join(part for part in (code_label("control_type", plan.kind), shown.area_name) if part)
    counts = [counts_panel(plan, shown.held)] if shown.held is not None else []
    return html.Div(
        [
            page_header(
                _("Planned round of %(date)s", date=format_date(plan.held_on)), lead=lead, actions=_actions(shown)
            ),
            views(""),
            *_state(shown),
            html.Div(
                [
                    html.Div([_stops_panel(shown), *counts], className="planer-column"),
                    html.Div(
                        [
                            map_panel(shown.drawing, shown.stops, has_start=plan.start is not None),
                            _facts(shown),
                            *_calling_off(plan),
                        ],
                        className="planer-column",
                    ),
                ],
                className="planer-columns",
            ),
        ],
        className="page planer",
    )


def _actions(shown: Shown) -> list[Component]:
    plan = shown.plan
    files = [
        (_("Run sheet (PDF)"), f"/planer/{plan.number}/laufzettel.pdf", "download"),
        (_("Calendar file (ICS)"), f"/planer/{plan.number}/termin.ics", "calendar"),
    ]
    links: list[Component] = [
        html.A([icon(symbol), text], href=href(path), className="button", download="") for text, path, symbol in files
    ]
    if plan.called_off is not None:
        return links[1:]
    links.append(link_button(_("Change the plan"), _changing(plan)))
    if shown.can_be_recorded:
        stop = plan.open_stops[0] if plan.open_stops else None
        record = plan_href(plan.number, view="record", stop=stop)
        links.append(link_button(_("Record outcomes"), record, symbol="inspection", kind="primary"))
    return links


def _changing(plan: Plan) -> str:
    question = Question(
        held_on=plan.held_on,
        kind=plan.kind,
        area_id=plan.area_id,
        length_km=ANY_LENGTH,
        start=plan.start_name or "",
        offices=plan.offices,
        stops=plan.stops,
        plan=plan.number,
        version=plan.version,
    )
    return question.link()


def _state(shown: Shown) -> list[Component]:
    plan = shown.plan
    if plan.called_off is not None:
        reason = code_label("call_off_reason", plan.called_off)
        return [notice(_("Called off: %(reason)s. The objects stay due.", reason=reason), kind="bad")]
    if not shown.can_be_recorded:
        return []
    if not plan.outcomes and plan.held_on < today():
        text = _("The day has passed and nothing was recorded: this plan is open. Record its outcomes, or call it off.")
        return [notice(text, kind="bad")]
    text = _(
        "%(visited)s of %(count)s objects visited, %(open)s still open.",
        visited=format_number(plan.visited),
        count=format_number(len(plan.stops)),
        open=format_number(len(plan.open_stops)),
    )
    return [notice(text, kind="info" if plan.open_stops else "good")]


def _stops_panel(shown: Shown) -> Component:
    title = _("Objects (%(count)s)", count=format_number(len(shown.stops)))
    entries = [_stop(shown, at) for at in range(len(shown.stops))]
    return panel(title, html.Ol(entries, className="planer-stops"))


def _stop(shown: Shown, at: int) -> Component:
    one, plan = shown.stops[at], shown.plan
    outcome = plan.outcomes.get(one.property_id)
    leg = words.leg_words(shown.legs[at], is_first=at == 0)
    # After the visit the due date is a new one, and why the object was chosen would read wrong.
    line = leg if outcome else "; ".join([*words.reasons(one, plan.held_on), leg])
    told = (
        marks(one, is_released=one.property_id in shown.released) if outcome is None else [_mark(outcome.skip_reason)]
    )
    result = [html.Div(words.outcome_words(outcome), className="work-line planer-outcome")] if outcome else []
    return html.Li(
        [
            html.Span(format_number(at + 1), className="planer-number", **{"aria-hidden": "true"}),
            html.Div(
                [
                    html.A(words.title_of(one), href=property_href(one.property_id), className="qm-link work-title"),
                    html.Div(line, className="work-line"),
                    *result,
                    html.Div(told, className="planer-marks"),
                ],
                className="work-text",
            ),
            *([_record_link(plan, one, has_outcome=outcome is not None)] if shown.can_be_recorded else []),
        ],
        className="planer-stop",
    )


def _mark(skip_reason: str | None) -> Component:
    return badge(_("not visited"), kind="warn") if skip_reason else badge(_("visited"), kind="good")


def _record_link(plan: Plan, one: PlannedObject, *, has_outcome: bool) -> Component:
    text = _("Correct") if has_outcome else _("Outcome of the visit")
    return html.A(
        text,
        id=ids.of_stop("record", one.property_id),
        href=plan_href(plan.number, view="record", stop=one.property_id),
        className="button qm-link",
        **{"aria-label": f"{text}: {words.title_of(one)}"},
    )


def _facts(shown: Shown) -> Component:
    plan = shown.plan
    pairs: list[tuple[str, str | Component]] = [
        (_("Date"), format_date(plan.held_on)),
        (_("Type of control"), code_label("control_type", plan.kind)),
        (_("Area"), shown.area_name or _("the whole city")),
        (_("Offices"), words.offices_words(plan.offices)),
        (_("Start of the round"), plan.start_name or _("the middle of the objects")),
        (_("Whole way"), words.length_words(sum(leg or 0 for leg in shown.legs))),
    ]
    if shown.held is not None:
        round_link = html.A(_("Summary of the round"), href=href(f"/runde/{shown.held.id}"), className="qm-link")
        pairs.append((_("Round"), round_link))
    return panel(_("What is planned"), facts(pairs))


def _calling_off(plan: Plan) -> list[Component]:
    if plan.called_off is not None or plan.outcomes:
        return []
    return [edit_form(CALL_OFF, about={"plan": str(plan.number)}, folded=True)]
