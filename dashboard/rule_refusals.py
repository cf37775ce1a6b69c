"""Why a change of rules or a release is refused, in words: beside its field, or under the form."""

from collections.abc import Mapping
from typing import Final

from dashboard.form import Form, FormProblem
from dashboard.form_words import problem_words
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from geodata.errors import InvalidEdit

_BY_CODE: Final[Mapping[str, str]] = {
    "statutory_longer": N_("This is a duty by law: its interval cannot become longer."),
    "statutory_ends": N_("This is a duty by law: it cannot be ended here."),
    "statutory_narrower": N_("This is a duty by law: it cannot be for fewer objects or ask for less access than now."),
    "before_start": N_("This date has to lie after the first day."),
    "no_clean_visits": N_(
        "So far there were not as many controls without a finding in a row as a release from this rule takes."
    ),
}
_BY_FIELD: Final[Mapping[tuple[str, str], str]] = {
    ("interval_days", "unchanged"): N_("Nothing differs from the rule as it is."),
    ("release_after_clean_visits", "not_allowed"): N_("A duty by law never proposes a release."),
    ("valid_from", "before_start"): N_("The changed rule cannot begin before the rule as it is."),
    ("valid_from", "out_of_range"): N_("By then the rule is over, so there is nothing to change. Add a new one."),
    ("ends_on", "out_of_range"): N_("By then it is over already: an end can only come earlier."),
    ("rule", "unknown"): N_("This rule is not there any more; somebody may have changed it meanwhile."),
    ("rule", "statutory_ends"): N_("This is a duty by law: nobody is released from it."),
    ("release", "unknown"): N_("This release is not there any more; somebody may have ended it meanwhile."),
    ("since_on", "unchanged"): N_("In this time it is released already."),
}


def refused_rule(form: Form, refused: InvalidEdit) -> FormProblem:
    """The refusal as the form shows it."""
    words = {name: _words(form, name, code) for name, code in refused.fields.items()}
    fields = {name: text for name, text in words.items() if form.field(name)}
    return FormProblem(fields, " ".join(text for name, text in words.items() if name not in fields))


def _words(form: Form, name: str, code: str) -> str:
    known = _BY_FIELD.get((name, code)) or _BY_CODE.get(code)
    return _(known) if known else problem_words(form.field(name), code)
