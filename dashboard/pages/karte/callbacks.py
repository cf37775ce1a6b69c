"""The wiring of the page: the link is the truth; stores say what it says, everything else follows the stores."""

from typing import Any

from dash.dependencies import Input, Output, State

from dashboard import layer_routes, tables
from dashboard.pages.karte import downloads, figures, ids
from dashboard.pages.karte.tables import OBJECTS, areas_table
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """Register routes and callbacks."""
    layer_routes.register(wiring)
    tables.register(wiring, OBJECTS, areas_table(wiring.deps.layers))
    downloads.register(wiring)
    _register_link(wiring)
    _register_map(wiring)
    _register_table(wiring)

    @wiring.callback(
        {
            "count": Output(ids.COUNT, "children"),
            "summary": Output(ids.SUMMARY, "children"),
            "tables": Output(ids.AREA_TABLES, "children"),
        },
        {"query": Input(ids.FILTER, "data"), "scene": Input(ids.SCENE, "data")},
        permission="property:read",
        prevent_initial_call=True,
    )
    def tell(query: Any, scene: Any) -> dict[str, Any]:
        with wiring.deps.asker() as asker:
            return figures.tell(asker, wiring.deps.layers, query, scene)

    @wiring.callback(
        {"card": Output(ids.CARD, "children"), "place": Output(ids.PLACE, "data")},
        {"picked": Input(ids.OBJECT, "data"), "query": Input(ids.FILTER, "data")},
        permission="property:read",
        prevent_initial_call=True,
    )
    def show_card(picked: Any, query: Any) -> dict[str, Any]:
        with wiring.deps.asker() as asker:
            return figures.picked(asker, picked, query)


def _register_link(wiring: Wiring) -> None:
    search = Input("shell-location", "search")
    wiring.clientside(
        "karte",
        "read_link",
        [Output(ids.FILTER, "data"), Output(ids.SCENE, "data"), Output(ids.OBJECT, "data")],
        [search, Input(ids.SETUP, "data")],
        [State("shell-as-of-default", "data"), *(State(name, "data") for name in (ids.FILTER, ids.SCENE, ids.OBJECT))],
    )
    wiring.clientside(
        "karte",
        "show_controls",
        [Output(control, "value") for control, _part in ids.CONTROLS],
        [search],
        [State(ids.SETUP, "data"), *(State(control, "value") for control, _part in ids.CONTROLS)],
    )
    wiring.clientside(
        "karte",
        "choose",
        Output(ids.done("choose"), "data"),
        [Input(control, "value") for control, _part in ids.CONTROLS],
        [State(ids.SETUP, "data")],
        prevent_initial_call=True,
    )


def _register_map(wiring: Wiring) -> None:
    wiring.clientside(
        "karte",
        "draw",
        Output(ids.GRAPH, "figure"),
        [Input(name, "data") for name in (ids.FILTER, ids.SCENE, ids.PLACE, "shell-theme")],
        [State(ids.SETUP, "data")],
    )
    for function, attribute in (("moved", "relayoutData"), ("clicked", "clickData"), ("selected", "selectedData")):
        wiring.clientside(
            "karte",
            function,
            Output(ids.done(function), "data"),
            [Input(ids.GRAPH, attribute)],
            prevent_initial_call=True,
        )


def _register_table(wiring: Wiring) -> None:
    wiring.clientside(
        "karte", "refill", Output(ids.done("refill"), "data"), [Input(ids.FILTER, "data")], prevent_initial_call=True
    )
    wiring.clientside(
        "karte",
        "rows",
        Output(ids.TABLE, "getRowsResponse"),
        [Input(ids.TABLE, "getRowsRequest")],
        [State(ids.FILTER, "data")],
        prevent_initial_call=True,
    )
    wiring.clientside(
        "karte",
        "row_chosen",
        Output(ids.done("row_chosen"), "data"),
        [Input(ids.TABLE, "selectedRows")],
        [State(ids.OBJECT, "data")],
        prevent_initial_call=True,
    )
    wiring.clientside(
        "karte", "point_at", Output(ids.done("point_at"), "data"), [Input(ids.PLACE, "data")], prevent_initial_call=True
    )
