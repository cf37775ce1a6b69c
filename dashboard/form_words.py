"""What forms say: problems of a field, differences of a conflict, and the whole form as data for the browser."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from dashboard.form_fields import AddressText, FieldGroup, Form, FormField
from dashboard.form_values import to_wire
from dashboard.formatting import format_date, format_number
from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from dashboard.routes import href

MISSING: Final = "–"
# What an edit or a check can say about one value; the codes are those of `InvalidEdit.fields` and `form_values.check`.
_PROBLEMS: Final[Mapping[str, str]] = {
    "required": N_("Please fill this in."),
    "too_long": N_("At most %(count)s letters."),
    "too_short": N_("This is too short."),
    "not_a_number": N_("Please enter a whole number."),
    "too_small": N_("At least %(count)s."),
    "too_large": N_("At most %(count)s."),
    "not_a_date": N_("Please enter a date."),
    "too_early": N_("This date lies too far back."),
    "future": N_("This date lies in the future."),
    "unknown": N_("Please choose one of the entries."),
    "not_in_scope": N_("This lies outside of what your account may change."),
    "unchanged": N_("Nothing was changed."),
    "not_text": N_("This holds letters that cannot be stored."),
    "out_of_range": N_("This number cannot be right."),
    "merged": N_("This object was merged into another one."),
    "not_allowed": N_("This is not open to your role"),
    "fixed": N_("This was settled with the entry and cannot be changed any more."),
    "without_finding": N_("Without a finding there are no defects: leave them out, or change the result."),
    "withdrawn": N_("Somebody has withdrawn this meanwhile."),
    "undone": N_("Somebody has taken this back already."),
    "changed_since": N_("Something later rests on this, so it cannot be taken back."),
    "used": N_("This is in use already."),
    "same": N_("These two are the same."),
    "outside": N_("This point lies outside of the city."),
    "duplicate": N_("This stands there twice."),
    "exists": N_("This is there already."),
    "no_controls": N_("This figure does not count controls, so a kind of control changes nothing."),
    "no_whole": N_("This figure is no part of another one, so there is no share of it."),
    "over_100": N_("A share is 100 per cent at most."),
    "over_eligible": N_("This is more than the eligible cost."),
    "over_share": N_("This is more than the share of the eligible cost."),
    "before_grant": N_("This day lies before the notice."),
    "not_granted": N_("The notice is not there yet, so nothing can be called."),
    "over_granted": N_("With this, more is called than was granted."),
    "below_called": N_("More than that was called already."),
    "before_call": N_("This day lies before the call."),
    "over_call": N_("This is more than was called."),
    "before_payment": N_("This day lies before the payment."),
    "over_payment": N_("This is more than was paid."),
    "one_place": N_("A grant is of an object or of an area, not of both."),
    "no_property": N_("A project needs its object."),
    "below_least": N_("This is less than the smallest share."),
    "beyond_bounds": N_("This lies outside of the bounds."),
    "before_decision": N_("This day lies before the decision."),
    "before_start": N_("This day lies before what it belongs to began."),
    "closed": N_("The proceeding is closed, or ends before that day."),
    "after_step": N_("This day lies after the first step."),
    "safeguards": N_("A house is not closed without this."),
    "not_an_address": N_("An address begins with https://."),
    "before_closing": N_("This day lies before the closing."),
    "after_demolition": N_("The house was pulled down by then."),
    "more_than_there": N_("These are more than there are."),
    "returned_while_closed": N_("Nobody can return while the house is not open."),
    "taken": N_("Somebody lives there already."),
    "not_taken": N_("Nobody lives there."),
    "after_end": N_("This day lies after the end."),
    "nothing": N_("Please enter at least one dwelling."),
    "no_households": N_("What happened moves no household: leave this empty."),
}


def problem_words(field: FormField | None, code: str) -> str:
    """A problem of a field in words; a code that is not known here reads as a plain refusal."""
    message = _PROBLEMS.get(code)
    if message is None:
        return _("This cannot be taken over.")
    if "%(count)s" not in message:
        return _(message)
    limits = {"too_long": field.longest, "too_small": field.at_least, "too_large": field.at_most} if field else {}
    limit = limits.get(code)
    return _(message, count=format_number(limit)) if limit is not None else _("This cannot be taken over.")


def field_name(form: Form, name: str) -> str:
    """The label of a field; of a fact that the form does not show, its name in the lists of fields."""
    field = form.field(name)
    if field is not None:
        return _(field.label)
    label = code_label("field", name)
    return name if label == f"field:{name}" else label


def who_words(by: str) -> str:
    """Who changed something: a person's name, or the delivery that did; `by` is then its source, or empty."""
    source = code_label("delivery_source", by)
    if by and source == f"delivery_source:{by}":
        return by
    return _("a delivery (%(source)s)", source=source) if by else _("a delivery")


