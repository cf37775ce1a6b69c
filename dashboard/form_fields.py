"""What a form is made of: one declaration, from which the server checks what comes and the browser draws and checks.

Labels, titles and hints are msgids, marked with N_ where they stand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from dashboard.i18n import code_label, gettext

FieldKind = Literal["text", "lines", "password", "date", "integer", "choice", "choices", "yes_no", "address", "place"]

TEXT_LENGTH: Final = 200
LINES_LENGTH: Final = 2_000
SUGGESTION_ID_LENGTH: Final = 40


@dataclass(frozen=True)
class AddressText:
    """What stands in a field of the kind "address": the text, and the id of the suggestion that it was taken from."""

    text: str
    id: str | None = None


@dataclass(frozen=True)
class FormField:
    """One field. Typed values are those of `Submission.values`; None where nothing was entered.

    - text, lines, password: str, at most `max_length` letters (200, lines 2,000)
    - date: date; `not_after_today` as the city's calendar says
    - integer: int from `at_least` to `at_most`
    - choice: one code; choices: a tuple of codes, () where none is chosen
    - yes_no: bool
    - address: `AddressText`, with suggestions from the route `suggest` (a path of the application, `/adressen`), which
      answers `?q=` with `{"suggestions": [{"id", "text", "detail", "values"}]}`; choosing one sets the text and, by
      `values` (field name -> value as the browser keeps it), other fields of the same form
    - place: (longitude, latitude) in EPSG:4326, set by other parts of the page (event `qm:form-set`, `[lon, lat]`)

    Entries of a menu are `options` (code, msgid), or `codes` labelled by `code_list`. With neither, the page gives
    them (`edit_form(options=...)`), the server takes any short text, and `save` has to check it.
    """

    name: str
    label: str
    kind: FieldKind
    options: tuple[tuple[str, str], ...] = ()
    code_list: str | None = None
    codes: tuple[str, ...] = ()
    is_required: bool = False
    at_least: int | None = None
    at_most: int | None = None
    max_length: int | None = None
    not_after_today: bool = False
    hint: str = ""
    suggest: str | None = None

    @property
    def known_codes(self) -> tuple[str, ...]:
        """The codes that may come; () = not known here."""
        return self.codes or tuple(code for code, _label in self.options)

    @property
    def longest(self) -> int:
        """How many letters a text may have."""
        return self.max_length or (LINES_LENGTH if self.kind == "lines" else TEXT_LENGTH)

    def entries(self) -> tuple[tuple[str, str], ...]:
        """Codes and labels in the language of the request."""
        if self.codes:
            return tuple((code, code_label(self.code_list or self.name, code)) for code in self.codes)
        return tuple((code, gettext(label)) for code, label in self.options)


@dataclass(frozen=True)
class FieldGroup:
    """Fields under a heading of their own."""

    title: str
    fields: tuple[FormField, ...]
    hint: str = ""


@dataclass(frozen=True)
class Repeats:
    """A group of fields that can be filled several times; `values[name]` is a tuple of mappings.

    `item` is a msgid with `%(number)s`. A problem of one field is named `<name>.<index>.<field>`.
    """

    name: str
    title: str
    item: str
    add: str
    fields: tuple[FormField, ...]
    at_least: int = 0
    at_most: int = 40


@dataclass(frozen=True)
class Submission:
    """A form that was sent and understood. `id` stays the same when it is sent again over a bad line."""

    id: UUID
    values: Mapping[str, Any]
    about: Mapping[str, str]
    confirmed: frozenset[str]

    def number(self, name: str) -> int:
        """A number of what the form is about (an id, a version); `MalformedForm` where there is none."""
        found = self.about.get(name, "")
        if not found.isascii() or not found.isdecimal() or len(found) > 18:
            raise MalformedForm(f"about.{name} is not a number.")
        return int(found)

    @property
    def expected(self) -> int | None:
        """The version on which the form was built, or after a conflict the one that it shall go on top of."""
        return self.number("expected") if self.about.get("expected") else None


@dataclass(frozen=True)
class Saved:
    """It worked: what to say, and where to go; without `href` the page is built anew."""

    message: str
    href: str | None = None


@dataclass(frozen=True)
class Form:
    """One form. `save` runs in a transaction of the asker; with opens="none" it gets (deps, submission) instead.

    `about` of a form says what it is built on. Its part "expected" holds the version that was shown; the browser keeps
    a draft apart from other drafts by all the other parts.
    """

    key: str
    title: str
    permission: str
    fields: tuple[FormField | FieldGroup, ...]
    submit: str
    save: Callable[[Any, Submission], Saved]
    repeats: Repeats | None = None
    opens: Literal["asker", "none"] = "asker"

    @property
    def plain_fields(self) -> tuple[FormField, ...]:
        """All fields outside of the repeated group, in their order."""
        return tuple(
            field for part in self.fields for field in (part.fields if isinstance(part, FieldGroup) else (part,))
        )

    def field(self, name: str) -> FormField | None:
        """The field of a name; of the repeated group by `<name>.<index>.<field>`."""
        group, _index, inner = (*name.split(".", 2), "", "")[:3]
        if self.repeats is not None and group == self.repeats.name and inner:
            return next((field for field in self.repeats.fields if field.name == inner), None)
        return next((field for field in self.plain_fields if field.name == name), None)


class MalformedForm(Exception):
    """The body is none that our own page could have sent."""


class FormProblem(Exception):
    """Something of what was entered cannot be taken over: words per field, and words for the whole."""

    def __init__(self, fields: Mapping[str, str] | None = None, message: str = "") -> None:
        super().__init__(message)
        self.fields, self.message = dict(fields or {}), message


class FormWarning(Exception):
    """Something that the user has to look at before it is saved; sent again with `key` confirmed, it passes."""

    def __init__(self, key: str, message: str, links: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.key, self.message, self.links = key, message, links
