"""Resolutions of the council: entered, corrected, withdrawn. Nothing is overwritten; a withdrawn one keeps its past."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import RowMapping, select

from geodata import codes
from geodata.access import Asker
from geodata.areas import read_areas
from geodata.edits.checks import Problems
from geodata.edits.conflicts import refuse_if_changed
from geodata.edits.order import Change, Edited, Order, carry_out
from geodata.edits.rows import append, supersede
from geodata.errors import InvalidEdit
from geodata.resolutions import figures_for_targets, problems_of
from geodata.tables import resolution

PERMISSION: Final = "resolution:write"
NUMBER_LIMIT: Final = 60
BODY_LIMIT: Final = 120
TITLE_LIMIT: Final = 200
LINK_LIMIT: Final = 300
MOST: Final = 1_000_000_000
# Whoever opens a link of a page must land on a page: no script, no local file.
_ADDRESS: Final = ("https://", "http://")


@dataclass(frozen=True)
class ResolutionDraft:
    """A resolution as a form states it; `area_id` None = the whole city, `control_type` None = all."""

    number: str
    decided_on: date | None
    body: str
    title: str
    figure: str
    direction: str
    target: int | None
    until_on: date | None
    is_share: bool = False
    area_id: int | None = None
    control_type: str | None = None
    link_text: str | None = None


def add_resolution(asker: Asker, order: Order, draft: ResolutionDraft) -> Edited:
    """Enter a resolution; the same number with the same figure, place and type of control is refused."""
    rows: list[dict[str, Any]] = []

    def check(change: Change) -> None:
        row = _checked(change, draft)
        if _twin(change, row) is not None:
            raise InvalidEdit({"number": "exists"})
        rows.append(row)

    def write(change: Change) -> None:
        append(change, resolution, [{**rows[0], "key": change.fact_key(), "is_withdrawn": False}])

    return carry_out(asker, order, PERMISSION, check, write)


def correct_resolution(asker: Asker, order: Order, key: str, draft: ResolutionDraft) -> Edited:
    """State a resolution anew; the version before it stays in its past. `order.expected` is the id that was shown."""
    found: list[tuple[RowMapping, dict[str, Any]]] = []

    def check(change: Change) -> None:
        now = _in_force(change, key)
        row = _checked(change, draft)
        twin = _twin(change, row)
        if twin not in (None, now["key"]):
            raise InvalidEdit({"number": "exists"})
        _refuse_if_changed(change, now, row)
        if not now["is_withdrawn"] and all(now[name] == value for name, value in row.items()):
            raise InvalidEdit({"form": "unchanged"})
        found.append((now, row))

    def write(change: Change) -> None:
        now, row = found[0]
        _replace(change, now, {**row, "is_withdrawn": False})

    return carry_out(asker, order, PERMISSION, check, write)


def withdraw_resolution(asker: Asker, order: Order, key: str) -> Edited:
    """Take a resolution out of the list: repealed, replaced, or entered by mistake."""
    found: list[RowMapping] = []

    def check(change: Change) -> None:
        now = _in_force(change, key)
        if now["is_withdrawn"]:
            raise InvalidEdit({"form": "withdrawn"})
        if order.expected not in (None, now["id"]):
            raise InvalidEdit({"form": "changed_since"})
        found.append(now)

    def write(change: Change) -> None:
        _replace(change, found[0], {"is_withdrawn": True})

    return carry_out(asker, order, PERMISSION, check, write)


def _checked(change: Change, draft: ResolutionDraft) -> dict[str, Any]:
    """The columns of a draft that makes sense, texts without blanks around them."""
    problems = Problems(change.asker)
    texts = {
        "number": problems.text("number", draft.number, NUMBER_LIMIT, is_required=True),
        "body": problems.text("body", draft.body, BODY_LIMIT, is_required=True),
        "title": problems.text("title", draft.title, TITLE_LIMIT, is_required=True),
        "link_text": problems.text("link_text", draft.link_text, LINK_LIMIT),
    }
    problems.date("decided_on", draft.decided_on)
    problems.date("until_on", draft.until_on, is_plan=True)
    problems.code("figure", draft.figure or None, [one.key for one in figures_for_targets()], is_required=True)
    problems.code("direction", draft.direction or None, codes.TARGET_DIRECTIONS, is_required=True)
    problems.code("control_type", draft.control_type, codes.CONTROL_TYPES)
    problems.number("target", draft.target, 0, MOST)
    _check_place(change, problems, draft)
    _check_sense(problems, draft)
    problems.raise_if_any()
    return asdict(draft) | texts


def _check_place(change: Change, problems: Problems, draft: ResolutionDraft) -> None:
    # An area that began or ended since may still be the one that the council spoke of.
    days = {problems.latest_on, *([draft.decided_on] if draft.decided_on else [])}
    known = {area.id for day in days for area in read_areas(change.asker, day)} if draft.area_id else set()
    if draft.area_id is not None and draft.area_id not in known:
        problems.add("area_id", "unknown")


def _check_sense(problems: Problems, draft: ResolutionDraft) -> None:
    if draft.target is None:
        problems.add("target", "required")
    elif draft.decided_on is not None and draft.until_on is not None:
        found = problems_of(
            figure=draft.figure,
            control_type=draft.control_type,
            is_share=draft.is_share,
            target=draft.target,
            decided_on=draft.decided_on,
            until_on=draft.until_on,
        )
        for name, code in found.items():
            problems.add(name, code)
    if draft.link_text and "://" in draft.link_text and not draft.link_text.strip().startswith(_ADDRESS):
        problems.add("link_text", "not_an_address")


def _in_force(change: Change, key: str) -> RowMapping:
    """The version in force; of a key that nobody knows there is nothing to change."""
    query = select(resolution).where(
        resolution.c.municipality == change.municipality, resolution.c.key == key, resolution.c.superseded_at.is_(None)
    )
    row = change.asker.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise InvalidEdit({"form": "not_in_scope"})
    return row


def _twin(change: Change, row: Mapping[str, Any]) -> str | None:
    """Key of a resolution that says the same of the same figure: it would stand twice on every slide."""
    same = [resolution.c[name].is_not_distinct_from(row[name]) for name in ("number", "figure", "area_id")]
    query = select(resolution.c.key).where(
        resolution.c.municipality == change.municipality,
        resolution.c.superseded_at.is_(None),
        resolution.c.is_withdrawn.is_(False),
        resolution.c.control_type.is_not_distinct_from(row["control_type"]),
        *same,
    )
    return change.asker.connection.execute(query).scalars().first()


def _refuse_if_changed(change: Change, now: RowMapping, yours: Mapping[str, Any]) -> None:
    expected = change.order.expected
    if expected in (None, now["id"]):
        return
    query = select(resolution).where(resolution.c.municipality == change.municipality, resolution.c.id == expected)
    shown = change.asker.connection.execute(query).mappings().one_or_none()
    if shown is None or shown["key"] != now["key"]:
        raise InvalidEdit({"form": "not_in_scope"})
    refuse_if_changed(change, resolution, now["id"], before=dict(shown), theirs=dict(now), yours=yours)


def _replace(change: Change, now: RowMapping, values: Mapping[str, Any]) -> None:
    brought = ("id", "edit_id", "delivery_id", "content_hash", "recorded_at", "superseded_at")
    kept = {name: value for name, value in now.items() if name not in brought}
    supersede(change, resolution, [now["id"]])
    append(change, resolution, [{**kept, **values}])
