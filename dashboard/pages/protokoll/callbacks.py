"""Wiring of the page: the table with its files, and the check of the chain on demand."""

from typing import Any

from dash.dependencies import Input, Output

from dashboard import tables
from dashboard.pages.protokoll import ids, state
from dashboard.pages.protokoll.tables import LOG
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """Register the table and the check."""
    tables.register(wiring, LOG)

    @wiring.callback(
        Output(ids.STATE, "children"),
        {"clicks": Input(ids.CHECK, "n_clicks")},
        permission="audit:read",
        prevent_initial_call=True,
    )
    def check(clicks: Any) -> Any:
        return state.checked_now(wiring.deps)
