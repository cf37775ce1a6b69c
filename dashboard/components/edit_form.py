"""A form that changes data, as a component of the browser (`assets/forms.js`) over the declaration in `form.py`."""

# ruff: noqa: A002 - `id` is the word of Dash

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Final

from dash.development.base_component import Component

from dashboard.auth import signed_in
from dashboard.form_fields import Form
from dashboard.form_values import to_wire
from dashboard.form_words import spec
from geodata.calendar import today

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class EditForm(Component):
    """The React component; `edit_form` makes it."""

    _children_props: ClassVar[list[str]] = []
    _base_nodes: ClassVar[list[str]] = []
    _namespace = "qm_forms"
    _type = "EditForm"
    _names = ("id", "spec", "values", "about", "account", "folded", "cancel", "has_title")

    def __init__(self, **properties: Any) -> None:
        self._prop_names = list(self._names)
        self._valid_wildcard_attributes: list[str] = []
        self.available_properties = list(self._names)
        self.available_wildcard_properties: list[str] = []
        super().__init__(**{name: value for name, value in properties.items() if value is not None})


def edit_form(
    form: Form,
    *,
    values: Mapping[str, Any] = _NOTHING,
    about: Mapping[str, str] = _NOTHING,
    id: str | None = None,
    folded: bool = False,
    cancel: str | None = None,
    options: Mapping[str, Sequence[tuple[str, str]]] = _NOTHING,
    has_title: bool = True,
) -> Component:
    """The form with typed `values` in it, built on what `about` says (property, version as "expected").

    `folded` shows its title as a button that opens it; `cancel` is the link that "Close" and Escape lead to. `options`
    are entries (code, label) of menus that only this page knows. `has_title=False` where a heading stands above it.
    Its id, `form-<key>` if none is given, is the `form` of the events `qm:form-set` and `qm:form-values`.
    """
    return EditForm(
        id=id or f"form-{form.key}",
        spec=spec(form, today(), options),
        values={name: to_wire(value) for name, value in values.items()},
        about=dict(about),
        account=signed_in().scope.account,
        folded=folded,
        cancel=cancel,
        has_title=has_title,
    )
