"""How old the data of each source are, against the rhythm in which offices usually send them; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from geodata.deliveries import LatestDelivery

Level = Literal["fresh", "ageing", "old", "never"]

# How many days usually lie between two deliveries of a source. It decides only about the word and colour of freshness.
USUAL_RHYTHM_DAYS: Final[Mapping[str, int]] = {
    "properties": 31,
    "status": 31,
    "assessments": 92,
    "inspections": 31,
    "rounds": 31,
    "demolitions": 31,
    "rules": 366,
    "addresses": 366,
    "areas": 731,
    "area_links": 731,
    "context": 731,
}


@dataclass(frozen=True)
class Freshness:
    """How old the data of one source is; without a delivery `as_of` and `age_days` are None."""

    source: str
    level: Level
    as_of: date | None
    age_days: int | None
    rhythm_days: int
    delivery_id: int | None
    deliveries: int


def freshness(latest: Iterable[LatestDelivery], as_of: date) -> tuple[Freshness, ...]:
    """Freshness of every source that is known or was ever delivered, in the order of `USUAL_RHYTHM_DAYS`."""
    found = {delivery.source: delivery for delivery in latest}
    sources = [*USUAL_RHYTHM_DAYS, *sorted(set(found) - set(USUAL_RHYTHM_DAYS))]
    return tuple(_freshness(source, found.get(source), as_of) for source in sources)


def level_of(age_days: int, rhythm_days: int) -> Level:
    """Fresh within the usual rhythm, ageing within twice of it, old beyond."""
    if age_days <= rhythm_days:
        return "fresh"
    return "ageing" if age_days <= 2 * rhythm_days else "old"


def _freshness(source: str, latest: LatestDelivery | None, as_of: date) -> Freshness:
    rhythm = USUAL_RHYTHM_DAYS.get(source, 366)
    if latest is None:
        return Freshness(source, "never", None, None, rhythm, None, 0)
    age = (as_of - latest.as_of).days
    return Freshness(source, level_of(age, rhythm), latest.as_of, age, rhythm, latest.delivery_id, latest.deliveries)
