"""Matching of addresses with the official ones, which never guesses.

A street is compared by its normalised spelling. Exact first; a fuzzy match concerns the name of the street only, needs
a score at or above the threshold, no second street as good, and the same house number with the same suffix.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz import fuzz, process

from geodata.address_text import AddressParts, join_house_number

DEFAULT_THRESHOLD: Final = 92.0
_CANDIDATES: Final = 3
# Below this a street has nothing to do with what was asked, and naming it would only confuse.
_CANDIDATE_MIN_SCORE: Final = 60.0


@dataclass(frozen=True)
class Match:
    """An official address that was found; `how` is `exact` or `fuzzy`, `score` 0 to 100 is that of the street's
    name."""

    address_id: int
    score: float
    how: str


@dataclass(frozen=True)
class Candidate:
    """What might have been meant, with the score of the street's name; for a person to decide, never taken by
    itself."""

    text: str
    score: float


@dataclass(frozen=True)
class NoMatch:
    """Nothing certain was found: why, and the best candidates."""

    reason: str
    candidates: tuple[Candidate, ...] = ()

    def __str__(self) -> str:
        if not self.candidates:
            return self.reason
        named = ", ".join(f"{candidate.text} ({candidate.score:.0f})" for candidate in self.candidates)
        return f"{self.reason}; nearest: {named}"


@dataclass
class AddressIndex:
    """Official addresses of one municipality, ready for matching.

    Built from rows (id, normalised street, number, suffix, x, y), which may go on with the postal code and with the
    street as it is written, in which candidates are named. Fuzzy results are kept per street, so a street costs its
    comparison once, however many rows name it.
    """

    rows: Iterable[Sequence[object]]
    threshold: float = DEFAULT_THRESHOLD
    _ids: dict[tuple[str, int | None, str | None], list[int]] = field(default_factory=dict, init=False, repr=False)
    _numbers: dict[str, list[tuple[int | None, str | None]]] = field(default_factory=dict, init=False, repr=False)
    _places: dict[int, tuple[float, float]] = field(default_factory=dict, init=False, repr=False)
    _postal_codes: dict[int, str] = field(default_factory=dict, init=False, repr=False)
    _written: dict[str, str] = field(default_factory=dict, init=False, repr=False)
    _streets: list[str] = field(default_factory=list, init=False, repr=False)
    _nearest: dict[str, list[tuple[str, float]]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for row in self.rows:
            self._add(*row)
        self.rows = ()
        self._streets = list(self._numbers)

    def _add(self, address_id: object, street: object, number: object, suffix: object, *rest: object) -> None:
        key = (str(street), None if number is None else int(str(number)), None if suffix is None else str(suffix))
        identity = int(str(address_id))
        self._ids.setdefault(key, []).append(identity)
        self._numbers.setdefault(key[0], []).append(key[1:])
        if len(rest) >= 2 and rest[0] is not None and rest[1] is not None:
            self._places[identity] = (float(str(rest[0])), float(str(rest[1])))
        if len(rest) > 2 and rest[2] is not None:
            self._postal_codes[identity] = str(rest[2])
        if len(rest) > 3 and rest[3] is not None:
            self._written.setdefault(key[0], str(rest[3]))

    def place(self, address_id: int) -> tuple[float, float] | None:
        """Easting and northing (EPSG:25832) of an address, None where the official list has no coordinate."""
        return self._places.get(address_id)

    def match(self, parts: AddressParts, *, postal_code: str | None = None) -> Match | NoMatch:
        """The official address of `parts`, or why there is none with the best candidates.

        A street that is known exactly is never exchanged for a similar one, even where the house number is missing
        there.
        """
        if not parts.street_norm:
            return NoMatch("expected a street, but there is none")
        if parts.street_norm in self._numbers:
            return self._in_street(parts, parts.street_norm, 100.0, postal_code)
        nearest = self._nearest_streets(parts.street_norm)
        best = [street for street, score in nearest if score == nearest[0][1] and score >= self.threshold]
        if len(best) == 1:
            return self._in_street(parts, best[0], nearest[0][1], postal_code)
        reason = f"expected a known street, but {parts.street!r} is none"
        if len(best) > 1:
            reason = f"expected one street, but {parts.street!r} is as near to several"
        return NoMatch(reason, tuple(Candidate(self._written.get(street, street), score) for street, score in nearest))

    def _in_street(self, parts: AddressParts, street: str, score: float, postal_code: str | None) -> Match | NoMatch:
        how = "exact" if street == parts.street_norm else "fuzzy"
        found = self._ids.get((street, parts.house_number, parts.house_number_suffix), [])
        if postal_code is not None and len(found) > 1:
            found = [one for one in found if self._postal_codes.get(one) == postal_code] or found
        if len(found) == 1:
            return Match(found[0], score, how)
        wanted = join_house_number(parts.house_number, parts.house_number_suffix)
        if found:
            return NoMatch(f"expected one address, but {parts.street} {wanted} exists {len(found)} times")
        what = f"the house number {wanted}" if wanted else "a house number"
        known = self._near_numbers(street, parts.house_number)
        written = self._written.get(street, street)
        candidates = tuple(Candidate(f"{written} {join_house_number(*number)}".strip(), score) for number in known)
        return NoMatch(f"expected {what} in {parts.street}, but it is not known there", candidates)

    def _near_numbers(self, street: str, number: int | None) -> list[tuple[int | None, str | None]]:
        """The numbers of a street nearest to the one asked for: the same with another suffix first."""
        if number is None:
            return []
        known = [one for one in self._numbers[street] if one[0] is not None]
        return sorted(known, key=lambda one: (abs((one[0] or 0) - number), one[1] or ""))[:_CANDIDATES]

    def _nearest_streets(self, street: str) -> list[tuple[str, float]]:
        if street not in self._nearest:
            found = process.extract(
                street, self._streets, scorer=fuzz.ratio, limit=_CANDIDATES, score_cutoff=_CANDIDATE_MIN_SCORE
            )
            self._nearest[street] = [(name, round(score, 1)) for name, score, _ in found]
        return self._nearest[street]
