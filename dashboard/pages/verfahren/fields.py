"""The fields of the forms about proceedings, in groups."""

from typing import Final

from dashboard.form import FieldGroup, FormField
from dashboard.i18n import N_
from geodata import codes

NOTE_LENGTH: Final = 2_000
REFERENCE_LENGTH: Final = 100
BODY_LENGTH: Final = 120
MOST_DWELLINGS: Final = 5_000
AMOUNTS: Final = ("amount_ordered_eur", "amount_paid_eur", "amount_recovered_eur")
CASE_TEXT: Final = N_("Only case workers read it. No names of residents.")


def _money(name: str, label: str, hint: str = "") -> FormField:
    """Text, because cents count: a field of whole numbers would round what was delivered."""
    return FormField(name, label, "text", max_length=20, hint=hint)


_OFFICE = FormField("office", N_("Office"), "choice", code_list="office", codes=codes.OFFICES)
_REFERENCE = FormField("file_reference", N_("File reference"), "text", max_length=REFERENCE_LENGTH)
_OPENED = FormField("opened_on", N_("Opened on"), "date", is_required=True, not_after_today=True)
_FOLLOWS = FormField("follows_key", N_("Belongs to the proceeding"), "choice",
                     hint=N_("The order that this enforces, or the proceeding whose costs it collects."))  # fmt: skip
_CAUSES = FormField("causes", N_("Cause"), "choices", code_list="measure_cause", codes=codes.MEASURE_CAUSES)
_CHECK = FormField("next_check_on", N_("Look again on"), "date", hint=N_("Stands among the deadlines until then."))
_NOTE = FormField("note", N_("Free note"), "lines", max_length=NOTE_LENGTH, hint=CASE_TEXT)
_ORDERED = _money("amount_ordered_eur", N_("Amount ordered in euros"),
                  N_("For example a coercive fine, or the costs in a bill: 1.250 or 1.250,50."))  # fmt: skip

BEGIN: Final = FieldGroup(N_("The proceeding"), (_OPENED, _OFFICE, _REFERENCE, _FOLLOWS))
CAUSE: Final = FieldGroup(N_("Why"), (_CAUSES,))
FIRST_STATE: Final = FieldGroup(N_("What comes next"), (_ORDERED, _CHECK, _NOTE))
ENFORCEABLE: Final = FieldGroup(
    N_("Enforceability and court"),
    (
        FormField("is_order_enforceable", N_("The order is enforceable"), "yes_no"),
        FormField("is_coercion_enforceable", N_("Coercion is enforceable"), "yes_no",
                  hint=N_("A flag of its own: an action before a court may suspend the one and not the other.")),
        FormField("final_on", N_("Final since"), "date", not_after_today=True,
                  hint=N_("Since then the order can no longer be contested.")),
        FormField("court_status", N_("Court"), "choice", code_list="court_status", codes=codes.COURT_STATUSES),
        FormField("court_since_on", N_("There since"), "date", not_after_today=True),
    ),
)  # fmt: skip
MONEY: Final = FieldGroup(
    N_("Amounts"),
    (
        _ORDERED,
        _money("amount_paid_eur", N_("of it paid, in euros")),
        _money("amount_recovered_eur", N_("of it recovered by execution, in euros")),
    ),
)
AHEAD: Final = FieldGroup(
    N_("What comes next"),
    (
        _CHECK,
        FormField("averted_until_on", N_("Averted until"), "date",
                  hint=N_("Only of a pre-emption: how long what the buyer promised binds.")),
        _NOTE,
    ),
)  # fmt: skip
SAFEGUARDS: Final = FieldGroup(
    N_("Before a house is closed"),
    (
        FormField("milder_means", N_("Milder means that were considered"), "choices", code_list="milder_means",
                  codes=codes.MILDER_MEANS, is_required=True),
        FormField("milder_means_note", N_("Why they are not enough"), "lines", max_length=NOTE_LENGTH, hint=CASE_TEXT),
        FormField("households", N_("Households that would have to move"), "integer", is_required=True, at_least=0,
                  at_most=MOST_DWELLINGS, hint=N_("A number, for the comparison with the pool. It is not stored.")),
        FormField("large_households", N_("of these large ones"), "integer", at_least=0, at_most=MOST_DWELLINGS,
                  hint=N_("They need a large dwelling. It is not stored.")),
        FormField("replacement_dwellings_offered", N_("Replacement dwellings offered"), "integer", is_required=True,
                  at_least=0, at_most=MOST_DWELLINGS),
        FormField("replacement_households_offered", N_("Households that were offered one"), "integer",
                  is_required=True, at_least=0, at_most=MOST_DWELLINGS),
        FormField("decided_by", N_("Who decided"), "text", is_required=True, max_length=BODY_LENGTH,
                  hint=N_("A function or a body, for example “head of the office”. Never the name of a person.")),
        FormField("decided_on", N_("Date on which it was decided"), "date", is_required=True, not_after_today=True),
    ),
    hint=N_("To close a house is the last resort. Milder means, replacement housing and who decided belong to it."),
)  # fmt: skip

HAPPENED: Final = FormField("happened_on", N_("Date"), "date", is_required=True, not_after_today=True,
                            hint=N_("Of a letter its date."))  # fmt: skip
SERVED: Final = FormField("served_on", N_("Served on"), "date", not_after_today=True,
                          hint=N_("Deadlines count from the day of service."))  # fmt: skip
DUE: Final = FormField(
    "due_on", N_("Deadline"), "date",
    hint=N_("As the letter says or as was agreed. Empty = by the rule, where there is one."),
)  # fmt: skip
MET: Final = FormField("met_on", N_("Met on"), "date", not_after_today=True)
STEP_NOTE: Final = FormField("note", N_("Free note"), "lines", max_length=NOTE_LENGTH, hint=CASE_TEXT)
STEP_KIND: Final = FormField("kind", N_("Step"), "choice", is_required=True)
STEP_AMOUNT: Final = _money("amount_eur", N_("Amount in euros"))

CUT: Final = (
    FormField("utility", N_("Utility"), "choice", code_list="utility", codes=codes.UTILITIES, is_required=True),
    FormField("reason", N_("Reason of the cut"), "choice", code_list="cut_reason", codes=codes.CUT_REASONS,
              is_required=True),
    FormField("announced_on", N_("Announced on"), "date", not_after_today=True),
    FormField("planned_on", N_("Planned for"), "date"),
    FormField("cut_on", N_("Cut on"), "date", not_after_today=True),
    FormField("restored_on", N_("Restored on"), "date", not_after_today=True,
              hint=N_("Or the day on which the threat was over.")),
    FormField("dwellings_affected", N_("Dwellings affected"), "integer", at_least=0, at_most=MOST_DWELLINGS),
    STEP_NOTE,
)  # fmt: skip
