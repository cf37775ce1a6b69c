"""From the JSON of a form to typed values, by the rules of its declaration. Pure: the date of today is an argument.

`assets/forms.js` checks by the same codes; a browser test holds both to one table of cases.
"""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from dashboard.form_fields import SUGGESTION_ID_LENGTH, TEXT_LENGTH, AddressText, Form, FormField, MalformedForm

FIRST_YEAR: Final = 1900
_INTEGER: Final = re.compile(r"-?\d{1,9}")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MOST_CHOICES: Final = 200
_JOINERS: Final = ("\u200c", "\u200d")


@dataclass
class Checked:
    """Typed values, and the code of the problem of each field that has one."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def read_values(form: Form, raw: Any, today: date) -> Checked:
    """Values of all fields; MalformedForm for a name or a shape that the form does not have."""
    names = {one.name for one in form.plain_fields} | ({form.repeats.name} if form.repeats else set())
    if not isinstance(raw, dict) or not set(raw) <= names:
        raise MalformedForm("The values are not those of the form.")
    found = Checked()
    _read_into(found, form.plain_fields, raw, today)
    if form.repeats is not None:
        items = raw.get(form.repeats.name, [])
        if not isinstance(items, list) or len(items) > form.repeats.at_most:
            raise MalformedForm("The repeated group is not a list of this length.")
        found.values[form.repeats.name] = tuple(
            _read_item(found, form.repeats.fields, item, today, f"{form.repeats.name}.{index}.")
            for index, item in enumerate(items)
        )
        if len(items) < form.repeats.at_least:
            found.problems[form.repeats.name] = "required"
    return found


def _read_item(found: Checked, fields: Sequence[FormField], raw: Any, today: date, prefix: str) -> Mapping[str, Any]:
    if not isinstance(raw, dict) or not set(raw) <= {one.name for one in fields}:
        raise MalformedForm("An entry of the repeated group has other fields.")
    item = Checked()
    _read_into(item, fields, raw, today)
    found.problems |= {prefix + name: code for name, code in item.problems.items()}
    return item.values


def _read_into(found: Checked, fields: Sequence[FormField], raw: Mapping[str, Any], today: date) -> None:
    for one in fields:
        value, problem = check(one, raw.get(one.name), today)
        found.values[one.name] = value
        if problem:
            found.problems[one.name] = problem


def check(one: FormField, raw: Any, today: date) -> tuple[Any, str | None]:
    """The typed value of what the browser sent for a field, and the code of its problem."""
    value, problem = _READERS[one.kind](one, raw, today)
    if problem is None and one.is_required and value in (None, ()):
        problem = "required"
    return value, problem


def _text(one: FormField, raw: Any, _today: date) -> tuple[str | None, str | None]:
    text = _clean(_string(raw), keeps_lines=one.kind == "lines", keeps_ends=one.kind == "password")
    return text or None, "too_long" if len(text) > one.longest else None


def _date(one: FormField, raw: Any, today: date) -> tuple[date | None, str | None]:
    text = _string(raw).strip()
    if not text:
        return None, None
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        return None, "not_a_date"
    if day.year < FIRST_YEAR:
        return day, "too_early"
    return day, "future" if one.not_after_today and day > today else None


def _integer(one: FormField, raw: Any, _today: date) -> tuple[int | None, str | None]:
    if isinstance(raw, bool) or not isinstance(raw, str | int | None):
        raise MalformedForm(f"{one.name} is neither a number nor text.")
    text = "" if raw is None else str(raw).strip()
    if not text:
        return None, None
    if not text.isascii() or not _INTEGER.fullmatch(text):
        return None, "not_a_number"
    number = int(text)
    if one.at_least is not None and number < one.at_least:
        return number, "too_small"
    return number, "too_large" if one.at_most is not None and number > one.at_most else None


def _choice(one: FormField, raw: Any, _today: date) -> tuple[str | None, str | None]:
    code = _string(raw)
    if not code:
        return None, None
    return code, None if _is_known(one, code) else "unknown"


def _choices(one: FormField, raw: Any, _today: date) -> tuple[tuple[str, ...], str | None]:
    if raw is None:
        return (), None
    if not isinstance(raw, list) or len(raw) > _MOST_CHOICES:
        raise MalformedForm(f"{one.name} is not a list.")
    codes = tuple(dict.fromkeys(_string(item) for item in raw))
    return codes, None if all(_is_known(one, code) for code in codes) else "unknown"


def _yes_no(one: FormField, raw: Any, _today: date) -> tuple[bool | None, str | None]:
    if raw is not None and not isinstance(raw, bool):
        raise MalformedForm(f"{one.name} is neither yes nor no.")
    return raw, None


def _address(one: FormField, raw: Any, today: date) -> tuple[AddressText | None, str | None]:
    if raw is None:
        return None, None
    if not isinstance(raw, dict) or not set(raw) <= {"text", "id"}:
        raise MalformedForm(f"{one.name} is not an address.")
    text, problem = _text(one, raw.get("text"), today)
    chosen = _string(raw.get("id"))
    if len(chosen) > SUGGESTION_ID_LENGTH:
        raise MalformedForm(f"{one.name} names no suggestion.")
    return AddressText(text, chosen or None) if text else None, problem


def _place(one: FormField, raw: Any, _today: date) -> tuple[tuple[float, float] | None, str | None]:
    if raw is None:
        return None, None
    is_pair = isinstance(raw, list) and len(raw) == 2 and all(_is_number(item) for item in raw)
    if not is_pair or not (-180 <= raw[0] <= 180 and -90 <= raw[1] <= 90):
        raise MalformedForm(f"{one.name} is not a point.")
    return (float(raw[0]), float(raw[1])), None


_READERS: Final = {
    "text": _text, "lines": _text, "password": _text, "date": _date, "integer": _integer, "choice": _choice,
    "choices": _choices, "yes_no": _yes_no, "address": _address, "place": _place,
}  # fmt: skip


def _is_known(one: FormField, code: str) -> bool:
    return code in one.known_codes if one.known_codes else 0 < len(code) <= TEXT_LENGTH


def _is_number(item: Any) -> bool:
    return isinstance(item, int | float) and not isinstance(item, bool) and math.isfinite(item)


def _string(raw: Any) -> str:
    if raw is not None and not isinstance(raw, str):
        raise MalformedForm("A value is not text.")
    return raw or ""


def _clean(text: str, *, keeps_lines: bool, keeps_ends: bool) -> str:
    """Composed, without characters that nobody sees; one line where the field has one. A password stays as typed."""
    if keeps_ends:
        return text
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if not keeps_lines:
        composed = composed.replace("\n", " ")
    return "".join(letter for letter in composed if letter == "\n" or not _is_unseen(letter)).strip()


def _is_unseen(letter: str) -> bool:
    """Whether a letter controls, hides or turns the direction: with those a name can be made to look like another one.

    The two joiners belong to the spelling of some languages.
    """
    return unicodedata.category(letter) in ("Cc", "Cf") and letter not in _JOINERS


def to_wire(value: Any) -> Any:
    """A typed value as the browser keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, AddressText):
        return {"text": value.text, "id": value.id}
    if isinstance(value, Mapping):
        return {name: to_wire(item) for name, item in value.items()}
    if isinstance(value, tuple | list | frozenset | set):
        return [to_wire(item) for item in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
