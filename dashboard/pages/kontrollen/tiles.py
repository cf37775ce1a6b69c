"""The tiles that every view shows: what is due on the as-of date, and what was done in the period."""

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import figure_tile
from dashboard.formatting import format_date, format_days, format_number
from dashboard.i18n import gettext as _
from dashboard.i18n import ngettext
from dashboard.pages.kontrollen.parts import caption
from dashboard.pages.kontrollen.question import Question
from geodata.access import Asker
from geodata.control_figures import DUE_FIGURES, VISIT_FIGURES
from geodata.figure import FigureValue
from geodata.figures import read_figures

_COMPARED: Final = ("inspections_done", "rounds_held")


def due_tiles(asker: Asker, question: Question) -> Component:
    """What is due on the as-of date, on time first."""
    found = read_figures(asker, question.chosen, keys=[figure.key for figure in DUE_FIGURES])
    never, worst = found["controls_never"], found["overdue_days_max"].value
    hints = {
        "controls_on_time": _("%(count)s never reached so far", count=_number(never)) if never.value else "",
        "controls_overdue": _objects(found["objects_overdue"].value),
        "overdue_days_median": _("at most %(days)s", days=format_days(worst)) if isinstance(worst, int) else "",
    }
    title = _("State of %(day)s", day=format_date(question.chosen.as_of))
    return _tiles(title, [figure_tile(found, key, hint=hint) for key, hint in hints.items()])


def visit_tiles(asker: Asker, question: Question) -> Component:
    """What was done in the period, beside the period of the same length before it."""
    found = read_figures(asker, question.chosen, question.period, keys=[figure.key for figure in VISIT_FIGURES])
    before = read_figures(asker, question.chosen, question.period.before, keys=_COMPARED)
    hints = {key: _("before: %(count)s", count=_number(before[key])) for key in _COMPARED}
    title = _(
        "%(first)s to %(last)s; before = the period of the same length before that",
        first=format_date(question.period.first_on),
        last=format_date(question.period.last_on),
    )
    shown = ("inspections_done", "failed_access", "rounds_held")
    return _tiles(title, [figure_tile(found, key, hint=hints.get(key)) for key in shown])


def _tiles(title: str, drawn: Sequence[Component]) -> Component:
    return html.Section([caption(title, level=2), html.Div(drawn, className="tiles")], className="kontrollen-group")


def _objects(found: object) -> str:
    if not isinstance(found, int) or not found:
        return ""
    return ngettext("at %(count)s object", "at %(count)s objects", found, count=format_number(found))


def _number(found: FigureValue) -> str:
    return format_number(found.value) if isinstance(found.value, int) else format_number(None)
