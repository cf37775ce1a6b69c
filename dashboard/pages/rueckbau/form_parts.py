"""Fields, words and helpers that the forms of a project share."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from dashboard.form import Form, FormField, FormProblem, Submission
from dashboard.form_words import problem_words
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from dashboard.money_input import read_amount
from dashboard.pages.rueckbau import ids
from dashboard.routes import href
from geodata import codes
from geodata.edits.order import Order
from geodata.errors import InvalidEdit

AMOUNT_LENGTH: Final = 20
# What only the edits of projects say; the other codes have their words in every form.
_PROBLEMS: Final[Mapping[str, str]] = {
    "before_start": N_("This day lies before the begin."),
    "ended": N_("This project has ended; nothing more is entered for it."),
    "not_required": N_("This stage is not required by the plan. Change its plan first."),
    "already_started": N_("This stage has begun already."),
    "already_done": N_("This stage is done already. Correct what happened instead."),
    "already_blocked": N_("This stage is held up already. Say first that it goes on."),
    "not_blocked": N_("Nothing holds this stage up."),
    "exists": N_("This object has a project of this key already."),
}


def day(name: str, label: str, *, is_required: bool = True, hint: str = "", is_plan: bool = False) -> FormField:
    """A day; one of something that happened lies not ahead."""
    return FormField(name, label, "date", is_required=is_required, not_after_today=not is_plan, hint=hint)


def amount(name: str, label: str, hint: str = "") -> FormField:
    """Euros as people type them; read by `euros`."""
    return FormField(name, label, "text", max_length=AMOUNT_LENGTH, hint=hint or N_("In euros, for example 12.500,00."))


def blocker(*, is_required: bool) -> FormField:
    """What holds a stage up: a closed list about things and proceedings, so that no person stands in it."""
    return FormField("blocker", N_("What holds it up"), "choice", code_list="demolition_blocker",
                     codes=codes.DEMOLITION_BLOCKERS, is_required=is_required)  # fmt: skip


def euros(submission: Submission, name: str) -> float | None:
    """The amount of a field; FormProblem for what is none."""
    try:
        return read_amount(submission.values.get(name))
    except ValueError:
        raise FormProblem({name: _("This is no amount. Write it like 12.500,00.")}) from None


def order(submission: Submission, form: str) -> Order:
    """What the form sends beside its fields."""
    return Order(submission.id, form, submission.values.get("reason"), submission.expected)


def about(property_id: int, project_key: str, stage: str = "", expected: int | None = None) -> dict[str, str]:
    """What a form is built on: property, project, stage and the version of the row that was shown."""
    said = {"property": str(property_id), "project": project_key, "stage": stage}
    return said if expected is None else {**said, "expected": str(expected)}


def project_address(property_id: int, project_key: str) -> str:
    """Where a form leads when it was saved: the project, without the form."""
    return href("/rueckbau", {ids.PROJECT: project_key, ids.PROPERTY: str(property_id)})


@contextmanager
def in_words(form_of: Mapping[str, Form], key: str) -> Iterator[None]:
    """Say what an edit refused: beside the field where the form has it, else under the form."""
    try:
        yield
    except InvalidEdit as refused:
        if not set(refused.fields.values()) & set(_PROBLEMS):
            raise
        raise _problem(form_of[key], refused.fields) from None


def _problem(form: Form, problems: Mapping[str, str]) -> FormProblem:
    said: dict[str, Any] = {}
    rest = []
    for name, code in problems.items():
        text = _(_PROBLEMS[code]) if code in _PROBLEMS else problem_words(form.field(name), code)
        if form.field(name) is not None:
            said[name] = text
        else:
            rest.append(text)
    return FormProblem(said, " ".join(rest))
