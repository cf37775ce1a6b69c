"""Releasing a state, reading what was released, and proving that it is still the same.

- `publish` runs in one REPEATABLE READ transaction (`Access.open(..., isolation="REPEATABLE READ")`): all figures come
  from one moment. It refuses to write what the attacker's programme does not pass.
- Reads need `publication:read` and nothing of the schema `qm`, so they answer politics on its own login.
- `verify` recomputes the hash from the rows. A publication refers to the hash of the one before it, so one that is
  taken out of the middle is noticed as well; the latest hash should be kept elsewhere (it stands on the last slide).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import RowMapping, Select, Table, bindparam, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from geodata.access import Asker
from geodata.errors import UsageError
from geodata.publishing.publication import (
    FIELDS,
    Content,
    Definition,
    Header,
    PublishedArea,
    PublishedFigure,
    PublishedProject,
    PublishedResolution,
    PublishedScenario,
    ScenarioArea,
    ScenarioWish,
    Source,
    content_hash,
    fingerprint,
)
from geodata.publishing.publication_draft import Draft, Order, PublicationRefused, prepare
from geodata.publishing.published_figures import Shown
from geodata.publishing.words import Words
from geodata.tables import published as tables

_HEADER: Final = tuple(
    column
    for column in tables.publication.c
    if column.name not in ("id", "hash", "published_by") and not column.name.endswith("_count")
)


@dataclass(frozen=True)
class Publication:
    """A released state in a list."""

    id: int
    title: str
    as_of: date
    audience: str
    k: int
    published_at: datetime
    hash: str


@dataclass(frozen=True)
class Released:
    """A released state with everything in it."""

    publication: Publication
    content: Content


@dataclass(frozen=True)
class Verdict:
    """Whether a publication is what was released; `problems` say in English what is not."""

    publication: Publication
    problems: tuple[str, ...]

    @property
    def is_unchanged(self) -> bool:
        """True = the hash fits and no row is missing or added."""
        return not self.problems


def draft(asker: Asker, order: Order, words: Words) -> Draft:
    """What `publish` would release, without releasing it."""
    return prepare(asker, order, words, _latest_shown(asker), find_compared(asker, order))


def publish(asker: Asker, order: Order, words: Words, *, expected: str | None = None) -> Publication:
    """Release a state; UsageError for a wish that makes no sense, PublicationRefused where somebody was faster.

    What is released already is not released again: a button can be pressed twice.
    `expected` is the fingerprint of the draft that somebody has looked at; another one is refused.
    """
    asker.require("publication:write")
    isolation = asker.connection.execute(text("SHOW transaction_isolation")).scalar_one()
    if isolation != "repeatable read":
        raise PublicationRefused("A publication is read in one REPEATABLE READ transaction, so that its figures agree.")
    prepared = draft(asker, order, words)
    if expected not in (None, prepared.fingerprint):
        raise PublicationRefused("The data have changed since the preview.", "Look at it again.")
    latest = find_publication(asker)
    if latest is not None and fingerprint(latest.content) == prepared.fingerprint:
        raise PublicationRefused(f"The same state was released already, as number {latest.publication.id}.")
    content = prepared.content.released_at(prepared.content.header.published_at, _latest_hash(asker))
    try:
        number = _write(asker, content, content_hash(content))
    except IntegrityError as error:
        raise PublicationRefused(
            "Somebody else released a state at the same moment.", "Look at the list and try again."
        ) from error
    return read_publication(asker, number).publication


def read_publications(asker: Asker) -> tuple[Publication, ...]:
    """All released states of the asker's city, the latest release first."""
    asker.require("publication:read")
    table = tables.publication.c
    query = _own(tables.publication, asker, _listed()).order_by(table.published_at.desc(), table.id.desc())
    return tuple(Publication(**row) for row in asker.connection.execute(query).mappings())


def find_publication(asker: Asker, number: int | None = None) -> Released | None:
    """One released state with everything in it, the latest one without a number; None where there is none."""
    known = read_publications(asker)
    wanted = [one for one in known if number in (None, one.id)]
    return Released(wanted[0], _read_content(asker, wanted[0].id)) if wanted else None


def find_compared(asker: Asker, order: Order) -> Content | None:
    """The content with which a release is compared: the latest one before its date that its audience could see.

    What was told to a non-public body alone must not come out as "the value before" in a public release.
    """
    for one in read_publications(asker):
        if one.as_of < order.as_of and one.audience in ("public", order.audience):
            return _read_content(asker, one.id)
    return None


def read_publication(asker: Asker, number: int) -> Released:
    """One released state; UsageError where there is none of that number."""
    found = find_publication(asker, number)
    if found is None:
        raise UsageError(f"There is no publication {number}.", "`qm publications list` shows all.")
    return found


def verify(asker: Asker, number: int | None = None) -> tuple[Verdict, ...]:
    """Verdicts of one publication or of all, the oldest first; for staff, because the hash covers who released it."""
    asker.require("publication:write")
    known = read_publications(asker)[::-1]
    if number is not None and number not in [one.id for one in known]:
        raise UsageError(f"There is no publication {number}.", "`qm publications list` shows all.")
    verdicts = []
    before = ""
    for one in known:
        if number in (None, one.id):
            verdicts.append(Verdict(one, tuple(_problems(asker, one, before))))
        before = one.hash
    return tuple(verdicts)


# --- writing ----------------------------------------------------------------------------------------------------------


