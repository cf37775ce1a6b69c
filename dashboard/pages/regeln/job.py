"""How far the computing of due dates is after a change of rules: a bar that asks by itself, and what became of it."""

from collections.abc import Sequence
from typing import Any, Final

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components import icon, notice
from dashboard.components.edit_form import edit_form
from dashboard.deps import Deps
from dashboard.formatting import format_moment, format_number, format_share
from dashboard.i18n import gettext as _
from dashboard.i18n import ngettext
from dashboard.pages.regeln import ids
from dashboard.pages.regeln.forms import AGAIN, TAKE_BACK
from dashboard.pages.regeln.wish import EDIT, JOB
from geodata.access import Asker
from geodata.jobs import Job, read_job, read_jobs

POLL_MS: Final = 700
_UNDER_WAY: Final = ("queued", "running")


def job_part(asker: Asker, job_id: int | None, edit_id: int | None = None) -> list[Component]:
    """The work that the link names, else the latest one that has not ended well; nothing for who may not see it.

    With the edit that asked for it, it can be taken back.
    """
    if not asker.scope.allows("rule:write"):
        return []
    found = shown_job(read_jobs(asker, most=1), read_job(asker, job_id) if job_id else None)
    is_over = found is None or found.state not in _UNDER_WAY
    state = found.state if found else None
    # It is drawn without any work, too: a callback whose parts are missing never fires, and nothing says so.
    return [
        html.Section(
            [
                dcc.Store(id=ids.JOB_ID, data=found.id if found else None),
                dcc.Store(id=ids.JOB_STATE, data=state),
                dcc.Store(id=ids.JOB_SEEN, data=state),
                dcc.Interval(id=ids.POLL, interval=POLL_MS, disabled=is_over),
                html.Div(job_view(found) if found else None, id=ids.JOB),
                *([_take_back(edit_id)] if found and edit_id else []),
            ],
            hidden=found is None,
            **{"aria-label": _("Computing due dates")},
        )
    ]


def _take_back(edit_id: int) -> Component:
    return html.Div(edit_form(TAKE_BACK, about={EDIT: str(edit_id)}, has_title=False), className="regeln-back")


def shown_job(latest: Sequence[Job], asked: Job | None) -> Job | None:
    """Work that failed stands here until something later went well; of what went well only who asked for it reads."""
    if asked is not None:
        return asked
    return next((one for one in latest if one.state != "done"), None)


def progress(deps: Deps, job_id: Any) -> dict[str, Any]:
    """What the page shows now, and whether it goes on asking."""
    with deps.asker() as asker:
        found = read_job(asker, job_id) if type(job_id) is int else None
    state = found.state if found else "gone"
    return {"view": job_view(found), "state": state, "is_over": state not in _UNDER_WAY}


def job_view(job: Job | None) -> list[Component]:
    """Where it stands, in words; while it runs, a bar with its numbers."""
    if job is None:
        return [notice(_("There is no such computation any more."))]
    if job.state in _UNDER_WAY:
        return _under_way(job)
    if job.state == "done":
        return [notice(done_words(job), kind="good")]
    again = edit_form(AGAIN, about={JOB: str(job.id)}, has_title=False)
    return [notice([html.P(stopped_words(job)), again], kind="bad")]


def _under_way(job: Job) -> list[Component]:
    words = progress_words(job)
    known = {"value": str(job.done), "max": str(job.total)} if job.total else {}
    return [
        # What is said aloud stays the same while the number grows, or a screen reader would never come to rest.
        html.P(_("Due dates are being computed anew."), className="visually-hidden", role="status"),
        html.Div(
            [
                html.Div([icon("refresh"), words], className="regeln-job-words"),
                html.Progress(**known, **{"aria-label": words}),
            ],
            className="notice notice-info regeln-job-box",
        ),
    ]


def progress_words(job: Job) -> str:
    """Being computed: 43 %."""
    if not job.total:
        return _("Due dates are waiting to be computed anew. Until then the page shows the dates as they were.")
    return _(
        "Due dates are being computed anew: %(share)s (%(done)s of %(total)s objects). Until then all pages show the "
        "dates as they were.",
        share=format_share(job.done, job.total), done=format_number(job.done), total=format_number(job.total),
    )  # fmt: skip


def done_words(job: Job) -> str:
    """Done, for how many objects, when."""
    return ngettext(
        "The due dates of %(count)s object were computed anew (%(moment)s).",
        "The due dates of %(count)s objects were computed anew (%(moment)s).",
        job.total,
        count=format_number(job.total),
        moment=format_moment(job.finished_at),
    )


def stopped_words(job: Job) -> str:
    """Failed or interrupted, and what that means for what one reads."""
    if job.state == "interrupted":
        what = _("Computing the due dates was interrupted, because the server was restarted.")
    else:
        what = _("The due dates could not be computed anew.")
    kept = _("The rules are saved; the due dates are still those from before.")
    return " ".join(filter(None, (what, job.problem or "", kept)))
