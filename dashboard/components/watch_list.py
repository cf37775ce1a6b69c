"""The own watchlist: what changed since one last looked, with the ways to say that it is seen and to end watching."""

from datetime import date
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard.components.basics import badge, panel
from dashboard.components.edit_form import edit_form
from dashboard.components.work_list import work_entry, work_list
from dashboard.form import Form, Saved, Submission, register
from dashboard.formatting import format_date, format_number
from dashboard.i18n import N_, code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.in_time import Part
from dashboard.page import PageContext
from dashboard.routes import href
from dashboard.wiring import Wiring
from geodata.access import Asker
from geodata.watching import PERMISSION, Change, Watched, mark_seen, read_watched, unwatch

SHOWN: Final = 5
_LINES: Final = 4
# What the code of a change is a code of.
_CODE_LISTS: Final = {
    "status": "state", "inspection": "control_type", "assessment": "colour", "note": "note_class",
    "demolition": "demolition_stage", "measure": "measure_step", "supply_cut": "utility",
}  # fmt: skip


def save_seen(asker: Asker, submission: Submission) -> Saved:
    """What changed at this property, or at all of the list, is seen."""
    mark_seen(asker, [submission.number("property")] if submission.about.get("property") else None)
    return Saved(_("Marked as seen."))


def save_removed(asker: Asker, submission: Submission) -> Saved:
    """Take the property off the list."""
    unwatch(asker, submission.number("property"))
    return Saved(_("The object is off your watchlist."))


SEEN = Form("gesehen", N_("Mark as seen"), PERMISSION, (), N_("Seen"), save_seen)
ALL_SEEN = Form(
    "alles-gesehen", N_("Mark everything as seen"), PERMISSION, (), N_("Mark everything as seen"), save_seen
)
REMOVE = Form("von-der-liste", N_("Take off the list"), PERMISSION, (), N_("Take off the list"), save_removed)


def register_watch_list(wiring: Wiring) -> None:
    """The forms of the list, once for all pages that show it."""
    register(wiring, SEEN, ALL_SEEN, REMOVE)


def watched_part(context: PageContext) -> Part:
    """The list as a part of a page that is read in time."""
    return _("My watchlist"), lambda asker: watch_list(asker, context.as_of, is_dated="as_of" in context.query)


def watch_list(asker: Asker, as_of: date, *, is_dated: bool) -> Component:
    """The panel; `is_dated`: links keep the as-of date that the page was asked for."""
    watched = read_watched(asker, as_of)
    dated = {"as_of": as_of.isoformat()} if is_dated else {}
    news = [one for one in watched if one.changes]
    title = _("My watchlist")
    title = f"{title} ({format_number(len(news))})" if news else title
    return panel(title, _content(watched, dated), id="beobachtung")


def _content(watched: tuple[Watched, ...], dated: dict[str, str]) -> list[Component]:
    news, quiet = [one for one in watched if one.changes], [one for one in watched if not one.changes]
    if not watched:
        text = _("Nothing is on your list. “Watch” on the page of an object puts it here: then you see what changes.")
        return [html.P(text, className="quiet")]
    parts: list[Component] = []
    if news:
        parts.append(work_list([_entry(one, dated) for one in news], shown=SHOWN))
    else:
        parts.append(html.P(_("Nothing has changed since you last looked."), className="quiet"))
    if len(news) > 1:
        parts.append(html.Div(edit_form(ALL_SEEN, has_title=False), className="work-all"))
    if quiet:
        words = ngettext(
            "%(count)s object without change",
            "%(count)s objects without change",
            len(quiet),
            count=format_number(len(quiet)),
        )
        parts.append(work_list([_entry(one, dated) for one in quiet], shown=0, more=words))
    return parts


def _entry(one: Watched, dated: dict[str, str]) -> Component:
    lines: list[Any] = [_line(change) for change in one.changes[:_LINES]]
    rest = len(one.changes) - _LINES
    if rest > 0:
        lines.append(ngettext("and %(count)s more", "and %(count)s more", rest, count=format_number(rest)))
    forms = (SEEN, REMOVE) if one.changes else (REMOVE,)
    about = {"property": str(one.property_id)}
    buttons = [edit_form(form, about=about, id=f"form-{form.key}-{one.property_id}", has_title=False) for form in forms]
    lines.append(html.Div(buttons, className="work-actions"))
    mark = badge(code_label("state", one.state)) if one.state else None
    return work_entry(one.address or one.key, href(f"/objekt/{one.property_id}", dated), lines=lines, mark=mark)


def _line(change: Change) -> str:
    names = {
        "status": _("State"),
        "inspection": _("Control"),
        "assessment": _("Assessment"),
        "note": _("New note"),
        "facts": _("Facts changed"),
        "demolition": _("Demolition"),
        "measure": _("Step of a proceeding"),
        "supply_cut": _("Supply cut"),
    }
    code = code_label(_CODE_LISTS[change.kind], change.code) if change.code and change.kind in _CODE_LISTS else ""
    return f"{format_date(change.on)}: {names[change.kind]}" + (f", {code}" if code else "")
