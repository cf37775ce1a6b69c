"""The content of a publication: its hash does not change with the program, and what it tells of a resolution."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from geodata.publishing.publication import (
    LATER,
    Content,
    Definition,
    Header,
    PublishedArea,
    PublishedFigure,
    PublishedScenario,
    ScenarioArea,
    Source,
    canonical,
    content_hash,
)
from geodata.publishing.published_figures import CITY
from geodata.publishing.published_resolutions import Measure, Told, told_by_figures
from geodata.publishing.published_scenario import rounded

MOMENT = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
# By the program as it was before resolutions and scenarios could be released.
RELEASED_BEFORE = "2f15bf8e5b239cde8e13a5f8ed9ccc7bf8b05b1592fc0bc0d9a9672de9b32ded"
SMALL = ("quartier", "k")


@pytest.fixture
def content() -> Content:
    header = Header(
        "de-demo01", "Beispielstadt", True, "Bericht im Herbst", date(2026, 11, 15), MOMENT, "public", 5,
        date(2025, 11, 16), date(2026, 11, 15), MOMENT, "bea", 7, "abc",
    )  # fmt: skip
    words = ("a", "b")
    title = ("Offene Objekte", "Open objects")
    return Content(
        header=header,
        areas=(PublishedArea(1, "quartier", ("Quartier", "Quarter"), "k", "Kleinquartier", b"\x01\x02", None),),
        definitions=(
            Definition(
                1, "objects_open", "objects", ("Objekte", "objects"), "condition", None, title, words, ("c", "d")
            ),
        ),
        figures=(
            PublishedFigure(*CITY, "objects_open", Decimal("12.0"), is_held_back=False),
            PublishedFigure(*SMALL, "objects_open", None, is_held_back=True),
        ),
        projects=(),
        sources=(Source(1, ("Objekte", "Objects"), date(2026, 11, 2)),),
    )


def test_a_publication_made_before_has_its_hash_still(content: Content) -> None:
    assert content_hash(content) == RELEASED_BEFORE
    assert not [name for name in LATER if name.encode() in canonical(content)]


def test_a_part_that_came_later_cannot_be_added_or_taken_away_unnoticed(content: Content) -> None:
    scenario = PublishedScenario(1, "Alle 60 Tage", date(2026, 11, 15), date(2026, 11, 16), 24, 1, 150, 200, 600, 5)
    area = ScenarioArea(
        1, *CITY, ("Ganze Stadt", "Whole city"), False, 65, 145, Decimal("0.7"), Decimal("0.7"), True
    )  # fmt: skip
    whole = replace(content, scenarios=(scenario,), scenario_areas=(area,))
    others = [replace(whole, scenarios=()), replace(whole, scenario_areas=()), content]
    changed = replace(whole, scenario_areas=(replace(area, overdue_after=150),))
    assert len({content_hash(one) for one in (whole, changed, *others)}) == 5


def test_a_resolution_is_told_by_the_figures_of_its_place_or_not_at_all() -> None:
    figures = (
        PublishedFigure(*CITY, "controls_monitored", Decimal(520), is_held_back=False),
        PublishedFigure(*CITY, "controls_on_time", Decimal(364), is_held_back=False),
        PublishedFigure(*CITY, "demolition_progress", None, is_held_back=False),
        PublishedFigure(*SMALL, "objects_open", None, is_held_back=True),
    )

    def told(key: str, place: tuple[str, str], control_type: str | None = None, *, is_share: bool = False) -> Told:
        return told_by_figures(figures, Measure(key, place, control_type, is_share))

    assert told("controls_on_time", CITY) == Told("shown", Decimal(364))
    assert told("controls_on_time", CITY, is_share=True) == Told("shown", Decimal("70.0"))
    assert told("demolition_progress", CITY) == Told("no_value")
    assert told("objects_open", SMALL) == Told("held_back")
    assert told("controls_on_time", SMALL) == Told("not_published")
    # Of one type of control there is no figure in it, and no share of what is part of nothing.
    assert told("controls_on_time", CITY, "joint_control") == Told("not_published")
    assert told("demolition_progress", CITY, is_share=True) == Told("not_published")
    assert told("gone", CITY) == Told("not_published")


def test_a_share_is_held_back_with_its_part_or_its_whole() -> None:
    part = PublishedFigure(*CITY, "controls_on_time", Decimal(364), is_held_back=False)
    whole = PublishedFigure(*CITY, "controls_monitored", None, is_held_back=True)
    measure = Measure("controls_on_time", CITY, None, is_share=True)
    assert told_by_figures((part, whole), measure) == Told("held_back")
    swapped = (replace(part, value=None, is_held_back=True), replace(whole, value=Decimal(520), is_held_back=False))
    assert told_by_figures(swapped, measure) == Told("held_back")


@pytest.mark.parametrize(
    ("value", "k", "shown"),
    [(0, 5, None), (4, 5, None), (5, 5, 5), (7, 5, 5), (8, 5, 10), (143, 5, 145), (2, 3, None), (3, 3, 5),
     (11, 12, None), (12, 12, 15), (16, 12, 15), (23, 12, 30)],
)  # fmt: skip
def test_a_projection_is_rounded_and_below_the_threshold_nothing_is_told(value: int, k: int, shown: int | None) -> None:
    assert rounded(value, k) == shown
