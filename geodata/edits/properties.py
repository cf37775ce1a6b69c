"""A property that somebody enters or corrects, and its next step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Integer, RowMapping, cast, func, insert, select

from geodata import codes
from geodata.access import Asker
from geodata.address_text import join_house_number
from geodata.calendar import today
from geodata.crs import DISPLAY_SRID
from geodata.edits import placing
from geodata.edits.checks import Problems
from geodata.edits.conflicts import refuse_if_changed
from geodata.edits.drafts import PropertyDraft
from geodata.edits.facts import TEXT_LIMIT
from geodata.edits.order import Change, Edited, Order, carry_out
from geodata.edits.rows import append, copy_addresses, current_version, require_property, supersede
from geodata.errors import InvalidEdit
from geodata.tables import property_, property_version, status_event

REGISTER: Final = "app"
# In which states an object comes into the register by hand.
FIRST_STATES: Final = ("hint", "suspicion", "recorded")
FILE_REFERENCE_LIMIT: Final = 100
PARCEL_LIMIT: Final = 100
MOST_PARCELS: Final = 50
MOST_DWELLINGS: Final = 5_000
# Nearer than this a point is the one that was there: forms round degrees.
SAME_PLACE_M: Final = 1.0
_PLAIN: Final = (
    "registered_on",
    "file_reference",
    "use_type",
    "building_class",
    "dwellings",
    "is_inhabited",
    "is_heritage",
    "ownership_form",
    "lead_office",
    "next_step",
    "reminder_on",
)
_STEP: Final = ("lead_office", "next_step", "reminder_on")


@dataclass(frozen=True)
class Content:
    """A checked draft as it is stored; `place` is a point of the database or an expression for one."""

    values: Mapping[str, Any]
    addresses: tuple[placing.PlacedAddress, ...]
    place: Any
    placed_by: str | None


def create_property(
    asker: Asker,
    order: Order,
    draft: PropertyDraft,
    *,
    state: str,
    valid_on: date | None,
    hint_source: str | None = None,
) -> Edited:
    """Enter an object: a hint (with the kind of its source, never a person), a suspicion, or a recorded one."""
    made: list[Content] = []

    def check(change: Change) -> int:
        problems = check_draft(change, draft)
        problems.code("state", state or None, FIRST_STATES, is_required=True)
        problems.date("valid_on", valid_on)
        problems.code("hint_source", hint_source, codes.HINT_SOURCES, is_required=state == "hint")
        problems.raise_if_any()
        made.append(content_of(change, draft))
        return insert_identity(change)

    def write(change: Change) -> None:
        property_id = int(change.property_id or 0)
        append_version(change, property_id, made[0])
        first = {"state": state, "valid_on": valid_on, "hint_source": hint_source}
        append(change, status_event, [{**first, "property_id": property_id, "key": change.fact_key()}])
        change.touched.add(property_id)

    return carry_out(asker, order, "property:write", check, write)


def correct_property(asker: Asker, order: Order, property_id: int, draft: PropertyDraft) -> Edited:
    """State all facts of a property anew; `order.expected` is the facts of `version_of`."""
    made: list[tuple[RowMapping, Content]] = []

    def check(change: Change) -> int:
        require_property(change, property_id)
        check_draft(change, draft).raise_if_any()
        now = current_version(change, property_id)
        content = content_of(change, draft, now=now)
        told = _told(change, now)
        yours = _told_of(change, content)
        _refuse_other_facts(change, property_id, now, told, yours)
        if yours == told:
            raise InvalidEdit({"form": "unchanged"})
        made.append((now, content))
        return property_id

    def write(change: Change) -> None:
        now, content = made[0]
        supersede(change, property_version, [now["id"]])
        append_version(change, property_id, content)
        change.touched.add(property_id)

    return carry_out(asker, order, "property:write", check, write)


def set_next_step(
    asker: Asker,
    order: Order,
    property_id: int,
    *,
    lead_office: str | None,
    next_step: str | None,
    reminder_on: date | None,
) -> Edited:
    """Who is in charge, what comes next and when to look again; all else of the facts stays as it is now."""
    yours = {"lead_office": lead_office, "next_step": (next_step or "").strip() or None, "reminder_on": reminder_on}

    def check(change: Change) -> int:
        require_property(change, property_id)
        problems = Problems(asker)
        _check_step(problems, yours)
        problems.raise_if_any()
        now = current_version(change, property_id)
        before = _version(change, property_id, order.expected) or now
        refuse_if_changed(change, property_version, now["id"], before=dict(before), theirs=dict(now), yours=yours)
        if all(now[name] == value for name, value in yours.items()):
            raise InvalidEdit({"form": "unchanged"})
        return property_id

    def write(change: Change) -> None:
        rewrite(change, property_id, yours)

    return carry_out(asker, order, "property:write", check, write)


def rewrite(change: Change, property_id: int, values: Mapping[str, Any], *, keeps_addresses: bool = True) -> int:
    """A new version of the facts with only these columns changed; returns its id.

    The addresses are those of the version before, unless the caller gives it others.
    """
    now = current_version(change, property_id)
    kept = {name: now[name] for name in (*_PLAIN, "parcels", "geom", "placed_by")}
    supersede(change, property_version, [now["id"]])
    [version_id] = append(change, property_version, [{**kept, **values, "property_id": property_id}])
    if keeps_addresses:
        copy_addresses(change, now["id"], version_id)
    change.touched.add(property_id)
    return version_id


# --- drafts -----------------------------------------------------------------------------------------------------------


def check_draft(change: Change, draft: PropertyDraft) -> Problems:
    """What is wrong with the facts of a property; it needs an address or a place."""
    problems = Problems(change.asker)
    if not draft.addresses and draft.position is None:
        problems.add("addresses", "required")
    placing.check_addresses(problems, draft.addresses)
    placing.check_position(change, problems, draft.position)
    problems.date("registered_on", draft.registered_on, is_required=False)
    problems.text("file_reference", draft.file_reference, FILE_REFERENCE_LIMIT)
    problems.code("use_type", draft.use_type, codes.USE_TYPES)
    problems.number("building_class", draft.building_class, 1, 5)
    problems.number("dwellings", draft.dwellings, 0, MOST_DWELLINGS)
    problems.code("ownership_form", draft.ownership_form, codes.OWNERSHIP_FORMS)
    _check_step(problems, {name: getattr(draft, name) for name in _STEP})
    if len(draft.parcels) > MOST_PARCELS:
        problems.add("parcels", "too_long")
    for one in draft.parcels:
        problems.text("parcels", one, PARCEL_LIMIT)
    return problems


def _check_step(problems: Problems, values: Mapping[str, Any]) -> None:
    problems.code("lead_office", values["lead_office"], codes.OFFICES)
    problems.text("next_step", values["next_step"], TEXT_LIMIT)
    problems.date("reminder_on", values["reminder_on"], is_required=False, is_plan=True)


def content_of(change: Change, draft: PropertyDraft, *, now: RowMapping | None = None) -> Content:
    """The draft as it is stored. `now` is what is in force: a point that stays keeps how it was found."""
    values = {name: getattr(draft, name) for name in _PLAIN}
    values |= {name: (values[name] or "").strip() or None for name in ("file_reference", "next_step")}
    values["parcels"] = list(dict.fromkeys(one.strip() for one in draft.parcels if one.strip()))
    addresses = tuple(placing.place_addresses(change, draft.addresses))
    if now is not None and draft.position is not None and _stays(change, now, draft.position, addresses):
        return Content(values, addresses, now["geom"], now["placed_by"])
    is_moved = now is not None and draft.position is not None and _is_near(change, now, draft.position)
    if draft.position is not None and not is_moved:
        return Content(values, addresses, placing.point(draft.position), "coordinates")
    place = placing.point_of(change, addresses)
    return Content(values, addresses, place, None if place is None else "address")


def _stays(
    change: Change, now: RowMapping, position: tuple[float, float], addresses: tuple[placing.PlacedAddress, ...]
) -> bool:
    """Whether the point in force goes on: the same place, and if an address gave it, the same addresses."""
    if not _is_near(change, now, position):
        return False
    if now["placed_by"] != "address":
        return True
    kept = [one.identity for one in placing.addresses_of(change, now["id"])]
    return kept == [one.identity for one in addresses] or placing.point_of(change, addresses) is None


def _is_near(change: Change, now: RowMapping, position: tuple[float, float]) -> bool:
    if now["geom"] is None:
        return False
    query = select(func.ST_DWithin(property_version.c.geom, placing.point(position), SAME_PLACE_M)).where(
        property_version.c.id == now["id"]
    )
    return bool(change.asker.connection.execute(query).scalar_one())


def insert_identity(change: Change) -> int:
    """A property of the application's own register, `Q-<year>-<running number>`."""
    start = f"Q-{today().year}-"
    number = cast(func.substr(property_.c.key, len(start) + 1), Integer)
    query = select(func.coalesce(func.max(number), 0) + 1).where(
        property_.c.municipality == change.municipality,
        property_.c.register == REGISTER,
        property_.c.key.regexp_match(f"^{start}[0-9]{{4,9}}$"),
    )
    key = f"{start}{change.asker.connection.execute(query).scalar_one():04}"
    row = {"municipality": change.municipality, "register": REGISTER, "key": key}
    statement = insert(property_).values(row).returning(property_.c.id)
    found: int = change.asker.connection.execute(statement).scalar_one()
    return found


