"""Every form that changes data: declared once, checked here and in the browser by the same rules, sent as JSON.

`register(wiring, FORM)` adds POST /formulare/<key>. The body is {"submission", "values", "about", "confirmed",
"account"}; the answers are

- 200 {"saved": {message, href}}
- 400 a body that our own page could not have sent
- 401 no session any more; the browser keeps the draft
- 403 not allowed
- 409 {"conflict": {by, at, changes, current}}: somebody else changed what the form was built on; sent again with
  about.expected = current it goes on top. {"confirm": {key, message, links}}: sent again with that key in `confirmed`
  it passes. {"error"}: another account has signed in meanwhile
- 422 {"problem": {fields, message}}: words per field, of the repeated group as `<name>.<index>.<field>`
"""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from flask import Response, jsonify, request

from dashboard.auth import signed_in
from dashboard.envelope import is_storable
from dashboard.failures import failure
from dashboard.form_fields import (
    AddressText,
    FieldGroup,
    Form,
    FormField,
    FormProblem,
    FormWarning,
    MalformedForm,
    Repeats,
    Saved,
    Submission,
)
from dashboard.form_values import read_values
from dashboard.form_words import field_name, field_value, problem_words, value_words, who_words
from dashboard.formatting import format_moment
from dashboard.i18n import gettext as _
from dashboard.wiring import Wiring
from geodata.calendar import today
from geodata.edits import STATEMENT_SECONDS
from geodata.errors import EditConflict, InvalidEdit

__all__ = [
    "AddressText",
    "FieldGroup",
    "Form",
    "FormField",
    "FormProblem",
    "FormWarning",
    "MalformedForm",
    "Repeats",
    "Saved",
    "Submission",
    "register",
]

# A round of forty inspections with long texts has a tenth of it.
MAX_FORM_BYTES: Final = 300_000
_MOST_ABOUT, _ABOUT_LENGTH = 12, 200
# Names under which an edit speaks of itself as a whole.
_WHOLE: Final = frozenset({"form", "fact", "submission", "property_id", "edit", "table"})
_BODY: Final = frozenset({"submission", "values", "about", "confirmed", "account"})


def register(wiring: Wiring, *forms: Form) -> None:
    """Take these forms, each with the permission that it declares."""
    for form in forms:
        wiring.route(f"/formulare/{form.key}", permission=form.permission, methods=["POST"])(_view(wiring, form))


def _view(wiring: Wiring, form: Form) -> Callable[[], Response]:
    def take() -> Response:
        request.max_content_length = MAX_FORM_BYTES
        try:
            body = _json()
            submission, problems = read_body(form, body)
        except MalformedForm:
            return failure(400)
        if body.get("account") not in (None, signed_in().scope.account):
            return failure(409, text=_("Another account has signed in meanwhile. Load the page again before you save."))
        if problems:
            return _problem(form, problems)
        try:
            return jsonify({"saved": _saved(wiring, form, submission)})
        except MalformedForm:
            return failure(400)
        except InvalidEdit as refused:
            return _problem(form, refused.fields)
        except FormProblem as refused:
            return _answer(422, "problem", {"fields": refused.fields, "message": refused.message})
        except EditConflict as conflict:
            return _answer(409, "conflict", conflict_words(form, conflict))
        except FormWarning as warning:
            links = [{"href": address, "text": text} for address, text in warning.links]
            return _answer(409, "confirm", {"key": warning.key, "message": warning.message, "links": links})

    return take


def _saved(wiring: Wiring, form: Form, submission: Submission) -> Mapping[str, Any]:
    if form.opens == "none":
        saved = form.save(wiring.deps, submission)
    else:
        # An edit may have to wait for a delivery that is being applied.
        with wiring.deps.access.open(signed_in().scope, statement_seconds=STATEMENT_SECONDS) as asker:
            asker.require(form.permission)
            saved = form.save(asker, submission)
    return {"message": saved.message, "href": saved.href}


def _json() -> Any:
    try:
        return request.get_json(silent=True)
    except RecursionError:  # nested so deeply that the parser gives up
        return None


def read_body(form: Form, body: Any) -> tuple[Submission, Mapping[str, str]]:
    """The submission and the problem of each field; MalformedForm for what our own page could not have sent."""
    if not isinstance(body, dict) or not set(body) <= _BODY or not is_storable(body):
        raise MalformedForm("The body is not that of a form.")
    about, confirmed = body.get("about", {}), body.get("confirmed", [])
    if not _is_about(about) or not _is_confirmed(confirmed) or not isinstance(body.get("account"), str | None):
        raise MalformedForm("What the form is about cannot be read.")
    checked = read_values(form, body.get("values"), today())
    return Submission(_uuid(body.get("submission")), checked.values, about, frozenset(confirmed)), checked.problems


def _uuid(raw: Any) -> UUID:
    try:
        return UUID(raw if isinstance(raw, str) else "")
    except ValueError:
        raise MalformedForm("The number of the submission is none.") from None


def _is_about(about: Any) -> bool:
    return (
        isinstance(about, dict)
        and len(about) <= _MOST_ABOUT
        and all(isinstance(item, str) and len(item) <= _ABOUT_LENGTH for pair in about.items() for item in pair)
    )


def _is_confirmed(confirmed: Any) -> bool:
    return (
        isinstance(confirmed, list)
        and len(confirmed) <= _MOST_ABOUT
        and all(isinstance(item, str) and len(item) <= _ABOUT_LENGTH for item in confirmed)
    )


def _problem(form: Form, problems: Mapping[str, str]) -> Response:
    """Problems by code in words: beside the field where the form has it, else under the form with the field's name."""
    words = {name: problem_words(form.field(name), code) for name, code in problems.items()}
    is_shown = {name: form.field(name) is not None or name == _group(form) for name in words}
    rest = [
        text if name in _WHOLE else f"{field_name(form, name)}: {text}"
        for name, text in words.items()
        if not is_shown[name]
    ]
    fields = {name: text for name, text in words.items() if is_shown[name]}
    return _answer(422, "problem", {"fields": fields, "message": " ".join(rest)})


def _group(form: Form) -> str:
    return form.repeats.name if form.repeats else ""


def conflict_words(form: Form, conflict: EditConflict) -> dict[str, Any]:
    """Who changed what meanwhile, field by field, and the version to build on next."""
    changes = [
        {
            "name": one.name,
            "label": field_name(form, one.name),
            "before": value_words(form, one.name, one.before),
            "theirs": value_words(form, one.name, one.theirs),
            "yours": value_words(form, one.name, one.yours),
            # What one has not touched follows the other's change when one saves on top.
            "is_untouched": one.yours == one.before,
            "value": field_value(form, one.name, one.theirs),
        }
        for one in conflict.changes
    ]
    by, at = who_words(conflict.by), format_moment(conflict.at)
    return {"by": by, "at": at, "changes": changes, "current": str(conflict.current)}


def _answer(status: int, name: str, content: Mapping[str, Any]) -> Response:
    answer = jsonify({name: content})
    answer.status_code = status
    return answer
