"""Which streets and house numbers somebody means who has typed part of an address. Pure rules, no database.

Streets are compared in their normalised spelling (`geodata.address_text`) without the gaps between words, so that
`Bahnhof Str` begins `bahnhofstr`. A street that was typed as it is called, or begun, is never exchanged for one that is
merely similar: similar ones are named only where there is nothing else.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from rapidfuzz import fuzz

from geodata.address_text import HouseNumber, join_house_number, normalise_street, parse_address

TEXT_MAX_CHARACTERS: Final = 120
# One letter begins a hundred streets; that is no question yet.
LETTERS_MIN: Final = 2
STREETS_MAX: Final = 10
_SIMILAR_MIN_SCORE: Final = 78.0
# What is similar as far as it was typed counts a little less than what is similar as a whole.
_BEGUN_LESS: Final = 4.0
# So far behind the best, a similar street is not what was meant.
_SIMILAR_BEHIND_MAX: Final = 10.0
_INSIDE_MIN_LETTERS: Final = 4
# `Berliner Stra` is on its way to `Berliner Straße`, whose spelling is `berlinerstr`.
_STREET_BEGUN: Final = re.compile(r"(?<=str)a(s(s(e)?)?)?$")
# `58089 Beispielweg`: the place is known from the municipality.
_POSTAL_CODE_FIRST: Final = re.compile(r"^\d{5}\s+(?=\D)")


class StreetFit(IntEnum):
    """How a street answers what was typed, the best first."""

    CALLED = 0
    BEGUN = 1
    WORDS_BEGUN = 2
    INSIDE = 3
    SIMILAR = 4


class NumberFit(IntEnum):
    """How a house number answers the one that was typed, the best first."""

    SAME = 0
    OTHER_SUFFIX = 1
    BEGUN = 2
    NEAR = 3


@dataclass(frozen=True)
class Wanted:
    """What was typed: a street in normalised spelling, and the house number behind it where there was one."""

    street_norm: str
    number: HouseNumber | None = None


@dataclass(frozen=True)
class RankedStreet:
    """A street that may be meant; `order` sorts the best first."""

    street_norm: str
    fit: StreetFit
    order: tuple[int, float, int, str]


def read_wanted(typed: str) -> tuple[Wanted, ...]:
    """What may be meant: a street with its number, or the whole as a street (`Platz des 4. Juli`); () = too short."""
    text = _POSTAL_CODE_FIRST.sub("", " ".join(typed.split()))
    if len(text) > TEXT_MAX_CHARACTERS or sum(sign.isalpha() for sign in text) < LETTERS_MIN:
        return ()
    whole = Wanted(normalise_street(text))
    parts = parse_address(text)[:1]
    numbered = [Wanted(part.street_norm, HouseNumber(part.house_number, part.house_number_suffix)) for part in parts]
    with_number = [one for one in numbered if one.number and one.number.number is not None]
    return tuple(one for one in (*with_number, whole) if one.street_norm)


def rank_streets(wanted_norm: str, streets: Sequence[str]) -> list[RankedStreet]:
    """At most 10 streets that may be meant, the best first."""
    typed = _STREET_BEGUN.sub("", _compact(wanted_norm))
    words = [_STREET_BEGUN.sub("", word) for word in wanted_norm.split()]
    found = [one for street in streets if (one := _certain(typed, words, street))]
    if found:
        return sorted(found, key=lambda one: one.order)[:STREETS_MAX]
    similar = sorted((one for street in streets if (one := _similar(wanted_norm, street))), key=lambda one: one.order)
    return [one for one in similar if one.order[1] <= similar[0].order[1] + _SIMILAR_BEHIND_MAX][:STREETS_MAX]


def number_fit(wanted: HouseNumber, has: HouseNumber) -> NumberFit:
    """How a house number answers the one asked for; one of the same street that is another number is near."""
    if wanted.number == has.number:
        return NumberFit.SAME if wanted.suffix == has.suffix else NumberFit.OTHER_SUFFIX
    is_begun = wanted.suffix is None and str(has.number).startswith(str(wanted.number))
    return NumberFit.BEGUN if is_begun else NumberFit.NEAR


def number_order(wanted: HouseNumber, has: HouseNumber) -> tuple[int, int, int, str]:
    """Sorts house numbers of one street: the one asked for, its suffixes, those that it begins, then the nearest."""
    fit, number = number_fit(wanted, has), has.number or 0
    distance = abs(number - (wanted.number or 0)) if fit is NumberFit.NEAR else 0
    return int(fit), distance, number, has.suffix or ""


def written(street: str, number: int | None, suffix: str | None) -> str:
    """An address as a person writes it."""
    return " ".join(part for part in (street, join_house_number(number, suffix)) if part)


def _certain(typed: str, words: Sequence[str], street: str) -> RankedStreet | None:
    """`typed` is what was typed without gaps, `words` are its words."""
    whole = _compact(street)
    fit = _certain_fit(typed, words, whole, street)
    return None if fit is None else RankedStreet(street, fit, (int(fit), 0.0, len(whole), street))


def _certain_fit(typed: str, words: Sequence[str], whole: str, street: str) -> StreetFit | None:
    if whole.startswith(typed):
        return StreetFit.CALLED if typed == whole else StreetFit.BEGUN
    if words[0] in whole and _begins_words(words, street.split()):
        return StreetFit.WORDS_BEGUN
    return StreetFit.INSIDE if len(typed) >= _INSIDE_MIN_LETTERS and typed in whole else None


def _begins_words(wanted: Sequence[str], words: Sequence[str]) -> bool:
    """Whether each word typed begins a word of the street, in the order of both."""
    left = iter(words)
    return all(any(word.startswith(typed) for word in left) for typed in wanted)


def _similar(wanted_norm: str, street: str) -> RankedStreet | None:
    typed, whole = _compact(wanted_norm), _compact(street)
    as_a_whole = fuzz.ratio(typed, whole, score_cutoff=_SIMILAR_MIN_SCORE)
    as_typed = fuzz.ratio(typed, whole[: len(typed) + 1], score_cutoff=_SIMILAR_MIN_SCORE) - _BEGUN_LESS
    score = max(as_a_whole, as_typed)
    if score < _SIMILAR_MIN_SCORE:
        return None
    return RankedStreet(street, StreetFit.SIMILAR, (int(StreetFit.SIMILAR), -score, len(whole), street))


def _compact(norm: str) -> str:
    return norm.replace(" ", "")
