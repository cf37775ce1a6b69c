"""Map, table and figures of one filter: they mean the same properties, for whoever asks and for any date."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection

from geodata import properties, records, sources
from geodata.access import Asker, Scope
from geodata.areas import read_area_counts, read_areas, read_extent, read_outlines
from geodata.errors import InvalidFilter, NotAllowed
from geodata.filters import PropertyFilter
from geodata.municipalities import DataState
from geodata.properties import (
    Cells,
    Frame,
    Points,
    read_count,
    read_counts_by_state,
    read_page,
    read_position,
    read_row,
    read_view,
)
from geodata.tiles import read_tile
from layers.base import Layer, Wish, Words, discover
from tests.conftest import Stage
from tests.factories import facts

AS_OF = date(2026, 11, 15)
STAFF = Scope(facts.CITY, "staff", "bauaufsicht")
EVERYTHING = PropertyFilter()
CITY_BOX = (7.3, 51.2, 7.7, 51.5)
FRAME = Frame(CITY_BOX, 13)
LAYERS = discover()
WORDS = Words(code=lambda code_list, code: f"{code_list}:{code}", message=str, day=str, number=str)


def tell_story(connection: Connection) -> dict[str, int]:
    """Musterstadt: six houses with a life of their own, two of them in the Westend."""
    facts.municipality(connection)
    west = facts.area(connection, key="w", kind="quartier", name="Westend", geom=facts.square(0, 0, 2_000))
    facts.area(connection, key="1", kind="stadtbezirk", name="Mitte")
    facts.rule(connection)
    houses = {
        "mill": facts.property_(
            connection, key="H-1", geom=facts.point(500, 500), addresses=[("Mühlenstraße", 3)], is_inhabited=True
        ),
        "villa": facts.property_(connection, key="H-2", geom=facts.point(1_500, 500), addresses=[("Am Hang", 1)]),
        "shop": facts.property_(
            connection, key="H-3", geom=facts.point(3_000, 500), addresses=[("Markt", 9)], use_type="commercial",
            is_inhabited=False,
        ),
        "yard": facts.property_(connection, key="H-4", geom=facts.point(3_000, 3_000), addresses=[("Hof", 2)]),
        "lost": facts.property_(connection, key="H-5", geom=None, addresses=[("Irgendwo", 5)]),
        "late": facts.property_(connection, key="H-6", registered_on=date(2026, 6, 1), addresses=[("Neu", 1)]),
    }  # fmt: skip
    facts.status(connection, houses["mill"], "procedure_regulatory", date(2024, 1, 1))
    facts.status(connection, houses["shop"], "hint", date(2024, 1, 1))
    facts.status(connection, houses["yard"], "closed", date(2025, 1, 1))
    facts.assessment(connection, houses["mill"], date(2025, 1, 1), pressure=3, room_to_act=3)
    facts.assessment(connection, houses["villa"], date(2025, 1, 1), pressure=0, room_to_act=0)
    facts.inspection(connection, houses["mill"], AS_OF - timedelta(days=400))
    facts.inspection(connection, houses["villa"], AS_OF - timedelta(days=350))
    facts.inspection(connection, houses["shop"], AS_OF - timedelta(days=10))
    records.refresh(connection, facts.CITY, AS_OF)
    return houses | {"westend": west}


@pytest.fixture
def story(stage: Stage) -> dict[str, int]:
    with stage.as_loader() as connection:
        return tell_story(connection)


@pytest.fixture
def staff(stage: Stage, story: dict[str, int]) -> Iterator[Asker]:
    with stage.ask(STAFF) as asker:
        yield asker


def chosen(**query: str) -> PropertyFilter:
    return PropertyFilter.from_query(query)


def ids(asker: Asker, wanted: PropertyFilter) -> set[int]:
    return {row.id for row in read_page(asker, wanted)}


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ({}, "mill villa shop yard lost late"),
        ({"state": "procedure_regulatory"}, "mill"),
        ({"state": "hint,closed"}, "shop yard"),
        ({"use": "commercial"}, "shop"),
        ({"colour": "red"}, "mill"),
        ({"colour": "none"}, "shop yard lost late"),
        ({"colour": "red,none"}, "mill shop yard lost late"),
        ({"inhabited": "yes"}, "mill"),
        ({"inhabited": "no"}, "shop"),
        ({"inhabited": "unknown"}, "villa yard lost late"),
        ({"never": "1"}, "yard lost late"),
        ({"last_before": (AS_OF - timedelta(days=350)).isoformat()}, "mill"),
        ({"last_before": (AS_OF - timedelta(days=349)).isoformat(), "never": "1"}, "mill villa yard lost late"),
        ({"due": "overdue"}, "mill lost"),
        ({"due": "soon"}, "mill lost villa"),
        ({"text": "mühlenstr. 3"}, "mill"),
        ({"text": "MUEHLENSTRASSE"}, "mill"),
        ({"text": "h-4"}, "yard"),
        ({"text": "%"}, "mill villa shop yard lost late"),
        ({"text": "h_4"}, "yard"),
        ({"text": "' OR 1=1 --"}, ""),
        ({"use": "commercial", "colour": "red"}, ""),
    ],
)
def test_a_filter_means_these_houses(staff: Asker, story: dict[str, int], query: dict[str, str], meant: str) -> None:
    assert ids(staff, chosen(**query)) == {story[name] for name in meant.split()}


def test_due_within_thirty_days_ends_with_the_thirtieth(staff: Asker, story: dict[str, int]) -> None:
    # The villa was visited 350 days before, the rule asks for a visit each 365 days: due in 15 days.
    thirty_days_before_due = (AS_OF + timedelta(days=15 - 30)).isoformat()
    assert story["villa"] in ids(staff, chosen(due="soon", as_of=thirty_days_before_due))
    day_before = (AS_OF + timedelta(days=15 - 31)).isoformat()
    assert story["villa"] not in ids(staff, chosen(due="soon", as_of=day_before))


def test_on_the_due_date_itself_nothing_is_overdue(staff: Asker, story: dict[str, int]) -> None:
    due_on = AS_OF + timedelta(days=15)
    assert story["villa"] not in ids(staff, chosen(due="overdue", as_of=due_on.isoformat()))
    assert story["villa"] in ids(staff, chosen(due="overdue", as_of=(due_on + timedelta(days=1)).isoformat()))


def test_areas_restrict_and_are_counted(staff: Asker, story: dict[str, int]) -> None:
    west = chosen(area=str(story["westend"]))
    # "late" has no point of its own in the story and lies where the factory puts it, in the middle of the city.
    inside = ids(staff, west)
    assert {story["mill"], story["villa"]} <= inside
    assert read_area_counts(staff, EVERYTHING, "quartier") == {story["westend"]: len(inside)}
    assert sum(read_area_counts(staff, EVERYTHING, "stadtbezirk").values()) == 5  # all but the one without a place


def test_a_box_and_the_same_polygon_select_the_same(staff: Asker, story: dict[str, int]) -> None:
    west, south, east, north = box_round(staff, story["mill"])
    box = chosen(box=f"{west},{south},{east},{north}")
    polygon = chosen(polygon=f"{west},{south},{east},{south},{east},{north},{west},{north}")
    assert ids(staff, box) == ids(staff, polygon) == {story["mill"]}


def test_a_selection_of_half_the_world_is_refused_in_words(staff: Asker) -> None:
    with pytest.raises(InvalidFilter, match="more than 20 degrees"):
        read_count(staff, chosen(box="-180,-85,180,85"))


def test_a_window_over_the_whole_world_holds_the_whole_city(staff: Asker) -> None:
    view = read_view(staff, EVERYTHING, Frame((-180.0, -85.0, 180.0, 85.0), 1))
    assert isinstance(view, Points)
    assert len(view.id) == 5


def test_map_table_and_count_agree(staff: Asker) -> None:
    for query in ({}, {"colour": "none"}, {"due": "soon"}, {"text": "mühle"}, {"as_of": "2026-01-01"}):
        wanted = chosen(**query)
        count = read_count(staff, wanted)
        view = read_view(staff, wanted, FRAME)
        assert isinstance(view, Points)
        assert count.total == len(read_page(staff, wanted)) == sum(read_counts_by_state(staff, wanted).values())
        assert count.total - count.unplaced == len(view.id)


def test_points_become_cells_with_the_same_sum(staff: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(properties, "POINTS_MAX", 2)
    for zoom in (10, 14):
        view = read_view(staff, EVERYTHING, Frame(CITY_BOX, zoom))
        assert isinstance(view, Cells)
        assert sum(view.count) == 5
        west, south, east, north = CITY_BOX
        assert all(west < lon < east and south < lat < north for ring in view.outline for lon, lat in ring)


def test_only_what_the_window_shows_travels(staff: Asker, story: dict[str, int]) -> None:
    view = read_view(staff, EVERYTHING, Frame(box_round(staff, story["mill"]), 16))
    assert isinstance(view, Points)
    assert view.id == (story["mill"],)
    assert view.label == ("Mühlenstraße 3",)
    assert view.due_on == (AS_OF - timedelta(days=35),)


def test_a_past_date_shows_what_was_recorded_by_then(staff: Asker, story: dict[str, int]) -> None:
    assert story["late"] not in ids(staff, chosen(as_of="2026-05-31"))
    assert story["late"] in ids(staff, chosen(as_of="2026-06-01"))


def test_the_same_date_by_table_and_by_function_is_the_same(staff: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    by_table = read_page(staff, EVERYTHING), read_count(staff, chosen(due="overdue"))
    monkeypatch.setattr(sources, "data_state", lambda asker: DataState(refreshed_as_of=None, data_version=0))
    at = chosen(as_of=AS_OF.isoformat())
    assert (read_page(staff, at), read_count(staff, chosen(due="overdue", as_of=AS_OF.isoformat()))) == by_table


def test_a_past_date_in_one_area_is_that_of_the_city_cut_to_it(staff: Asker, story: dict[str, int]) -> None:
    before, west = "2026-10-01", str(story["westend"])
    assert ids(staff, chosen(as_of=before, area=west)) == {story[name] for name in ("mill", "villa", "late")}
    assert len(ids(staff, chosen(as_of=before))) == 6


def test_pages_follow_one_another_in_order(staff: Asker) -> None:
    rows = read_page(staff, EVERYTHING)
    assert [row.address for row in rows] == sorted(row.address for row in rows)
    paged = [row for start in range(0, 6, 2) for row in read_page(staff, EVERYTHING, start=start, size=2)]
    assert paged == list(rows)
    backwards = read_page(staff, EVERYTHING, descending=True)
    assert list(backwards) == list(reversed(rows))
    for position, row in enumerate(rows):
        assert read_position(staff, EVERYTHING, row.id) == position


def test_a_house_outside_of_the_filter_has_neither_row_nor_position(staff: Asker, story: dict[str, int]) -> None:
    commercial = chosen(use="commercial")
    assert read_row(staff, commercial, story["mill"]) is None
    assert read_position(staff, commercial, story["mill"]) is None
    found = read_row(staff, commercial, story["shop"])
    assert found is not None
    row, place = found
    assert (row.key, place is not None) == ("H-3", True)


def test_a_manager_sees_the_areas_assigned_and_nothing_else(stage: Stage, story: dict[str, int]) -> None:
    with stage.ask(Scope(facts.CITY, "manager", "quirin", frozenset({story["westend"]}))) as manager:
        seen = ids(manager, EVERYTHING)
        assert {story["mill"], story["villa"]} <= seen
        assert not seen & {story["shop"], story["yard"], story["lost"]}
        assert read_count(manager, EVERYTHING).total == len(seen)
        assert read_row(manager, EVERYTHING, story["shop"]) is None
        at = chosen(as_of="2026-11-01")
        assert ids(manager, at) == seen
        extent = read_extent(manager, AS_OF)
    with stage.ask(STAFF) as staff:
        whole = read_extent(staff, AS_OF)
    assert extent is not None
    assert whole is not None
    assert extent[2] - extent[0] < whole[2] - whole[0]


def test_another_city_is_another_world(stage: Stage, story: dict[str, int]) -> None:
    with stage.as_loader() as connection:
        facts.municipality(connection, "de-other")
    with stage.ask(Scope("de-other", "staff", "x")) as asker:
        assert read_count(asker, EVERYTHING).total == 0
        assert read_areas(asker, AS_OF) == ()
        assert read_extent(asker, AS_OF) is None


def test_outlines_are_those_of_the_kind(staff: Asker, story: dict[str, int]) -> None:
    (outline,) = read_outlines(staff, "quartier", AS_OF)
    assert (outline.area.id, outline.area.name) == (story["westend"], "Westend")
    assert outline.geometry["type"] == "MultiPolygon"
    assert read_outlines(staff, "wohnbezirk", AS_OF) == ()


def test_a_tile_holds_what_lies_in_it(stage: Stage, story: dict[str, int]) -> None:
    with stage.as_loader() as connection:
        street = "SRID=25832;LINESTRING(392100 5690500, 393500 5690500)"
        row = {"municipality": facts.CITY, "kind": "street", "key": "1", "name": "Hagener Straße", "geom": street}
        facts._insert(connection, "context_feature", row | {"valid_from": AS_OF})
    x, y = tile_at(7.46, 51.353, 13)
    with stage.ask(STAFF) as staff:
        assert b"Hagener Stra" in read_tile(staff, 13, x, y, AS_OF)
        assert read_tile(staff, 13, x + 5, y, AS_OF) == b""
        with pytest.raises(InvalidFilter, match="no tile"):
            read_tile(staff, 13, 2**13, y, AS_OF)
    with stage.ask(Scope("de-other", "staff", "x")) as other:
        assert read_tile(other, 13, x, y, AS_OF) == b""


EMPTY_SCOPES = [Scope("", "staff", "nobody"), Scope(facts.CITY, "manager", "without areas")]


@pytest.mark.parametrize("scope", EMPTY_SCOPES, ids=["no municipality", "manager without areas"])
@pytest.mark.parametrize("layer", LAYERS, ids=[layer.key for layer in LAYERS])
def test_every_layer_refuses_an_empty_scope(loader: Connection, layer: Layer, scope: Scope) -> None:
    asker, wish = Asker(loader, scope), Wish(EVERYTHING, AS_OF, FRAME, WORDS)
    reads = [layer.load, layer.geometry, layer.table.rows]
    for read in [read for read in reads if read]:
        with pytest.raises(NotAllowed, match="empty"):
            read(asker, wish)


@pytest.mark.parametrize("layer", LAYERS, ids=[layer.key for layer in LAYERS])
def test_every_layer_refuses_politics(loader: Connection, layer: Layer) -> None:
    asker = Asker(loader, Scope(facts.CITY, "politics", "petra"))
    with pytest.raises(NotAllowed):
        layer.load(asker, Wish(EVERYTHING, AS_OF, FRAME, WORDS))


@pytest.mark.parametrize("layer", LAYERS, ids=[layer.key for layer in LAYERS])
def test_every_column_of_a_layer_belongs_to_a_trace(staff: Asker, layer: Layer) -> None:
    loaded = layer.load(staff, Wish(EVERYTHING, AS_OF, FRAME, WORDS, option=None))
    assert set(loaded.columns) <= set(layer.trace("light"))
    for columns in loaded.columns.values():
        lengths = {len(column) for name, column in columns.items() if isinstance(column, list | tuple)}
        assert len(lengths) == 1


def test_text_from_outside_is_escaped_where_plotly_reads_html(stage: Stage) -> None:
    with stage.as_loader() as connection:
        facts.municipality(connection)
        facts.property_(connection, addresses=[("<a href=x>Weg</a>", 1)])
        records.refresh(connection, facts.CITY, AS_OF)
    state = next(layer for layer in LAYERS if layer.key == "state")
    with stage.ask(STAFF) as staff:
        loaded = state.load(staff, Wish(EVERYTHING, AS_OF, FRAME, WORDS))
    assert "&lt;a href=x&gt;" in loaded.columns["state_points"]["text"][0]


def box_round(asker: Asker, property_id: int, half: float = 0.002) -> tuple[float, float, float, float]:
    found = read_row(asker, EVERYTHING, property_id)
    assert found is not None
    assert found[1] is not None
    lon, lat = found[1]
    return tuple(round(value, 5) for value in (lon - half, lat - half, lon + half, lat + half))  # type: ignore[return-value]


def tile_at(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    from math import asinh, pi, radians, tan

    count = 2**zoom
    return int((lon + 180) / 360 * count), int((1 - asinh(tan(radians(lat))) / pi) / 2 * count)
