"""The panel of photographs: what there is, and a form that takes one more, made for a phone in front of the house."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import panel
from dashboard.formatting import format_number
from dashboard.i18n import gettext as _
from dashboard.photograph_parts import figure, upload_form
from geodata.access import Scope
from geodata.photographs import READ, WRITE, Photograph


def photographs_panel(photographs: Sequence[Photograph], property_id: int, scope: Scope) -> list[Component]:
    """The panel for whoever may see photographs, as a list of one; nothing for everybody else."""
    if not scope.allows(READ):
        return []
    can_write = scope.allows(WRITE)
    parts: list[Component] = [_list(photographs, can_write=can_write) if photographs else _nothing(can_write=can_write)]
    if can_write:
        parts.append(upload_form(property_id))
    title = _("Photographs")
    count = [html.Span(format_number(len(photographs)), className="quiet")] if photographs else None
    return [panel(title, parts, actions=count, id="fotos")]


def _nothing(*, can_write: bool) -> Component:
    text = _("No photograph yet.")
    if can_write:
        text += " " + _("One from the street says more than a description: facade, roof, entrance, yard.")
    return html.P(text, className="quiet")


def _list(photographs: Sequence[Photograph], *, can_write: bool) -> Component:
    items = [html.Li(figure(one, can_write=can_write)) for one in photographs]
    return html.Ul(items, className="fotos-list")
