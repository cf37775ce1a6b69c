"""The forms: the notice of a contract, the decision of the city, and the follow-up of a pre-emption that was averted.

`about` holds what a form speaks of ("property" or "measure"), and "as_of" of the page, to which it leads back. A form
may make several edits in one transaction: each has a submission of its own, derived from that of the form, so that a
form that is sent again still counts once.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from typing import Any, Final
from uuid import uuid5

from dashboard.form import Form, FormField, FormProblem, FormWarning, Saved, Submission
from dashboard.formatting import format_date
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from dashboard.money_input import read_amount
from dashboard.pages.erwerb.question import PATH
from dashboard.routes import href
from geodata import codes
from geodata.access import Asker
from geodata.calendar import today
from geodata.edits.order import Order
from geodata.measures import clocks
from geodata.measures.acquisitions import Acquisition, acquisition_of
from geodata.measures.edits import MeasureDraft, StepDraft, add_step, change_measure, close_measure, open_measure
from geodata.measures.kinds import StepKind, by_code, read_kinds
from geodata.measures.reads import Measure, read_measure

PERMISSION: Final = "proceeding:write"
KIND: Final = "pre_emption"
DECISIONS: Final = ("exercised", "waived", "averting_asked", "averting_agreed")
# What a look at the promise finds: it goes on, or it was kept.
RESULTS: Final = ("goes_on", "kept")
_CLOCK, _WAIVE, _KEPT = "clock", "waive", "kept"
_NOTE_LENGTH, _BODY_LENGTH, _REFERENCE_LENGTH = 2_000, 120, 100
_CASE_TEXT: Final = N_("Only case workers read it. No names of residents.")


def take_notice(asker: Asker, submission: Submission) -> Saved:
    """The city learnt of a contract of sale: the proceeding begins, and its clock with it."""
    values = submission.values
    told_on: date = values["happened_on"]
    rule = _clock_rule(asker)
    if _CLOCK not in submission.confirmed:
        raise FormWarning(_CLOCK, _clock_words(told_on, rule))
    draft = MeasureDraft(
        kind=KIND, opened_on=told_on, office=values["office"], file_reference=values["file_reference"],
        note=values["note"],
    )  # fmt: skip
    opened = open_measure(asker, _order(submission), submission.number("property"), draft)
    add_step(asker, _order(submission, "step"), opened.key, StepDraft("contract_notice", told_on))
    return _saved(submission, _("The notice was entered. The clock runs."))


def decide(asker: Asker, submission: Submission) -> Saved:
    """What the city decided, or that the buyer asked to avert it, which makes the clock longer."""
    case = _case(asker, submission)
    values = submission.values
    decision: str = values["decision"]
    _check_decision(case, values)
    if decision == "waived" and _WAIVE not in submission.confirmed:
        raise FormWarning(_WAIVE, _("The city does not buy: the proceeding is closed with that."))
    on: date = values["happened_on"]
    step = StepDraft(
        decision, on, served_on=values["served_on"] if decision == "exercised" else None,
        due_on=values["promised_until"] if decision == "averting_agreed" else None,
        amount_eur=_price(values) if decision == "exercised" else None, note=values["note"],
    )  # fmt: skip
    add_step(asker, _order(submission), case.measure.key, step)
    if decision in ("exercised", "averting_agreed"):
        stated = {"decided_by": values["decided_by"], "decided_on": on}
        if decision == "averting_agreed":
            stated |= {"next_check_on": values["next_check_on"], "averted_until_on": values["promised_until"]}
        _state_anew(asker, submission, case.measure, stated)
    elif decision == "waived":
        close_measure(asker, _order(submission, "close"), case.measure.key, closed_on=on, outcome="waived")
    return _saved(submission, _("The decision was recorded."))


def look_again(asker: Asker, submission: Submission) -> Saved:
    """A look at what the buyer promised: planned, done and planned anew, or the promise was kept."""
    case = _case(asker, submission)
    values = submission.values
    if case.promise is None or not case.measure.is_open:
        raise FormProblem({}, _("Nothing is averted here any more, so there is nothing to look at."))
    if values["result"] == "kept":
        if values["looked_on"] is None:
            raise FormProblem({"looked_on": _("Please enter the day on which somebody looked.")})
        if _KEPT not in submission.confirmed:
            raise FormWarning(_KEPT, _("The promise was kept: the proceeding is closed with that."))
        add_step(asker, _order(submission), case.measure.key, StepDraft("fulfilled", values["looked_on"]))
        close_measure(asker, _order(submission, "close"), case.measure.key, closed_on=values["looked_on"],
                      outcome="averted")  # fmt: skip
        return _saved(submission, _("The promise was kept; the proceeding is closed."))
    if values["next_check_on"] is None:
        raise FormProblem({"next_check_on": _("Please enter the day of the next look.")})
    stated = {"next_check_on": values["next_check_on"]}
    change_measure(asker, _order(submission, expects=True), case.measure.key, _draft(case.measure, stated))
    return _saved(submission, _("The next look is planned."))


# --- what the forms share ---------------------------------------------------------------------------------------------


def decidable(case: Acquisition) -> bool:
    """Whether a decision can be recorded: an open pre-emption about which nothing is decided yet."""
    return case.measure.kind == KIND and case.measure.is_open and case.decision is None


def _case(asker: Asker, submission: Submission) -> Acquisition:
    found = read_measure(asker, submission.about.get("measure", ""), today())
    if found is None or found.kind != KIND:
        raise FormProblem({}, _("There is no such pre-emption any more."))
    return acquisition_of(found, today())


def _check_decision(case: Acquisition, values: dict[str, Any] | Any) -> None:
    """What a decision needs beside its day; all that is missing is told at once."""
    if not decidable(case):
        raise FormProblem({}, _("About this pre-emption something is decided already."))
    decision, missing = values["decision"], {}
    if decision == "averting_asked" and case.is_prolonged:
        missing["decision"] = _("The buyer has asked for that already.")
    if decision == "exercised" and not values["price"]:
        missing["price"] = _("Please enter the price of the contract.")
    if decision == "averting_agreed":
        if values["promised_until"] is None:
            missing["promised_until"] = _("Please enter until when the buyer has promised it.")
        if values["next_check_on"] is None:
            missing["next_check_on"] = _("Please enter the day of the next look.")
    if decision in ("exercised", "averting_agreed") and not values["decided_by"]:
        missing["decided_by"] = _("Please enter who decided.")
    if missing:
        raise FormProblem(missing)


def _price(values: dict[str, Any] | Any) -> float | None:
    try:
        return read_amount(values["price"])
    except ValueError:
        words = _("Please enter an amount in euros, for example 1.250 or 1.250,50.")
        raise FormProblem({"price": words}) from None


def _state_anew(asker: Asker, submission: Submission, one: Measure, stated: dict[str, Any]) -> None:
    change_measure(asker, _order(submission, "change"), one.key, _draft(one, stated))


def _draft(one: Measure, stated: dict[str, Any]) -> MeasureDraft:
    """All facts of the proceeding as they are, with these in their place."""
    kept = {item.name: getattr(one, item.name) for item in fields(MeasureDraft)}
    return replace(MeasureDraft(**kept), **stated)


def _order(submission: Submission, part: str = "", *, expects: bool = False) -> Order:
    number = uuid5(submission.id, part) if part else submission.id
    return Order(number, "erwerb", expected=submission.expected if expects else None)


def _clock_rule(asker: Asker) -> StepKind | None:
    kind = by_code(read_kinds(asker)).get(KIND)
    return kind.step("contract_notice") if kind else None


def _clock_words(told_on: date, rule: StepKind | None) -> str:
    if rule is None or rule.clock is None:
        return _("No rule says how long the clock runs.")
    day = format_date(clocks.deadline(told_on, rule.clock))
    if rule.is_confirmed:
        return _("Until %(day)s the city may decide whether it buys.", day=day)
    return _("Until %(day)s the city may decide whether it buys (rule not confirmed yet).", day=day)


def _saved(submission: Submission, message: str) -> Saved:
    dated = {"as_of": submission.about["as_of"]} if submission.about.get("as_of") else {}
    return Saved(message, href(PATH, dated))


def _day(name: str, label: str, hint: str = "", *, is_required: bool = False, is_past: bool = True) -> FormField:
    return FormField(name, label, "date", is_required=is_required, not_after_today=is_past, hint=hint)


_NOTE: Final = FormField("note", N_("Free note"), "lines", max_length=_NOTE_LENGTH, hint=_CASE_TEXT)
_NEXT: Final = "next_check_on"


def _form(key: str, title: str, parts: tuple[FormField, ...], button: str, save: Callable[..., Saved]) -> Form:
    return Form(key, title, PERMISSION, parts, button, save)


NOTICE: Final = _form(
    "erwerb-mitteilung", N_("Enter the notice of a contract"),
    (
        _day("happened_on", N_("The city learnt of the contract on"),
             N_("The clock of the pre-emption counts from this day."), is_required=True),
        FormField("office", N_("Office"), "choice", code_list="office", codes=codes.OFFICES),
        FormField("file_reference", N_("File reference"), "text", max_length=_REFERENCE_LENGTH),
        _NOTE,
    ),
    N_("Enter the notice"), take_notice,
)  # fmt: skip
DECIDE: Final = _form(
    "erwerb-entscheidung", N_("Record the decision"),
    (
        FormField("decision", N_("Decision"), "choice", code_list="measure_step", codes=DECISIONS, is_required=True),
        _day("happened_on", N_("Date"), is_required=True),
        FormField("decided_by", N_("Who decided"), "text", max_length=_BODY_LENGTH,
                  hint=N_("A function or a body, for example “head of the office”. Never the name of a person.")),
        FormField("price", N_("Price of the contract in euros"), "text", max_length=20,
                  hint=N_("Only where the city buys: 98.000 or 98.000,50.")),
        _day("served_on", N_("Served on"), N_("Only where the city buys.")),
        _day("promised_until", N_("Promised until"), N_("Only where the buyer averts it."), is_past=False),
        _day(_NEXT, N_("Next look on"), N_("Only where the buyer averts it: when somebody looks at the house."),
             is_past=False),
        _NOTE,
    ),
    N_("Record the decision"), decide,
)  # fmt: skip
FOLLOW_UP: Final = _form(
    "erwerb-nachschau", N_("Plan or finish the look"),
    (
        FormField("result", N_("How it stands"), "choice", code_list="follow_up_result", codes=RESULTS,
                  is_required=True),
        _day("looked_on", N_("Looked on"), N_("The day on which somebody looked, if anybody did.")),
        _day(_NEXT, N_("Next look on"), N_("Stands among the deadlines until then."), is_past=False),
    ),
    N_("Save"), look_again,
)  # fmt: skip
FORMS: Final = (NOTICE, DECIDE, FOLLOW_UP)
