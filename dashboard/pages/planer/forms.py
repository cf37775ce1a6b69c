"""The forms of the planner and what happens when one is sent: a plan, calling it off, outcomes, counts of the round."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, Final
from uuid import uuid5

from dashboard.form import FieldGroup, Form, FormField, FormProblem, FormWarning, MalformedForm, Saved, Submission
from dashboard.i18n import N_, ngettext
from dashboard.i18n import gettext as _
from dashboard.pages.planer.question import Question
from dashboard.pages.planer.start import find_start
from dashboard.place_words import property_href
from dashboard.routes import href
from dashboard.visit_fields import PERSON_FIELDS, ROUND_FIELDS, VISIT_FIELDS, contradiction, listed_defects
from geodata.access import Asker
from geodata.calendar import today
from geodata.codes import CALL_OFF_REASONS, SKIP_REASONS
from geodata.edits import Order, RoundDraft, add_note
from geodata.edits.submissions import was_carried_out
from geodata.errors import InvalidEdit, InvalidFilter
from geodata.planning.candidates import read_objects
from geodata.planning.numbers import plan_key
from geodata.planning.outcomes import VisitDraft, record_counts, record_skip, record_visit
from geodata.planning.plans import PlanDraft, call_off, change_plan, save_plan
from geodata.planning.reads import Plan, read_plan
from geodata.round_detail import PERSON_COUNTS

PERMISSION: Final = "round:write"
_PROBLEMS: Final[Mapping[str, str]] = {
    "past": N_("A day that has passed cannot be planned. Record the round instead."),
    "has_outcome": N_("Something was recorded for this already, so it stays. Load the page again to see it."),
    "called_off": N_("This plan was called off meanwhile."),
    "no_round": N_("No control was recorded yet, so there is no round to which counts belong."),
    "too_many": N_("A plan holds at most 20 objects."),
}


@contextmanager
def in_words() -> Iterator[None]:
    """Refusals that only plans know become words; all others are said as everywhere."""
    try:
        yield
    except InvalidEdit as refused:
        known = [_(_PROBLEMS[code]) for code in refused.fields.values() if code in _PROBLEMS]
        if not known:
            raise
        raise FormProblem(message=" ".join(dict.fromkeys(known))) from None


# --- the plan ---------------------------------------------------------------------------------------------------------


def save(asker: Asker, submission: Submission) -> Saved:
    """Save the plan that the link described, or a saved one anew."""
    question = _question(submission)
    if not question.stops:
        raise FormProblem(message=_("A plan needs an object. Add one, or let objects be proposed."))
    if not was_carried_out(asker, submission.id):
        _warn_of_other_plans(asker, submission, question)
    start = find_start(asker, question.start, question.held_on)
    draft = PlanDraft(
        held_on=question.held_on,
        kind=question.kind,
        offices=question.offices,
        stops=question.stops,
        area_id=question.area_id,
        start=(start.place.longitude, start.place.latitude) if start else None,
        start_name=start.name if start else None,
    )
    order = Order(submission.id, FORM.key, expected=submission.expected)
    with in_words():
        if question.plan is None:
            number = save_plan(asker, order, draft).edit_id
        else:
            change_plan(asker, order, question.plan, draft)
            number = question.plan
    return Saved(_("The plan was saved."), plan_href(number))


def plan_href(number: int, **query: object) -> str:
    """The page of a plan."""
    return href(f"/planer/{number}", query)


def _question(submission: Submission) -> Question:
    try:
        return Question.from_query(submission.about, today())
    except InvalidFilter as refused:
        raise MalformedForm(str(refused)) from None


def _warn_of_other_plans(asker: Asker, submission: Submission, question: Question) -> None:
    except_plan = plan_key(question.plan) if question.plan is not None else None
    objects = read_objects(asker, question.stops or (), question.kind, question.held_on, except_plan=except_plan)
    known = [one for one in objects if one.planned_in is not None]
    key = "planned:" + ",".join(str(one.property_id) for one in known)
    if not known or key[:200] in submission.confirmed:
        return
    message = ngettext(
        "%(count)s object stands in another plan already.",
        "%(count)s objects stand in another plan already.",
        len(known),
        count=len(known),
    )
    links = tuple((property_href(one.property_id), one.address or one.key) for one in known)
    raise FormWarning(key[:200], message, links)


def save_called_off(asker: Asker, submission: Submission) -> Saved:
    """The plan does not take place."""
    number = submission.number("plan")
    with in_words():
        call_off(asker, Order(submission.id, CALL_OFF.key), number, submission.values["called_off"])
    return Saved(_("The plan was called off."), plan_href(number))


# --- what came of it --------------------------------------------------------------------------------------------------


def save_visit(asker: Asker, submission: Submission) -> Saved:
    """Record the visit to one object, with the note beside it."""
    values, number, property_id = submission.values, submission.number("plan"), submission.number("property")
    problem = contradiction(values)
    if problem is not None:
        raise FormProblem({problem[0]: problem[1]})
    draft = VisitDraft(property_id, values["access_reached"], values["result"], listed_defects(values))
    order = Order(submission.id, VISIT.key, expected=submission.expected)
    with in_words():
        edited = record_visit(asker, order, number, draft)
    plan = read_plan(asker, number)
    if values["note"] and not edited.is_repeated and plan is not None:
        _add_note(asker, submission, property_id, plan.held_on)
    return Saved(_("The control was recorded."), _next_href(plan, number, property_id))


def save_skip(asker: Asker, submission: Submission) -> Saved:
    """Record that nobody went to one object."""
    number, property_id = submission.number("plan"), submission.number("property")
    with in_words():
        record_skip(asker, Order(submission.id, SKIP.key), number, property_id, submission.values["reason"])
    return Saved(
        _("Recorded: not visited. The object stays due."), _next_href(read_plan(asker, number), number, property_id)
    )


def _add_note(asker: Asker, submission: Submission, property_id: int, day: date) -> None:
    """A note is an edit of its own; its number follows from that of the visit, so that sent again it stays one."""
    order = Order(uuid5(submission.id, "note"), "note")
    note_class = submission.values["note_class"] or "case"
    add_note(asker, order, property_id, note_class=note_class, body=submission.values["note"], written_on=day)


def _next_href(plan: Plan | None, number: int, property_id: int) -> str:
    """The next object without an outcome, in the order of the round; after the last one the plan itself."""
    if plan is None or not plan.open_stops:
        return plan_href(number)
    at = plan.stops.index(property_id) if property_id in plan.stops else 0
    in_turn = [*plan.stops[at:], *plan.stops[:at]]
    following = next(one for one in in_turn if one in plan.open_stops)
    return plan_href(number, view="record", stop=following)


def save_counts(asker: Asker, submission: Submission) -> Saved:
    """State what belongs to the round as a whole."""
    values, number = submission.values, submission.number("plan")
    names = ("offices", "interpreter_present", "social_worker_present", "place", *PERSON_COUNTS)
    draft = RoundDraft(None, "", **{name: values[name] for name in names})
    with in_words():
        record_counts(asker, Order(submission.id, COUNTS.key, expected=submission.expected), number, draft)
    return Saved(_("The counts of the round were saved."), plan_href(number))


# --- declarations -----------------------------------------------------------------------------------------------------


def _choice(name: str, label: str, code_list: str, codes: tuple[str, ...], **more: Any) -> FormField:
    return FormField(name, label, "choice", code_list=code_list, codes=codes, **more)


def _form(
    key: str, title: str, submit: str, take: Callable[[Asker, Submission], Saved], *fields: FormField | FieldGroup
) -> Form:
    return Form(key=key, title=title, permission=PERMISSION, submit=submit, save=take, fields=fields)


# What is saved stands in the link of the page, so this form has no fields of its own.
FORM: Final = _form("planer", N_("Save the plan"), N_("Save the plan"), save)

CALL_OFF: Final = _form(
    "planer-absagen",
    N_("Call the round off"),
    N_("Call off"),
    save_called_off,
    _choice("called_off", N_("Reason"), "call_off_reason", CALL_OFF_REASONS, is_required=True),
)

VISIT: Final = _form(
    "planer-ergebnis",
    N_("Outcome of the visit"),
    N_("Save the outcome"),
    save_visit,
    *VISIT_FIELDS,
)

SKIP: Final = _form(
    "planer-nicht-aufgesucht",
    N_("Not visited"),
    N_("Save as not visited"),
    save_skip,
    _choice(
        "reason",
        N_("Reason"),
        "skip_reason",
        SKIP_REASONS,
        is_required=True,
        hint=N_("The object stays due and can be proposed again."),
    ),
)

COUNTS: Final = _form(
    "planer-zahlen",
    N_("The round as a whole"),
    N_("Save the counts"),
    save_counts,
    *ROUND_FIELDS,
    PERSON_FIELDS,
)

FORMS: Final = (FORM, CALL_OFF, VISIT, SKIP, COUNTS)
