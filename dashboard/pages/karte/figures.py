"""What the map page shows, as pure functions of what was read: traces, words, cards. No callback, no request."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge, button, facts, link_button, notice
from dashboard.formatting import format_date, format_days, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.layer_routes import wish
from dashboard.routes import href
from geodata.access import Asker, Scope
from geodata.errors import InvalidFilter, NotAllowed
from geodata.filters import NOT_ASSESSED, PropertyFilter
from geodata.intervals import overdue_days
from geodata.properties import Count, Place, PropertyRow, read_count, read_counts_by_state, read_position, read_row
from geodata.sources import require_parts
from layers.base import Layer, Theme, Trace
from layers.objects import symbol_trace
from layers.properties_by_state import PHASES
from layers.style import PLACES, anchor, base_style

_SELECTION_LINE: Mapping[Theme, str] = {"light": "#1f5f8b", "dark": "#8cc3ea"}
# What is written stands above what is drawn, so that no symbol hides a name.
_WRITTEN = ("_names", "_counts")


# --- the map ----------------------------------------------------------------------------------------------------------


def templates(layers: Sequence[Layer], theme: Theme) -> dict[str, Trace]:
    """All traces of the page by name, in the order of drawing, which is the same for every filter and view."""
    drawn = {name: trace for layer in layers for name, trace in layer.trace(theme).items()}
    written = {name: trace for name, trace in drawn.items() if name.endswith(_WRITTEN)}
    rest = {name: trace for name, trace in drawn.items() if name not in written}
    ordered = {"selection": _selection_trace(theme), **rest, **written, "picked": symbol_trace(size=13)}
    return {name: {**trace, "below": anchor(trace.get("below", PLACES[-1]), name)} for name, trace in ordered.items()}


def style(layers: Sequence[Layer], theme: Theme, basemap: Mapping[str, Any] | None) -> dict[str, Any]:
    """The background style; each of its layers names the layer of the menu to which it belongs."""
    parts = [
        {**part, "metadata": {**part.get("metadata", {}), "layer": layer.key}}
        for layer in layers
        if layer.style
        for part in layer.style(theme)
    ]
    return base_style(theme, parts, basemap, [trace["below"] for trace in templates(layers, theme).values()])


def default_layers(layers: Sequence[Layer], kinds: Mapping[str, Sequence[str]]) -> str:
    """The layers that are on where a link names none, as the link would name them."""
    return ",".join(
        f"{layer.key}:{kinds[layer.key][0]}" if kinds.get(layer.key) else layer.key
        for layer in layers
        if layer.is_on and (layer.options is None or kinds.get(layer.key))
    )


def _selection_trace(theme: Theme) -> Trace:
    return {
        "type": "scattermap",
        "mode": "lines",
        "hoverinfo": "skip",
        "fill": "toself",
        "fillcolor": "rgba(31,95,139,0.10)",
        "line": {"width": 2.5, "color": _SELECTION_LINE[theme]},
    }


# --- words ------------------------------------------------------------------------------------------------------------


def tell(asker: Asker, layers: Sequence[Layer], query: Any, scene: Any) -> dict[str, Any]:
    """The count, the summary for screen readers and the tables of areas, for one filter."""
    try:
        chosen = read_query(query)
        require_parts(asker, chosen)
    except InvalidFilter as refused:
        return {"count": _unreadable(refused), "summary": "", "tables": []}
    except NotAllowed:
        return {"count": _not_for_the_account(), "summary": "", "tables": []}
    allowed = [layer for layer in layers if asker.scope.allows(layer.permission)]
    count = read_count(asker, chosen)
    tables = [
        area_table(layer, rows)
        for layer, option in layers_on(allowed, scene)
        if layer.table.rows
        for rows in [layer.table.rows(asker, wish(asker, chosen, {"option": option}))]
    ]
    return {
        "count": count_line(count, is_restricted=chosen.is_restricted),
        "summary": summary(count, read_counts_by_state(asker, chosen)),
        "tables": tables,
    }


def count_line(count: Count, *, is_restricted: bool) -> Any:
    """One line in words: how many objects, how many of them without a place, how many overdue."""
    if not count.total:
        return [html.Strong(_("No object")), " ", _nothing_found(is_restricted=is_restricted)]
    objects = ngettext("%(count)s object", "%(count)s objects", count.total, count=format_number(count.total))
    parts = [_("%(count)s without a place", count=format_number(count.unplaced))] if count.unplaced else []
    parts += [_("%(count)s overdue", count=format_number(count.overdue))] if count.overdue else []
    return [html.Strong(objects), html.Span(_(", of these %(parts)s", parts=", ".join(parts)) if parts else "")]


def summary(count: Count, found_by_state: Mapping[str | None, int]) -> str:
    """What the map shows, for those who do not see it."""
    phases = {label: sum(found_by_state.get(state, 0) for state in states) for label, states in PHASES.values()}
    listed = ", ".join(f"{_(label)} {format_number(found)}" for label, found in phases.items() if found)
    placed = count.total - count.unplaced
    by_state = (
        _("All by state, those without a place too: %(listed)s.", listed=listed)
        if count.unplaced
        else _("By state: %(listed)s.", listed=listed)
    )
    return " ".join(
        [
            ngettext(
                "The map shows %(count)s object by place.",
                "The map shows %(count)s objects by place.",
                placed,
                count=format_number(placed),
            ),
            by_state if listed else "",
            _("The table holds the same objects."),
        ]
    )


def area_table(layer: Layer, rows: Sequence[tuple[str, int]]) -> Component:
    """The table twin of a layer that has rows of its own."""
    body = [html.Tr([html.Th(name, scope="row"), html.Td(format_number(count))]) for name, count in rows]
    named, counted = layer.table.head
    head = html.Tr([html.Th(_(named), scope="col"), html.Th(_(counted), scope="col")])
    caption = html.Caption(_(layer.title), className="visually-hidden")
    return html.Table([caption, html.Thead(head), html.Tbody(body)], className="plain-table karte-areas")


def _nothing_found(*, is_restricted: bool) -> Component:
    if is_restricted:
        return html.Span(_("fits this filter. Reset a part of it to see more."))
    return html.Span(_("has been delivered yet. The page Deliveries takes files."))


def _not_for_the_account() -> Component:
    words = _("This filter is not open to your account.")
    return html.Span(words, className="karte-refused")


def _unreadable(refused: InvalidFilter) -> Component:
    words = _("This part of the link cannot be read: %(part)s.", part=refused.field)
    return html.Span(words, className="karte-refused")


# --- one object -------------------------------------------------------------------------------------------------------


def picked(asker: Asker, property_id: Any, query: Any) -> dict[str, Any]:
    """The card of the object that was picked, and where it is on the map and in the table."""
    if type(property_id) is not int:  # True is an int for isinstance
        return {"card": None, "place": None}
    try:
        chosen = read_query(query)
        require_parts(asker, chosen)
    except (InvalidFilter, NotAllowed):
        return {"card": None, "place": None}
    found = read_row(asker, chosen, property_id)
    if found is None:
        return {"card": _not_in_filter(), "place": None}
    row, place = found
    as_of = wish(asker, chosen, {}).as_of
    days = overdue_days(row.due_on, as_of) if row.due_on else 0
    position = read_position(asker, chosen, property_id)
    return {"card": card(row, days, asker.scope), "place": _place(row, place, position)}


def card(row: PropertyRow, days_overdue: int, scope: Scope) -> Component:
    """The little card over the map, with what the account may see."""
    due = badge(_("overdue for %(days)s", days=format_days(days_overdue)), kind="bad") if days_overdue else None
    last = _("%(day)s (%(count)s in all)", day=format_date(row.last_inspected_on), count=format_number(row.inspections))
    assessment = (_("Assessment"), code_label("colour", row.colour or NOT_ASSESSED))
    pairs: list[tuple[str, Any]] = [
        (_("State"), _state(row)),
        *([assessment] if scope.allows("proceeding:read") else []),
        (_("Use"), code_label("use_type", row.use_type)),
        (_("Last inspection"), last if row.last_inspected_on else _("never")),
        *([(_("Next due"), [format_date(row.due_on), " ", due])] if scope.allows("plan:read") else []),
    ]
    title = row.address or row.key
    return html.Section(
        [
            _card_head(title),
            None if row.is_placed else notice(_("This object has no place and is not on the map.")),
            facts(pairs),
            link_button(_("Open the object"), href(f"/objekt/{row.id}"), kind="primary"),
        ],
        className="karte-card-body",
        **{"aria-label": title},
    )


def _state(row: PropertyRow) -> str:
    label = code_label("state", row.state)
    return _("%(state)s since %(day)s", state=label, day=format_date(row.state_since_on)) if row.state else label


def _card_head(title: str) -> Component:
    named = {"aria-label": _("Close"), "data-karte": "close-card"}
    close = button("", kind="quiet button-icon", symbol="close", **named)
    return html.Div([html.H2(title, className="panel-title"), close], className="karte-card-head")


def _not_in_filter() -> Component:
    words = _("The object of this link does not belong to the filter, or you may not see it.")
    return html.Section([_card_head(_("No object")), html.P(words)], className="karte-card-body")


def _place(row: PropertyRow, place: Place | None, position: int | None) -> dict[str, Any]:
    lon, lat = place or (None, None)
    return {"id": row.id, "lon": lon, "lat": lat, "position": position}


# --- links ------------------------------------------------------------------------------------------------------------


def read_query(query: Any) -> PropertyFilter:
    """The filter of the store (a query string)."""
    return PropertyFilter.from_query(dict(parse_qsl(query if isinstance(query, str) else "")))


def layers_of_link(
    asker: Asker, layers: Sequence[Layer], query: Mapping[str, str], as_of: date
) -> list[tuple[Layer, str]]:
    """The layers that a link turns on, each with its option; one that names none means those on at first."""
    allowed = [layer for layer in layers if asker.scope.allows(layer.permission)]
    if "layers" in query:
        return layers_on(allowed, {"layers": query["layers"]})
    kinds = {layer.key: layer.options[1](asker, as_of) for layer in allowed if layer.options}
    return layers_on(allowed, {"layers": default_layers(allowed, kinds)})


def layers_on(layers: Sequence[Layer], scene: Any) -> list[tuple[Layer, str]]:
    """The layers that are on, each with its option; names that no layer has are left out."""
    listed = str(scene.get("layers", "")) if isinstance(scene, dict) else ""
    known = {layer.key: layer for layer in layers}
    named = (part.partition(":") for part in listed.split(","))
    # Each layer once: a link that named one a thousand times cost a thousand reads.
    chosen = {key: option for key, _colon, option in named if key in known}
    return [(known[key], option) for key, option in chosen.items()]
