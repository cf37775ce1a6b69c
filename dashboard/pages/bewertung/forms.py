"""The forms: another value for a contribution or a threshold, after a preview, and the decision of a report.

`about` of values: "key", "expected" (the setting that was shown, 0 for a proposal); of a decision "report" and
"expected" (the version that was shown).
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Final

from dashboard.auth import signed_in
from dashboard.deps import Deps
from dashboard.form import Form, FormField, FormWarning, MalformedForm, Saved, Submission
from dashboard.formatting import format_number
from dashboard.i18n import N_, code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.routes import href
from geodata import codes
from geodata.access import Asker
from geodata.assessment.edits import NOTE_LIMIT, ValueDraft, changed, check_value, decide, set_value
from geodata.assessment.reads import Preview, preview
from geodata.assessment.values import StatedContribution, StatedThreshold, read_values
from geodata.edits import Order
from geodata.tables.assessments import MOST_DAYS, MOST_POINTS

WRITE: Final = "assessment:write"
_SEEN: Final = "seen"
# All properties of the city are computed with the values that are tried.
PREVIEW_SECONDS: Final = 20


def opened(deps: Deps) -> AbstractContextManager[Asker]:
    """A transaction that may wait and compute as long as a preview of a large city takes."""
    return deps.access.open(signed_in().scope, statement_seconds=PREVIEW_SECONDS)


def set_points(deps: Deps, submission: Submission) -> Saved:
    """Another value for a contribution; without having seen what it would mean, that comes first."""
    values = submission.values
    draft = ValueDraft(values["value"], values["max_age_days"], is_active=bool(values["is_active"]))
    return _set(deps, submission, POINTS.key, draft)


def set_threshold(deps: Deps, submission: Submission) -> Saved:
    """Another value for a threshold, likewise."""
    return _set(deps, submission, THRESHOLD.key, ValueDraft(submission.values["value"]))


def _set(deps: Deps, submission: Submission, form_key: str, draft: ValueDraft) -> Saved:
    key = submission.about.get("key", "")
    if not submission.about.get("expected", "").isdecimal():
        raise MalformedForm("The form does not say on which value it was built.")
    with opened(deps) as asker:
        asker.require(WRITE)
        if _SEEN not in submission.confirmed:
            stated = read_values(asker)
            check_value(asker, stated, key, draft)
            raise FormWarning(_SEEN, preview_words(preview(asker, changed(stated.values, key, draft))))
        order = Order(submission.id, form_key, submission.values["reason"], submission.number("expected"))
        set_value(asker, order, key, draft)
    # Only now: whoever computes anew has to find what was saved.
    if deps.run_jobs is not None:
        deps.run_jobs()
    return Saved(_("The value was saved. All assessments are computed anew."), href("/bewertung"))


def preview_words(found: Preview) -> str:
    """What other values would change, in sentences."""
    of = {"changed": format_number(found.changed), "all": format_number(found.properties)}
    head = ngettext(
        "%(changed)s of %(all)s objects would get another computed colour.",
        "%(changed)s of %(all)s objects would get another computed colour.", found.changed, **of,
    )  # fmt: skip
    in_force = ngettext(
        "%(count)s of these shows at once; for the others the office's own judgement counts.",
        "%(count)s of these show at once; for the others the office's own judgement counts.",
        found.changed_in_force, count=format_number(found.changed_in_force),
    )  # fmt: skip
    moves = [
        _("from %(before)s to %(after)s: %(count)s", before=_colour(before), after=_colour(after),
          count=format_number(count))
        for before, after, count in found.moves
    ]  # fmt: skip
    if not found.changed:
        return head
    return " ".join([head, in_force, "; ".join(moves) + "."])


def _colour(code: str | None) -> str:
    return code_label("colour", code) if code else _("not computed")


def decide_report(asker: Asker, submission: Submission) -> Saved:
    """Accept or decline a report."""
    values = submission.values
    order = Order(submission.id, DECIDE.key, expected=submission.expected)
    decide(asker, order, submission.about.get("report", ""), reason=values["reason"] or "", note=values["note"])
    return Saved(_("The report was decided."), href("/bewertung"))


def values_of(one: StatedContribution | StatedThreshold) -> Mapping[str, Any]:
    """A value as the form holds it."""
    if isinstance(one, StatedThreshold):
        return {"value": one.value}
    value = one.value
    return {"value": value.points, "max_age_days": value.max_age_days, "is_active": value.is_active}


_WHY: Final = FormField("reason", N_("Why"), "lines", is_required=True, max_length=NOTE_LIMIT,
                        hint=N_("Stands in the log of changes."))  # fmt: skip
POINTS: Final = Form(
    "bewertung-punkte", N_("Change what it counts"), WRITE,
    (
        FormField("value", N_("Points"), "integer", is_required=True, at_least=-MOST_POINTS, at_most=MOST_POINTS,
                  hint=N_("Below 0 it takes away.")),
        FormField("max_age_days", N_("Counts for how many days"), "integer", at_least=1, at_most=MOST_DAYS,
                  hint=N_("Empty = as long as it lasts.")),
        FormField("is_active", N_("Counts in this city"), "yes_no", is_required=True),
        _WHY,
    ),
    N_("Show what it would mean"), set_points, opens="none",
)  # fmt: skip
THRESHOLD: Final = Form(
    "bewertung-schwelle", N_("Change the value"), WRITE,
    (FormField("value", N_("Value"), "integer", is_required=True, at_least=1, at_most=MOST_DAYS), _WHY),
    N_("Show what it would mean"), set_threshold, opens="none",
)  # fmt: skip
DECIDE: Final = Form(
    "bewertung-entscheiden", N_("Decide the report"), WRITE,
    (
        FormField("reason", N_("Decision"), "choice", code_list="report_reason", codes=codes.REPORT_REASONS,
                  is_required=True),
        FormField("note", N_("In words"), "lines", max_length=NOTE_LIMIT,
                  hint=N_("Only case workers read it. No names of residents.")),
    ),
    N_("Decide"), decide_report,
)  # fmt: skip
FORMS: Final = (POINTS, THRESHOLD, DECIDE)
