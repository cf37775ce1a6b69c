"""Photographs of a property: kept in the database, so that row policies and backups hold for them as for facts.

What is kept was drawn anew from the pixels (`pictures.py`). Whoever uploads one confirms that nobody can be recognised;
without it nothing is taken. One that belongs to a demolition project says so, and whether it shows the building before,
the work during or the plot after it. A photograph that is taken away is superseded: nobody is shown it any more, and
its row is deleted after its time (retention). In publications there are none.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, case, select

from geodata import audit
from geodata.access import Access, Asker
from geodata.codes import PHOTOGRAPH_MOMENTS
from geodata.edits import rows
from geodata.edits.checks import Problems
from geodata.edits.order import Change, Edited, Order, carry_out
from geodata.pictures import Picture
from geodata.tables import demolition_stage, edit, photograph, property_

READ: Final = "photograph:read"
WRITE: Final = "photograph:write"
CAPTION_LENGTH: Final = 300
KEY_LENGTH: Final = 200
# More than a page can show; whoever has that many should take some away.
MOST_SHOWN: Final = 60


@dataclass(frozen=True)
class Photograph:
    """A photograph without its pixels; dates as stated by who uploaded it."""

    id: int
    property_id: int
    taken_on: date | None
    caption: str | None
    width_px: int
    height_px: int
    recorded_at: datetime
    account_name: str | None
    moment: str | None = None
    project_key: str | None = None


@dataclass(frozen=True)
class PhotographDraft:
    """What somebody says about a picture; `is_checked`: nobody and no name plate can be recognised.

    A picture of a project has its key and a `moment` (before, during, after); another one may have neither.
    """

    taken_on: date | None
    caption: str | None
    is_checked: bool
    moment: str | None = None
    project_key: str | None = None


def read_photographs(asker: Asker, property_id: int) -> tuple[Photograph, ...]:
    """The photographs of a property in force, the newest first."""
    asker.require(READ)
    query = _known(asker).where(photograph.c.property_id == property_id)
    query = query.order_by(photograph.c.taken_on.desc().nulls_last(), photograph.c.id.desc()).limit(MOST_SHOWN)
    return tuple(Photograph(**row) for row in asker.connection.execute(query).mappings())


def read_project_photographs(asker: Asker, property_id: int, project_key: str) -> tuple[Photograph, ...]:
    """The photographs of one demolition project in the order of what they show: before, during, after, by day.

    Two projects of one property have their own; what was taken of the property as such belongs to none.
    """
    asker.require(READ)
    order = case({moment: at for at, moment in enumerate(PHOTOGRAPH_MOMENTS)}, value=photograph.c.moment)
    query = _known(asker).where(photograph.c.property_id == property_id, photograph.c.project_key == project_key)
    query = query.order_by(order, photograph.c.taken_on.asc().nulls_last(), photograph.c.id).limit(MOST_SHOWN)
    return tuple(Photograph(**row) for row in asker.connection.execute(query).mappings())


def read_preview(asker: Asker, photograph_id: int) -> bytes | None:
    """The small JPEG; None = there is no such photograph in scope."""
    return _content(asker, photograph_id, photograph.c.preview)


def read_full(access: Access, asker: Asker, photograph_id: int) -> bytes | None:
    """The photograph itself as JPEG, logged before it is answered; None = there is none in scope."""
    content = _content(asker, photograph_id, photograph.c.content)
    if content is None:
        return None
    query = (
        select(property_.c.register, property_.c.key)
        .join(photograph, photograph.c.property_id == property_.c.id)
        .where(photograph.c.id == photograph_id)
    )
    row = asker.connection.execute(query).one()
    scope = asker.scope
    subject = f"photograph {photograph_id} of {row.register}/{row.key}"
    audit.record(access, audit.Entry("read_restricted", scope.municipality, scope.account, subject))
    return content


def add_photograph(asker: Asker, order: Order, property_id: int, picture: Picture, draft: PhotographDraft) -> Edited:
    """Keep a picture; InvalidEdit without the confirmation, with a date to come or for a property out of scope.

    The picture is drawn before, because an edit holds the lock of the municipality.
    """

    def check(change: Change) -> int:
        rows.require_property(change, property_id)
        problems = Problems(asker)
        if not draft.is_checked:
            problems.add("is_checked", "required")
        problems.date("taken_on", draft.taken_on, is_required=False)
        problems.text("caption", draft.caption, CAPTION_LENGTH)
        _check_project(asker, problems, property_id, draft)
        problems.raise_if_any()
        return property_id

    def write(change: Change) -> None:
        row = {
            "property_id": property_id,
            "taken_on": draft.taken_on,
            "caption": (draft.caption or "").strip() or None,
            "is_checked": draft.is_checked,
            "moment": draft.moment,
            "project_key": draft.project_key,
            "width_px": picture.width_px,
            "height_px": picture.height_px,
            "content": picture.content,
            "preview": picture.preview,
        }
        rows.append(change, photograph, [row])

    return carry_out(asker, order, WRITE, check, write)


def remove_photograph(asker: Asker, order: Order, photograph_id: int) -> Edited | None:
    """Take a photograph away; None = there is none in scope, or it is gone already."""
    asker.require(WRITE)
    query = _known(asker).where(photograph.c.id == photograph_id)
    found = asker.connection.execute(query).one_or_none()
    if found is None:
        return None
    property_id: int = found.property_id
    return carry_out(
        asker,
        order,
        WRITE,
        lambda change: property_id,
        lambda change: rows.supersede(change, photograph, [photograph_id]),
    )


def _check_project(asker: Asker, problems: Problems, property_id: int, draft: PhotographDraft) -> None:
    """A moment belongs to the project, and the project to the property, as far as the asker sees it."""
    problems.code("moment", draft.moment, PHOTOGRAPH_MOMENTS, is_required=draft.project_key is not None)
    if draft.project_key is None:
        return
    problems.text("project_key", draft.project_key, KEY_LENGTH)
    if "project_key" in problems.found:
        return
    stage = demolition_stage.c
    known = select(stage.id).where(
        stage.property_id == property_id, stage.project_key == draft.project_key, stage.superseded_at.is_(None)
    )
    if asker.connection.execute(known.limit(1)).one_or_none() is None:
        problems.add("project_key", "unknown")


def _known(asker: Asker) -> Select[Any]:
    """Photographs in force, without their pixels."""
    names = ("id", "property_id", "taken_on", "caption", "width_px", "height_px", "moment", "project_key")
    columns = (photograph.c[name] for name in names)
    return (
        select(*columns, photograph.c.recorded_at, edit.c.account_name)
        .outerjoin(edit, edit.c.id == photograph.c.edit_id)
        .where(photograph.c.municipality == asker.scope.municipality, photograph.c.superseded_at.is_(None))
    )


def _content(asker: Asker, photograph_id: int, column: Any) -> bytes | None:
    asker.require(READ)
    query = select(column).where(
        photograph.c.id == photograph_id,
        photograph.c.municipality == asker.scope.municipality,
        photograph.c.superseded_at.is_(None),
    )
    found = asker.connection.execute(query).scalar_one_or_none()
    return None if found is None else bytes(found)
