"""Parts that several pages share: filter bar, charts with their tables, figures with their definitions."""

import json
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from dashboard.components import chart, figure_tile, filter_bar, query_select, table_twin
from dashboard.filter_words import filter_words
from dashboard.formatting import format_number, format_percent
from geodata.areas import Area
from geodata.figure import Figure, FigureValue
from geodata.filters import PropertyFilter

AREAS = (Area(3, "quartier", "w", "Westquartier"), Area(4, "quartier", "o", "Ostquartier"))


@pytest.fixture(autouse=True)
def in_request(server: Flask) -> Iterator[None]:
    with server.test_request_context("/"):
        yield


def as_text(component: Any) -> str:
    return json.dumps(component.to_plotly_json(), default=lambda part: part.to_plotly_json(), ensure_ascii=False)


def bar(query: dict[str, str]) -> str:
    context: Any = SimpleNamespace(query=query, page_path="/kontrollen")
    return as_text(filter_bar(context, ("area", "colour", "text", "from"), AREAS))


def test_the_filter_bar_shows_what_the_link_says_and_the_way_back() -> None:
    text = bar({"area": "3", "colour": "red", "state": "hint", "as_of": "2026-11-15"})
    assert "Gebiet: Westquartier; Zustand: Hinweis; Ampel: Rot" in text
    assert '"/kontrollen?as_of=2026-11-15"' in text


def test_without_a_filter_there_is_no_sentence_and_no_reset() -> None:
    assert "data-filter-reset" not in bar({"as_of": "2026-11-15"})


def test_a_part_that_cannot_be_read_is_named_and_can_be_reset() -> None:
    text = bar({"colour": "blue"})
    assert "filter-bar-refused" in text
    assert "data-filter-reset" in text


def test_a_menu_shows_several_values_of_a_link_as_one_entry() -> None:
    menu: Any = query_select("area", "Gebiet", [("3", "West"), ("4", "Ost")], {"area": "3,4"}, empty_label="alle")
    assert menu.value == "3,4"
    assert menu.options[-1] == {"value": "3,4", "label": "West, Ost"}


def test_words_name_every_part_of_a_filter() -> None:
    query = {
        "area": "3", "state": "hint", "use": "residential", "colour": "none", "inhabited": "yes", "due": "overdue",
        "last_before": "2026-01-31", "never": "1", "text": "Beispielweg", "box": "7.4,51.3,7.5,51.4",
    }  # fmt: skip
    words = filter_words(PropertyFilter.from_query(query), {3: "Westquartier"})
    assert len(words) == len(query)
    assert "letzte Kontrolle vor dem 31.01.2026" in words


def test_a_chart_carries_both_themes_and_no_name_of_a_colour() -> None:
    made: Any = chart("x", [{"type": "bar", "marker": {"color": "$accent"}, "x": [1], "y": [2]}], {}, label="Balken")
    figures = json.loads(made.to_plotly_json()["props"]["data-figures"])
    colours = {theme: figure["data"][0]["marker"]["color"] for theme, figure in figures.items()}
    assert colours == {"light": "#1f5f8b", "dark": "#8cc3ea"}
    assert "$accent" not in as_text(made)


def test_a_table_twin_has_row_headers_and_a_caption() -> None:
    text = as_text(table_twin(["Gebiet", "Paare"], [["West", "3"]], "Paare nach Gebiet"))
    assert '"scope": "row"' in text
    assert "Paare nach Gebiet" in text


def test_a_figure_that_is_part_of_another_says_of_how_many() -> None:
    whole = Figure("all", "Objects", "objects", "condition", "Properties.", "all")
    part = Figure("open", "Open objects", "objects", "condition", "Open ones.", "all", part_of="all")
    as_of = date(2026, 11, 15)
    found = {"all": FigureValue(whole, 1250, as_of), "open": FigureValue(part, 1000, as_of)}
    text = as_text(figure_tile(found, "open"))
    assert "1.000" in text
    assert "von 1.250" in text
    assert "80\\u00a0%" in text or "80\u00a0%" in text
    assert "15.11.2026" in text


def test_a_figure_without_an_answer_is_a_dash_and_not_a_zero() -> None:
    median = Figure("median", "Median", "days", "condition", "Days.", "all")
    text = as_text(figure_tile({"median": FigureValue(median, None, date(2026, 11, 15))}, "median"))
    assert '"\u2013"' in text or "\\u2013" in text


def test_a_half_is_rounded_away_from_zero() -> None:
    assert format_percent(1 / 8).startswith("13")
    assert format_number(2.5) == "3"
