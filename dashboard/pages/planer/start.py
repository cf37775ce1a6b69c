"""Where a round starts: an official address that somebody typed, as a place."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from dashboard.place_words import address_text
from geodata.access import Asker
from geodata.address_search import search_addresses
from geodata.edits.placing import point
from geodata.planning.candidates import Place


@dataclass(frozen=True)
class Start:
    """The official address that was meant, and where it lies."""

    name: str
    place: Place

    @property
    def metres(self) -> tuple[float, float]:
        """Metres east and north (EPSG:25832)."""
        return self.place.east_m, self.place.north_m


def find_start(asker: Asker, typed: str, day: date) -> Start | None:
    """The first official address with a point that the text can mean; None where there is none such."""
    found = next((one for one in search_addresses(asker, typed, day) if one.position is not None), None)
    if found is None or found.position is None or found.house_number is None:
        return None
    metres = point(found.position)
    east_m, north_m = asker.connection.execute(select(func.ST_X(metres), func.ST_Y(metres))).one()
    return Start(address_text(found), Place(east_m, north_m, *found.position))
