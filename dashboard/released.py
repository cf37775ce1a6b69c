"""A released state in the words of the reader: values, "n of m", areas as shapes. Pure; for the pages that show one.

Words come from the publication itself, in the language of the request, and not from today's catalogues.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from math import cos, radians
from typing import Any, Final, cast

import shapely

from dashboard.components.figure_tile import format_value
from dashboard.formatting import MISSING, format_date, format_number, format_percent
from dashboard.i18n import code_label, language
from dashboard.i18n import gettext as _
from dashboard.target_words import NOT_SHOWN, Before, Goal, direction
from geodata.calendar import BERLIN
from geodata.figure import Unit
from geodata.publishing.publication import (
    Bilingual,
    Content,
    Definition,
    PublishedArea,
    PublishedFigure,
    PublishedResolution,
    PublishedScenario,
)
from geodata.publishing.published_figures import CITY, Place
from geodata.targets import Target

HELD_BACK: Final = "•"
SHAPE_WIDTH: Final = 1000
# Room at the edge for names that are wider than their area.
SHAPE_MARGIN: Final = 40
# Width of a letter in bold type, as a share of its size.
NAME_WIDTH: Final = 0.65


def said(words: Bilingual) -> str:
    """A pair of words in the language of the request."""
    return words[0] if language() == "de" else words[1]


@dataclass(frozen=True)
class View:
    """A publication as pages ask it; a figure that is not in it reads as a dash."""

    content: Content

    @cached_property
    def _figures(self) -> Mapping[tuple[Place, str], PublishedFigure]:
        return {((one.kind, one.area_key), one.key): one for one in self.content.figures}

    @cached_property
    def definitions(self) -> Mapping[str, Definition]:
        """Definitions by the key of the figure, in their order."""
        return {one.key: one for one in self.content.definitions}

    @property
    def kinds(self) -> list[str]:
        """The kinds of areas, from the coarse to the fine."""
        return list(dict.fromkeys(one.kind for one in self.content.areas))

    def areas(self, kind: str) -> list[PublishedArea]:
        """The areas of a kind, in their order."""
        return [one for one in self.content.areas if one.kind == kind]

    def by_area(self) -> list[Definition]:
        """The figures that were published for areas."""
        keys = {one.key for one in self.content.figures if (one.kind, one.area_key) != CITY}
        return [one for one in self.content.definitions if one.key in keys]

    def title(self, key: str) -> str:
        """Title of a figure."""
        return said(self.definitions[key].title) if key in self.definitions else key

    def number(self, place: Place, key: str) -> Decimal | None:
        """The value where it is shown."""
        found = self._figures.get((place, key))
        return None if found is None else found.value

    def is_held_back(self, place: Place, key: str) -> bool:
        """Whether there is a value that is not shown."""
        found = self._figures.get((place, key))
        return found is not None and found.is_held_back

    def value(self, place: Place, key: str) -> str:
        """The value with its unit where that is part of reading it; a dot where it is held back."""
        if self.is_held_back(place, key):
            return HELD_BACK
        value = self.number(place, key)
        if value is None or key not in self.definitions:
            return MISSING
        plain = int(value) if value == int(value) else float(value)
        return format_value(plain, cast("Unit", self.definitions[key].unit))

    def of_whole(self, place: Place, key: str) -> str:
        """ "12 of 40"; without a whole, and where both are held back, the value alone."""
        whole = self.definitions[key].part_of if key in self.definitions else None
        if whole is None or (self.is_held_back(place, key) and self.is_held_back(place, whole)):
            return self.value(place, key)
        return _("%(part)s of %(whole)s", part=self.value(place, key), whole=self.value(place, whole))

    def share(self, place: Place, key: str) -> float | None:
        """The share of a part in its whole, 0 to 1; None where one of both is not shown."""
        whole = self.definitions[key].part_of if key in self.definitions else None
        part = self.number(place, key)
        total = self.number(place, whole) if whole else None
        return float(part / total) if part is not None and total else None

    def share_text(self, place: Place, key: str) -> str:
        """The share in per cent; empty where it cannot be told."""
        share = self.share(place, key)
        return "" if share is None else format_percent(share)

    @cached_property
    def goals(self) -> list[Goal]:
        """The resolutions with their values, in their order."""
        return [self._goal(one) for one in self.content.resolutions]

    def _goal(self, one: PublishedResolution) -> Goal:
        place = (one.kind, one.area_key)
        is_counted = one.is_share and one.control_type is None and one.value is not None
        before = None
        if one.previous_as_of is not None:
            before = Before(one.previous_as_of, one.previous_shown or "not_published", _plain(one.previous_value))
        return Goal(
            reference=one.reference,
            decided_on=one.decided_on,
            body=one.body,
            title=one.title,
            figure=said(one.figure),
            place=said(one.place),
            control_type=said(one.control_type_name),
            unit=cast("Unit", one.unit),
            is_share=one.is_share,
            target=Target(direction(one.direction), float(one.target), one.until_on),
            as_of=self.content.header.as_of,
            value=_plain(one.value),
            counted=self.of_whole(place, one.key) if is_counted else "",
            hidden="" if one.shown == "shown" else _(NOT_SHOWN[one.shown]),
            before=before,
            is_of_city=place == CITY,
        )

    @property
    def scenario(self) -> PublishedScenario | None:
        """The scenario that was released along, if one was."""
        return next(iter(self.content.scenarios), None)

    def projected(self, value: int | None) -> str:
        """A projected number as it is shown: rounded, "fewer than k" below the threshold."""
        if value is not None:
            return _("about %(count)s", count=format_number(value))
        return _("fewer than %(k)s", k=format_number(self.content.header.k))

    @property
    def as_of_text(self) -> str:
        """State of which date."""
        return _("State of %(day)s", day=format_date(self.content.header.as_of))

    @property
    def released_on(self) -> date:
        """The day of the release in the city's time."""
        return self.content.header.published_at.astimezone(BERLIN).date()

    @property
    def audience_text(self) -> str:
        """For whom it was released."""
        return code_label("audience", self.content.header.audience)

    @property
    def held_back_text(self) -> str:
        """What the dot means, with this publication's threshold."""
        return _(
            "A dot (•) stands for a number that is held back: 1 to %(most)s objects, or a number from which such a one "
            "could be worked out. 0 is shown as 0.",
            most=format_number(self.content.header.k - 1),
        )

    @property
    def has_held_back(self) -> bool:
        """Whether there is any dot in it."""
        return any(one.is_held_back for one in self.content.figures)

    def shapes(self, kind: str, key: str, *, text_size: int) -> tuple[list[dict[str, Any]], int]:
        """The areas of a kind as SVG paths with name and value, and the height of the drawing (its width is 1000)."""
        areas = self.areas(kind)
        if not areas:
            return [], 0
        moved, height = _moved([shapely.from_wkb(one.outline) for one in areas])
        found = []
        for area, outline in zip(areas, moved, strict=True):
            place = (area.kind, area.key)
            x, y = _label_place(outline, NAME_WIDTH * text_size * len(area.name))
            found.append(
                {
                    "key": area.key,
                    "name": area.name,
                    "value": self.value(place, key),
                    "held": self.is_held_back(place, key),
                    "path": _path(outline),
                    "x": x,
                    "y": y,
                }
            )
        return found, height


