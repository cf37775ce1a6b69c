"""The filter of a page as labelled controls over its content; the link holds the filter, the page is built from it.

Each control names the part of the link that it writes (`data-query`); `assets/filter-bar.js` writes it, the router
builds the page anew (`Page.rerender_on`), so a page with this bar needs no callback of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from dash import html
from dash.development.base_component import Component

from dashboard.components.basics import icon
from dashboard.components.native import Choice, Field
from dashboard.filter_words import area_names, filter_words
from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from dashboard.routes import href
from geodata.areas import Area
from geodata.codes import CONTROL_TYPES, STATES, USE_TYPES
from geodata.errors import InvalidFilter
from geodata.filters import COLOURS, DUE, INHABITED, PropertyFilter

if TYPE_CHECKING:
    from dashboard.page import PageContext  # imports the parts of pages, of which this is one

Options = Sequence[tuple[str, str]]
# Kept when the filter is reset: they say for when, in which language and in which view, not which objects.
_KEPT: Final = ("as_of", "lang", "view")


def filter_bar(
    context: "PageContext",
    parts: Sequence[str],
    areas: Sequence[Area],
    *,
    extra: Sequence[Component] = (),
    extra_parts: Sequence[str] = (),
    extra_words: Sequence[str] = (),
) -> Component:
    """Controls for `parts` of the link, see `_CONTROLS`; `extra` controls stand after them.

    Under them stands the filter in words, whichever part of the link it comes from, and the way back to everything.
    `extra_parts` are the names of the query values that the extra controls write, `extra_words` what they say.
    """
    controls = [_CONTROLS[part](context.query, areas) for part in parts]
    return html.Div(
        [
            html.Div([*controls, *extra], className="filter-bar-controls"),
            _in_words(context, areas, (*parts, *extra_parts), extra_words),
        ],
        className="filter-bar",
        role="search",
        **{"aria-label": _("Filter")},
    )


def query_select(name: str, label: str, options: Options, query: Mapping[str, str], *, empty_label: str) -> Component:
    """A menu that writes one part of the link; several values that a link names stand as one entry."""
    value = query.get(name, "")
    known = dict(options)
    several = [code for code in value.split(",") if code in known]
    shown = list(options)
    if value and value not in known:
        shown.append((value, ", ".join(known[code] for code in several) if several else value))
    return Choice(
        id=f"filter-{name}",
        label=label,
        kind="select",
        options=[{"value": code, "label": text} for code, text in shown],
        value=value,
        empty_label=empty_label,
        **{"data-query": name},
    )


def query_field(name: str, label: str, query: Mapping[str, str], *, kind: str = "search") -> Component:
    """A field that writes one part of the link when it is left or Enter is pressed."""
    return Field(id=f"filter-{name}", label=label, kind=kind, value=query.get(name, ""), **{"data-query": name})


def _in_words(
    context: "PageContext", areas: Sequence[Area], parts: Sequence[str], extra_words: Sequence[str]
) -> Component | None:
    try:
        words = (*filter_words(PropertyFilter.from_query(context.query), area_names(areas)), *extra_words)
    except InvalidFilter as refused:
        text = _("This part of the link cannot be read: %(part)s.", part=refused.field)
        return html.P([icon("warning"), text, " ", _reset(context)], className="filter-bar-words filter-bar-refused")
    if not words and not any(context.query.get(part) for part in parts):
        return None
    named = "; ".join(words)
    sentence = _("Only: %(parts)s.", parts=named) if named else _("A filter is set.")
    return html.P([html.Span(sentence), " ", _reset(context)], className="filter-bar-words", role="status")


def _reset(context: "PageContext") -> Component:
    kept = {name: context.query[name] for name in _KEPT if name in context.query}
    path = context.page_path
    return html.A(_("Reset the filter"), href=href(path, kept), className="qm-link", **{"data-filter-reset": "true"})


def _area(query: Mapping[str, str], areas: Sequence[Area]) -> Component:
    options = [(str(area.id), f"{area.name} ({code_label('area_kind', area.kind)})") for area in areas]
    return query_select("area", _("Area"), options, query, empty_label=_("all areas"))


def _labelled(code_list: str, codes: Sequence[str]) -> Options:
    return [(code, code_label(code_list, code)) for code in codes]


def _menu(name: str, label: str, code_list: str, codes: Sequence[str]) -> Callable[..., Component]:
    def control(query: Mapping[str, str], areas: Sequence[Area]) -> Component:
        return query_select(name, _(label), _labelled(code_list, codes), query, empty_label=_("all"))

    return control


def _text(query: Mapping[str, str], areas: Sequence[Area]) -> Component:
    return query_field("text", _("Address, key or file reference"), query)


def _from(query: Mapping[str, str], areas: Sequence[Area]) -> Component:
    return query_field("from", _("Period from"), query, kind="date")


_CONTROLS: Final[Mapping[str, Callable[[Mapping[str, str], Sequence[Area]], Component]]] = {
    "area": _area,
    "control": _menu("control", N_("Kind of control"), "control_type", CONTROL_TYPES),
    "due": _menu("due", N_("Inspections"), "due", DUE),
    "colour": _menu("colour", N_("Assessment"), "colour", COLOURS),
    "state": _menu("state", N_("State"), "state", STATES),
    "use": _menu("use", N_("Use"), "use_type", USE_TYPES),
    "inhabited": _menu("inhabited", N_("Inhabited"), "inhabited", INHABITED),
    "text": _text,
    "from": _from,
}
