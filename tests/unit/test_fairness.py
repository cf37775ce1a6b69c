"""Fairness: every declaration of the floor and the layers keeps the rules, and each rule finds its counterexample."""

import dataclasses
from datetime import date
from types import SimpleNamespace

import pytest

from geodata import fairness, figures
from geodata.access import PERMISSIONS
from geodata.fairness import FairnessError
from geodata.figure import Figure
from geodata.filters import FIELDS, PropertyFilter
from geodata.publishing import published_figures
from geodata.tables import assessment_colour, assessment_event, inspection_round, metadata
from layers.base import THEMES, Layer, discover

LAYERS = discover()
OF_POLITICS = PERMISSIONS["politics"]


# Households that have to leave a closed house are counts, too; each new place of such a count has to be looked at.
HOUSEHOLD_COUNTS = {
    "closure.households_affected": "how many had to leave, for the balance of housing",
    "closure.large_households_affected": "the large ones among them, because large dwellings are few",
    "closure_event.households": "how many went where",
    "housing_definition.persons_from": "a bound, no count: from how many persons a household is large",
    "measure.replacement_households_offered": "for how many replacement housing was offered before a clearance",
}


def a_figure(key: str, unit: str = "inspections", klass: str = "condition") -> Figure:
    return Figure(key, key, unit, klass, key, key)  # type: ignore[arg-type]


def test_the_counts_of_persons_are_those_of_the_table() -> None:
    columns = [column.name for column in inspection_round.columns if column.name.startswith("person")]
    assert columns == list(fairness.PERSON_COUNTS)
    others = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if fairness.tells_of_persons(column.name) and column.name not in fairness.PERSON_COUNTS
    }
    assert others == set(HOUSEHOLD_COUNTS)


def test_no_filter_chooses_by_persons() -> None:
    names = [*FIELDS, *(field.name for field in dataclasses.fields(PropertyFilter))]
    assert len(names) > 20
    assert fairness.problems_of_filter(names) == []


@pytest.mark.parametrize("name", ["persons_met", "nationality", "share_of_households", "origin", "birth_year"])
def test_a_filter_by_persons_would_be_found(name: str) -> None:
    assert fairness.problems_of_filter(["area", name, "inhabited"]) == [f"The filter {name!r} chooses by persons."]


def colours(layer: Layer) -> list[str]:
    return fairness.colours_of([[layer.trace(theme), layer.style(theme) if layer.style else ()] for theme in THEMES])


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.key)
def test_no_layer_shows_persons_or_is_open_to_politics(layer: Layer) -> None:
    problems = fairness.problems_of_layer(layer.key, layer.title, layer.permission, colours(layer), OF_POLITICS)
    assert problems == []


def test_a_layer_of_persons_or_in_loud_colours_would_be_found() -> None:
    def problems(key: str, permission: str, *drawn: str) -> list[str]:
        return fairness.problems_of_layer(key, key, permission, drawn, OF_POLITICS)

    assert problems("persons_met", "person:read") == ["The layer persons_met shows persons."]
    assert problems("population", "figure:read", "#8a8f98", "#c0392b") == [
        "The layer population of the population has the colour #c0392b."
    ]
    assert problems("population", "figure:read", "#8a8f98") == []
    assert len(problems("objects", "publication:read")) == 1


def test_the_colours_of_a_layer_are_all_seen() -> None:
    nested = {"a": [{"colour": "#112233"}, ("#445566", 0.5)], "b": "1px solid #abcdef", "c": None}
    assert fairness.colours_of(nested) == ["#112233", "#445566", "#abcdef"]
    assert any(colours(layer) for layer in LAYERS)
    assert not fairness.is_neutral("red")


def test_an_assessment_rests_on_its_two_inputs() -> None:
    of_colours = [column.name for column in assessment_colour.columns if column.name != "colour"]
    # `contributions` explains a computed event, by codes of a closed list that another test holds to facts of a house.
    kept = {"id", "municipality", "property_id", "valid_on", "running_number", "source", "key", "contributions"}
    history = {"delivery_id", "edit_id", "content_hash", "recorded_at", "superseded_at"}
    of_events = [column.name for column in assessment_event.columns if column.name not in kept | history]
    assert of_colours == list(fairness.ASSESSMENT_INPUTS)
    assert fairness.problems_of_scores([*of_colours, *of_events]) == []
    assert fairness.problems_of_scores(["pressure", "persons_met"]) == ["The assessment rests on 'persons_met'."]


@pytest.mark.parametrize("group", figures.GROUPS, ids=lambda group: group.permission)
def test_no_figure_about_defects_stands_alone(group: figures.Group) -> None:
    assert fairness.problems_of_defects(group.figures) == []


def test_a_figure_about_defects_alone_would_be_found() -> None:
    alone = [a_figure("objects_with_defects", "objects")]
    assert fairness.problems_of_defects(alone) == [
        "objects_with_defects stands without the number of controls.",
        "objects_with_defects stands without those without a finding.",
    ]
    with_controls = [*alone, a_figure("inspections_done")]
    assert len(fairness.problems_of_defects(with_controls)) == 1
    assert fairness.problems_of_defects([*with_controls, a_figure("inspections_without_finding")]) == []


def test_what_is_published_counts_no_persons() -> None:
    known = figures.REGISTER.values()
    assert fairness.problems_of_publication(published_figures.KEYS, known) == []
    persons = a_figure("visitors", "objects", "persons")
    assert len(fairness.problems_of_publication(["visitors", "population"], [persons])) == 2


def test_areas_are_ordered_by_kind_and_name() -> None:
    areas = [
        ("quartier", "Altstadt", "9"),
        ("stadtbezirk", "Süd", "2"),
        ("stadtbezirk", "Nord", "7"),
        ("new", "A", "1"),
    ]
    ordered = sorted(areas, key=lambda one: fairness.order_of_area(*one))
    assert [name for _, name, _ in ordered] == ["Nord", "Süd", "Altstadt", "A"]


def test_a_publication_takes_its_areas_in_that_order(monkeypatch: pytest.MonkeyPatch) -> None:
    by_figure = [SimpleNamespace(kind="stadtbezirk", name=name, key=name) for name in ("Süd", "Nord", "Mitte")]
    monkeypatch.setattr(published_figures, "read_areas", lambda *_: by_figure)
    found = published_figures.published_areas(None, date(2026, 1, 1))  # type: ignore[arg-type]
    assert [one.name for one in found] == ["Mitte", "Nord", "Süd"]


def test_a_breach_stops_the_start() -> None:
    fairness.require([])
    with pytest.raises(FairnessError, match="sorts by 'persons_met'"):
        fairness.require(fairness.problems_of_table("rounds", ["held_on", "persons_met"]))
    assert fairness.problems_of_table("rounds", ["held_on"], ["households"]) == [
        "The table rounds: The filter 'households' chooses by persons."
    ]
    assert fairness.problems_of_published_table("figures", ["value"]) == [
        "The published table figures sorts by 'value'."
    ]


def test_words_that_brand_are_found_in_any_case() -> None:
    assert fairness.branding_words_in("Ein Brennpunkt im Ghetto") == ["brennpunkt", "ghetto"]
    assert fairness.words_that_stay_out_of("Adhärenz der Kontrollen") == ["adhärenz"]
    assert fairness.words_that_stay_out_of("Problemimmobilien im Quartier") == []
