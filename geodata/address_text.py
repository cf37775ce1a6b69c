"""Addresses as text: one spelling for comparison, and house numbers taken apart.

The ETL, edits and the search of addresses compare streets by the same normalised spelling (`street_norm`).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "œ": "oe"})
_APOSTROPHES: Final = re.compile(r"['’`´ʼ]")
_NOT_A_WORD: Final = re.compile(r"[^a-z0-9]+")
_STREET_WORD: Final = re.compile(r"(strasse|str)$")
# Spelled out and shortened forms of whole words that stand in street names.
_SHORT_WORDS: Final = {"sankt": "st", "doktor": "dr", "professor": "prof", "pl": "platz"}

# `12`, `12a`, `12 a`, `12 1/2`, `3 HH`; the suffix is at most a short word, or it is not a house number.
_NUMBER: Final = re.compile(r"^\s*(\d{1,5})\s*(1/2|½|[a-zA-ZäöüÄÖÜ]{1,3})?\s*$")
_LEADING_NUMBER: Final = re.compile(r"^\s*0*(\d{1,5})\s*(.*?)\s*$", re.DOTALL)
# From the first number that has only number-like things behind it: the house numbers of an address.
_NUMBERS_AT_END: Final = re.compile(
    r"^(?P<street>.*?[^\W\d_].*?)(?:[\s,]+(?:(?:Haus-?)?Nr\.?\s*)?|(?<=[a-zß]\.))(?P<numbers>\d{1,5}\s*(?:1/2|½|[a-zA-Z](?![a-zA-Z]))?"
    r"(?:\s*(?:-|–|—|/|\+|,|;|&|u\.|und|bis)\s*(?:\d{1,5}\s*(?:1/2|½|[a-zA-Z](?![a-zA-Z]))?|[a-zA-Z](?![a-zA-Z])))*)\s*$"
)
# `, 58089 Musterstadt` behind the house number: the place is known from the municipality.
_PLACE_AT_END: Final = re.compile(r"\s*,\s*(?:[A-Z]{1,2}-)?\d{5}\b[^\d]*$")
_NUMBER_FIRST: Final = re.compile(r"^\s*(?P<numbers>\d{1,5}(?:\s+1/2)?(?:\s*-\s*\d{1,5})?)\s+(?P<street>\S.*?)\s*$")
_RANGE: Final = re.compile(r"\s*(?:-|–|—|\bbis\b)\s*")
_LIST: Final = re.compile(r"\s*(?:,|;|\+|&|\bu\.|\bund\b|/(?!2\b))\s*")
# Further apart, `1-200` means a street, not a house; then only its ends are taken.
_RANGE_MAX_NUMBERS: Final = 20
# Longer text is no address, and taking it apart would cost the square of its length.
_ADDRESS_MAX_CHARACTERS: Final = 300
_HALF: Final = "1/2"


class HouseNumber(NamedTuple):
    """A house number in its parts; the suffix in lower case without blanks, as `a` or `1/2`."""

    number: int | None
    suffix: str | None


@dataclass(frozen=True)
class AddressParts:
    """One address: street as written and normalised, house number in parts.

    `is_between` marks a number that a range implies without naming it (97 of `95-99`): it need not exist.
    """

    street: str
    street_norm: str
    house_number: int | None
    house_number_suffix: str | None = None
    is_between: bool = False

    def __str__(self) -> str:
        return " ".join(
            part for part in (self.street, join_house_number(self.house_number, self.house_number_suffix)) if part
        )


@lru_cache(maxsize=65_536)
def normalise_street(text: str) -> str:
    """The spelling in which streets are compared; normalising twice changes nothing.

    Lower case; umlauts as two letters, other accents dropped; `Straße`, `Strasse`, `Str.` are `str`, at the end of a
    name joined to the word before (`Berliner Str.` = `Berlinerstraße`); hyphens, dots and apostrophes do not count.
    """
    folded = unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS)
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign))
    words = [_normalise_word(word) for word in _NOT_A_WORD.sub(" ", _APOSTROPHES.sub("", plain.casefold())).split()]
    if len(words) > 1 and words[-1] == "str":
        words[-2:] = [words[-2] + "str"]
    return " ".join(words)


def _normalise_word(word: str) -> str:
    return _STREET_WORD.sub("str", _SHORT_WORDS.get(word, word))


def split_house_number(text: str | None) -> HouseNumber:
    """`12`, `3a`, `3 A`, `12 1/2`, `007` in parts; text without a leading number is all suffix, nothing is lost.

    A 0 stays a 0: some registers write it for "none yet", and only the caller knows.
    """
    found = _LEADING_NUMBER.match(text or "")
    if found is None:
        return HouseNumber(None, _suffix(text))
    return HouseNumber(int(found[1]), _suffix(found[2]))


def _suffix(text: str | None) -> str | None:
    shortened = "".join((text or "").casefold().replace("½", _HALF).split())
    return shortened or None


def join_house_number(number: int | None, suffix: str | None) -> str:
    """The parts as a person writes them: `3a`, `12 1/2`."""
    start = "" if number is None else str(number)
    if suffix is None:
        return start
    return f"{start} {suffix}".strip() if suffix[0].isdigit() or not start else start + suffix


def parse_address(text: str) -> list[AddressParts]:
    """All addresses that a text names: `Teststr. 95-99` are 95, 97 and 99, `Ring 5, 7a` two, `12a-c` three.

    A range with ends of one parity lies on one side of the street. Text without a house number is one address without
    one, house numbers alone (`12 a`, `5, 7`) have an empty street; a postal code and a place behind a comma are left
    out. Number first (`2113 Wilkens Ave`) is understood where no number stands at the end.
    """
    cleaned = _PLACE_AT_END.sub("", " ".join(text.split()))
    if cleaned[:1].isdecimal() and _parse_numbers(cleaned):
        return with_house_numbers("", cleaned)
    is_short = len(cleaned) <= _ADDRESS_MAX_CHARACTERS
    found = (_NUMBERS_AT_END.match(cleaned) or _NUMBER_FIRST.match(cleaned)) if is_short else None
    if found is None:
        return [AddressParts(cleaned, normalise_street(cleaned), None)] if cleaned else []
    street = found["street"].strip(" ,;")
    return with_house_numbers(street, found["numbers"])


def with_house_numbers(street: str, numbers: str | None) -> list[AddressParts]:
    """All addresses of a street and a text of house numbers that stand in columns of their own (`95-99`, `5, 7`)."""
    norm = normalise_street(street)
    parsed = _parse_numbers(numbers or "")
    if not parsed:
        single = split_house_number(numbers)
        return [AddressParts(street, norm, single.number or None, single.suffix)]
    named = {number for number, is_between in parsed if not is_between}
    unique = dict.fromkeys((number, is_between and number not in named) for number, is_between in parsed)
    return [AddressParts(street, norm, n.number, n.suffix, is_between) for n, is_between in unique]


def _parse_numbers(text: str) -> list[tuple[HouseNumber, bool]]:
    """(house number, lies between); nothing at all where a part is not understood, so that nothing is half read."""
    result: list[tuple[HouseNumber, bool]] = []
    last: HouseNumber | None = None
    for part in _LIST.split(text.strip()):
        ends = _RANGE.split(part)
        expanded = _expand([_complete(end, last) for end in ends])
        if not expanded:
            return []
        result.extend(expanded)
        last = expanded[-1][0]
    return result


def _complete(text: str, last: HouseNumber | None) -> HouseNumber | str | None:
    if _NUMBER.match(text):
        number = split_house_number(text)
        return number if number.number else None
    # `12a, b` and `12a-c`: a letter alone belongs to the number before it.
    if re.fullmatch(r"\s*[a-zA-Z]\s*", text):
        return HouseNumber(last.number, text.strip().casefold()) if last else text.strip().casefold()
    return None


def _expand(ends: Sequence[HouseNumber | str | None]) -> list[tuple[HouseNumber, bool]]:
    first = ends[0]
    if not isinstance(first, HouseNumber) or len(ends) > 2:
        return []
    if len(ends) == 1:
        return [(first, False)]
    last = ends[1]
    if isinstance(last, str):
        last = HouseNumber(first.number, last)
    if last is None or first.number is None or last.number is None:
        return []
    return _between(first, last, first.number, last.number)


def _between(first: HouseNumber, last: HouseNumber, low: int, high: int) -> list[tuple[HouseNumber, bool]]:
    if low == high:
        return [(first, False), *((HouseNumber(low, letter), False) for letter in _letters(first.suffix, last.suffix))]
    step = 2 if (high - low) % 2 == 0 else 1
    middle = range(low + step, high, step)
    if high < low or len(middle) > _RANGE_MAX_NUMBERS:
        middle = range(0)
    return [(first, False), *((HouseNumber(number, None), True) for number in middle), (last, False)]


def _letters(first: str | None, last: str | None) -> list[str]:
    """Letters after `first` up to `last`: of `a` and `c` these are `b` and `c`; of no suffix and `c` only `c`."""
    if first is None or last is None or len(first) != 1 or len(last) != 1:
        return [last] if last is not None and last != first else []
    return [chr(code) for code in range(ord(first) + 1, ord(last) + 1)]