def _write(asker: Asker, content: Content, digest: str) -> int:
    header = vars(content.header) | {f"{name}_count": count for name, count in content.counts.items()}
    query = insert(tables.publication).values(**header, hash=digest).returning(tables.publication.c.id)
    number: int = asker.connection.execute(query).scalar_one()
    of_publication = {"publication_id": number, "municipality": content.header.municipality}
    for table in tables.ALL_PARTS:
        found = [_as_row(one) | of_publication for one in content.rows[table.name]]
        if found:
            asker.connection.execute(_insert(table), found)
    return number


def _insert(table: Table) -> Any:
    if table is not tables.area:
        return insert(table)
    outline = func.ST_GeomFromWKB(bindparam("outline"), 4326)
    return insert(table).values(outline=outline)


def _as_row(one: Any) -> dict[str, Any]:
    """Field -> column; a pair of words becomes two columns."""
    row: dict[str, Any] = {}
    for name, value in vars(one).items():
        if isinstance(value, tuple):
            stem = name.removesuffix("_name")
            row |= {f"{stem}_de": value[0], f"{stem}_en": value[1]}
        else:
            row["class" if name == "klass" else name] = value
    return row


# --- reading ----------------------------------------------------------------------------------------------------------


def _listed() -> tuple[Any, ...]:
    table = tables.publication.c
    return table.id, table.title, table.as_of, table.audience, table.k, table.published_at, table.hash


def _own(table: Table, asker: Asker, columns: Sequence[Any]) -> Select[Any]:
    return select(*columns).where(table.c.municipality == asker.scope.municipality)


def _latest_hash(asker: Asker) -> str:
    known = read_publications(asker)
    return known[0].hash if known else ""


def _latest_shown(asker: Asker) -> Shown | None:
    """The latest publication as the attacker has it in hand."""
    found = find_publication(asker)
    if found is None:
        return None
    conditions = {one.key for one in found.content.definitions if one.klass == "condition"}
    values = {
        ((one.kind, one.area_key), one.key): None if one.value is None else int(one.value)
        for one in found.content.figures
        if one.key in conditions and (one.is_held_back or one.value is not None)
    }
    return Shown(found.publication.as_of, values)


def _read_content(asker: Asker, number: int, *, with_author: bool = False) -> Content:
    columns = [*_HEADER, *([tables.publication.c.published_by] if with_author else [])]
    query = _own(tables.publication, asker, columns).where(tables.publication.c.id == number)
    header = asker.connection.execute(query).mappings().one()
    parts = {
        FIELDS[table.name]: tuple(_BUILD[table](row) for row in _rows(asker, table, number))
        for table in tables.ALL_PARTS
    }
    return Content(header=Header(**{"published_by": ""} | dict(header)), **parts)


def _rows(asker: Asker, table: Table, number: int) -> Sequence[RowMapping]:
    columns = [
        func.ST_AsBinary(column).label("outline") if column.name == "outline" else column
        for column in table.c
        if column.name not in ("publication_id", "municipality")
    ]
    order = [column for column in table.primary_key.columns if column.name != "publication_id"]
    query = _own(table, asker, columns).where(table.c.publication_id == number).order_by(*order)
    return asker.connection.execute(query).mappings().all()


def _build(kind: Any, row: RowMapping) -> Any:
    """A row as the dataclass of its part; two columns of words become a pair."""
    values: dict[str, Any] = {}
    for name, value in row.items():
        stem, _, language = name.rpartition("_")
        if language == "de":
            names = kind.__dataclass_fields__
            values[stem if stem in names and stem not in row else f"{stem}_name"] = (value, row[f"{stem}_en"])
        elif language != "en":
            values["klass" if name == "class" else name] = value
    return kind(**values)


def _area(row: RowMapping) -> PublishedArea:
    found: PublishedArea = _build(PublishedArea, {**row, "outline": bytes(row["outline"])})  # type: ignore[arg-type]
    return found


_BUILD: Final[Mapping[Table, Callable[[RowMapping], Any]]] = {
    tables.area: _area,
    tables.definition: partial(_build, Definition),
    tables.figure: partial(_build, PublishedFigure),
    tables.project: partial(_build, PublishedProject),
    tables.source: partial(_build, Source),
    tables.resolution: partial(_build, PublishedResolution),
    tables.scenario: partial(_build, PublishedScenario),
    tables.scenario_wish: partial(_build, ScenarioWish),
    tables.scenario_area: partial(_build, ScenarioArea),
}


# --- proving ----------------------------------------------------------------------------------------------------------


def _problems(asker: Asker, one: Publication, before: str) -> list[str]:
    content = _read_content(asker, one.id, with_author=True)
    query = _own(
        tables.publication, asker, [tables.publication.c[f"{table.name}_count"] for table in tables.ALL_PARTS]
    ).where(tables.publication.c.id == one.id)
    expected = asker.connection.execute(query).mappings().one()
    problems = []
    for table, found in content.counts.items():
        difference = found - expected[f"{table}_count"]
        if difference:
            said = "missing" if difference < 0 else "added"
            problems.append(f"published.{table}: {abs(difference)} of {expected[f'{table}_count']} rows {said}.")
    if content_hash(content) != one.hash:
        problems.append("The content does not have the hash with which it was released.")
    if content.header.previous_hash != before:
        problems.append("The publication before it is not the one that it followed.")
    return problems
