"""What somebody wishes to change about the rules: from a form or a link to a change, and the seal on a preview.

A preview stands in a link with all its values, so that it can be shown to a colleague. What is saved is exactly what a
preview showed: the page gives its form a seal over kind, rule, values, date and account, and without that seal the form
leads to the preview instead.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import orjson

from dashboard.form import Form, Submission, read_values
from dashboard.form_values import Checked, to_wire
from dashboard.pages.regeln.fields import ANY_USE, END_FIELDS, RULE_FIELDS, WHOLE_CITY
from dashboard.routes import href
from geodata.codes import USE_TYPES
from geodata.errors import InvalidEdit
from geodata.rules.drafts import AddRule, EndRule, ReplaceRule, RuleChange, RuleDraft
from geodata.rules.reads import RuleShown

Kind = Literal["new", "replace", "end"]
FORM, RULE, PAIRS, RELEASE, JOB, EDIT = "form", "rule", "pairs", "release", "job", "edit"
RELEASING, END_RELEASE = "release", "end-release"
_ID_DIGITS: Final = 18
# Numbers of areas are integers of four bytes.
_AREA_MAX: Final = 2**31 - 1
_AS_ENTERED: Final = (
    "control_type", "interval_days", "access_required", "access_required_if_empty", "legal_basis", "reason",
    "resolution", "decided_by", "valid_from", "valid_to", "release_after_clean_visits",
)  # fmt: skip
_ENTERED: Final = (*(field.name for group in RULE_FIELDS for field in group.fields), END_FIELDS[0].name)
# Values of the link that open something on the page; the router builds it anew when one of them changes.
OPENING: Final = (FORM, RULE, PAIRS, RELEASE, JOB, EDIT, *_ENTERED)


@dataclass(frozen=True)
class Wish:
    """A change that was entered, not made: `rule_id` is the rule that it replaces or ends."""

    kind: Kind
    rule_id: int | None
    values: Mapping[str, Any]

    @property
    def change(self) -> RuleChange:
        """The change of rules; InvalidEdit for an entry that only the page's menus can have given."""
        if self.kind == "new":
            return AddRule(draft_of(self.values))
        if self.rule_id is None:
            raise InvalidEdit({"form": "unknown"})
        if self.kind == "replace":
            return ReplaceRule(self.rule_id, draft_of(self.values))
        return EndRule(self.rule_id, self.values["ends_on"])

    def query(self, as_of: str | None) -> dict[str, str]:
        """The link of its preview."""
        given = {FORM: self.kind, RULE: None if self.rule_id is None else str(self.rule_id), "as_of": as_of or None}
        entered = {name: to_wire(value) for name, value in self.values.items()}
        return {name: text for name, text in (given | entered).items() if text}

    def seal(self, secret: str, account: str, as_of: str | None) -> str:
        """Says that the account has been shown the preview of this very wish."""
        said = orjson.dumps(["rules-preview", account, self.query(as_of)], option=orjson.OPT_SORT_KEYS)
        return hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()


def of_submission(kind: Kind, submission: Submission) -> Wish:
    """The wish of a form that was sent."""
    # After a conflict it is about the rule that somebody else has put in that place, and is previewed again.
    rule_id = None if kind == "new" else submission.expected or submission.number(RULE)
    return Wish(kind, rule_id, submission.values)


def read_wish(form: Form, kind: Kind, query: Mapping[str, str], today: date) -> tuple[Wish, Mapping[str, str]]:
    """The wish of a link, and the code of the problem of each field that has one."""
    names = [field.name for field in form.plain_fields]
    found: Checked = read_values(form, {name: query[name] for name in names if name in query}, today)
    return Wish(kind, number(query, RULE), found.values), found.problems


def holds_values(form: Form, query: Mapping[str, str]) -> bool:
    """Whether a link holds what was entered, so that there is something to preview."""
    return any(query.get(field.name) for field in form.plain_fields)


def number(query: Mapping[str, str], name: str) -> int | None:
    """An id of the link; None where there is none, or none that can be one."""
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _ID_DIGITS else None


def page_href(as_of: str | None, **more: object) -> str:
    """The page itself, for the date that it is shown for."""
    return href("/regeln", {"as_of": as_of or None, **more})


# --- between the form and the rule ------------------------------------------------------------------------------------


def draft_of(values: Mapping[str, Any]) -> RuleDraft:
    """A rule from the values of the form."""
    use = values["use_type"]
    if use not in (ANY_USE, *USE_TYPES):
        raise InvalidEdit({"use_type": "unknown"})
    if values["valid_to"] is not None and values["valid_to"] <= values["valid_from"]:
        raise InvalidEdit({"valid_to": "before_start"})
    taken = {name: values[name] for name in _AS_ENTERED}
    return RuleDraft(area_id=_area(values["area_id"]), use_type=None if use == ANY_USE else use, **taken)


def _area(code: str) -> int | None:
    if code == WHOLE_CITY:
        return None
    found = number({"area": code}, "area")
    if found is None or found > _AREA_MAX:
        raise InvalidEdit({"area_id": "unknown"})
    return found


def values_of(rule: RuleShown) -> dict[str, Any]:
    """A rule as the form shows it."""
    where = WHOLE_CITY if rule.area_id is None else str(rule.area_id)
    entered = {name: getattr(rule, name) for name in _AS_ENTERED}
    return {**entered, "area_id": where, "use_type": rule.use_type or ANY_USE}


# --- releases ---------------------------------------------------------------------------------------------------------


def pair_code(property_id: int, rule_id: int) -> str:
    """One proposal as a link and a menu name it."""
    return f"{property_id}-{rule_id}"


def read_pair(code: str) -> tuple[int, int]:
    """Property and rule of a proposal; InvalidEdit for what names none."""
    left, _dash, right = code.partition("-")
    found = (number({"id": left}, "id"), number({"id": right}, "id"))
    if found[0] is None or found[1] is None:
        raise InvalidEdit({"pairs": "unknown"})
    return found[0], found[1]
