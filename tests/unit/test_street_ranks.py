"""What somebody means who has typed part of an address."""

import pytest

from geodata.address_text import HouseNumber, normalise_street
from geodata.street_ranks import NumberFit, StreetFit, Wanted, number_fit, number_order, rank_streets, read_wanted

NAMES = (
    "Bahnhofstraße", "Bahnhofsweg", "Am alten Bahnhof", "Graf-von-Muster-Ring", "Berliner Straße", "Strandweg",
    "Platz des 4. Juli", "Höhenweg", "Sankt-Anna-Platz",
)  # fmt: skip
STREETS = [normalise_street(name) for name in NAMES]


def best(typed: str) -> list[tuple[str, StreetFit]]:
    """The streets for a text without a number, by the names above."""
    names = dict(zip(STREETS, NAMES, strict=True))
    return [(names[one.street_norm], one.fit) for one in rank_streets(read_wanted(typed)[-1].street_norm, STREETS)]


@pytest.mark.parametrize(
    ("typed", "street", "fit"),
    [
        ("bahnhofstr.", "Bahnhofstraße", StreetFit.CALLED),
        ("BAHNHOF STRASSE", "Bahnhofstraße", StreetFit.CALLED),
        ("Berliner Stra", "Berliner Straße", StreetFit.CALLED),
        ("Berliner S", "Berliner Straße", StreetFit.BEGUN),
        ("Stra", "Strandweg", StreetFit.BEGUN),
        ("hoehen", "Höhenweg", StreetFit.BEGUN),
        ("St. Anna", "Sankt-Anna-Platz", StreetFit.BEGUN),
        ("muster", "Graf-von-Muster-Ring", StreetFit.WORDS_BEGUN),
        ("musterring", "Graf-von-Muster-Ring", StreetFit.INSIDE),
        ("Banhofstr", "Bahnhofstraße", StreetFit.SIMILAR),
        ("Belriner", "Berliner Straße", StreetFit.SIMILAR),
    ],
)
def test_a_street_is_found_as_people_write_it(typed: str, street: str, fit: StreetFit) -> None:
    assert best(typed)[0] == (street, fit)


def test_a_street_that_is_begun_is_never_exchanged_for_a_similar_one() -> None:
    assert best("Bahnhofs") == [
        ("Bahnhofstraße", StreetFit.BEGUN),
        ("Bahnhofsweg", StreetFit.BEGUN),
    ]
    assert best("Xyzzy") == []


def test_number_and_street_are_told_apart() -> None:
    assert read_wanted("Bahnhofstr. 12 a")[0] == Wanted("bahnhofstr", HouseNumber(12, "a"))
    assert read_wanted("12345 Bahnhofstr 7")[0] == Wanted("bahnhofstr", HouseNumber(7, None))
    # The number may belong to the name.
    assert [one.street_norm for one in read_wanted("Platz des 4")] == ["platz des", "platz des 4"]


@pytest.mark.parametrize("typed", ["", " ", "7", "a", "--", "x" * 121, "12345"])
def test_what_is_too_short_or_too_long_is_no_question(typed: str) -> None:
    assert read_wanted(typed) == ()


def test_house_numbers_come_in_the_order_in_which_they_are_meant() -> None:
    wanted = HouseNumber(12, None)
    has = [HouseNumber(*one) for one in ((11, None), (12, "b"), (120, None), (12, None), (12, "a"), (13, None))]
    ordered = sorted(has, key=lambda one: number_order(wanted, one))
    assert [(one.number, one.suffix) for one in ordered] == [
        (12, None), (12, "a"), (12, "b"), (120, None), (11, None), (13, None),
    ]  # fmt: skip
    assert number_fit(HouseNumber(12, "c"), HouseNumber(12, None)) is NumberFit.OTHER_SUFFIX
    assert number_fit(HouseNumber(12, "c"), HouseNumber(120, None)) is NumberFit.NEAR
