"""When a control of this object is planned: a line for who may see plans, with the way to the plan for planners."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import icon
from dashboard.formatting import format_date
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.routes import href
from geodata.planning.reads import PlannedControl


def planned_lines(controls: Sequence[PlannedControl]) -> list[Component]:
    """One line for each planned control."""
    return [html.P([icon("calendar"), html.Span(_line(one))], className="objekt-planned") for one in controls]


def _line(one: PlannedControl) -> list[Component | str]:
    said = _("Control planned on %(date)s", date=format_date(one.held_on))
    kind = f" ({code_label('control_type', one.kind)})"
    if one.number is None:
        return [said, kind]
    return [html.A(said, href=href(f"/planer/{one.number}"), className="qm-link"), kind]
