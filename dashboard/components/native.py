"""Form parts that are the browser's own: Dash's fail accessibility checks on labels, roles and names.

The browser side is `assets/controls.js`; each part carries its label, so that none can be forgotten. What a callback
reads is the property `value`: text (also of a date, ISO 8601), one code, or a list of codes.
"""

# ruff: noqa: A002 - `id` and `className` are the words of Dash

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Literal

from dash.development.base_component import Component

Option = tuple[str, str]  # (code, label)
TextKind = Literal["text", "search", "number", "date", "password", "range"]


class _Native(Component):
    """What both parts share: properties are passed to React as they are; None is left out."""

    _children_props: ClassVar[list[str]] = []
    _base_nodes: ClassVar[list[str]] = []
    _namespace = "qm_controls"
    _names: tuple[str, ...] = ()

    def __init__(self, **properties: Any) -> None:
        self._prop_names = list(self._names)
        self._valid_wildcard_attributes = ["data-", "aria-"]
        self.available_properties = list(self._names)
        self.available_wildcard_properties = ["data-", "aria-"]
        super().__init__(**{name: value for name, value in properties.items() if value is not None})


class Field(_Native):
    """One labelled `<input>`."""

    _type = "Field"
    _names = (
        "id", "label", "value", "kind", "placeholder", "title", "min", "max", "step", "hint", "disabled", "className",
        "hide_label", "delay_ms", "autocomplete",
    )  # fmt: skip


class Choice(_Native):
    """One labelled `<select>`, or a group of radio buttons or check boxes."""

    _type = "Choice"
    _names = (
        "id", "label", "value", "kind", "options", "hint", "disabled", "className", "hide_label", "empty_label",
    )  # fmt: skip


def text_input(
    id: str,
    label: str,
    *,
    value: str | float | None = None,
    kind: TextKind = "text",
    placeholder: str | None = None,
    hint: str | None = None,
    hide_label: bool = False,
    delay_ms: int = 400,
    **more: Any,
) -> Component:
    """A labelled text, search, number, password or range input; `value` follows `delay_ms` after the last key."""
    return Field(
        id=id, label=label, value="" if value is None else value, kind=kind, placeholder=placeholder, hint=hint,
        hide_label=hide_label, delay_ms=delay_ms, **more,
    )  # fmt: skip


def date_input(id: str, label: str, *, value: date | None = None, hide_label: bool = False, **more: Any) -> Component:
    """A labelled date; `value` is ISO 8601, "" where none is chosen."""
    text = "" if value is None else value.isoformat()
    return Field(id=id, label=label, value=text, kind="date", hide_label=hide_label, delay_ms=500, **more)


def select(
    id: str,
    label: str,
    options: Sequence[Option],
    *,
    value: str | None = None,
    empty_label: str | None = None,
    hide_label: bool = False,
    **more: Any,
) -> Component:
    """A labelled menu of one choice; with `empty_label` the first entry means no choice and gives ""."""
    return Choice(
        id=id, label=label, options=_plain(options), value=value or "", kind="select", empty_label=empty_label,
        hide_label=hide_label, **more,
    )  # fmt: skip


def radio_group(id: str, label: str, options: Sequence[Option], *, value: str | None = None, **more: Any) -> Component:
    """Radio buttons under a legend; `value` is one code."""
    return Choice(id=id, label=label, options=_plain(options), value=value or "", kind="radio", **more)


def check_group(id: str, label: str, options: Sequence[Option], *, value: Sequence[str] = (), **more: Any) -> Component:
    """Check boxes under a legend; `value` is the list of checked codes in the order of the options."""
    return Choice(id=id, label=label, options=_plain(options), value=list(value), kind="checkbox", **more)


def switch(id: str, label: str, *, value: bool = False, **more: Any) -> Component:
    """One check box; `value` is true or false."""
    return Choice(id=id, label=label, value=value, kind="switch", **more)


def _plain(options: Sequence[Option]) -> list[dict[str, str]]:
    return [{"value": code, "label": label} for code, label in options]
