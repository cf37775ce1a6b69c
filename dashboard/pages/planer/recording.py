"""Recording what came of a plan: the form of one object at a time, with the way to the next one; made for a phone.

All forms are on the page, so that one can go on to the next object without a connection: what is saved meanwhile waits
in the browser (`assets/forms.js`), and `assets/planer.js` only shows one of them.
"""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import empty_state, icon, link_button, page_header, panel
from dashboard.components.edit_form import edit_form
from dashboard.formatting import format_date, format_number
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.pages.planer import ids, words
from dashboard.pages.planer.forms import COUNTS, SKIP, VISIT, plan_href
from dashboard.visit_fields import NONE_LISTED
from geodata.planning.candidates import PlannedObject
from geodata.planning.reads import Outcome, Plan
from geodata.round_detail import PERSON_COUNTS, RoundDetail


def recording_page(plan: Plan, stops: Sequence[PlannedObject], wanted: str) -> Component:
    """The forms of the objects; `wanted` is the id of the one shown first, else the first one without an outcome."""
    title = _("Outcomes of %(date)s", date=format_date(plan.held_on))
    back = link_button(_("Back to the plan"), plan_href(plan.number), symbol="back")
    head = page_header(title, lead=code_label("control_type", plan.kind), actions=back)
    if not stops:
        text = _("This plan has no object any more.")
        return html.Div([head, empty_state(_("No object yet"), text)], className="page planer")
    current = _current(plan, stops, wanted)
    cards = [_card(plan, stops, at, is_current=at == current) for at in range(len(stops))]
    return html.Div(
        [head, html.Div(cards, id=ids.RECORDING, className="planer-recording")], className="page planer planer-narrow"
    )


def _current(plan: Plan, stops: Sequence[PlannedObject], wanted: str) -> int:
    known = [one.property_id for one in stops]
    asked = [at for at, one in enumerate(known) if str(one) == wanted]
    still_open = [at for at, one in enumerate(known) if one in plan.open_stops]
    return next(iter([*asked, *still_open]), 0)


def _card(plan: Plan, stops: Sequence[PlannedObject], at: int, *, is_current: bool) -> Component:
    one = stops[at]
    outcome = plan.outcomes.get(one.property_id)
    told = [html.P(_("Recorded: %(outcome)s", outcome=words.outcome_words(outcome)))] if outcome else []
    heading = f"{at + 1}. {words.title_of(one)}"
    body = [
        html.P(_("Last control: %(last)s", last=words.last_words(one)), className="quiet"),
        *told,
        _visit_form(plan, one, outcome),
        *_skip_form(plan, one, outcome),
    ]
    return html.Section(
        [_steps(stops, at), panel(heading, body)],
        className="planer-card",
        hidden=not is_current,
        id=ids.of_stop("card", one.property_id),
        **{"aria-label": heading},
    )


def _steps(stops: Sequence[PlannedObject], at: int) -> Component:
    place = _("%(number)s of %(count)s", number=format_number(at + 1), count=format_number(len(stops)))
    return html.Div(
        [
            _step(_("Previous one"), "back", at - 1, is_possible=at > 0),
            html.Span(place, className="planer-place", role="status"),
            _step(_("Next one"), "chevron", at + 1, is_possible=at < len(stops) - 1),
        ],
        className="planer-steps",
    )


def _step(text: str, symbol: str, to: int, *, is_possible: bool) -> Component:
    return html.Button(
        [icon("back"), text] if symbol == "back" else [text, icon("chevron")],
        type="button",
        className="button planer-step",
        disabled=not is_possible,
        **{"data-to": str(to)},
    )


def _visit_form(plan: Plan, one: PlannedObject, outcome: Outcome | None) -> Component:
    is_visit = outcome is not None and outcome.skip_reason is None
    values: dict[str, object] = {"note_class": "case"}
    if outcome is not None and is_visit:
        defects = outcome.defects or ((NONE_LISTED,) if outcome.result == "finding" else ())
        values |= {"access_reached": outcome.access_reached, "result": outcome.result, "defects": defects}
    about = {
        "plan": str(plan.number),
        "property": str(one.property_id),
        "expected": str(outcome.fact_id) if outcome is not None and is_visit else "0",
    }
    return edit_form(VISIT, values=values, about=about, id=ids.of_stop("visit", one.property_id), has_title=False)


def _skip_form(plan: Plan, one: PlannedObject, outcome: Outcome | None) -> list[Component]:
    if outcome is not None and outcome.skip_reason is None:
        return []
    values = {"reason": outcome.skip_reason} if outcome is not None else {}
    about = {"plan": str(plan.number), "property": str(one.property_id)}
    return [edit_form(SKIP, values=values, about=about, id=ids.of_stop("skip", one.property_id), folded=True)]


def counts_panel(plan: Plan, held: RoundDetail) -> Component:
    """The form of what belongs to the round as a whole; counts of persons for building control only."""
    names = ("offices", "place", "interpreter_present", "social_worker_present")
    values = {name: getattr(held, name) for name in names}
    values |= {name: held.persons.get(name) for name in PERSON_COUNTS}
    about = {"plan": str(plan.number), "expected": str(held.id)}
    return edit_form(COUNTS, values=values, about=about, folded=True)