def append_version(change: Change, property_id: int, content: Content) -> int:
    """Write a version of the facts with its addresses; returns its id."""
    row = {**content.values, "property_id": property_id, "placed_by": content.placed_by}
    common = {"municipality": change.municipality, "edit_id": change.edit_id, "recorded_at": change.moment}
    statement = insert(property_version).values(**common, **row, geom=content.place).returning(property_version.c.id)
    version_id: int = change.asker.connection.execute(statement).scalar_one()
    placing.append_addresses(change, version_id, content.addresses)
    return version_id


# --- conflicts --------------------------------------------------------------------------------------------------------


def _version(change: Change, property_id: int, version_id: int | None) -> RowMapping | None:
    query = select(property_version).where(
        property_version.c.property_id == property_id, property_version.c.id == version_id
    )
    return change.asker.connection.execute(query).mappings().one_or_none()


def _refuse_other_facts(
    change: Change, property_id: int, now: RowMapping, theirs: Mapping[str, Any], yours: Mapping[str, Any]
) -> None:
    expected = change.order.expected
    if expected is None or expected == now["id"]:
        return
    row = _version(change, property_id, expected)
    before = {} if row is None else _told(change, row)
    refuse_if_changed(change, property_version, now["id"], before=before, theirs=theirs, yours=yours)


