"""The one filter of a page: which properties are meant, as it stands in a link and as conditions on the database.

Rules:

- A filter is a value: equal filters have equal queries, and `from_query(to_query(f)) == f`. So the query can be part
  of a link, of a cache key and of an ETag.
- Whatever a link holds is input from outside: codes are checked against their lists, numbers and dates are parsed, and
  nothing of it ever becomes SQL other than by a bound parameter.
- Within one part the values are alternatives (red or yellow), parts restrict each other (red and in this area).
- A selection is a box or polygon in EPSG:4326; it is compared with the points in EPSG:25832.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import ARRAY, ColumnElement, FromClause, Integer, Text, and_, any_, cast, func, literal, or_, select

from geodata.codes import ASSESSMENT_COLOURS, CONTROL_TYPES, STATES, USE_TYPES
from geodata.errors import InvalidFilter
from geodata.selection import Selection

Value = TypeVar("Value")

NOT_ASSESSED: Final = "none"
COLOURS: Final = (*ASSESSMENT_COLOURS, NOT_ASSESSED)
INHABITED: Final = ("yes", "no", "unknown")
# overdue = the due date has passed; soon = overdue or due within the next SOON_DAYS days.
DUE: Final = ("overdue", "soon")
SOON_DAYS: Final = 30
TEXT_MAX_LENGTH: Final = 100
AREAS_MAX: Final = 200
FIELDS: Final = (
    "as_of", "area", "state", "use", "colour", "inhabited", "last_before", "never", "due", "control", "text", "box",
    "polygon",
)  # fmt: skip


@dataclass(frozen=True)
class PropertyFilter:
    """Which properties are meant; every field empty = all of them.

    `last_before`: the last visit was before that date; `never_inspected`: there was none; both together = either.
    `control_types` alone leaves out no property: it says which of its due dates count, here and wherever due dates are
    shown or counted. `due` asks for a property that has such a due date.
    `as_of` None = the date for which the derived tables speak.
    """

    area_ids: tuple[int, ...] = ()
    states: tuple[str, ...] = ()
    use_types: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    inhabited: tuple[str, ...] = ()
    last_before: date | None = None
    never_inspected: bool = False
    due: str | None = None
    control_types: tuple[str, ...] = ()
    text: str = ""
    selection: Selection | None = None
    as_of: date | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "PropertyFilter":
        """Read the parts of a link; parts of other names are left alone, unreadable ones raise `InvalidFilter`."""
        box, polygon = query.get("box", ""), query.get("polygon", "")
        if box and polygon:
            raise InvalidFilter("box", "A selection is a box or a polygon, not both.")
        return cls(
            area_ids=_area_ids(query.get("area", "")),
            states=_codes("state", query, STATES),
            use_types=_codes("use", query, USE_TYPES),
            colours=_codes("colour", query, COLOURS),
            inhabited=_codes("inhabited", query, INHABITED),
            last_before=read_day("last_before", query),
            never_inspected=bool(_codes("never", query, ("1",))),
            due=_one("due", query, DUE),
            control_types=_codes("control", query, CONTROL_TYPES),
            text=_text(query.get("text", "")),
            selection=Selection.from_box(box) if box else Selection.from_polygon(polygon) if polygon else None,
            as_of=read_day("as_of", query),
        )

    def to_query(self) -> dict[str, str]:
        """The parts of a link, in a fixed order and without empty ones."""
        query = {
            "as_of": self.as_of.isoformat() if self.as_of else "",
            "area": ",".join(str(area_id) for area_id in self.area_ids),
            "state": ",".join(self.states),
            "use": ",".join(self.use_types),
            "colour": ",".join(self.colours),
            "inhabited": ",".join(self.inhabited),
            "last_before": self.last_before.isoformat() if self.last_before else "",
            "never": "1" if self.never_inspected else "",
            "due": self.due or "",
            "control": ",".join(self.control_types),
            "text": self.text,
        } | (self.selection.to_query() if self.selection else {})
        return {field: query[field] for field in FIELDS if query.get(field)}

    @property
    def is_restricted(self) -> bool:
        """Whether anything but the as-of date is set."""
        return any(field != "as_of" for field in self.to_query())


def conditions(
    chosen: PropertyFilter, properties: FromClause, due: FromClause, as_of: date
) -> list[ColumnElement[bool]]:
    """Conditions on `properties` (shaped like property_current) and, for due dates, on `due` (like property_due)."""
    columns = properties.c
    parts: list[ColumnElement[bool] | None] = [
        columns.area_ids.op("&&")(cast(list(chosen.area_ids), ARRAY(Integer))) if chosen.area_ids else None,
        *facet_conditions(chosen, properties),
        _last_visit_condition(chosen, columns.last_inspected_on),
        _due_condition(chosen, columns.property_id, due, as_of),
        _text_condition(chosen, columns.search_text),
        func.ST_Intersects(columns.geom, chosen.selection.in_storage()) if chosen.selection else None,
    ]
    return [part for part in parts if part is not None]


def facet_conditions(chosen: PropertyFilter, properties: FromClause) -> list[ColumnElement[bool]]:
    """Conditions of the parts with few values; `properties` has their columns, as property_current and the cube do."""
    columns = properties.c
    parts: list[ColumnElement[bool] | None] = [
        columns.state == any_(cast(list(chosen.states), ARRAY(Text))) if chosen.states else None,
        columns.use_type == any_(cast(list(chosen.use_types), ARRAY(Text))) if chosen.use_types else None,
        _colour_condition(chosen, columns.assessment_colour),
        _inhabited_condition(chosen, columns.is_inhabited),
    ]
    return [part for part in parts if part is not None]


def due_conditions(chosen: PropertyFilter, due: FromClause) -> list[ColumnElement[bool]]:
    """Which due dates of `due` (like property_due) count: all, or those of the chosen types of control."""
    wanted = list(chosen.control_types)
    return [due.c.control_type == any_(cast(wanted, ARRAY(Text)))] if wanted else []


def pair_conditions(chosen: PropertyFilter, due: FromClause, as_of: date) -> list[ColumnElement[bool]]:
    """Which pairs of property and type of control are meant: those whose due date fits the filter itself.

    `conditions` finds the properties that have such a pair; of these, only such pairs are listed and counted.
    """
    before = _due_before(chosen, as_of)
    return [*due_conditions(chosen, due), *([] if before is None else [due.c.due_on < before])]


# --- parts as conditions ----------------------------------------------------------------------------------------------


def _colour_condition(chosen: PropertyFilter, colour: ColumnElement[Any]) -> ColumnElement[bool] | None:
    if not chosen.colours:
        return None
    wanted = [value for value in chosen.colours if value != NOT_ASSESSED]
    alternatives = [colour == any_(cast(wanted, ARRAY(Text)))] if wanted else []
    return or_(*alternatives, *([colour.is_(None)] if NOT_ASSESSED in chosen.colours else []))


def _inhabited_condition(chosen: PropertyFilter, is_inhabited: ColumnElement[Any]) -> ColumnElement[bool] | None:
    meaning = {"yes": is_inhabited.is_(True), "no": is_inhabited.is_(False), "unknown": is_inhabited.is_(None)}
    return or_(*(meaning[value] for value in chosen.inhabited)) if chosen.inhabited else None


def _last_visit_condition(chosen: PropertyFilter, last_on: ColumnElement[Any]) -> ColumnElement[bool] | None:
    alternatives = [last_on < chosen.last_before] if chosen.last_before else []
    if chosen.never_inspected:
        alternatives.append(last_on.is_(None))
    return or_(*alternatives) if alternatives else None


def _due_condition(
    chosen: PropertyFilter, property_id: ColumnElement[Any], due: FromClause, as_of: date
) -> ColumnElement[bool] | None:
    if chosen.due is None:
        return None
    fits = and_(due.c.property_id == property_id, *pair_conditions(chosen, due, as_of))
    # A query that joins due dates of its own must not lend them to this question.
    return select(literal(1)).where(fits).correlate_except(due).exists()


def _due_before(chosen: PropertyFilter, as_of: date) -> date | None:
    if chosen.due is None:
        return None
    return as_of if chosen.due == "overdue" else as_of + timedelta(days=SOON_DAYS + 1)


def _text_condition(chosen: PropertyFilter, search_text: ColumnElement[Any]) -> ColumnElement[bool] | None:
    # The normaliser leaves letters, digits and spaces only, so nothing in the text has a meaning for LIKE.
    return search_text.like(func.concat("%", func.qm.search_normal(chosen.text), "%")) if chosen.text else None


# --- parts of a link --------------------------------------------------------------------------------------------------


def _codes(field: str, query: Mapping[str, str], known: tuple[str, ...]) -> tuple[str, ...]:
    given = {part for part in query.get(field, "").split(",") if part}
    if given - set(known):
        raise InvalidFilter(field, f"{field}={query[field]} is not known; possible are {', '.join(known)}.")
    return tuple(code for code in known if code in given)


def _one(field: str, query: Mapping[str, str], known: tuple[str, ...]) -> str | None:
    given = _codes(field, query, known)
    if len(given) > 1:
        raise InvalidFilter(field, f"{field} takes one of {', '.join(known)}.")
    return given[0] if given else None


def read_day(field: str, query: Mapping[str, str]) -> date | None:
    """The date of one part of a link; raises `InvalidFilter` for anything that is none."""
    parsed = _parsed(field, query.get(field, ""), date.fromisoformat, "a date such as 2026-11-15")
    if parsed and not 1900 <= parsed.year <= 2200:
        raise InvalidFilter(field, f"{field}={parsed.isoformat()} lies outside of the years 1900 to 2200.")
    return parsed


def _area_ids(given: str) -> tuple[int, ...]:
    parsed = _parsed("area", given, lambda value: {int(part) for part in value.split(",")}, "numbers of areas")
    ids = tuple(sorted(parsed or ()))
    if len(ids) > AREAS_MAX or any(not 0 < area_id < 2**31 for area_id in ids):
        raise InvalidFilter("area", f"area takes up to {AREAS_MAX} numbers of areas.")
    return ids


def _text(given: str) -> str:
    text = " ".join(given.split())
    if len(text) > TEXT_MAX_LENGTH or "\x00" in text:
        raise InvalidFilter("text", f"text takes up to {TEXT_MAX_LENGTH} characters.")
    return text


def _parsed(field: str, given: str, parse: Callable[[str], Value], expected: str) -> Value | None:
    if not given:
        return None
    try:
        return parse(given)
    except ValueError:
        raise InvalidFilter(field, f"{field}={given} cannot be read; expected {expected}.") from None