def value_words(form: Form, name: str, value: Any) -> str:
    """A value as a reader reads it: dates, yes and no, labels of codes."""
    field = form.field(name)
    labels = dict(field.entries()) if field else {}
    if value is None or value in ("", (), []):
        return MISSING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, AddressText):
        return value.text
    if isinstance(value, tuple | list | frozenset | set):
        return ", ".join(value_words(form, name, item) for item in value)
    return labels.get(str(value), str(value))


def field_value(form: Form, name: str, value: Any) -> Any:
    """A value of a fact as the form keeps it in the browser; None for one that the form does not show."""
    group = form.repeats
    if group is not None and name == group.name:
        return [{group.fields[0].name: {"text": text, "id": None}} for text in value or ()]
    field = form.field(name)
    if field is None:
        return None
    if field.kind in ("text", "lines") and isinstance(value, tuple | list):
        return ", ".join(value)
    return to_wire(tuple(value) if field.kind == "choices" else value)


def spec(form: Form, today: date, options: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, Any]:
    """The form for `assets/forms.js`, in the language of the request. `options`: entries that only the page knows."""
    groups: list[dict[str, Any]] = []
    for part in form.fields:
        if isinstance(part, FieldGroup):
            fields = [_field_spec(one, today, options) for one in part.fields]
            groups.append({"title": _(part.title), "hint": _hint(part.hint), "fields": fields})
        elif groups and not groups[-1]["title"]:
            groups[-1]["fields"].append(_field_spec(part, today, options))
        else:
            groups.append({"title": "", "hint": "", "fields": [_field_spec(part, today, options)]})
    return {
        "key": form.key,
        "url": href(f"/formulare/{form.key}"),
        "title": _(form.title),
        "submit": _(form.submit),
        "groups": groups,
        "repeats": _repeats_spec(form, today, options),
        "today": today.isoformat(),
        "texts": texts(),
    }


def _repeats_spec(form: Form, today: date, options: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, Any] | None:
    if form.repeats is None:
        return None
    return {
        "name": form.repeats.name,
        "title": _(form.repeats.title),
        "item": _(form.repeats.item),
        "add": _(form.repeats.add),
        "at_least": form.repeats.at_least,
        "at_most": form.repeats.at_most,
        "fields": [_field_spec(one, today, options) for one in form.repeats.fields],
    }


def _field_spec(field: FormField, today: date, options: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, Any]:
    is_text = field.kind in ("text", "lines", "password", "address")
    return {
        "name": field.name,
        "label": _(field.label),
        "kind": field.kind,
        "options": [list(one) for one in options.get(field.name, field.entries())],
        "is_required": field.is_required,
        "at_least": field.at_least,
        "at_most": field.at_most,
        "max_length": field.longest if is_text else None,
        "latest": today.isoformat() if field.not_after_today else None,
        "hint": _hint(field.hint),
        "suggest": href(field.suggest) if field.suggest else None,
        "words": {code: problem_words(field, code) for code in _PROBLEMS},
    }


def _hint(message: str) -> str:
    return _(message) if message else ""


def texts() -> dict[str, str]:
    """What the browser says around every form."""
    return {
        "required": _("required"),
        "choose": _("please choose"),
        "yes": _("yes"),
        "no": _("no"),
        "not_known": _("not known"),
        "count": _("{count} of {most} letters"),
        "check": _("Please look at the marked fields; nothing has been saved yet."),
        "restored": _("Draft of {moment} restored."),
        "discard": _("Discard draft"),
        "discarded": _("The draft was discarded."),
        "cancel": _("Close"),
        "busy": _("Being saved …"),
        "queued": _("Not sent: no connection. It is sent as soon as there is one."),
        "away": _("Not sent: the server does not answer at the moment. It is tried again."),
        "no_connection": _("The server cannot be reached. Check the connection and try again."),
        "send_now": _("Try again now"),
        "edit": _("Go on editing"),
        "sent_later": _("Sent now: {title}. {message}"),
        "refused_later": _("What waited to be sent was not taken over: {title}. Open that page again to look at it."),
        "not_kept": _("This browser cannot keep a draft. Do not leave this page before you have saved."),
        "conflict": _("Meanwhile {by} has changed this ({at}). Nothing of yours is lost."),
        "conflict_field": _("Field"),
        "conflict_before": _("before"),
        "conflict_theirs": _("there"),
        "conflict_yours": _("yours"),
        "conflict_kept": _("stays as it is there"),
        "overwrite": _("Save mine on top"),
        "give_up": _("Discard mine"),
        "confirm": _("Save anyway"),
        "back": _("Back to the form"),
        "remove": _("Remove"),
        "removed": _("{item} was removed."),
        "undo": _("Undo"),
        "place_none": _("No point chosen on the map yet"),
        "place_chosen": _("Point chosen on the map ({latitude}; {longitude})"),
        "place_remove": _("Remove the point"),
        "suggestions": _("{count} suggestions. Choose with the arrow keys."),
        "no_suggestions": _("No suggestion"),
        "suggestions_away": _("Suggestions need a connection."),
        "failed": _("This could not be saved. What you entered is still here; try again."),
        "keys": _("Ctrl+Enter sends the form."),
    }
