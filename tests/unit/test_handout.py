"""The handout without a database: colours, outlines, symbols, and that nothing in it can end a script."""

import hashlib
import re
from pathlib import Path

import pytest

from geodata.shapes import BackdropPart
from layers.base import GEOMETRY
from layers.handout import LegendLine, LegendPart, Page, Table, render
from layers.handout_drawing import DrawnLayer, labels, outlines, rgba, shade, symbols
from layers.objects import object_traces
from layers.outlines import fill_trace, line_trace, name_trace

VENDOR = Path(__file__).parents[2] / "layers" / "vendor" / "leaflet"
EVIL = "</script><script>alert(1)</script>"
RING = [[7.0, 51.0], [7.1, 51.0], [7.1, 51.1], [7.0, 51.0]]
SQUARE = {"type": "Polygon", "coordinates": [RING]}
AREAS = DrawnLayer(
    {
        "areas_fill": fill_trace([[0, "rgba(0,0,0,0)"], [1, "rgba(100,50,0,0.4)"]]),
        "areas_line": line_trace("#102030", 2),
        "areas_names": name_trace("light", from_zoom=12),
    },
    {
        "areas_fill": {"geojson": GEOMETRY, "locations": [5], "z": [3], "zmax": 6},
        "areas_line": {"geojson": GEOMETRY, "locations": [5], "z": [0]},
        "areas_names": {"lon": [7.05], "lat": [51.05], "text": ["Mitte<br>3"]},
    },
    {"type": "FeatureCollection", "features": [{"type": "Feature", "id": 5, "geometry": SQUARE}]},
)
OBJECTS = DrawnLayer(
    object_traces("state", "light"),
    {
        "state_points": {
            "lon": (7.01, 7.02),
            "lat": (51.01, 51.02),
            "customdata": (1, 2),
            "text": ["<b>Weg 1</b><br>x", "<b>A &amp; B</b>"],
        },
        "state_symbols": {"lon": (7.01, 7.02), "lat": (51.01, 51.02), "marker.symbol": ["state_hint", "state_works"]},
    },
)
PAGE = Page(
    language="de", title="Karte", badge="Erfundene Beispieldaten", facts=[("Filter", EVIL)], map_label=EVIL,
    legend_title="Legende", legend=[LegendPart("Objekte", (LegendLine(EVIL, symbol="state_hint"),))], zoom_in="näher",
    zoom_out="weiter weg", footer="Fuß", table=Table("Objekte", ("Adresse",), [[EVIL]]),
)  # fmt: skip
BOX = (7.0, 51.0, 7.1, 51.1)


def test_what_is_vendored_is_what_its_makers_published_but_for_the_source_map() -> None:
    source = (VENDOR / "SOURCE.txt").read_text("utf-8")
    stated = {name: checksum for checksum, name in re.findall(r"^([0-9a-f]{64})  (\S+)$", source, re.M)}
    assert set(stated) == {"leaflet.js", "leaflet.css"}
    for name, expected in stated.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == expected
    assert "BSD 2-Clause License" in (VENDOR / "LICENSE.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("colour", "expected"),
    [("#102030", (16, 32, 48, 1)), ("rgba(1,2,3,0.5)", (1, 2, 3, 0.5)), ("rgb(1,2,3)", (1, 2, 3, 1))],
)
def test_colours_are_read_as_the_map_writes_them(colour: str, expected: tuple[float, ...]) -> None:
    assert rgba(colour) == expected


def test_a_shade_lies_between_the_ends_of_its_scale() -> None:
    scale = [[0, "rgba(0,0,0,0)"], [1, "rgba(100,50,0,0.4)"]]
    assert shade(scale, 0) == ("rgb(0,0,0)", 0)
    assert shade(scale, 0.5) == ("rgb(50,25,0)", 0.2)
    assert shade(scale, 1) == ("rgb(100,50,0)", 0.4)


def test_shades_of_areas_lie_between_the_ground_and_the_ways_and_their_lines_above() -> None:
    street = BackdropPart("street", False, {"type": "LineString", "coordinates": RING})
    main = BackdropPart("street", True, {"type": "LineString", "coordinates": RING})
    green = BackdropPart("green", False, SQUARE)
    ground, fill, ways, line = outlines([AREAS], [main, street, green])
    assert fill[0]["properties"]["style"]["fillOpacity"] == 0.2
    assert [part["geometry"]["type"] for part in ground] == ["Polygon"]
    assert [part["geometry"]["type"] for part in ways] == ["LineString", "LineString"]
    assert ways[0]["properties"]["style"]["weight"] < ways[1]["properties"]["style"]["weight"]
    assert line[0]["properties"]["style"] | {"fillColor": ""} == {
        "fillColor": "", "fillOpacity": 0, "fill": False, "stroke": True, "color": "rgb(16,32,48)", "opacity": 1,
        "weight": 2,
    }  # fmt: skip


def test_an_outline_that_is_not_there_is_left_out() -> None:
    empty = DrawnLayer(AREAS.templates, AREAS.columns, {"type": "FeatureCollection", "features": []})
    assert list(outlines([empty], [])) == []
    assert list(outlines([DrawnLayer(AREAS.templates, {})], [])) == []


def test_symbols_carry_their_shape_and_the_words_of_their_place() -> None:
    ((call, data),) = symbols([AREAS, OBJECTS])
    assert call == "qmSymbols"
    assert data["text"] == ["<b>Weg 1</b><br>x", "<b>A &amp; B</b>"]
    assert data["alt"] == ["Weg 1", "A & B"]
    assert len(set(data["pictures"])) == 2
    assert all(url.startswith("data:image/svg+xml,") for url in data["pictures"])


def test_names_are_shown_from_the_zoom_of_the_map_on() -> None:
    ((call, data),) = labels([AREAS, OBJECTS])
    assert (call, data["from"], data["text"]) == ("qmLabels", 13, ["Mitte<br>3"])


def test_no_text_ends_a_script_or_becomes_one() -> None:
    page = render(PAGE, BOX, [], [AREAS, OBJECTS])
    assert "alert(1)" in page
    assert "<script>alert(1)" not in page
    # Leaflet, the page's own script and the map: no more script than these three.
    assert len(re.findall(r"<script\b", page)) == page.count("</script>") == 3


def test_the_file_forbids_what_it_must_not_do() -> None:
    page = render(PAGE, BOX, [], [])
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    assert policy[1].startswith("default-src 'none'")
    assert "http" not in policy[1]
    assert '<html lang="de">' in page
    assert "folium" not in re.sub(r'class="folium-map"', "", page.split("<body>")[1].split("<script>")[0])
