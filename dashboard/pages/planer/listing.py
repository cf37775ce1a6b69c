"""The list of all plans: to come, past, called off; a past plan without any outcome is said to be open."""

from collections.abc import Sequence
from datetime import date

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge, link_button, page_header
from dashboard.components.work_list import work_entry, work_list, work_panel
from dashboard.formatting import format_date
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.planer import words
from dashboard.pages.planer.forms import plan_href
from dashboard.pages.planer.parts import views
from dashboard.routes import href
from geodata.calendar import today
from geodata.planning.reads import PlanLine, read_plans

_SHOWN = 10


def list_page(context: PageContext) -> Component:
    """All plans in three lists."""
    with context.deps.asker() as asker:
        lines = read_plans(asker)
    day = today()
    takes_place = [one for one in lines if one.called_off is None]
    ahead = sorted((one for one in takes_place if one.held_on >= day), key=lambda one: (one.held_on, one.number))
    past = [one for one in takes_place if one.held_on < day]
    off = [one for one in lines if one.called_off is not None]
    new = link_button(_("Plan a round"), href("/planer"), symbol="plus", kind="primary")
    return html.Div(
        [
            page_header(
                _("Planned rounds"), lead=_("What is ahead, what came of it, and what was called off."), actions=new
            ),
            views("list"),
            _panel(_("Rounds ahead"), ahead, day, nothing=_("No round is planned.")),
            _panel(_("Past rounds"), past, day, nothing=_("No planned round lies in the past.")),
            _panel(_("Called off"), off, day, nothing=_("No plan was called off.")),
        ],
        className="page planer",
    )


def _panel(title: str, lines: Sequence[PlanLine], day: date, *, nothing: str) -> Component:
    entries = [
        work_entry(
            f"{format_date(one.held_on)}, {code_label('control_type', one.kind)}",
            plan_href(one.number),
            lines=[words.line_words(one)],
            mark=mark_of(one, day),
        )
        for one in lines
    ]
    return work_panel(title, len(lines), [work_list(entries, shown=_SHOWN)], nothing=nothing)


def mark_of(line: PlanLine, day: date) -> Component:
    """What to do with a plan: nothing yet, record it, go on recording it, or nothing more."""
    if line.called_off is not None:
        return badge(code_label("call_off_reason", line.called_off))
    if line.held_on > day:
        return badge(_("still ahead"))
    if not line.has_outcome:
        is_today = line.held_on == day
        return badge(_("today"), kind="warn") if is_today else badge(_("open: nothing recorded"), kind="bad")
    if line.visited + line.skipped < line.objects:
        return badge(_("recorded in part"), kind="warn")
    return badge(_("all recorded"), kind="good")
