"""Fields of the forms: amounts and shares are typed as text, because a form knows whole numbers only."""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.form import FieldGroup, FormField, FormProblem
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from dashboard.money_input import read_amount
from geodata import codes
from geodata.funding.edits import MOST_MONTHS, NAME_LIMIT, REFERENCE_LIMIT, TEXT_LIMIT, TITLE_LIMIT

_AMOUNT_LENGTH: Final = 24
_SHARE_LENGTH: Final = 8
_PER_CENT: Final = N_("In per cent, such as 60 or 62,5.")


def amount(name: str, label: str, *, is_required: bool = False, hint: str = "") -> FormField:
    """An amount in euros."""
    return FormField(name, label, "text", is_required=is_required, max_length=_AMOUNT_LENGTH, hint=hint)


def share(name: str, label: str) -> FormField:
    """A share in per cent."""
    return FormField(name, label, "text", max_length=_SHARE_LENGTH, hint=_PER_CENT)


def _month(name: str, label: str, hint: str) -> FormField:
    return FormField(name, label, "integer", at_least=1, at_most=MOST_MONTHS, hint=hint)


_INTEREST: Final = FieldGroup(
    N_("Interest on unused money"),
    (
        _month("interest_from_month", N_("From month"), N_("The month of the payment is month 1.")),
        _month("checked_after_months", N_("Check after months"), N_("Months after the payment.")),
        FormField("is_interest_confirmed", N_("Somebody checked both numbers"), "yes_no"),
    ),
    N_("Empty = as the programme says it, else as usual."),
)
NOTICE: Final = (
    FieldGroup(
        N_("The notice"),
        (
            FormField("programme", N_("Programme"), "text", is_required=True, max_length=NAME_LIMIT),
            FormField("title", N_("What the money is for"), "text", is_required=True, max_length=TITLE_LIMIT,
                      hint=N_("In one line. No names of residents.")),
            FormField("place", N_("Place"), "choice", is_required=True,
                      hint=N_("A demolition project, an object, an area or the whole city.")),
            FormField("file_reference", N_("File reference"), "text", max_length=REFERENCE_LIMIT),
            FormField("expected_on", N_("Notice expected on"), "date"),
            FormField("granted_on", N_("Notice of"), "date", not_after_today=True,
                      hint=N_("Empty as long as it is only expected.")),
        ),
    ),
    FieldGroup(
        N_("The money"),
        (
            amount("eligible_eur", N_("Eligible cost in euros"), is_required=True),
            share("share", N_("Share")),
            amount("granted_eur", N_("Granted in euros"), is_required=True),
        ),
    ),
    FieldGroup(
        N_("Until when"),
        (
            FormField("call_until_on", N_("Calls until"), "date"),
            FormField("proof_due_on", N_("Proof of use due on"), "date"),
            FormField("binding_until_on", N_("Binding period until"), "date"),
        ),
    ),
    FieldGroup(N_("What shall be reached"), (FormField("goal", N_("Goal"), "lines", max_length=TEXT_LIMIT),)),
    _INTEREST,
)  # fmt: skip
CALL: Final = (
    FormField("called_on", N_("Called on"), "date", is_required=True, not_after_today=True),
    amount("amount_eur", N_("Amount called in euros"), is_required=True),
    FormField("paid_on", N_("Paid on"), "date", not_after_today=True),
    amount("paid_eur", N_("Amount paid in euros")),
    FormField("refunded_on", N_("Paid back on"), "date", not_after_today=True),
    amount("refunded_eur", N_("Amount paid back in euros")),
)
COST: Final = (
    FormField("category", N_("What was bought"), "choice", code_list="cost_category", codes=codes.COST_CATEGORIES,
              is_required=True),
    FormField("invoiced_on", N_("Invoice of"), "date", is_required=True, not_after_today=True),
    amount("amount_eur", N_("Amount in euros"), is_required=True),
    FormField("paid_on", N_("Paid on"), "date", not_after_today=True),
    FormField("is_eligible", N_("The grant takes a share of it"), "yes_no", is_required=True),
)  # fmt: skip
PROOF: Final = (
    FormField("proof_sent_on", N_("Sent on"), "date", not_after_today=True),
    FormField("proof_result", N_("What the funder said of it"), "choice", code_list="proof_result",
              codes=codes.PROOF_RESULTS),
)  # fmt: skip
RATING: Final = (
    FormField("goal", N_("Goal"), "lines", max_length=TEXT_LIMIT, hint=N_("As the notice says it.")),
    FormField("goal_rating", N_("Was it reached?"), "choice", code_list="goal_rating", codes=codes.GOAL_RATINGS,
              is_required=True),
    FormField("goal_note", N_("Why it is rated so"), "lines", max_length=TEXT_LIMIT,
              hint=N_("Stands in the proof of use. No names of residents.")),
)  # fmt: skip
PROGRAMME: Final = (
    FormField("key", N_("Name of the programme"), "text", is_required=True, max_length=NAME_LIMIT),
    FormField("funder", N_("Funder"), "text", is_required=True, max_length=NAME_LIMIT),
    share("usual_share", N_("Usual share")),
    share("least_share", N_("Smallest share")),
    share("most_share", N_("Largest share")),
    _INTEREST,
    FormField("source", N_("Where these terms are said"), "text", max_length=TITLE_LIMIT),
    FormField("is_confirmed", N_("Somebody checked the shares"), "yes_no"),
)


def euros(values: Mapping[str, Any], *names: str) -> dict[str, float | None]:
    """Amounts as numbers; FormProblem beside each that is none."""
    return _numbers(values, names, _("Please enter an amount such as 1.234,56."))


def shares(values: Mapping[str, Any], *names: str) -> dict[str, float | None]:
    """Shares from 0 to 1; FormProblem beside each that is no number of per cent."""
    found = _numbers(values, names, _("Please enter per cent such as 60 or 62,5."))
    return {name: None if number is None else round(number / 100, 4) for name, number in found.items()}


def _numbers(values: Mapping[str, Any], names: tuple[str, ...], refusal: str) -> dict[str, float | None]:
    found, problems = {}, {}
    for name in names:
        try:
            found[name] = read_amount((values[name] or "").removesuffix("%"))
        except ValueError:
            problems[name] = refusal
    if problems:
        raise FormProblem(problems)
    return found