def _told(change: Change, version: RowMapping) -> dict[str, Any]:
    """The facts of a version as a form shows them: addresses as text, the point in degrees."""
    told = {name: version[name] for name in _PLAIN}
    addresses = _texts(placing.addresses_of(change, version["id"]))
    position = _degrees(change, version["geom"])
    return told | {"parcels": tuple(version["parcels"]), "addresses": addresses, "position": position}


def _told_of(change: Change, content: Content) -> dict[str, Any]:
    """The same of a checked draft."""
    position = _degrees(change, content.place)
    parcels = tuple(content.values["parcels"])
    return {**content.values, "parcels": parcels, "addresses": _texts(content.addresses), "position": position}


def _degrees(change: Change, place: Any) -> tuple[float, float] | None:
    if place is None:
        return None
    degrees = func.ST_Transform(place, DISPLAY_SRID)
    lon, lat = change.asker.connection.execute(select(func.ST_X(degrees), func.ST_Y(degrees))).one()
    return round(lon, 6), round(lat, 6)


def _texts(addresses: Sequence[placing.PlacedAddress]) -> tuple[str, ...]:
    return tuple(
        " ".join(
            filter(None, (one.street, join_house_number(one.house_number, one.house_number_suffix), one.postal_code))
        )
        for one in addresses
    )
