"""Parts that the planner and the page of a plan share: the map, the marks of an object, the links between the views."""

from collections.abc import Sequence
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge, notice, panel
from dashboard.i18n import gettext as _
from dashboard.pages.planer import ids, words
from dashboard.route_map import HEIGHT, WIDTH
from dashboard.routes import href
from geodata.planning.candidates import PlannedObject


def views(shown: str) -> Component:
    """The way between planning a round and the list of all plans."""
    entries = (
        ("plan", _("Plan a round"), href("/planer")),
        ("list", _("All plans"), href("/planer", {"view": "list"})),
    )
    links = [
        html.A(
            label,
            href=address,
            className="planer-tab qm-link",
            **({"aria-current": "page"} if name == shown else {}),
        )
        for name, label, address in entries
    ]
    return html.Nav(links, className="planer-tabs", **{"aria-label": _("What to do")})


def map_panel(drawing: str | None, stops: Sequence[PlannedObject], *, has_start: bool) -> Component:
    """The map as a picture; the list beside it holds the same numbers with their addresses."""
    if drawing is None:
        return panel(
            _("Map"), html.P(_("None of these objects has a point, so there is nothing to draw."), className="quiet")
        )
    placed = sum(one.place is not None for one in stops)
    label = _("Map with %(count)s numbered objects; the list holds the same numbers.", count=placed)
    picture = html.Img(
        id=ids.MAP,
        src=f"data:image/svg+xml,{quote(drawing)}",
        alt=label,
        className="planer-map",
        width=WIDTH,
        height=HEIGHT,
    )
    said = words.map_words(has_start=has_start)
    return panel(_("Map"), [picture, html.P(said, className="quiet planer-map-words")])


def marks(one: PlannedObject, *, is_released: bool) -> list[Component]:
    """What to think of before one goes there."""
    found = []
    if one.closed_on is not None:
        found.append(badge(_("case closed"), kind="bad"))
    if one.has_to_clarify_access:
        found.append(badge(_("clarify access first"), kind="warn"))
    if is_released:
        found.append(badge(_("released from the rule"), kind="warn"))
    if one.planned_in is not None:
        mark = badge(_("in another plan"), kind="warn")
        found.append(html.A(mark, href=href(f"/planer/{one.planned_in}"), className="qm-link"))
    if one.place is None:
        found.append(badge(_("no point on the map")))
    return found


def missing_notice(count: int) -> list[Component]:
    """Words for objects of a link that are not there any more."""
    return [notice(_("Some objects of the link are not there any more and were left out."))] if count else []
