"""What forms ask while somebody types: addresses, the place of a point, likely duplicates, objects.

Answers are for the moment and carry no ETag; what a link holds is input from outside, and an unreadable part gives 400.
"""

from typing import Any

from flask import Response, jsonify, request

from dashboard.address_input import read_addresses
from dashboard.answers import in_words, whole_number
from dashboard.form_fields import SUGGESTION_ID_LENGTH, TEXT_LENGTH, AddressText
from dashboard.i18n import gettext as _
from dashboard.place_words import (
    address_suggestion,
    areas_text,
    duplicate_entry,
    property_suggestion,
)
from dashboard.wiring import Wiring
from geodata.address_search import has_addresses, place_of, search_addresses
from geodata.calendar import today
from geodata.edits import possible_duplicates
from geodata.errors import InvalidFilter
from geodata.property_search import search_properties

ADDRESSES = "/adressen"
PLACE = "/adressen/ort"
DUPLICATES = "/adressen/doppelt"
OBJECTS = "/objekte/suche"
BIGINT_MAX = 2**63 - 1


def register_addresses(wiring: Wiring) -> None:
    """The routes of a form that creates an object."""

    @wiring.route(ADDRESSES, permission="property:write")
    @in_words
    def addresses() -> Response:
        typed = _text("q")
        with wiring.deps.asker() as asker:
            found = search_addresses(asker, typed, today())
            return jsonify({"suggestions": [address_suggestion(one) for one in found], "loaded": has_addresses(asker)})

    @wiring.route(PLACE, permission="property:write")
    @in_words
    def place() -> Response:
        at = _required_point()
        with wiring.deps.asker() as asker:
            found = place_of(asker, at, today())
        nearest = [address_suggestion(one) for one in found.addresses]
        return jsonify({"areas": areas_text(found.areas), "nearest": nearest, "inside": bool(found.areas)})

    @wiring.route(DUPLICATES, permission="property:write")
    @in_words
    def duplicates() -> Response:
        given, at, number = AddressText(_text("q"), _text("id") or None), _point(), _text("further")
        with wiring.deps.asker() as asker:
            read = read_addresses(asker, given if given.text else None, number or None, today())
            found = possible_duplicates(asker, read.drafts, at or read.position)
        return jsonify({"duplicates": [duplicate_entry(one) for one in found], "words": _duplicate_words(len(found))})


def register_objects(wiring: Wiring) -> None:
    """The route of a field in which an object is chosen."""

    @wiring.route(OBJECTS, permission="property:write")
    @in_words
    def objects() -> Response:
        typed, left_out = _text("q"), request.args.get("except", "")
        except_id = whole_number("except", left_out, 1, BIGINT_MAX) if left_out else None
        with wiring.deps.asker() as asker:
            found = search_properties(asker, typed, except_id=except_id)
        return jsonify({"suggestions": [property_suggestion(one) for one in found]})


def _duplicate_words(count: int) -> str:
    return _("Likely the same object: please look before you create it twice.") if count else ""


def _text(name: str) -> str:
    """A text of the link; the longest that a field takes."""
    given = request.args.get(name, "").strip()
    if len(given) > (SUGGESTION_ID_LENGTH if name == "id" else TEXT_LENGTH) or "\x00" in given:
        raise InvalidFilter(name, f"{name} is too long.")
    return given


def _required_point() -> tuple[float, float]:
    at = _point()
    if at is None:
        raise InvalidFilter("lon", "lon and lat are degrees.")
    return at


def _point() -> tuple[float, float] | None:
    """Longitude and latitude of the link; None where it has none."""
    given = request.args.get("lon", ""), request.args.get("lat", "")
    if given == ("", ""):
        return None
    return _degrees("lon", given[0], 180), _degrees("lat", given[1], 85)


def _degrees(name: str, given: str, most: int) -> Any:
    try:
        number = float(given[:30])
    except ValueError:
        number = float("nan")
    if not -most <= number <= most:
        raise InvalidFilter(name, f"{name} is from -{most} to {most} degrees.")
    return number
