"""The pool of replacement dwellings: a dwelling is put in, taken, released, and leaves it. Needs `housing:write`.

One row holds one use: a dwelling that is taken again after it was released is offered anew under another key, so that
who asks for a past date is told the use of that date. Problem codes beside those of `edits.checks`: taken, not_taken,
before_start, after_end.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import RowMapping

from geodata import codes
from geodata.access import Asker
from geodata.areas import read_areas
from geodata.edits.checks import Problems
from geodata.edits.order import Change, Edited, Order, carry_out
from geodata.edits.rows import append
from geodata.edits.versions import correct, kept, refuse_version, replace, required
from geodata.errors import InvalidEdit
from geodata.tables import replacement_dwelling

PERMISSION: Final = "housing:write"
ROOMS_MOST: Final = 30
AREA_MOST_M2: Final = 1_000


@dataclass(frozen=True)
class PoolDwellingDraft:
    """A replacement dwelling; area in square metres, `places` = persons."""

    rooms: int | None
    area_m2: float | None
    provider: str
    available_from_on: date | None
    available_until_on: date | None = None
    area_id: int | None = None
    places: int | None = None
    is_barrier_free: bool | None = None


def add_dwelling(asker: Asker, order: Order, draft: PoolDwellingDraft) -> Edited:
    """Put a dwelling into the pool."""
    rows: list[dict[str, Any]] = []

    def write(change: Change) -> None:
        append(change, replacement_dwelling, [{**rows[0], "key": change.fact_key()}])

    return carry_out(asker, order, PERMISSION, lambda change: rows.append(_checked_dwelling(change, draft)), write)


def take_dwelling(asker: Asker, order: Order, key: str, taken_on: date | None) -> Edited:
    """A household moves in. One that was released before is offered anew under another key, so that the past stays."""
    found: list[RowMapping] = []

    def check(change: Change) -> None:
        now = required(change, replacement_dwelling, key)
        refuse_version(change, now)
        first_on = now["released_on"] or now["available_from_on"]
        _check_day(change, "taken_on", taken_on, first_on, now["available_until_on"])
        if now["taken_on"] is not None and now["released_on"] is None:
            raise InvalidEdit({"taken_on": "taken"})
        found.append(now)

    def write(change: Change) -> None:
        now = found[0]
        # A use that ended on the first day of the offer was none on any day, and no day is left for an offer before.
        if now["released_on"] in (None, now["available_from_on"]):
            replace(change, replacement_dwelling, now, {"taken_on": taken_on, "released_on": None})
            return
        # One row holds one use. The offer before ends with the day before the household left, and a new one begins.
        anew = {"key": change.fact_key(), "available_from_on": now["released_on"], "released_on": None}
        replace(change, replacement_dwelling, now, {"available_until_on": now["released_on"] - timedelta(days=1)})
        append(change, replacement_dwelling, [{**kept(now), **anew, "taken_on": taken_on}])

    return carry_out(asker, order, PERMISSION, check, write)


def release_dwelling(asker: Asker, order: Order, key: str, released_on: date | None) -> Edited:
    """The household has left: the dwelling is free from that day on."""

    def values(change: Change, now: RowMapping) -> dict[str, Any]:
        if now["taken_on"] is None or now["released_on"] is not None:
            raise InvalidEdit({"released_on": "not_taken"})
        _check_day(change, "released_on", released_on, now["taken_on"], None)
        return {"released_on": released_on}

    return correct(asker, order, PERMISSION, replacement_dwelling, key, values)


def end_dwelling(asker: Asker, order: Order, key: str, until_on: date | None) -> Edited:
    """The dwelling leaves the pool: it can be had until that day; who lives there may stay longer."""

    def values(change: Change, now: RowMapping) -> dict[str, Any]:
        _check_day(change, "available_until_on", until_on, now["available_from_on"], None, is_plan=True)
        return {"available_until_on": until_on}

    return correct(asker, order, PERMISSION, replacement_dwelling, key, values)


def _checked_dwelling(change: Change, draft: PoolDwellingDraft) -> dict[str, Any]:
    problems = Problems(change.asker)
    if draft.rooms is None:
        problems.add("rooms", "required")
    problems.number("rooms", draft.rooms, 1, ROOMS_MOST)
    problems.number("places", draft.places, 1, ROOMS_MOST)
    if draft.area_m2 is not None and not 0 < draft.area_m2 <= AREA_MOST_M2:
        problems.add("area_m2", "out_of_range")
    problems.code("provider", draft.provider or None, codes.DWELLING_PROVIDERS, is_required=True)
    problems.date("available_from_on", draft.available_from_on, is_plan=True)
    problems.date("available_until_on", draft.available_until_on, is_required=False, is_plan=True)
    first_on, last_on = draft.available_from_on, draft.available_until_on
    if first_on is not None and last_on is not None and last_on < first_on:
        problems.add("available_until_on", "before_start")
    known = {area.id for area in read_areas(change.asker, problems.latest_on)} if draft.area_id else set()
    if draft.area_id is not None and draft.area_id not in known:
        problems.add("area_id", "unknown")
    problems.raise_if_any()
    return asdict(draft)


def _check_day(
    change: Change, name: str, day: date | None, first_on: date, last_on: date | None, *, is_plan: bool = False
) -> None:
    problems = Problems(change.asker)
    problems.date(name, day, is_plan=is_plan)
    if day is not None and day < first_on:
        problems.add(name, "before_start")
    if day is not None and last_on is not None and day > last_on:
        problems.add(name, "after_end")
    problems.raise_if_any()
