"""The page: the map to its edges, over it panels that fold away, under it the table with the same filter."""

from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.auth import signed_in
from dashboard.components import (
    button,
    check_group,
    data_table,
    date_input,
    folding_panel,
    graph,
    radio_group,
    select,
    switch,
    text_input,
)
from dashboard.components.export_links import Download, download_menu, table_downloads
from dashboard.components.remote_table import column_definitions
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.karte import figures, ids
from dashboard.pages.karte.tables import OBJECTS, areas_table
from dashboard.routes import href
from dashboard.table import RemoteTable
from geodata.access import Scope
from geodata.areas import Area, read_areas, read_extent
from geodata.codes import AREA_KINDS, CONTROL_TYPES, PROCEEDING_STATES, STATES, USE_TYPES
from geodata.filters import COLOURS, DUE, INHABITED
from geodata.settings import Settings
from layers.base import THEMES, Layer, LegendEntry
from layers.style import raster_source
from layers.symbols import svg

Options = list[tuple[str, str]]


def layout(context: PageContext) -> Component:
    """The page for whoever asks; the link fills it in the browser."""
    layers = [layer for layer in context.deps.layers if context.scope.allows(layer.permission)]
    with context.deps.asker() as asker:
        areas = read_areas(asker, context.as_of)
        extent = read_extent(asker, context.as_of)
        kinds = {layer.key: layer.options[1](asker, context.as_of) for layer in layers if layer.options}
    is_invented = signed_in().account.is_demonstration_city
    setup = _setup(layers, kinds, extent, basemap_of(context.deps.settings, is_invented=is_invented))
    return html.Div(
        [
            *_stores(setup),
            html.H1(_("Map"), className="visually-hidden"),
            html.A(_("Skip to the table"), href="#karte-dock", className="skip-link", **{"data-karte": "skip"}),
            _stage(),
            _bar(areas_table(context.deps.layers)),
            _own_areas(areas, context.scope.area_ids),
            _filters(areas, context.scope),
            _layers(layers, kinds, context.scope),
            html.Div(id=ids.CARD, className="karte-card", **{"aria-live": "polite"}),
            _dock(context.scope),
        ],
        className="karte",
        id="karte",
    )


# --- what the browser is given ----------------------------------------------------------------------------------------


def _setup(
    layers: Sequence[Layer], kinds: Mapping[str, Sequence[str]], extent: Any, basemap: Mapping[str, Any] | None
) -> dict[str, Any]:
    return {
        "layers": [
            {"key": layer.key, "group": layer.group, "geometry": layer.geometry is not None} for layer in layers
        ],
        "templates": {theme: list(figures.templates(layers, theme).items()) for theme in THEMES},
        "styles": {theme: figures.style(layers, theme, basemap) for theme in THEMES},
        "defaults": figures.default_layers(layers, kinds),
        "kinds": {key: list(offered) for key, offered in kinds.items()},
        "controls": [list(pair) for pair in ids.CONTROLS],
        "extent": extent,
        "rows": href(f"/tables/{OBJECTS.key}/rows"),
        "words": {
            "canvas": _("Map of the objects. Arrow keys move it, plus and minus change the scale."),
            "failed": _("This layer could not be loaded: %(layer)s. Try again."),
            "unable": _(
                "This browser cannot draw the map: WebGL is missing or switched off. The table below holds the same "
                "objects."
            ),
            "rows_failed": _("The table could not be loaded. Try again."),
            "summed": _("Far out: hexagons with the number of objects."),
            "attribution": _("Source of the base map"),
            "titles": {layer.key: _(layer.title) for layer in layers},
        },
    }


def basemap_of(settings: Settings, *, is_invented: bool) -> dict[str, Any] | None:
    """The raster base map of the settings; never under invented data, which must not lie on real houses."""
    if settings.basemap is None or is_invented:
        return None
    return raster_source(settings.basemap, settings.basemap_attribution)


def _stores(setup: Mapping[str, Any]) -> list[Component]:
    acting = ("choose", "moved", "clicked", "selected", "refill", "row_chosen", "point_at")
    return [
        dcc.Store(id=ids.SETUP, data=setup),
        *(dcc.Store(id=name) for name in (ids.FILTER, ids.SCENE, ids.OBJECT, ids.PLACE)),
        *(dcc.Store(id=ids.done(name)) for name in acting),
    ]


# --- the map and the bar over it --------------------------------------------------------------------------------------


