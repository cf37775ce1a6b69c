"""The planner: planning a round, the list of all plans, or one plan."""

from dash.development.base_component import Component

from dashboard.page import PageContext
from dashboard.pages.planer.listing import list_page
from dashboard.pages.planer.plan_view import plan_page
from dashboard.pages.planer.planning import planning_page


def layout(context: PageContext) -> Component:
    """`/planer` plans, `/planer?view=list` lists, `/planer/<number>` shows one plan."""
    if context.path:
        return plan_page(context)
    return list_page(context) if context.query.get("view") == "list" else planning_page(context)
