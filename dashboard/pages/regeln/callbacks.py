"""Wiring of the page of rules: its forms, its files, and the bar that follows the computing of due dates."""

from typing import Any

from dash.dependencies import Input, Output, State

from dashboard import form, tables
from dashboard.pages.regeln import ids, job
from dashboard.pages.regeln.forms import FORMS
from dashboard.pages.regeln.tables import TABLE
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """Take the forms, answer for the files, follow the job."""
    form.register(wiring, *FORMS)
    tables.register(wiring, TABLE)

    @wiring.callback(
        {
            "view": Output(ids.JOB, "children"),
            "state": Output(ids.JOB_STATE, "data"),
            "is_over": Output(ids.POLL, "disabled"),
        },
        {"ticks": Input(ids.POLL, "n_intervals")},
        {"job_id": State(ids.JOB_ID, "data")},
        permission="rule:write",
        prevent_initial_call=True,
    )
    def follow(ticks: Any, job_id: Any) -> Any:
        return job.progress(wiring.deps, job_id)

    wiring.clientside(
        "regeln",
        "done",
        Output(ids.JOB_SEEN, "data"),
        [Input(ids.JOB_STATE, "data")],
        [State(ids.JOB_SEEN, "data")],
    )