def _stage() -> Component:
    empty = {"data": [], "layout": {"xaxis": {"visible": False}, "yaxis": {"visible": False}}}
    drawn = graph(
        ids.GRAPH,
        empty,
        label=_("Map of the objects"),
        config={"scrollZoom": True, "displayModeBar": False},
        className="karte-graph",
        style={"height": "100%"},
    )
    tools = [
        ("zoom-in", "plus", _("Zoom in")),
        ("zoom-out", "minus", _("Zoom out")),
        ("fit", "target", _("Show all")),
        ("box", "box-select", _("Select with a box")),
        ("lasso", "lasso", _("Select with a lasso")),
        ("frame", "map", _("Select what the map shows")),
    ]
    buttons = [
        button("", kind="icon", symbol=symbol, title=label, **{"aria-label": label, "data-karte": name})
        for name, symbol, label in tools
    ]
    bar = html.Div(buttons, className="karte-tools", role="toolbar", **{"aria-label": _("Map tools")})
    note = html.P(id="karte-note", className="karte-note", role="status", hidden=True)
    summary = html.P(id=ids.SUMMARY, className="visually-hidden")
    spinner = html.Span(className="spinner", **{"aria-hidden": "true"})
    wait = html.P([spinner, html.Span(_("The map is being drawn …"))], id="karte-wait", role="status")
    return html.Div([drawn, bar, wait, note, summary], className="karte-stage")


def _bar(areas: RemoteTable) -> Component:
    toggles = [
        _toggle("karte-filters", "filter", _("Filter")),
        _toggle("karte-layers", "layers", _("Layers")),
        _toggle("karte-dock", "table", _("Table")),
    ]
    count = html.P("\u00a0", id=ids.COUNT, className="karte-count", role="status")
    menu = download_menu([*_map_downloads(), *table_downloads(OBJECTS), *table_downloads(areas)], {}, follows_link=True)
    return html.Div([count, html.Div([*toggles, menu], className="karte-toggles")], className="karte-bar")


def _map_downloads() -> list[Download]:
    return [
        Download(
            _("Map as one file to hand out (HTML)"), _("opens without internet and can be printed"), "/karte.html"
        ),
        Download(_("Map as GeoPackage"), _("objects and areas for a geographic information system"), "/karte.gpkg"),
    ]


def _own_areas(areas: Sequence[Area], own: Collection[int]) -> Component | None:
    """For accounts that see a part of the city: which, because every number of the page counts only that."""
    names = ", ".join(sorted(area.name for area in areas if area.id in own))
    if not names:
        return None
    return html.P(_("Your areas: %(areas)s. All numbers count only these.", areas=names), className="karte-own")


def _toggle(panel: str, symbol: str, label: str) -> Component:
    return button(label, symbol=symbol, **{"data-karte": "toggle", "aria-controls": panel, "aria-expanded": "false"})


def _folding(name: str, title: str, children: Sequence[Any], *, side: str) -> Component:
    body = html.Div(children, className="karte-panel-body")
    return html.Section(
        [_panel_head(name, title), body],
        id=name,
        className=f"karte-panel karte-{side}",
        hidden=True,
        **{"aria-label": title},
    )


def _panel_head(name: str, title: str) -> Component:
    named = {"aria-label": _("Close: %(panel)s", panel=title), "data-karte": "toggle", "aria-controls": name}
    close = button("", kind="quiet button-icon", symbol="close", **named)
    return html.Div([html.H2(title, className="panel-title"), close], className="karte-panel-head")


# --- filters ----------------------------------------------------------------------------------------------------------


def _filters(areas: Sequence[Area], scope: Scope) -> Component:
    may = scope.allows
    states = [state for state in STATES if may("proceeding:read") or state not in PROCEEDING_STATES]
    return _folding(
        "karte-filters",
        _("Filter"),
        [
            html.Div(
                [
                    button(_("Reset all filters"), id="karte-reset", symbol="refresh", **{"data-karte": "reset"}),
                    button(_("Undo selection"), id="karte-unselect", symbol="close", **{"data-karte": "unselect"}),
                ],
                className="karte-resets",
            ),
            text_input(
                ids.TEXT,
                _("Address, key or file reference") if may("proceeding:read") else _("Address or key"),
                kind="search",
            ),
            _shown(
                radio_group(
                    ids.DUE, _("Inspections"), [("", _("all")), *((code, code_label("due", code)) for code in DUE)]
                ),
                is_shown=may("plan:read"),
            ),
            _shown(
                folding_panel(
                    _("Kind of control"),
                    _group(ids.CONTROL, _("Kind of control"), _labelled("control_type", CONTROL_TYPES)),
                    is_open=False,
                ),
                is_shown=may("plan:read"),
            ),
            html.Div(
                [date_input(ids.LAST_BEFORE, _("Last inspection before")), switch(ids.NEVER, _("never inspected"))],
                className="karte-together",
            ),
            _shown(
                check_group(ids.COLOUR, _("Assessment"), _labelled("colour", COLOURS)),
                is_shown=may("proceeding:read"),
            ),
            folding_panel(_("State"), _group(ids.STATE, _("State"), _labelled("state", states)), is_open=False),
            folding_panel(_("Use"), _group(ids.USE, _("Use"), _labelled("use_type", USE_TYPES)), is_open=False),
            folding_panel(
                _("Inhabited"), _group(ids.INHABITED, _("Inhabited"), _labelled("inhabited", INHABITED)), is_open=False
            ),
            *(_area_group(kind, [area for area in areas if area.kind == kind]) for kind in AREA_KINDS),
        ],
        side="left",
    )


