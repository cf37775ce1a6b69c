"""The page of demolitions: how many are down, where each stands, what slips, what it costs, what holds it up."""

from dash.dependencies import Input, Output

from dashboard.form import register as register_forms
from dashboard.i18n import N_
from dashboard.page import Page
from dashboard.pages.rueckbau import forms, ids, new_project
from dashboard.pages.rueckbau.layout import layout
from dashboard.pages.rueckbau.more_tables import COSTS, OBSTACLES
from dashboard.pages.rueckbau.tables import PROJECTS
from dashboard.tables import register as register_tables
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """Tables, forms and the map, which is put together in the browser; everything else is built with the page."""
    register_tables(wiring, PROJECTS, COSTS, OBSTACLES)
    register_forms(wiring, *forms.BY_KEY.values(), new_project.FORM)
    wiring.clientside(
        "rueckbau", "draw", Output(ids.MAP, "figure"), [Input(ids.MAP_PARTS, "data"), Input("shell-theme", "data")]
    )
    wiring.clientside("rueckbau", "open", Output(ids.MAP, "className"), [Input(ids.MAP, "clickData")])


PAGE = Page(
    key="rueckbau",
    path="/rueckbau",
    title=N_("Demolitions"),
    permission="demolition:read",
    icon="demolition",
    in_navigation=True,
    layout=layout,
    register=register,
    rerender_on=(
        "as_of", "area", "text", "stage", "programme", "status", "kind", "view", "measure", "project", "property",
        "form",
    ),
    navigation_order=36,
    navigation_roles=("staff", "manager"),
)  # fmt: skip
