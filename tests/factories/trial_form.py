"""A form of tests with a field of every kind on a page of its own, and a save whose answer the first field chooses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from dash import html
from dash.development.base_component import Component

from dashboard.components import edit_form
from dashboard.form import (
    FieldGroup,
    Form,
    FormField,
    FormProblem,
    FormWarning,
    Repeats,
    Saved,
    Submission,
    register,
)
from dashboard.page import Page, PageContext
from geodata.access import Asker
from geodata.errors import EditConflict, FieldChange, InvalidEdit, NotAllowed

FIELDS = (
    FormField("what", "Subject", "text", is_required=True, max_length=20),
    FormField("body", "Words", "lines", max_length=40, hint="Only what the case needs."),
    FormField("day", "Date", "date", not_after_today=True),
    FieldGroup(
        "More",
        (
            FormField("count", "Amount", "integer", at_least=0, at_most=500),
            FormField("use_type", "Use", "choice", code_list="use_type", codes=("residential", "other")),
            FormField("offices", "Office", "choices", code_list="office", codes=("police", "customs")),
            FormField("is_met", "Was somebody there", "yes_no"),
            FormField("address", "Address", "address", suggest="/versuch/adressen"),
            FormField("point", "Point", "place"),
            FormField("open_choice", "Free", "choice"),
        ),
    ),
)
VISITS = Repeats(
    "visits", "Visits", "Visit %(number)s", "Add a visit", (FormField("seen", "Seen", "text", is_required=True),),
    at_most=3,
)  # fmt: skip


@dataclass
class Desk:
    """What came in: each submission number counts once, as edits do it."""

    saved: dict[UUID, Submission] = field(default_factory=dict)

    def save(self, asker: Asker, submission: Submission) -> Saved:
        """Take the form, or refuse it in the way that its first field names."""
        self._refuse(submission)
        is_repeated = submission.id in self.saved
        self.saved.setdefault(submission.id, submission)
        return Saved(f"Saved once more by {asker.scope.account}" if is_repeated else f"Saved {len(self.saved)}")

    def _refuse(self, submission: Submission) -> None:
        what = submission.values["what"]
        if what == "invalid":
            raise InvalidEdit({"day": "future", "count": "too_large", "next_step": "required"})
        if what == "problem":
            raise FormProblem({"what": "No such thing."}, "Look again.")
        if what == "conflict" and submission.expected != 8:
            changes = (FieldChange("use_type", "residential", "other", None), FieldChange("is_met", None, False, None))
            raise EditConflict("Bea Beispiel", datetime(2026, 11, 15, 9, 30, tzinfo=UTC), changes, 8)
        if what == "warning" and "near" not in submission.confirmed:
            raise FormWarning("near", "Something lies near.", (("/objekt/1", "Beispielweg 1"),))
        if what == "forbidden":
            raise NotAllowed("Not today.")
        if what == "number":
            submission.number("property")


def trial_form(desk: Desk, *, key: str = "versuch", permission: str = "watch:write") -> Form:
    """The form over this desk."""
    return Form(key, "Trial", permission, FIELDS, "Send", desk.save, repeats=VISITS)


def trial_page(form: Form, values: Mapping[str, Any] | None = None) -> Page:
    """A page with nothing but the form."""

    def layout(context: PageContext) -> Component:
        about = {"property": "1", "expected": context.query.get("expected", "7")}
        return html.Div([html.H1("Trial"), edit_form(form, values=values or {}, about=about)], className="page")

    return Page(
        key="trial", path="/versuch", title="Map", permission=form.permission, icon="map", in_navigation=False,
        layout=layout, register=lambda wiring: register(wiring, form), rerender_on=("expected",),
    )  # fmt: skip
