"""The forms of the page: rules are added, changed and ended after a preview; objects are released and taken back in.

`about` of each: "as_of" (of the link, where it names one), of rules "rule" (the one concerned) and "seen" (the seal of
the preview that was shown), of the end of a release "release".
"""

import hmac
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Final
from uuid import uuid5

from dashboard.auth import signed_in
from dashboard.deps import Deps
from dashboard.form import Form, Saved, Submission
from dashboard.formatting import format_date, format_number
from dashboard.i18n import N_, ngettext
from dashboard.i18n import gettext as _
from dashboard.pages.regeln.fields import END_FIELDS, END_RELEASE_FIELDS, RELEASE_FIELDS, RULE_FIELDS
from dashboard.pages.regeln.wish import EDIT, JOB, Kind, Wish, of_submission, page_href, read_pair
from dashboard.pages.regeln.wish import RELEASE as RELEASE_ID
from dashboard.routes import href
from dashboard.rule_refusals import refused_rule
from geodata.access import Asker
from geodata.edits import STATEMENT_SECONDS, Order, undo
from geodata.errors import InvalidEdit
from geodata.jobs import read_jobs
from geodata.rules import edits
from geodata.rules.changes import effect_of
from geodata.rules.drafts import AddRule, ReplaceRule
from geodata.rules.stored import read_stored

PERMISSION: Final = "rule:write"
# A preview of a whole large city takes longer than a page usually waits.
PREVIEW_SECONDS: Final = 20


def opened(deps: Deps) -> AbstractContextManager[Asker]:
    """A transaction that may wait as long as an edit."""
    return deps.access.open(signed_in().scope, statement_seconds=STATEMENT_SECONDS)


# --- rules ------------------------------------------------------------------------------------------------------------


def _changes(kind: Kind) -> Callable[[Deps, Submission], Saved]:
    """What the forms of a kind of change do: without the seal of their preview they lead to it, with it they save."""

    def go_on(deps: Deps, submission: Submission) -> Saved:
        wish, as_of = of_submission(kind, submission), submission.about.get("as_of")
        seal = wish.seal(deps.session_key, signed_in().scope.account, as_of)
        try:
            if hmac.compare_digest(seal.encode(), submission.about.get("seen", "").encode()):
                return _save(deps, submission, wish, as_of)
            with opened(deps) as asker:
                asker.require(PERMISSION)
                # Refused now rather than after the preview.
                effect_of(wish.change, read_stored(asker))
        except InvalidEdit as refused:
            raise refused_rule(SAVING[kind], refused) from refused
        return Saved(_("Nothing is saved yet. Look at what it would mean."), href("/regeln", wish.query(as_of)))

    return go_on


def _save(deps: Deps, submission: Submission, wish: Wish, as_of: str | None) -> Saved:
    order = Order(submission.id, f"regel-{wish.kind}", wish.values.get("reason"))
    with opened(deps) as asker:
        asker.require(PERMISSION)
        edited = _carry_out(asker, order, wish)
    # Only now: whoever computes the due dates anew has to find what was saved.
    if deps.run_jobs is not None:
        deps.run_jobs()
    return Saved(saved_words(wish), page_href(as_of, **{JOB: edited.job_id, EDIT: edited.edit_id}))


def saved_words(wish: Wish) -> str:
    """What was saved, and from when on it counts: a rule that begins later is not among those in force yet."""
    if wish.kind == "end":
        return _(
            "The rule was ended. It is no longer in force from %(date)s on.", date=format_date(wish.values["ends_on"])
        )
    begins = format_date(wish.values["valid_from"])
    if wish.kind == "new":
        return _("The rule was added. It is in force from %(date)s on.", date=begins)
    return _("The rule was changed. The change is in force from %(date)s on.", date=begins)


def _carry_out(asker: Asker, order: Order, wish: Wish) -> edits.RuleEdited:
    change = wish.change
    if isinstance(change, AddRule):
        return edits.add_rule(asker, order, change.draft)
    if isinstance(change, ReplaceRule):
        return edits.replace_rule(asker, order, change.rule_id, change.draft)
    return edits.end_rule(asker, order, change.rule_id, ends_on=change.ends_on)


