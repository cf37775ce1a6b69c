"""What a publication says of the council's resolutions: frozen words, and values that it shows anyway.

The rule: a value is told only where the publication itself shows the figure for that place, with the same number; where
that is held back, so is the resolution. A figure that is a public fact may be told for other places and types of
control too, unless it is not published by area. All else is "not shown in this release": no number about the condition
of houses comes out here that is not among the figures, so the attacker's table of `published_figures` stays complete.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from geodata.access import Asker
from geodata.areas import Area, read_areas
from geodata.figure import Unit
from geodata.figures import REGISTER, figure
from geodata.publishing.publication import Bilingual, Content, PublishedFigure, PublishedResolution, Shown, number
from geodata.publishing.published_figures import CITY, Place, is_open_for
from geodata.publishing.words import Words
from geodata.resolutions import Resolution, read_measured, read_resolutions
from geodata.targets import share

# What is over for longer than this is history, and a slide has no room for it.
SHOWN_AFTER_END: Final = timedelta(days=366)
WHOLE_CITY: Final = "Whole city"
SHARE_OF: Final = "%(part)s, share of: %(whole)s"
NO_WORDS: Final[Bilingual] = ("", "")


@dataclass(frozen=True)
class Measure:
    """What is measured: a figure (or its share in its whole) of a place, for one type of control or all."""

    key: str
    place: Place
    control_type: str | None
    is_share: bool

    @property
    def keys(self) -> tuple[str, ...]:
        """The figures that the value is put together from; none where there is no such figure, or no whole of it."""
        one = REGISTER.get(self.key)
        if one is None or (self.is_share and one.part_of is None):
            return ()
        return (self.key, one.part_of) if self.is_share and one.part_of else (self.key,)


@dataclass(frozen=True)
class Told:
    """What a publication tells of a measure; a value where `shown` is "shown" and nowhere else."""

    shown: Shown
    value: Decimal | None = None


def measure_of(one: Resolution, area: Area | None) -> Measure:
    """What a resolution measures; `area` None = the whole city."""
    return Measure(one.figure, CITY if area is None else (area.kind, area.key), one.control_type, one.is_share)


def told_in(content: Content, measure: Measure) -> Told:
    """What a publication tells of a measure: as one of its resolutions, else among its figures."""
    for one in content.resolutions:
        if Measure(one.key, (one.kind, one.area_key), one.control_type, one.is_share) == measure:
            return Told(one.shown, one.value)
    return told_by_figures(content.figures, measure)


def told_by_figures(published: Iterable[PublishedFigure], measure: Measure) -> Told:
    """What the figures of a publication tell of a measure; they are of all types of control together."""
    found = {one.key: one for one in published if (one.kind, one.area_key) == measure.place}
    keys = measure.keys
    if measure.control_type is not None or not keys or not set(keys) <= set(found):
        return Told("not_published")
    if any(found[key].is_held_back for key in keys):
        return Told("held_back")
    values = [None if found[key].value is None else float(found[key].value or 0) for key in keys]
    return _told(share(*values) if measure.is_share else values[0])


def prepare_resolutions(
    asker: Asker, published: Sequence[PublishedFigure], as_of: date, words: Words, compared: Content | None
) -> tuple[PublishedResolution, ...]:
    """The resolutions of an as-of date: those that run, the next to end first, then those that ended not long ago.

    `published` are the figures of the publication that is made, hold-back included; `compared` is the one before it.
    """
    areas = {area.id: area for area in read_areas(asker, as_of)}
    chosen = [one for one in read_resolutions(asker) if _is_of(one, as_of, areas)]
    ended = [one for one in chosen if one.until_on < as_of]
    ordered = [*(one for one in chosen if one.until_on >= as_of), *reversed(ended)]
    return tuple(
        _row(asker, place, one, areas.get(one.area_id or 0), published, as_of, words, compared)
        for place, one in enumerate(ordered, start=1)
    )


def _is_of(one: Resolution, as_of: date, areas: Mapping[int, Area]) -> bool:
    is_placed = one.area_id is None or one.area_id in areas
    return one.figure in REGISTER and is_placed and one.decided_on <= as_of <= one.until_on + SHOWN_AFTER_END


def _row(
    asker: Asker,
    place: int,
    one: Resolution,
    area: Area | None,
    published: Sequence[PublishedFigure],
    as_of: date,
    words: Words,
    compared: Content | None,
) -> PublishedResolution:
    measure = measure_of(one, area)
    told = _tell(asker, one, measure, published, as_of)
    before = None if compared is None else told_in(compared, measure)
    state = one.target.state(None if told.value is None else float(told.value), as_of)
    unit: Unit = "percent" if one.is_share else figure(one.figure).unit
    return PublishedResolution(
        number=place,
        reference=one.number,
        decided_on=one.decided_on,
        body=one.body,
        title=one.title,
        key=one.figure,
        figure=_figure_words(one, words),
        unit=unit,
        unit_name=words.of_unit(unit),
        kind=measure.place[0],
        area_key=measure.place[1],
        place=words.both(WHOLE_CITY) if area is None else (area.name, area.name),
        control_type=one.control_type,
        control_type_name=NO_WORDS if one.control_type is None else words.of_code("control_type", one.control_type),
        direction=one.direction,
        direction_name=words.of_code("target_direction", one.direction),
        is_share=one.is_share,
        target=number(one.target_value) or Decimal(0),
        until_on=one.until_on,
        link_text=one.link_text,
        shown=told.shown,
        value=told.value,
        state=state,
        state_name=words.of_code("target_state", state),
        previous_as_of=None if compared is None else compared.header.as_of,
        previous_shown=None if before is None else before.shown,
        previous_value=None if before is None else before.value,
    )


def _figure_words(one: Resolution, words: Words) -> Bilingual:
    """The title of the figure; of a share with that of its whole."""
    part, whole = words.both(figure(one.figure).title), REGISTER[one.figure].part_of
    if not one.is_share or whole is None:
        return part
    of, pattern = words.both(figure(whole).title), words.both(SHARE_OF)
    german, english = (pattern[at] % {"part": part[at], "whole": of[at]} for at in (0, 1))
    return german, english


def _tell(asker: Asker, one: Resolution, measure: Measure, published: Sequence[PublishedFigure], as_of: date) -> Told:
    told = told_by_figures(published, measure)
    is_open = bool(measure.keys) and all(is_open_for(key, measure.place) for key in measure.keys)
    if told.shown != "not_published" or not is_open:
        return told
    return _told(read_measured(asker, [one], as_of)[one.key].value)


def _told(value: float | None) -> Told:
    return Told("no_value") if value is None else Told("shown", number(value))
