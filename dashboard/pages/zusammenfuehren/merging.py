"""The form that merges two objects: which one goes on stands in what it is about, and its `save` carries it out."""

from typing import Final

from dashboard.form import Form, FormField, Saved, Submission
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from dashboard.place_words import property_href
from geodata.access import Asker
from geodata.edits import Order, merge

COMPARED: Final = "compared"


def save(asker: Asker, submission: Submission) -> Saved:
    """Give the one up for the other."""
    from_id, into_id = submission.number("from"), submission.number("into")
    values = submission.values
    order = Order(submission.id, "merge", reason=values["reason"])
    merge(asker, order, from_id, into_id, happened_on=values["happened_on"])
    return Saved(_("Merged. It can be taken back under “Changes”."), property_href(into_id))


MERGE = Form(
    key="zusammenfuehren",
    title=N_("Merge"),
    permission="property:write",
    submit=N_("Merge the two"),
    save=save,
    fields=(
        FormField("happened_on", N_("From which date"), "date", is_required=True, not_after_today=True),
        FormField("reason", N_("Reason"), "lines", is_required=True, hint=N_("For case workers only.")),
        FormField(
            "confirmed",
            N_("Confirmation"),
            "choices",
            options=((COMPARED, N_("I have compared both; they are one object.")),),
            is_required=True,
        ),
    ),
)