def take_back(deps: Deps, submission: Submission) -> Saved:
    """Take a change of rules back; due dates follow by a job of their own."""
    try:
        with opened(deps) as asker:
            asker.require(PERMISSION)
            undo(asker, submission.number(EDIT), submission.id)
            latest = read_jobs(asker, most=1)
    except InvalidEdit as refused:
        raise refused_rule(TAKE_BACK, refused) from refused
    if deps.run_jobs is not None:
        deps.run_jobs()
    job = latest[0].id if latest else None
    return Saved(_("The change of the rules was taken back."), page_href(submission.about.get("as_of"), **{JOB: job}))


def again(deps: Deps, submission: Submission) -> Saved:
    """Compute the due dates again after a run that failed or was broken off."""
    if deps.run_jobs is not None:
        deps.run_jobs(with_failed=True)
    return Saved(
        _("The computing begins again."), page_href(submission.about.get("as_of"), **{JOB: submission.number(JOB)})
    )


# --- releases ---------------------------------------------------------------------------------------------------------


def release(asker: Asker, submission: Submission) -> Saved:
    """Each chosen object in an edit of its own, all of them in one transaction: one that is refused stops all."""
    values = submission.values
    try:
        for code in values["pairs"]:
            property_id, rule_id = read_pair(code)
            order = Order(uuid5(submission.id, code), "regel-entlassen", values["reason"])
            edits.release_property(
                asker, order, property_id, rule_id, since_on=values["since_on"], until_on=values["until_on"]
            )
    except InvalidEdit as refused:
        raise refused_rule(RELEASE, refused) from refused
    count = len(values["pairs"])
    message = ngettext("%(count)s object was released.", "%(count)s objects were released.", count,
                       count=format_number(count))  # fmt: skip
    return Saved(message, page_href(submission.about.get("as_of")))


def end_release(asker: Asker, submission: Submission) -> Saved:
    """The rule counts for the object again."""
    values = submission.values
    order = Order(submission.id, "entlassung-beenden", values["reason"])
    try:
        edits.end_release(asker, order, submission.number(RELEASE_ID), ends_on=values["ends_on"])
    except InvalidEdit as refused:
        raise refused_rule(END_RELEASE, refused) from refused
    return Saved(_("The release was ended."), page_href(submission.about.get("as_of")))


# --- declarations -----------------------------------------------------------------------------------------------------


def _form(key: str, kind: Kind, title: str, submit: str) -> Form:
    fields = END_FIELDS if kind == "end" else RULE_FIELDS
    return Form(key, title, PERMISSION, fields, submit, _changes(kind), opens="none")


_PREVIEW: Final = N_("Show what it would mean")
# Before the preview, and under it.
ASKING: Final[Mapping[Kind, Form]] = {
    "new": _form("regel-neu", "new", N_("Add a rule"), _PREVIEW),
    "replace": _form("regel-aendern", "replace", N_("Change a rule"), _PREVIEW),
    "end": _form("regel-beenden", "end", N_("End a rule"), _PREVIEW),
}
SAVING: Final[Mapping[Kind, Form]] = {
    "new": _form("regel-neu-speichern", "new", N_("Add a rule"), N_("Save this rule")),
    "replace": _form("regel-aendern-speichern", "replace", N_("Change a rule"), N_("Save the changed rule")),
    "end": _form("regel-beenden-speichern", "end", N_("End a rule"), N_("End this rule")),
}
RELEASE: Final = Form(
    "regel-entlassen", N_("Release objects from a rule"), PERMISSION, RELEASE_FIELDS, N_("Release the chosen objects"),
    release,
)  # fmt: skip
END_RELEASE: Final = Form(
    "entlassung-beenden", N_("End a release"), PERMISSION, END_RELEASE_FIELDS, N_("End this release"), end_release
)
AGAIN: Final = Form(
    "regel-neu-berechnen", N_("Compute the due dates again"), PERMISSION, (), N_("Compute the due dates again"), again,
    opens="none",
)  # fmt: skip
TAKE_BACK: Final = Form(
    "regel-zuruecknehmen", N_("Take this change back"), PERMISSION, (), N_("Take this change back"), take_back,
    opens="none",
)  # fmt: skip
FORMS: Final = (*ASKING.values(), *SAVING.values(), RELEASE, END_RELEASE, AGAIN, TAKE_BACK)
