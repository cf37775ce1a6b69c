"""Which property a fact belongs to, and where a property lies: by key, parcel, place and address, never by guess."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd
import shapely

from etl.addresses import AddressIndex, Match, NoMatch
from etl.casts import Problem, quote
from etl.mapping import Mapping
from geodata.address_text import AddressParts, parse_address, with_house_numbers

_ADDRESS_FIELDS = ("address", "street", "house_number", "house_number_suffix", "postal_code")


def written_addresses(frame: pd.DataFrame) -> list[tuple[str | None, ...]]:
    """The address fields of each row, as they were cast; None where a field is empty or not mapped."""
    columns = [
        frame[name].astype(object).where(frame[name].notna(), None) if name in frame else [None] * len(frame)
        for name in _ADDRESS_FIELDS
    ]
    return list(zip(*columns, strict=True))


def address_parts(written: tuple[str | None, ...]) -> list[AddressParts]:
    """All addresses that one row names: from one text, or from a street with its house numbers."""
    address, street, number, suffix, _ = written
    if street is not None:
        return with_house_numbers(street, " ".join(filter(None, (number, suffix))) or None)
    return [] if address is None else parse_address(address)


def joined_addresses(frame: pd.DataFrame) -> "pd.Series[Any]":
    """One text of the address fields, for facts whose property is implied by them."""
    texts = {key: " ".join(filter(None, key[1:4])) if key[1] else key[0] for key in set(written_addresses(frame))}
    return pd.Series([texts[key] for key in written_addresses(frame)], index=frame.index, dtype="str")


@dataclass
class PropertyFinder:
    """Facts of a register whose property is named by parcel or by address; adds `property_key`."""

    mapping: Mapping
    by_parcel: dict[str, list[str]] = field(default_factory=dict)
    index: AddressIndex | None = None
    keys_by_id: dict[int, str] = field(default_factory=dict)

    def link(self, frame: pd.DataFrame) -> list[Problem]:
        """Find each different parcel or address once."""
        by_address = self.mapping.match == "address"
        asked: list[Any] = written_addresses(frame) if by_address else list(frame["parcel"])
        answers = {one: self._by_address(one) if by_address else self._by_parcel(one) for one in set(asked)}
        frame["property_key"] = pd.Series([answers[one][0] for one in asked], index=frame.index, dtype="str")
        name = "address" if by_address else "parcel"
        return [Problem(at, name, reason) for at, one in enumerate(asked) if (reason := answers[one][1]) is not None]

    def _by_parcel(self, parcel: Any) -> tuple[str | None, str | None]:
        if pd.isna(parcel):
            return None, "expected a parcel, found an empty field"
        found = self.by_parcel.get(str(parcel), [])
        if len(found) == 1:
            return found[0], None
        several = f"{len(found)} properties have it" if found else "no property has it"
        return None, f"expected the parcel of one property, but of {quote(parcel)} {several}"

    def _by_address(self, written: tuple[str | None, ...]) -> tuple[str | None, str | None]:
        parts = address_parts(written)
        if not parts or self.index is None:
            return None, "expected an address, found an empty field"
        answers = [self.index.match(one, postal_code=written[4]) for one in parts]
        found = {self.keys_by_id[one.address_id] for one in answers if isinstance(one, Match)}
        if len(found) == 1:
            return found.pop(), None
        if found:
            return None, f"expected the address of one property, but {len(found)} properties lie there"
        return None, str(next(one for one in answers if isinstance(one, NoMatch)))


@dataclass
class KnownProperties:
    """Ids of the properties of a register by their keys, for rows that are linked before the database has them."""

    register: str
    keys: "pd.Index[Any]"
    ids: npt.NDArray[np.int64]

    def find(self, frame: pd.DataFrame) -> list[Problem]:
        """Add `property_id`; each different key of the chunk is looked up once."""
        positions, distinct = pd.factorize(frame["property_key"])
        found = np.append(self.keys.get_indexer(pd.Index(distinct)), -1)[positions]
        is_unknown = found < 0
        frame["property_id"] = pd.Series(self.ids[found], index=frame.index, dtype="Int64").mask(is_unknown)
        reason = f"expected a property of register {self.register}, but {{}} is unknown"
        return [
            Problem(int(at), "property_key", reason.format(frame["property_key"].iloc[at]))
            for at in np.flatnonzero(is_unknown)
        ]


@dataclass
class PropertyPlacer:
    """Places properties by coordinates, by address, or by both with a check of their distance.

    Adds `placed_by`, `addresses` (JSON for property_address) and `address_text` (their content), fills `geom`. Where
    the municipality has no official addresses, an address is kept as text and says nothing about the place. Properties
    that facts imply (`is_implied`) are never rejected: what cannot be found stays without a place.
    """

    mapping: Mapping
    index: AddressIndex | None = None
    is_implied: bool = False

    def link(self, frame: pd.DataFrame) -> list[Problem]:
        """Row by row, because each row can name several addresses; at once where the file has no address at all."""
        if "geom" not in frame:
            frame["geom"] = np.full(len(frame), None, dtype=object)
        if not any(name in frame and frame[name].notna().any() for name in ("address", "street")):
            self._place_by_coordinates(frame)
            return []
        points, problems = frame["geom"].to_numpy(dtype=object, copy=True), []
        placed_by: list[str | None] = []
        texts, documents = [], []
        for at, written in enumerate(written_addresses(frame)):
            parts = address_parts(written)
            answers = [self._match(one, written[4]) for one in parts]
            points[at], how, reason = self._place(points[at], answers)
            placed_by.append(how)
            if reason is not None:
                problems.append(Problem(at, "address" if written[1] is None else "street", reason))
            kept = _kept(parts, answers)
            texts.append("; ".join(filter(None, (*map(str, (one for one, _ in kept)), written[4] or ""))))
            documents.append(_document(kept, written[4]))
        frame["geom"] = points
        frame["placed_by"] = pd.Series(placed_by, index=frame.index, dtype="str")
        frame["address_text"] = pd.Series(texts, index=frame.index, dtype="str")
        frame["addresses"] = pd.Series(documents, index=frame.index, dtype="str")
        return problems

    def _place_by_coordinates(self, frame: pd.DataFrame) -> None:
        how = "implied" if self.is_implied else "coordinates"
        is_missing = shapely.is_missing(frame["geom"].to_numpy(dtype=object))
        frame["placed_by"] = pd.Series(how, index=frame.index, dtype="str").mask(is_missing)
        frame["address_text"] = frame["postal_code"].fillna("") if "postal_code" in frame else ""
        frame["addresses"] = "[]"

    def remarks(self, *, unplaced: int, at_no_address: int) -> list[str]:
        """What a reader of the report should know about the places; both counts leave rejected rows out."""
        found = []
        if at_no_address and self.index is not None:
            found.append(f"Properties that lie by their coordinates, at no official address: {at_no_address}.")
        if unplaced:
            why = "" if self.index is not None else ", and no official addresses are loaded"
            found.append(f"Properties without a place{why}: {unplaced}. They are in tables and counts, not on the map.")
        return found

    def _match(self, parts: AddressParts, postal_code: str | None) -> Match | NoMatch | None:
        return None if self.index is None else self.index.match(parts, postal_code=postal_code)

    def _place(self, point: Any, answers: list[Match | NoMatch | None]) -> tuple[Any, str | None, str | None]:
        """Point, how it was found, and why the row is rejected."""
        by_coordinates = "implied" if self.is_implied else "coordinates"
        by_address = "implied" if self.is_implied else "address"
        official = self._official_place(answers)
        if point is None and official is not None:
            return shapely.Point(official), by_address, None
        if point is None:
            missed = next((one for one in answers if isinstance(one, NoMatch)), None)
            return None, None, None if missed is None or self.is_implied else str(missed)
        if official is None:
            return point, by_coordinates, None
        distance_m = float(shapely.distance(point, shapely.Point(official)))
        if distance_m > self.mapping.max_distance_m and not self.is_implied:
            allowed = f"{self.mapping.max_distance_m:.0f} m"
            reason = f"expected coordinates within {allowed} of the address, but they lie {distance_m:.0f} m away"
            return point, by_coordinates, reason
        return point, by_coordinates, None

    def _official_place(self, answers: Iterable[Match | NoMatch | None]) -> tuple[float, float] | None:
        places = (self.index.place(one.address_id) for one in answers if self.index and isinstance(one, Match))
        return next((place for place in places if place is not None), None)


_Kept = list[tuple[AddressParts, int | None]]


def _kept(parts: list[AddressParts], answers: list[Match | NoMatch | None]) -> _Kept:
    """The addresses of a property with their official id; what a range only implies counts where it exists."""
    ids = [one.address_id if isinstance(one, Match) else None for one in answers]
    return [(part, found) for part, found in zip(parts, ids, strict=True) if found is not None or not part.is_between]


def _document(kept: _Kept, postal_code: str | None) -> str:
    rows = [
        {
            "position": position,
            "street": part.street,
            "street_norm": part.street_norm,
            "house_number": part.house_number,
            "house_number_suffix": part.house_number_suffix,
            "postal_code": postal_code,
            "address_id": found,
        }
        for position, (part, found) in enumerate(kept, start=1)
    ]
    return orjson.dumps(rows).decode()
