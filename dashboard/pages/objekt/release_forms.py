"""Releasing one property from a rule, and taking it back in; many at once are released on the page of rules.

`about` of each: "property" (id) and "fact", the id of the rule or of the release.
"""

from typing import Final

from dashboard.form import Form, FormField, Saved, Submission
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from dashboard.routes import href
from dashboard.rule_refusals import refused_rule
from geodata.access import Asker
from geodata.edits import Order
from geodata.errors import InvalidEdit
from geodata.rules import edits

_REASON: Final = 500


def release(asker: Asker, submission: Submission) -> Saved:
    """The rule does not count for the property."""
    values = submission.values
    order = Order(submission.id, RELEASE.key, values["reason"])
    property_id, rule_id = submission.number("property"), submission.number("fact")
    since_on, until_on = values["since_on"], values["until_on"]
    try:
        edits.release_property(asker, order, property_id, rule_id, since_on=since_on, until_on=until_on)
    except InvalidEdit as refused:
        raise refused_rule(RELEASE, refused) from refused
    return _saved(submission, _("The property is released from the rule."))


def end_release(asker: Asker, submission: Submission) -> Saved:
    """The rule counts again."""
    order = Order(submission.id, END_RELEASE.key, submission.values["reason"])
    try:
        edits.end_release(asker, order, submission.number("fact"), ends_on=submission.values["ends_on"])
    except InvalidEdit as refused:
        raise refused_rule(END_RELEASE, refused) from refused
    return _saved(submission, _("The release was ended."))


def _saved(submission: Submission, message: str) -> Saved:
    dated = {"as_of": submission.about["as_of"]} if submission.about.get("as_of") else {}
    return Saved(message, href(f"/objekt/{submission.number('property')}", dated))


RELEASE: Final = Form(
    "objekt-entlassen", N_("Release from a rule"), "rule:write",
    (
        FormField("since_on", N_("Released from"), "date", is_required=True),
        FormField("until_on", N_("The rule counts again from"), "date", hint=N_("Empty = until somebody ends it.")),
        FormField("reason", N_("Reason"), "lines", is_required=True, max_length=_REASON,
                  hint=N_("Only case workers read it. No names of residents.")),
    ),
    N_("Release this property"), release,
)  # fmt: skip
END_RELEASE: Final = Form(
    "objekt-entlassung-beenden", N_("End a release"), "rule:write",
    (
        FormField("ends_on", N_("The rule counts again from"), "date", is_required=True),
        FormField("reason", N_("Why"), "lines", max_length=_REASON),
    ),
    N_("End this release"), end_release,
)  # fmt: skip