def _shown(control: Component, *, is_shown: bool) -> Component:
    # What is not for the account keeps its control, because the link is put together from all of them.
    return control if is_shown else html.Div(control, hidden=True)


def _area_group(kind: str, areas: Sequence[Area]) -> Component:
    label = code_label("area_kind", kind)
    options = [(str(area.id), area.name) for area in areas]
    group = _group(ids.AREAS[kind], label, options)
    return folding_panel(label, group, is_open=False) if areas else _shown(group, is_shown=False)


def _group(control: str, label: str, options: Options) -> Component:
    return check_group(control, label, options, hide_label=True)


def _labelled(code_list: str, codes: Sequence[str]) -> Options:
    return [(code, code_label(code_list, code)) for code in codes]


# --- layers and legend ------------------------------------------------------------------------------------------------


def _layers(layers: Sequence[Layer], kinds: Mapping[str, Sequence[str]], scope: Scope) -> Component:
    objects = [(layer.key, _(layer.title)) for layer in layers if layer.group == "objects"]
    more = [(layer.key, _(layer.title)) for layer in layers if layer.group in ("overlay", "background")]
    areas = [
        (f"{layer.key}:{kind}", code_label(layer.options[0], kind))
        for layer in layers
        if layer.group == "areas" and layer.options
        for kind in kinds[layer.key]
    ]
    return _folding(
        "karte-layers",
        _("Layers"),
        [
            radio_group(ids.LAYERS_OBJECTS, _("Properties"), [*objects, ("", _("none"))]),
            select(ids.LAYERS_AREAS, _("Areas"), areas, empty_label=_("none")),
            check_group(ids.LAYERS_MORE, _("More"), more),
            html.H3(_("Legend"), className="karte-legend-title"),
            html.Div([_legend(layer, scope) for layer in reversed(layers)], className="karte-legend"),
            folding_panel(_("Figures by area"), html.Div(id=ids.AREA_TABLES, className="karte-tables"), is_open=False),
        ],
        side="right",
    )


def _legend(layer: Layer, scope: Scope) -> Component:
    lines = [
        html.Li([_drawn(entry), html.Span(_(entry.label))], className="karte-legend-line")
        for entry in layer.legend_for(scope)
    ]
    hint = [html.P(_(layer.hint), className="quiet karte-hint")] if layer.hint else []
    return html.Div(
        [html.H4(_(layer.title)), html.Ul(lines), *hint], className="karte-legend-part", **{"data-legend": layer.key}
    )


def _drawn(entry: LegendEntry) -> Component:
    if entry.symbol is None:
        return html.Span(className=f"karte-swatch karte-swatch-{entry.swatch}", **{"aria-hidden": "true"})
    picture = b64encode(svg(entry.symbol).encode()).decode()
    return html.Img(src=f"data:image/svg+xml;base64,{picture}", alt="", width="22", height="22")


# --- the table --------------------------------------------------------------------------------------------------------


def _dock(scope: Scope) -> Component:
    table = data_table(
        ids.TABLE,
        column_definitions(OBJECTS.open_to(scope)),
        label=_("Table of the objects"),
        selection="single",
        is_infinite=True,
        # The wrapper of the grid keeps one question at a time in mind.
        grid_options={"maxConcurrentDatasourceRequests": 1},
        style={"height": "100%"},
    )
    return html.Section(
        [_panel_head("karte-dock", _("Table")), html.Div(table, className="karte-dock-body")],
        id="karte-dock",
        className="karte-dock",
        hidden=True,
        tabIndex="-1",
        **{"aria-label": _("Table")},
    )