def _plain(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _moved(outlines: Sequence[Any]) -> tuple[list[Any], int]:
    """Longitude and latitude as a drawing: x to the right, y down, both in the same scale at this latitude."""
    west, south, east, north = shapely.total_bounds(outlines)
    narrow = cos(radians((south + north) / 2))
    scale = (SHAPE_WIDTH - 2 * SHAPE_MARGIN) / ((east - west) * narrow)

    def draw(xy: Any) -> Any:
        moved = xy.copy()
        moved[:, 0] = SHAPE_MARGIN + (xy[:, 0] - west) * narrow * scale
        moved[:, 1] = SHAPE_MARGIN + (north - xy[:, 1]) * scale
        return moved.round(1)

    height = round((north - south) * scale) + 2 * SHAPE_MARGIN
    return [shapely.transform(one, draw) for one in outlines], height


def _label_place(outline: Any, text_width: float) -> tuple[float, float]:
    """The middle of the largest circle that fits in; a name that is wider than its area reaches over the outer edge.

    So it does not lie on the name of a neighbour. The estimate of the width is rough, and need not be better.
    """
    circle = shapely.maximum_inscribed_circle(max(shapely.get_parts(outline), key=shapely.area))
    x, y = shapely.get_coordinates(circle)[0]
    left, _top, right, _bottom = shapely.bounds(
        shapely.intersection(outline, shapely.box(0, y - 1, SHAPE_WIDTH, y + 1))
    )
    if text_width > right - left:
        x = left + text_width / 2 if x > SHAPE_WIDTH / 2 else right - text_width / 2
    return round(float(x), 1), round(float(y), 1)


def _path(outline: Any) -> str:
    rings = []
    for polygon in shapely.get_parts(outline):
        for ring in (polygon.exterior, *polygon.interiors):
            points = " ".join(f"{x:g},{y:g}" for x, y in shapely.get_coordinates(ring)[:-1])
            rings.append(f"M{points}Z")
    return "".join(rings)
