"""What would be published: read from the register at one moment, small numbers taken out, words frozen.

The preview of the page and the publication itself are the same draft, so that nobody confirms something else than what
comes out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final, Literal

from sqlalchemy import ColumnElement, func, or_, select

from geodata.access import Asker
from geodata.areas import Area
from geodata.codes import AUDIENCES
from geodata.deliveries import latest_deliveries
from geodata.demolitions import Project, read_projects
from geodata.errors import QmError, UsageError
from geodata.figure import Period, Value
from geodata.figures import figure
from geodata.filters import PropertyFilter
from geodata.municipalities import data_state
from geodata.publishing import published_figures as figures
from geodata.publishing.publication import (
    Audience,
    Content,
    Definition,
    Header,
    PublishedArea,
    PublishedFigure,
    PublishedProject,
    Source,
    fingerprint,
    number,
)
from geodata.publishing.published_resolutions import prepare_resolutions
from geodata.publishing.published_scenario import Projected, choose_scenario, prepare_scenario
from geodata.publishing.words import Words
from geodata.tables import area_version, municipality

TITLE_MAX_LENGTH: Final = 120
# The deliveries that the published figures and outlines rest on.
SOURCES: Final = ("properties", "status", "inspections", "rounds", "rules", "demolitions", "areas")
Reason = Literal["small", "protects"]


class PublicationRefused(QmError):
    """A publication cannot be made as it was asked for."""


@dataclass(frozen=True)
class Order:
    """What is to be released, for whom, under which title, with which threshold.

    `scenario_id` is the number of a saved scenario that goes along; None = none does.
    """

    as_of: date
    audience: Audience
    title: str
    k: int
    with_resolutions: bool = True
    scenario_id: int | None = None


@dataclass(frozen=True)
class Draft:
    """The content as it would be released, and for the office alone why which number is held back."""

    content: Content
    reasons: Mapping[figures.PlacedFigure, Reason]
    values: figures.Values

    @property
    def fingerprint(self) -> str:
        """Equal for two drafts that would release the same, whenever they were read."""
        return fingerprint(self.content)


def prepare(
    asker: Asker,
    order: Order,
    words: Words,
    earlier: figures.Shown | None = None,
    compared: Content | None = None,
) -> Draft:
    """Read everything and hold back what must be; UsageError for a wish that makes no sense.

    `earlier` is the latest publication before this one; its held-back numbers stay protected. `compared` is the one
    with which its resolutions are compared.
    """
    asker.require("publication:write")
    _check(order)
    # First what may be refused: all that follows takes its time.
    scenario = None if order.scenario_id is None else choose_scenario(asker, order.scenario_id, order.k)
    areas = figures.published_areas(asker, order.as_of)
    period = Period.year_until(order.as_of)
    now = figures.count(asker, areas, order.as_of, period)
    if not areas and not any(any(of_place.values()) for of_place in now.values.values()):
        # A year mistyped would otherwise stand for good as the latest state, with nothing in it.
        raise UsageError(f"On {order.as_of.isoformat()} nothing was recorded yet, so there is nothing to release.")
    earlier_parts = _earlier_parts(asker, earlier)
    held_back = figures.hold_back(now, order.k, earlier, earlier_parts)
    shown = tuple(_figures(now.values, held_back))
    projected = Projected()
    if scenario is not None:
        places = {(area.kind, area.key): area.name for area in areas}
        projected = prepare_scenario(asker, scenario, order.k, now, held_back, words, places)
    content = Content(
        header=_header(asker, order, period),
        areas=_areas(asker, areas, order.as_of, words),
        definitions=tuple(_definition(place, key, words) for place, key in enumerate(figures.KEYS, start=1)),
        figures=shown,
        projects=_projects(asker, order, words),
        sources=_sources(asker, order, words),
        resolutions=prepare_resolutions(asker, shown, order.as_of, words, compared) if order.with_resolutions else (),
        scenarios=projected.scenarios,
        scenario_wishes=projected.wishes,
        scenario_areas=projected.areas,
    )
    reasons: dict[figures.PlacedFigure, Reason] = dict.fromkeys(held_back.secondary, "protects")
    return Draft(content, reasons | dict.fromkeys(held_back.primary, "small"), now.values)


def _check(order: Order) -> None:
    if order.audience not in AUDIENCES:
        raise UsageError(f"There is no audience {order.audience}.", f"Known are {', '.join(AUDIENCES)}.")
    if not order.title.strip() or len(order.title) > TITLE_MAX_LENGTH:
        raise UsageError(f"A publication has a title of 1 to {TITLE_MAX_LENGTH} characters.")
    if not 3 <= order.k <= 50:
        raise UsageError(f"The threshold is a number from 3 to 50, not {order.k}.")


def _earlier_parts(asker: Asker, earlier: figures.Shown | None) -> figures.Parts | None:
    if earlier is None:
        return None
    areas = figures.published_areas(asker, earlier.as_of)
    return figures.count_parts(asker, areas, earlier.as_of, Period.year_until(earlier.as_of))


def _header(asker: Asker, order: Order, period: Period) -> Header:
    city = asker.connection.execute(
        select(municipality.c.name, municipality.c.is_demonstration).where(
            municipality.c.key == asker.scope.municipality
        )
    ).one()
    now: datetime = asker.connection.execute(select(func.now())).scalar_one().astimezone(UTC)
    return Header(
        municipality=asker.scope.municipality,
        municipality_name=city.name,
        is_demonstration=city.is_demonstration,
        title=order.title.strip(),
        as_of=order.as_of,
        known_at=now,
        audience=order.audience,
        k=order.k,
        period_first_on=period.first_on,
        period_last_on=period.last_on,
        published_at=now,
        published_by=asker.scope.account,
        data_version=data_state(asker).data_version,
        previous_hash="",
    )


def _areas(asker: Asker, areas: tuple[Area, ...], as_of: date, words: Words) -> tuple[PublishedArea, ...]:
    version = area_version.c
    valid: tuple[ColumnElement[bool], ...] = (
        version.superseded_at.is_(None),
        version.valid_from <= as_of,
        or_(version.valid_to.is_(None), version.valid_to > as_of),
    )
    query = select(version.area_id, func.ST_AsBinary(version.outline_4326), version.source).where(
        version.municipality == asker.scope.municipality, version.area_id.in_([area.id for area in areas]), *valid
    )
    outlines = {area_id: (bytes(outline), source) for area_id, outline, source in asker.connection.execute(query)}
    return tuple(
        PublishedArea(place, area.kind, words.of_code("area_kind", area.kind), area.key, area.name, *outlines[area.id])
        for place, area in enumerate(areas, start=1)
    )


def _definition(place: int, key: str, words: Words) -> Definition:
    one, both = figure(key), words.both
    part_of, unit_name = figures.part_of(key), words.of_unit(one.unit)
    return Definition(
        place, key, one.unit, unit_name, one.klass, part_of, both(one.title), both(one.definition), both(one.basis)
    )


def _figures(values: figures.Values, held_back: figures.HeldBack) -> list[PublishedFigure]:
    return [
        PublishedFigure(*place, key, None, is_held_back=True)
        if (place, key) in held_back.all
        else PublishedFigure(*place, key, _number(value), is_held_back=False)
        for place, found in values.items()
        for key, value in found.items()
    ]


def _number(value: Value) -> Decimal | None:
    if isinstance(value, date):
        raise PublicationRefused("A published figure is a number, not a date.")
    return number(value)


def _projects(asker: Asker, order: Order, words: Words) -> tuple[PublishedProject, ...]:
    """Projects released to this audience; what is public may be told to a council too."""
    allowed = ("public",) if order.audience == "public" else AUDIENCES
    found = [one for one in read_projects(asker, PropertyFilter(as_of=order.as_of)) if one.released_to in allowed]
    return tuple(_project(place, one, words) for place, one in enumerate(found, start=1))


def _project(place: int, one: Project, words: Words) -> PublishedProject:
    code_list, stage = _stage(one)
    return PublishedProject(
        number=place,
        name=one.address or one.key,
        programme=one.programme,
        stage=stage,
        stage_name=words.of_code(code_list, stage),
        progress=number(one.progress),
        decided_on=one.decided_on,
        planned_demolition_on=one.planned_demolition_on,
        demolished_on=one.demolished_on,
        ended_on=one.ended_on,
    )


def _stage(one: Project) -> tuple[str, str]:
    """(code list, code) of where the project stands: its outcome, its current stage, or that it is completed."""
    if one.outcome is not None:
        return "demolition_outcome", one.outcome
    if one.current_stage is not None:
        return "demolition_stage", one.current_stage
    return "publication_stage", "completed"


def _sources(asker: Asker, order: Order, words: Words) -> tuple[Source, ...]:
    wanted = {*SOURCES, *(("resolutions",) if order.with_resolutions else ())}
    latest = [one for one in latest_deliveries(asker, order.as_of) if one.source in wanted]
    return tuple(
        Source(place, words.of_code("delivery_source", one.source), one.as_of)
        for place, one in enumerate(latest, start=1)
    )
