"""What a publication is: typed rows, their canonical form, and the hash over it. Pure, no database.

The canonical form is JSON with sorted names and without spaces; rows stand in the order of their keys, dates are
ISO 8601, numbers are written without an exponent, outlines as the hexadecimal form of their WKB. Surrogate keys are
left out: the same content has the same hash in another database. The hash of the publication before it is part of the
content, so that none can be taken out of the middle or put in later.

Parts that came later (LATER) are named in the canonical form only where there is a row of them. So a publication made
before them has the hash with which it was released, and one from which such rows are taken away, or to which they are
added, has not.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal

Audience = Literal["public", "council"]
Bilingual = tuple[str, str]  # German, English
Shown = Literal["shown", "held_back", "not_published", "no_value"]

VALUE_DECIMALS: Final = 6


@dataclass(frozen=True)
class Header:
    """One release. `title` is what the office called it; `published_by` is empty where the reader may not know it."""

    municipality: str
    municipality_name: str
    is_demonstration: bool
    title: str
    as_of: date
    known_at: datetime
    audience: Audience
    k: int
    period_first_on: date
    period_last_on: date
    published_at: datetime
    published_by: str
    data_version: int
    previous_hash: str


@dataclass(frozen=True)
class PublishedArea:
    """An area with its outline (WKB, EPSG:4326) as it was."""

    number: int
    kind: str
    kind_name: Bilingual
    key: str
    name: str
    outline: bytes
    source: str | None


@dataclass(frozen=True)
class Definition:
    """A figure in words, as defined then."""

    number: int
    key: str
    unit: str
    unit_name: Bilingual
    klass: str
    part_of: str | None
    title: Bilingual
    definition: Bilingual
    basis: Bilingual


@dataclass(frozen=True)
class PublishedFigure:
    """One figure of one place; `kind` "city" with an empty key is the whole municipality."""

    kind: str
    area_key: str
    key: str
    value: Decimal | None
    is_held_back: bool


@dataclass(frozen=True)
class PublishedProject:
    """A demolition project that was released by name; `progress` runs from 0 to 1."""

    number: int
    name: str
    programme: str | None
    stage: str
    stage_name: Bilingual
    progress: Decimal | None
    decided_on: date | None
    planned_demolition_on: date | None
    demolished_on: date | None
    ended_on: date | None


@dataclass(frozen=True)
class Source:
    """A kind of delivery that the figures rest on, with the date for which the latest one spoke."""

    number: int
    name: Bilingual
    as_of: date


@dataclass(frozen=True)
class PublishedResolution:
    """A resolution of the council in frozen words, and how it stood; values in `unit`.

    `previous_...` tell of the publication that it is compared with: None = there was none.
    """

    number: int
    reference: str
    decided_on: date
    body: str
    title: str
    key: str
    figure: Bilingual
    unit: str
    unit_name: Bilingual
    kind: str
    area_key: str
    place: Bilingual
    control_type: str | None
    control_type_name: Bilingual
    direction: str
    direction_name: Bilingual
    is_share: bool
    target: Decimal
    until_on: date
    link_text: str | None
    shown: Shown
    value: Decimal | None
    state: str
    state_name: Bilingual
    previous_as_of: date | None
    previous_shown: Shown | None
    previous_value: Decimal | None


@dataclass(frozen=True)
class PublishedScenario:
    """A saved scenario: what teams and visits it reckons with, and what the change would need."""

    number: int
    name: str
    as_of: date
    saved_on: date
    months: int
    teams: int
    visits_per_year: int
    needed_per_year_before: int
    needed_per_year_after: int
    teams_needed: int | None


@dataclass(frozen=True)
class ScenarioWish:
    """One interval that the scenario tries, and the shortest that its teams can keep."""

    number: int
    place: Bilingual
    control_type: str
    control_type_name: Bilingual
    interval_days: int
    shortest_days: int | None


@dataclass(frozen=True)
class ScenarioArea:
    """What the scenario reckons for one area: rounded projections, None = below k; nothing where it is held back."""

    number: int
    kind: str
    area_key: str
    place: Bilingual
    is_held_back: bool
    overdue_before: int | None
    overdue_after: int | None
    visits_before: Decimal | None
    visits_after: Decimal | None
    loses: bool


@dataclass(frozen=True)
class Content:
    """Everything in a publication, in the order in which it is shown."""

    header: Header
    areas: tuple[PublishedArea, ...]
    definitions: tuple[Definition, ...]
    figures: tuple[PublishedFigure, ...]
    projects: tuple[PublishedProject, ...]
    sources: tuple[Source, ...]
    resolutions: tuple[PublishedResolution, ...] = ()
    scenarios: tuple[PublishedScenario, ...] = ()  # one at most
    scenario_wishes: tuple[ScenarioWish, ...] = ()
    scenario_areas: tuple[ScenarioArea, ...] = ()

    @property
    def rows(self) -> Mapping[str, tuple[Any, ...]]:
        """The rows by the name of their table."""
        return {table: getattr(self, field) for table, field in FIELDS.items()}

    @property
    def counts(self) -> dict[str, int]:
        """Number of rows by the name of their table."""
        return {table: len(rows) for table, rows in self.rows.items()}

    def released_at(self, moment: datetime, previous_hash: str) -> "Content":
        """The same content as released at a moment, following another publication."""
        header = replace(self.header, published_at=moment, known_at=moment, previous_hash=previous_hash)
        return replace(self, header=header)


# The field of `Content` that holds the rows of a table.
FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "area": "areas",
        "definition": "definitions",
        "figure": "figures",
        "project": "projects",
        "source": "sources",
        "resolution": "resolutions",
        "scenario": "scenarios",
        "scenario_wish": "scenario_wishes",
        "scenario_area": "scenario_areas",
    }
)
LATER: Final = ("resolutions", "scenarios", "scenario_wishes", "scenario_areas")


def number(value: float | int | None) -> Decimal | None:
    """A value as it is stored: exact for counts, six decimals else."""
    return None if value is None else Decimal(str(round(value, VALUE_DECIMALS)))


def content_hash(content: Content) -> str:
    """SHA-256 of the canonical form, hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


def fingerprint(content: Content) -> str:
    """Equal for two contents that say the same, whoever released them and when."""
    header = replace(content.header, data_version=0, published_by="")
    return content_hash(replace(content, header=header).released_at(datetime(1970, 1, 1, tzinfo=UTC), ""))


def canonical(content: Content) -> bytes:
    """The canonical form, see above."""
    numbered: dict[str, Any] = {
        field: tuple(sorted(getattr(content, field), key=lambda one: one.number))
        for field in FIELDS.values()
        if field != "figures"
    }
    figures = tuple(sorted(content.figures, key=lambda one: (one.kind, one.area_key, one.key)))
    plain = _plain(replace(content, figures=figures, **numbered))
    named = {field: rows for field, rows in plain.items() if rows or field not in LATER}
    return json.dumps(named, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return _digits(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return value


def _digits(value: Decimal) -> str:
    """12 and 12.0 are one number and must have one form."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
