"""Which records were merged into this one or divided from it, and where one that was given up goes on."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from dashboard.components import notice
from dashboard.formatting import format_date
from dashboard.i18n import gettext as _
from dashboard.pages.objekt.figures import map_query
from dashboard.pages.objekt.record import Record
from dashboard.routes import href
from geodata.access import Asker
from geodata.merges import Link, PropertyLink, merged_into
from geodata.property_detail import find_property


def read_merge(asker: Asker, reference: str) -> Link | None:
    """Where the record of a reference goes on, if it was given up for another one."""
    property_id = find_property(asker, reference)
    return merged_into(asker, property_id) if property_id is not None else None


def links_panel(record: Record | None, query: Mapping[str, str]) -> list[Component]:
    """One box with a line for each link that is in force; none without."""
    lines = [_line(one, query) for one in (record.links if record else ()) if one.undone_at is None]
    if not lines:
        return []
    return [notice(html.Ul(lines, className="objekt-links"))]


def _line(one: PropertyLink, query: Mapping[str, str]) -> Component:
    words = {
        "merged_into": _("Merged on %(date)s into", date=format_date(one.happened_on)),
        "merged_from": _("Merged on %(date)s from", date=format_date(one.happened_on)),
        "split_into": _("Divided on %(date)s; the other part is", date=format_date(one.happened_on)),
        "split_from": _("Divided on %(date)s from", date=format_date(one.happened_on)),
    }[one.how]
    name = f"{one.register}/{one.key}"
    # A record that was given up has no page of its own any more.
    if one.how == "merged_from":
        return html.Li([words, " ", html.Code(name)])
    address = href(f"/objekt/{one.property_id}", map_query(query))
    return html.Li([words, " ", html.A(name, href=address, className="qm-link")])
