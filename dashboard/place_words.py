"""What the search of a place and of an object says: suggestions for fields, the areas of a point, duplicates."""

from collections.abc import Sequence
from typing import Any

from dashboard.formatting import format_date, format_distance, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.routes import href
from geodata.address_search import AreaAt, FoundAddress
from geodata.property_search import FoundProperty
from geodata.street_ranks import written

PLACE_FIELD = "position"
COORDINATE_DECIMALS = 6


def address_suggestion(found: FoundAddress) -> dict[str, Any]:
    """An address as an entry of a field's list; choosing it sets the point of the form, too.

    A street has no id, and a blank behind it: what is missing is its house number.
    """
    if found.how == "street":
        houses = ngettext(
            "%(count)s house number", "%(count)s house numbers", found.numbers, count=format_number(found.numbers)
        )
        return {"id": None, "text": f"{found.street} ", "detail": houses}
    entry = {"id": str(found.address_id), "text": address_text(found), "detail": _detail(found)}
    return entry | ({"values": {PLACE_FIELD: rounded(found.position)}} if found.position else {})


def address_text(found: FoundAddress) -> str:
    """Street and house number."""
    return written(found.street, found.house_number, found.house_number_suffix)


def rounded(position: tuple[float, float]) -> list[float]:
    """A point as the browser keeps it: a tenth of a metre is enough."""
    return [round(degrees, COORDINATE_DECIMALS) for degrees in position]


def _detail(found: FoundAddress) -> str:
    where = " ".join(part for part in (found.postal_code, found.place) if part)
    if found.distance_m is not None:
        return ", ".join(part for part in (_away(found.distance_m), where) if part)
    why = {"similar": _("similar name"), "near": _("the number typed is not known; this one is near")}.get(
        found.how, ""
    )
    return ", ".join(part for part in (where, why) if part)


def _away(distance_m: float) -> str:
    return _("%(distance)s away", distance=format_distance(distance_m))


def areas_text(areas: Sequence[AreaAt]) -> str:
    """The areas of a point in words; of a point outside of all areas that, too."""
    if not areas:
        return _("This point lies in none of the areas of the city.")
    return _(
        "Lies in: %(areas)s", areas=", ".join(f"{area.name} ({code_label('area_kind', area.kind)})" for area in areas)
    )


def property_suggestion(found: FoundProperty) -> dict[str, Any]:
    """An object as an entry of a field's list."""
    return {"id": str(found.id), "text": property_title(found), "detail": property_detail(found)}


def property_title(found: FoundProperty) -> str:
    """What a list calls an object: its addresses, else its key."""
    return found.address_text or _("Property %(key)s", key=found.key)


def property_detail(found: FoundProperty) -> str:
    """Key and state; of a closed one the date of closing."""
    state = code_label("state", found.state)
    closed = _("closed on %(date)s", date=format_date(found.closed_on)) if found.closed_on else ""
    return ", ".join(part for part in (found.key, closed or state) if part)


def duplicate_entry(other: Any) -> dict[str, str]:
    """A likely duplicate: where it is found, what it is called, and why it is named."""
    why = _("same address") if other.why == "address" else _away(other.distance_m or 0)
    return {
        "href": property_href(other.property_id),
        "add": property_href(other.property_id, {"form": "notiz"}),
        "title": other.address or _("Property %(key)s", key=other.key),
        "detail": ", ".join([other.key, code_label("state", other.state), why]),
    }


def property_href(property_id: int, query: dict[str, object] | None = None) -> str:
    """The page of an object."""
    return href(f"/objekt/{property_id}", query)
