"""Planned rounds on the start page: those of the day, the next ones, and those that passed without any outcome."""

from collections.abc import Callable
from datetime import date
from typing import Final

from dash.development.base_component import Component

from dashboard.components import badge
from dashboard.components.work_list import all_link, work_entry, work_list, work_panel
from dashboard.formatting import format_date, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.routes import href
from geodata.access import Asker
from geodata.planning.reads import PlanLine, read_plans

SHOWN: Final = 4


def rounds_of(asker: Asker, as_of: date) -> Component:
    """The planned rounds of the day and the next ones, after those that are still open."""
    plans = [one for one in read_plans(asker) if one.called_off is None]
    ahead = sorted((one for one in plans if one.held_on >= as_of), key=lambda one: (one.held_on, one.number))
    still_open = [one for one in plans if one.held_on < as_of and not one.has_outcome]
    entries = [_entry(one, as_of) for one in (*still_open, *ahead)]
    every = all_link(_("Show all planned rounds"), href("/planer", {"view": "list"}))
    content = [work_list(entries, shown=SHOWN), every]
    return work_panel(_("Planned rounds"), len(entries), content, nothing=_("No round is planned."))


def part(as_of: date) -> tuple[str, Callable[[Asker], Component]]:
    """The panel as a part of a page that is read part by part."""
    return _("Planned rounds"), lambda asker: rounds_of(asker, as_of)


def _entry(one: PlanLine, as_of: date) -> Component:
    objects = ngettext("%(count)s object", "%(count)s objects", one.objects, count=format_number(one.objects))
    title = f"{format_date(one.held_on)}, {code_label('control_type', one.kind)}"
    return work_entry(title, href(f"/planer/{one.number}"), lines=[objects], mark=_mark(one, as_of))


def _mark(one: PlanLine, as_of: date) -> Component | None:
    if one.held_on < as_of:
        return badge(_("open: nothing recorded"), kind="bad")
    return badge(_("today"), kind="warn") if one.held_on == as_of else None
