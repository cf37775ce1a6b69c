"""The fields of the forms of rules, and which forms there are; what they do is in `forms.py`."""

from typing import Final

from dashboard.form import FieldGroup, FormField
from dashboard.i18n import N_
from geodata import codes
from geodata.rules.edits import LINE_LIMIT, MOST_CLEAN_VISITS, MOST_DAYS

WHOLE_CITY: Final = "city"
ANY_USE: Final = "any"
# An access of "none" is no control at all.
_ACCESS: Final = codes.ACCESS_LEVELS[1:]
_LINE: Final = LINE_LIMIT
# The text travels in the link of the preview.
_REASON: Final = 500

CONTROL_TYPE: Final = FormField(
    "control_type", N_("Kind of control"), "choice", code_list="control_type", codes=codes.CONTROL_TYPES,
    is_required=True,
)  # fmt: skip
RULE_FIELDS: Final = (
    FieldGroup(
        N_("What the rule asks for"),
        (
            CONTROL_TYPE,
            FormField(
                "interval_days", N_("Interval in days"), "integer", is_required=True, at_least=1, at_most=MOST_DAYS,
                hint=N_("365 days are a year, 1,095 days three years."),
            ),
            FormField("area_id", N_("Area"), "choice", is_required=True),
            FormField("use_type", N_("Use"), "choice", is_required=True),
            FormField(
                "access_required", N_("Access needed"), "choice", code_list="access", codes=_ACCESS, is_required=True
            ),
            FormField(
                "access_required_if_empty", N_("Access needed at an empty building"), "choice", code_list="access",
                codes=_ACCESS, hint=N_("Empty = the same as at an inhabited one."),
            ),
        ),
    ),
    FieldGroup(
        N_("Why it is in force"),
        (
            FormField("reason", N_("Reason"), "lines", is_required=True, max_length=_REASON),
            FormField("legal_basis", N_("Legal basis"), "text", max_length=_LINE),
            FormField(
                "resolution", N_("Resolution"), "text", max_length=_LINE, hint=N_("Number or date, if there is one.")
            ),
            FormField(
                "decided_by", N_("Decided by"), "text", max_length=_LINE, hint=N_("A body or an office, no name.")
            ),
        ),
    ),
    FieldGroup(
        N_("From when, until when"),
        (
            FormField("valid_from", N_("In force from"), "date", is_required=True),
            FormField("valid_to", N_("No longer in force from"), "date", hint=N_("Empty = until somebody ends it.")),
            FormField(
                "release_after_clean_visits", N_("Propose release after so many controls without a finding"), "integer",
                at_least=1, at_most=MOST_CLEAN_VISITS,
                hint=N_("In a row, at one object. Empty = never. The release itself is always decided by a person."),
            ),
        ),
    ),
)  # fmt: skip
END_FIELDS: Final = (
    FormField("ends_on", N_("No longer in force from"), "date", is_required=True),
    FormField("reason", N_("Why"), "lines", is_required=True, max_length=_REASON),
)
RELEASE_FIELDS: Final = (
    FormField("pairs", N_("Objects to release"), "choices", is_required=True),
    FormField("since_on", N_("Released from"), "date", is_required=True),
    FormField("until_on", N_("The rule counts again from"), "date", hint=N_("Empty = until somebody ends it.")),
    FormField("reason", N_("Reason"), "lines", is_required=True, max_length=_REASON),
)
END_RELEASE_FIELDS: Final = (
    FormField("ends_on", N_("The rule counts again from"), "date", is_required=True),
    FormField("reason", N_("Why"), "lines", max_length=_REASON),
)
