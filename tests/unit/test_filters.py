"""A filter survives the way through a link, and what a link holds is never trusted."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.codes import CONTROL_TYPES, STATES, USE_TYPES
from geodata.errors import InvalidFilter
from geodata.filters import AREAS_MAX, COLOURS, DUE, INHABITED, TEXT_MAX_LENGTH, PropertyFilter
from geodata.selection import VERTICES_MAX, Selection


def some_of(codes: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(st.sampled_from(codes)).map(lambda chosen: tuple(code for code in codes if code in chosen))


dates = st.none() | st.dates(date(1900, 1, 1), date(2200, 12, 31))
words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=TEXT_MAX_LENGTH).map(
    lambda text: " ".join(text.split())
)
longitudes = st.integers(-180_000_000, 179_000_000).map(lambda number: number / 1e6)
latitudes = st.integers(-90_000_000, 89_000_000).map(lambda number: number / 1e6)
boxes = st.builds(
    lambda west, south: Selection.from_box(f"{west:.6f},{south:.6f},{west + 1:.6f},{south + 0.5:.6f}"),
    longitudes,
    latitudes,
)


def arc(corners: int) -> Selection:
    """A polygon whose corners lie on a bow: it always encloses something."""
    shares = [i / corners for i in range(corners)]
    points = [f"{7.4 + 0.1 * share:.6f},{51.3 + 0.1 * share * (1 - share):.6f}" for share in shares]
    return Selection.from_polygon(",".join(points))


polygons = st.integers(3, VERTICES_MAX).map(arc)
filters = st.builds(
    PropertyFilter,
    area_ids=st.sets(st.integers(1, 2**31 - 1), max_size=20).map(lambda ids: tuple(sorted(ids))),
    states=some_of(STATES),
    use_types=some_of(USE_TYPES),
    colours=some_of(COLOURS),
    inhabited=some_of(INHABITED),
    last_before=dates,
    never_inspected=st.booleans(),
    due=st.none() | st.sampled_from(DUE),
    control_types=some_of(CONTROL_TYPES),
    text=words,
    selection=st.none() | boxes | polygons,
    as_of=dates,
)


@given(filters)
def test_a_filter_survives_the_way_through_a_link(chosen: PropertyFilter) -> None:
    assert PropertyFilter.from_query(chosen.to_query()) == chosen


@given(filters)
def test_equal_filters_have_one_spelling(chosen: PropertyFilter) -> None:
    query = chosen.to_query()
    lists = {field: query[field].split(",") for field in ("state", "area", "use", "control") if field in query}
    turned = {field: ",".join(reversed(values)) for field, values in lists.items()}
    assert PropertyFilter.from_query({**query, **turned}).to_query() == query


@given(st.dictionaries(st.sampled_from(["as_of", "area", "state", "due", "text", "box", "polygon"]), st.text()))
def test_any_text_is_read_or_refused_in_words(query: dict[str, str]) -> None:
    refused: InvalidFilter | None = None
    try:
        read = PropertyFilter.from_query(query)
    except InvalidFilter as error:
        refused = error
    if refused is None:
        assert PropertyFilter.from_query(read.to_query()) == read
    else:
        assert refused.field in query


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("as_of", "31.02.2026"),
        ("as_of", "0202-01-01"),
        ("area", "1,x"),
        ("area", "0"),
        ("area", str(2**31)),
        ("area", ",".join(str(number) for number in range(1, AREAS_MAX + 2))),
        ("state", "recorded,burning"),
        ("use", "residential' OR 1=1"),
        ("colour", "blue"),
        ("inhabited", "maybe"),
        ("last_before", "yesterday"),
        ("never", "yes"),
        ("due", "overdue,soon"),
        ("control", "fire_safety,raid"),
        ("text", "x" * (TEXT_MAX_LENGTH + 1)),
        ("text", "a\x00b"),
        ("box", "7,51,8"),
        ("box", "8,51,7,52"),
        ("box", "7,51,8,nan"),
        ("box", "7,51,8,inf"),
        ("box", "7,51,8,91"),
        ("polygon", "7,51,8,51"),
        ("polygon", "7,51,8,51,7.5"),
        ("polygon", "7,51,8,51,9,51"),
        ("polygon", ",".join(["7,51", "8,51", "8,52"] * 67)),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_field(field: str, value: str) -> None:
    with pytest.raises(InvalidFilter) as refused:
        PropertyFilter.from_query({field: value})
    assert refused.value.field == field


def test_a_selection_is_a_box_or_a_polygon() -> None:
    with pytest.raises(InvalidFilter, match="not both"):
        PropertyFilter.from_query({"box": "7,51,8,52", "polygon": "7,51,8,51,8,52"})


def test_a_lasso_that_crosses_itself_still_encloses_something() -> None:
    chosen = PropertyFilter.from_query({"polygon": "7,51,8,52,8,51,7,52"})
    assert chosen.selection is not None
    chosen.selection.in_storage()


def test_use_types_are_those_of_the_code_list() -> None:
    assert PropertyFilter.from_query({"use": ",".join(reversed(USE_TYPES))}).use_types == USE_TYPES


def test_only_an_as_of_date_restricts_nothing() -> None:
    assert not PropertyFilter.from_query({"as_of": "2026-11-15", "view": "7,51,12"}).is_restricted
    assert PropertyFilter.from_query({"never": "1"}).is_restricted
