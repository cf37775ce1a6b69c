"""Addresses: one spelling, house numbers in parts, and a match that is certain or none at all."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.addresses import AddressIndex, Match, NoMatch
from geodata.address_text import (
    AddressParts,
    join_house_number,
    normalise_street,
    parse_address,
    split_house_number,
    with_house_numbers,
)


def numbers(text: str) -> list[str]:
    """The house numbers that a text names, those in between with a tilde."""
    return [
        ("~" if part.is_between else "") + join_house_number(part.house_number, part.house_number_suffix)
        for part in parse_address(text)
    ]


# --- normalising ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spelling",
    [
        "Grüner-Weg-Straße",
        "Gruener-Weg-Str.",
        "GRÜNER WEG STRASSE",
        "Grüner Weg Str",
        "grüner  weg-strasse",
        "Gru\u0308ner-Weg-Straße",
        "Grüner-Weg Straße ",
        "GRÜNER-WEG-STRAẞE",
    ],
)
def test_spellings_of_one_street_are_equal(spelling: str) -> None:
    assert normalise_street(spelling) == "gruener wegstr"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Berliner Str.", "Berlinerstraße"),
        ("Sankt-Anna-Weg", "St. Anna Weg"),
        ("Doktor-Muster-Platz", "Dr.-Muster-Pl."),
        ("O'Donnell Street", "ODonnell Street"),
        ("Cafégasse", "Cafegasse"),
        ("Straße des 1. Mai", "Str. des 1. Mai"),
    ],
)
def test_shortened_and_spelled_out_are_equal(one: str, other: str) -> None:
    assert normalise_street(one) == normalise_street(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Bachstraße", "Buchstraße"), ("Bergweg", "Bergstraße"), ("Ring 1", "Ring 2")]
)
def test_different_streets_stay_different(one: str, other: str) -> None:
    assert normalise_street(one) != normalise_street(other)


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise_street(text)
    assert normalise_street(once) == once


@given(st.text(alphabet="AaÄäÖöÜüßéŠø-. 'Strasseß", max_size=40))
def test_normalising_does_not_see_upper_and_lower_case(text: str) -> None:
    assert normalise_street(text.swapcase().swapcase()) == normalise_street(text)
    assert set(normalise_street(text)) <= set(string.ascii_lowercase + string.digits + " ")


# --- house numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number", "suffix"),
    [
        ("12", 12, None),
        ("3a", 3, "a"),
        ("3 a", 3, "a"),
        ("3 A ", 3, "a"),
        ("007", 7, None),
        ("913 1/2", 913, "1/2"),
        ("913 ½", 913, "1/2"),
        ("12 HH", 12, "hh"),
        ("", None, None),
        (None, None, None),
        ("ohne", None, "ohne"),
        ("0", 0, None),
    ],
)
def test_a_house_number_in_parts(text: str | None, number: int | None, suffix: str | None) -> None:
    assert split_house_number(text) == (number, suffix)


suffixes = st.none() | st.sampled_from([*string.ascii_lowercase, "1/2", "hh"])


@given(st.integers(1, 99_999), suffixes)
def test_joining_and_splitting_is_a_round_trip(number: int, suffix: str | None) -> None:
    assert split_house_number(join_house_number(number, suffix)) == (number, suffix)


@given(st.sampled_from(["Beispielweg", "Am Alten Ring", "Straße des 17. Juni", "Q7"]), st.integers(1, 9_999), suffixes)
def test_an_address_that_is_written_can_be_read_back(street: str, number: int, suffix: str | None) -> None:
    if suffix == "hh":
        suffix = "h"
    (part,) = parse_address(str(AddressParts(street, normalise_street(street), number, suffix)))
    assert (part.street, part.house_number, part.house_number_suffix) == (street, number, suffix)


@pytest.mark.parametrize(
    ("text", "street", "expected"),
    [
        ("Teststr. 95-99", "Teststr.", ["95", "~97", "99"]),
        ("Teststr. 95–98", "Teststr.", ["95", "~96", "~97", "98"]),
        ("Teststr. 10 bis 14", "Teststr.", ["10", "~12", "14"]),
        ("Testring 12a-c", "Testring", ["12a", "12b", "12c"]),
        ("Testring 12-12b", "Testring", ["12", "12b"]),
        ("Testring 5, 7", "Testring", ["5", "7"]),
        ("Testring 5 u. 7 a", "Testring", ["5", "7a"]),
        ("Testring 12 a + b", "Testring", ["12a", "12b"]),
        ("Testring 12/14", "Testring", ["12", "14"]),
        ("Testring 5, 5", "Testring", ["5"]),
        ("Testring 1-200", "Testring", ["1", "200"]),
        ("Teststr.5a", "Teststr.", ["5a"]),
        ("Teststr. Nr. 5", "Teststr.", ["5"]),
        ("Teststraße Haus-Nr. 5-9", "Teststraße", ["5", "~7", "9"]),
        ("Testring 12 a, 58089 Musterstadt", "Testring", ["12a"]),
        ("Testring 12, D-58089 Musterstadt-Mitte", "Testring", ["12"]),
        ("Testring 5, 58089", "Testring", ["5"]),
        ("Testring, 58089 Musterstadt", "Testring", [""]),
        ("Testring 9-5", "Testring", ["9", "5"]),
        ("Testring, 5", "Testring", ["5"]),
        ("Testring 3 1/2", "Testring", ["3 1/2"]),
        ("Straße des 17. Juni 135", "Straße des 17. Juni", ["135"]),
        ("Am Ring", "Am Ring", [""]),
        ("2113 WILKENS AVE", "WILKENS AVE", ["2113"]),
        ("913 1/2 N GILMOR ST", "N GILMOR ST", ["913 1/2"]),
        ("12 a", "", ["12a"]),
        ("3a", "", ["3a"]),
        ("5, 7", "", ["5", "7"]),
    ],
)
def test_all_addresses_that_a_text_names(text: str, street: str, expected: list[str]) -> None:
    assert numbers(text) == expected
    assert {part.street for part in parse_address(text)} == {street}


@pytest.mark.parametrize("text", ["", "   "])
def test_no_text_is_no_address(text: str) -> None:
    assert parse_address(text) == []


@given(st.text(max_size=40))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert all(part.house_number is None or part.house_number > 0 for part in parse_address(text))


def test_a_text_that_is_no_address_is_not_taken_apart() -> None:
    (part,) = parse_address("a1, " * 100_000)
    assert part.house_number is None


def test_a_number_that_is_named_need_not_lie_between() -> None:
    assert numbers("Testring 1-5, 3") == ["1", "3", "5"]


def test_numbers_from_a_column_that_are_not_understood_stay_whole() -> None:
    (part,) = with_house_numbers("Testring", "5 Trafo 7")
    assert (part.house_number, part.house_number_suffix) == (5, "trafo7")
    (part,) = with_house_numbers("Testring", None)
    assert part.house_number is None


# --- matching ---------------------------------------------------------------------------------------------------------

STREETS = ["Bachstraße", "Buchstraße", "Rheinische Straße", "Am Alten Markt", "Lindenallee"]


@pytest.fixture
def index() -> AddressIndex:
    """Five streets with the numbers 1 to 9, 3a, and one address that exists twice under two postal codes."""
    houses: list[tuple[int, str | None]] = [*((number, None) for number in range(1, 10)), (3, "a")]
    addresses = [(normalise_street(street), *house) for street in STREETS for house in houses]
    rows = [(address_id, *address, 1.0, 2.0) for address_id, address in enumerate(addresses, start=1)]
    twins = [(901, "waldweg", 1, None, 1.0, 2.0, "58091"), (902, "waldweg", 1, None, 5.0, 6.0, "58093")]
    return AddressIndex([*rows, *twins])


def find(index: AddressIndex, text: str, postal_code: str | None = None) -> Match | NoMatch:
    (part,) = parse_address(text)
    return index.match(part, postal_code=postal_code)


def test_an_exact_address_is_found_however_it_is_spelled(index: AddressIndex) -> None:
    assert find(index, "Rheinische Str. 3 A") == Match(30, 100.0, "exact")
    assert index.place(30) == (1.0, 2.0)


def test_a_typing_error_in_the_street_is_found_with_its_score(index: AddressIndex) -> None:
    found = find(index, "Reinische Str. 5")
    assert isinstance(found, Match)
    assert (found.address_id, found.how) == (25, "fuzzy")
    assert 92 <= found.score < 100


def test_a_street_that_is_known_is_never_exchanged_for_a_similar_one(index: AddressIndex) -> None:
    found = find(index, "Bachstraße 77")
    assert isinstance(found, NoMatch)
    assert found.candidates[0].text == "bachstr 9"


def test_below_the_threshold_the_candidates_are_named_and_none_is_taken(index: AddressIndex) -> None:
    found = find(index, "Bichstraße 5")
    assert isinstance(found, NoMatch)
    assert {candidate.text for candidate in found.candidates} >= {"bachstr", "buchstr"}
    assert "nearest: " in str(found)


def test_two_streets_as_near_are_no_match(index: AddressIndex) -> None:
    index.threshold = 80
    found = find(index, "Bochstraße 5")
    assert isinstance(found, NoMatch)
    assert "as near to several" in found.reason


def test_a_fuzzy_street_needs_exactly_the_same_house_number(index: AddressIndex) -> None:
    for text in ("Reinische Str. 77", "Reinische Str. 5b", "Reinische Str."):
        assert isinstance(find(index, text), NoMatch)


def test_another_suffix_is_another_house(index: AddressIndex) -> None:
    found = find(index, "Lindenallee 3b")
    assert isinstance(found, NoMatch)
    assert [candidate.text for candidate in found.candidates][:2] == ["lindenallee 3", "lindenallee 3a"]


def test_an_address_that_exists_twice_needs_its_postal_code(index: AddressIndex) -> None:
    ambiguous = find(index, "Waldweg 1")
    assert isinstance(ambiguous, NoMatch)
    assert "exists 2 times" in ambiguous.reason
    assert find(index, "Waldweg 1", "58093") == Match(902, 100.0, "exact")
    assert isinstance(find(index, "Waldweg 1", "00000"), NoMatch)


def test_without_a_street_nothing_matches(index: AddressIndex) -> None:
    assert isinstance(find(index, "5"), NoMatch)
    assert isinstance(AddressIndex([]).match(AddressParts("Weg", "weg", 1)), NoMatch)


def test_nothing_alike_names_no_candidate(index: AddressIndex) -> None:
    found = find(index, "Xyzzy 5")
    assert isinstance(found, NoMatch)
    assert found.candidates == ()
    assert str(found) == "expected a known street, but 'Xyzzy' is none"
