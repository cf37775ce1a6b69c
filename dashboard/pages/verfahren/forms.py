"""The forms: opening, changing and closing a proceeding, its steps and deadlines, cuts of supply.

`about` of each holds what it speaks of ("property", "kind", "measure", "step", "cut"), "expected" (the version that was
shown), and "back": the link to which the form leads, as the query of this page.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from dashboard.form import Form, FormField, FormProblem, FormWarning, MalformedForm, Saved, Submission
from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from dashboard.money_input import read_amount
from dashboard.pages.verfahren import fields, links
from dashboard.pages.verfahren.question import kept
from dashboard.pages.verfahren.safeguards import require_pool
from dashboard.routes import href
from geodata import codes
from geodata.access import Asker
from geodata.calendar import today
from geodata.edits.order import Order
from geodata.measures.edits import (
    CutDraft,
    MeasureDraft,
    StepDraft,
    add_step,
    change_cut,
    change_measure,
    change_step,
    close_measure,
    meet_deadline,
    open_measure,
    report_cut,
)
from geodata.measures.reads import Measure, read_measure

PERMISSION: Final = "proceeding:write"
_CLOSE: Final = "close"
# Where a form leads when it was saved.
TO_PROCEEDING, TO_OBJECT, TO_LIST = "proceeding", "object", "list"


def open_(asker: Asker, submission: Submission) -> Saved:
    """A new proceeding of the kind that was chosen before."""
    kind = submission.about.get("kind", "")
    if kind not in codes.MEASURE_KINDS:
        raise MalformedForm("about.kind is no kind of proceeding.")
    _check_pool(asker, submission)
    order = _order(submission, "verfahren-eroeffnen")
    edited = open_measure(asker, order, submission.number("property"), _draft(submission.values, kind))
    return Saved(
        _("The proceeding was opened. Enter its first step now."), links.proceeding(edited.key, _dated(submission))
    )


def change(asker: Asker, submission: Submission) -> Saved:
    """The facts of the proceeding anew; its kind stays."""
    measure = _measure(asker, submission)
    _check_pool(asker, submission)
    order = _order(submission, "verfahren-aendern")
    change_measure(asker, order, measure.key, _draft(submission.values, measure.kind))
    return _saved(submission, _("The proceeding was changed. The earlier version stays."))


def close(asker: Asker, submission: Submission) -> Saved:
    """The end, after a question: no deadline of it is shown any more."""
    measure = _measure(asker, submission)
    values = submission.values
    if _CLOSE not in submission.confirmed:
        waiting = sum(step.is_running for step in measure.steps)
        words = _(
            "Close with the outcome “%(outcome)s”? %(count)s open deadlines of it then leave the list.",
            outcome=code_label("measure_outcome", values["outcome"]),
            count=waiting,
        )
        raise FormWarning(_CLOSE, words)
    order = _order(submission, "verfahren-abschliessen")
    close_measure(asker, order, measure.key, closed_on=values["closed_on"], outcome=values["outcome"])
    return _saved(submission, _("The proceeding was closed."))


def take_step(asker: Asker, submission: Submission) -> Saved:
    """A step that was done."""
    add_step(asker, _order(submission, "verfahren-schritt"), submission.about.get("measure", ""), _step(submission))
    return _saved(submission, _("The step was recorded."))


def correct_step(asker: Asker, submission: Submission) -> Saved:
    """A step anew."""
    order = _order(submission, "verfahren-schritt-aendern")
    change_step(asker, order, submission.about.get("step", ""), _step(submission))
    return _saved(submission, _("The step was changed. The earlier version stays."))


def meet(asker: Asker, submission: Submission) -> Saved:
    """A deadline was met."""
    order = _order(submission, "verfahren-frist")
    meet_deadline(asker, order, submission.about.get("step", ""), submission.values["met_on"])
    return _saved(submission, _("The deadline is marked as met."))


def report(asker: Asker, submission: Submission) -> Saved:
    """A cut of supply that was announced or done."""
    order = _order(submission, "sperre-melden")
    report_cut(asker, order, submission.number("property"), CutDraft(**submission.values))
    return _saved(submission, _("The supply cut was recorded."))


def correct_cut(asker: Asker, submission: Submission) -> Saved:
    """What became of a cut: done, restored, or other facts."""
    order = _order(submission, "sperre-aendern")
    change_cut(asker, order, submission.about.get("cut", ""), CutDraft(**submission.values))
    return _saved(submission, _("The supply cut was changed. The earlier version stays."))


# --- from what was sent to what an edit takes -------------------------------------------------------------------------


def _draft(values: Mapping[str, Any], kind: str) -> MeasureDraft:
    """The facts of the form; what it does not ask stays empty."""
    names = set(MeasureDraft.__dataclass_fields__)
    given = {name: value for name, value in values.items() if name in names}
    return MeasureDraft(**{**given, **_amounts(values), "kind": kind})


def _step(submission: Submission) -> StepDraft:
    values = submission.values
    plain = {name: value for name, value in values.items() if name != "amount_eur"}
    return StepDraft(**plain, **_amounts(values))


def _amounts(values: Mapping[str, Any]) -> dict[str, float | None]:
    """The amounts that were typed; all that cannot be read are told at once."""
    found: dict[str, float | None] = {}
    problems: dict[str, str] = {}
    for name in (*fields.AMOUNTS, "amount_eur"):
        if name in values:
            try:
                found[name] = read_amount(values[name])
            except ValueError:
                problems[name] = _("Please enter an amount in euros, for example 1.250 or 1.250,50.")
    if problems:
        raise FormProblem(problems)
    return found


def _check_pool(asker: Asker, submission: Submission) -> None:
    if "milder_means" in submission.values:
        require_pool(asker, submission.values, submission.confirmed)


def _measure(asker: Asker, submission: Submission) -> Measure:
    found = read_measure(asker, submission.about.get("measure", ""), today())
    if found is None:
        raise FormProblem({}, _("There is no such proceeding any more."))
    return found


def _order(submission: Submission, kind: str) -> Order:
    return Order(submission.id, kind, expected=submission.expected)


# --- where a form leads -----------------------------------------------------------------------------------------------


def about_of(query: Mapping[str, str], to: str, **more: str) -> dict[str, str]:
    """What a form has to know: where it leads afterwards, and what it speaks of."""
    dated = {name: query[name] for name in ("as_of",) if query.get(name)}
    return {"to": to, **dated, **({"back": _packed(query)} if to == TO_LIST else {}), **more}


def _packed(query: Mapping[str, str]) -> str:
    """The filter of the list in one value, left out where it is too long for one."""
    packed = href("/", kept(query)).partition("?")[2]
    return packed if len(packed) <= 200 else ""


def _saved(submission: Submission, message: str) -> Saved:
    about, to = submission.about, submission.about.get("to")
    if to == TO_OBJECT:
        return Saved(message, links.object_address(submission.number("property"), _dated(submission)))
    if to == TO_PROCEEDING:
        return Saved(message, links.proceeding(about.get("measure", ""), _dated(submission)))
    return Saved(message, links.same_page(dict(parse_qsl(about.get("back", "")))))


def _dated(submission: Submission) -> dict[str, str]:
    return {"as_of": submission.about["as_of"]} if submission.about.get("as_of") else {}


_ORDER_GROUPS: Final = (fields.BEGIN, fields.CAUSE, fields.FIRST_STATE)
_CHANGE_GROUPS: Final = (fields.BEGIN, fields.ENFORCEABLE, fields.MONEY, fields.CAUSE, fields.AHEAD)
_SAVE: Final = N_("Save the proceeding")

OPEN: Final = Form("verfahren-eroeffnen", N_("Open a proceeding"), PERMISSION, _ORDER_GROUPS,
                   N_("Open the proceeding"), open_)  # fmt: skip
OPEN_CLOSING: Final = Form("schliessung-eroeffnen", N_("Open a proceeding"), PERMISSION,
                           (fields.SAFEGUARDS, *_ORDER_GROUPS), N_("Open the proceeding"), open_)  # fmt: skip
CHANGE: Final = Form("verfahren-aendern", N_("Change the proceeding"), PERMISSION, _CHANGE_GROUPS, _SAVE, change)
CHANGE_CLOSING: Final = Form("schliessung-aendern", N_("Change the proceeding"), PERMISSION,
                             (fields.SAFEGUARDS, *_CHANGE_GROUPS), _SAVE, change)  # fmt: skip
CLOSE: Final = Form(
    "verfahren-abschliessen", N_("Close the proceeding"), PERMISSION,
    (
        FormField("closed_on", N_("Closed on"), "date", is_required=True, not_after_today=True),
        FormField("outcome", N_("Outcome"), "choice", code_list="measure_outcome", codes=codes.MEASURE_OUTCOMES,
                  is_required=True),
    ),
    N_("Close the proceeding"), close,
)  # fmt: skip
STEP: Final = Form(
    "verfahren-schritt", N_("Record a step"), PERMISSION,
    (fields.STEP_KIND, fields.HAPPENED, fields.SERVED, fields.DUE, fields.STEP_AMOUNT, fields.STEP_NOTE),
    N_("Record the step"), take_step,
)  # fmt: skip
CHANGE_STEP: Final = Form(
    "verfahren-schritt-aendern", N_("Change the step"), PERMISSION,
    (fields.STEP_KIND, fields.HAPPENED, fields.SERVED, fields.DUE, fields.MET, fields.STEP_AMOUNT, fields.STEP_NOTE),
    N_("Save the step"), correct_step,
)  # fmt: skip
MEET: Final = Form(
    "verfahren-frist", N_("Deadline met"), PERMISSION,
    (FormField("met_on", N_("Met on"), "date", is_required=True, not_after_today=True),),
    N_("Mark as met"), meet,
)  # fmt: skip
REPORT: Final = Form("sperre-melden", N_("Report a supply cut"), PERMISSION, fields.CUT, N_("Record the supply cut"),
                     report)  # fmt: skip
CHANGE_CUT: Final = Form("sperre-aendern", N_("Change the supply cut"), PERMISSION, fields.CUT,
                         N_("Save the supply cut"), correct_cut)  # fmt: skip
FORMS: Final = (OPEN, OPEN_CLOSING, CHANGE, CHANGE_CLOSING, CLOSE, STEP, CHANGE_STEP, MEET, REPORT, CHANGE_CUT)
