"""Resolutions of the council: entered, corrected, withdrawn; their values are those of the register, by who asks."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from geodata import resolutions
from geodata.edits import Edited, Order
from geodata.edits.resolutions import ResolutionDraft, add_resolution, correct_resolution, withdraw_resolution
from geodata.errors import EditConflict, InvalidEdit, NotAllowed
from geodata.figure import Period
from geodata.figures import read_figures
from geodata.filters import PropertyFilter
from geodata.municipalities import data_state
from geodata.resolutions import read_resolution, read_resolutions, read_standings, read_versions
from tests.conftest import Stage
from tests.factories import facts
from tests.factories.editing import AS_OF, Desk
from tests.factories.resolutions import resolution_

DRAFT = ResolutionDraft(
    number="7/2026",
    decided_on=date(2026, 3, 1),
    body="Rat",
    title="Siebzig von hundert Kontrollen sind fristgerecht",
    figure="controls_on_time",
    direction="at_least",
    target=70,
    until_on=date(2027, 6, 30),
    is_share=True,
)


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return Desk(stage)


def order(expected: int | None = None) -> Order:
    return Order(uuid4(), "beschluss", expected=expected)


def enter(desk: Desk, **other: Any) -> str:
    """Enter a resolution and give its key."""
    with desk.staff() as asker:
        edited: Edited = add_resolution(asker, order(), replace(DRAFT, **other))
    return f"app:{edited.edit_id}:1"


def test_a_resolution_is_entered_corrected_and_withdrawn_and_keeps_its_past(desk: Desk) -> None:
    key = enter(desk)
    with desk.staff() as asker:
        (first,) = read_resolutions(asker)
        assert (first.key, first.target.value, first.is_share) == (key, 70.0, True)
        correct_resolution(asker, order(first.id), key, replace(DRAFT, target=75))
        (second,) = read_resolutions(asker)
        assert (second.target_value, second.key) == (75, key)
        withdraw_resolution(asker, order(second.id), key)
        assert read_resolutions(asker) == ()
        versions = read_versions(asker, key)
    assert [(one.resolution.target_value, one.resolution.is_withdrawn) for one in versions] == [
        (75, True), (75, False), (70, False),
    ]  # fmt: skip
    assert {one.by for one in versions} == {"Bea"}
    assert [one.superseded_at is None for one in versions] == [True, False, False]


def test_what_is_kept_by_the_version_of_the_data_is_asked_again_after_an_edit_of_no_property(desk: Desk) -> None:
    with desk.staff() as asker:
        before = data_state(asker).data_version
    enter(desk)
    with desk.staff() as asker:
        assert data_state(asker).data_version > before


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"figure": "wohlbefinden"}, "figure", "unknown"),
        ({"target": 101}, "target", "over_100"),
        ({"target": None}, "target", "required"),
        ({"target": -1}, "target", "out_of_range"),
        ({"figure": "demolition_progress", "is_share": False, "target": 120}, "target", "over_100"),
        ({"until_on": date(2026, 2, 28)}, "until_on", "before_decision"),
        ({"until_on": None}, "until_on", "required"),
        ({"figure": "objects_overdue"}, "is_share", "no_whole"),
        ({"figure": "objects_open", "control_type": "joint_control"}, "control_type", "no_controls"),
        ({"area_id": 999_999}, "area_id", "unknown"),
        ({"control_type": "geister"}, "control_type", "unknown"),
        ({"direction": "ungefähr"}, "direction", "unknown"),
        ({"number": " "}, "number", "required"),
        ({"title": "x" * 201}, "title", "too_long"),
        ({"decided_on": AS_OF + timedelta(days=300)}, "decided_on", "future"),
        ({"link_text": "javascript://alert(1)"}, "link_text", "not_an_address"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_field(
    desk: Desk, wrong: dict[str, Any], field: str, code: str
) -> None:
    with desk.staff() as asker, pytest.raises(InvalidEdit) as refused:
        add_resolution(asker, order(), replace(DRAFT, **wrong))
    assert refused.value.fields.get(field) == code


def test_one_resolution_may_have_several_targets_but_none_twice(desk: Desk) -> None:
    enter(desk)
    enter(desk, area_id=desk.west)
    enter(desk, control_type="joint_control")
    enter(desk, figure="rounds_held", is_share=False)
    with desk.staff() as asker, pytest.raises(InvalidEdit) as refused:
        add_resolution(asker, order(), replace(DRAFT, target=80))
    assert refused.value.fields == {"number": "exists"}


def test_a_second_person_is_told_what_the_first_changed(desk: Desk) -> None:
    key = enter(desk)
    with desk.staff() as asker:
        (shown,) = read_resolutions(asker)
    with desk.staff("mia") as asker:
        correct_resolution(asker, order(shown.id), key, replace(DRAFT, target=60))
    with desk.staff() as asker, pytest.raises(EditConflict) as conflict:
        correct_resolution(asker, order(shown.id), key, replace(DRAFT, target=80))
    assert conflict.value.by == "Mia"
    assert [one.name for one in conflict.value.changes] == ["target"]


def test_a_manager_reads_all_and_enters_none(desk: Desk) -> None:
    key = enter(desk)
    with desk.manager() as asker:
        assert [one.key for one in read_resolutions(asker)] == [key]
        assert {one.by for one in read_versions(asker, key)} == {None}
    for attempt in (
        lambda asker: add_resolution(asker, order(), DRAFT),
        lambda asker: withdraw_resolution(asker, order(), key),
    ):
        with desk.manager() as asker, pytest.raises(NotAllowed):
            attempt(asker)


def test_the_value_is_that_of_the_register_and_a_manager_has_that_of_the_own_area_only(desk: Desk) -> None:
    with desk.loader() as connection:
        city = facts.CITY
        facts.inspection(connection, desk.in_east, date(2026, 11, 1), access_reached="flat")
        resolution_(connection, "B-1", city=city)
        resolution_(connection, "B-2", city=city, area_id=desk.west, until_on=date(2027, 7, 1))
        resolution_(connection, "B-3", city=city, area_id=desk.east, is_share=False, until_on=date(2027, 8, 1))
        resolution_(connection, "B-4", city=city, figure="gone", is_share=False, until_on=date(2027, 9, 1))
    with desk.staff() as asker:
        chosen = read_resolutions(asker)
        standings = {one.resolution.key: one for one in read_standings(asker, chosen, AS_OF)}
        keys = ("controls_on_time", "controls_monitored")
        figures = read_figures(asker, PropertyFilter(as_of=AS_OF), Period.year_until(AS_OF), keys=keys)
        by_hand = [read_figures(asker, PropertyFilter(area_ids=(place,), as_of=AS_OF), keys=keys) for place in
                   (desk.west, desk.east)]  # fmt: skip
    on_time, monitored = (figures[key].value for key in keys)
    assert (standings["B-1"].measured.part, standings["B-1"].measured.whole) == (on_time, monitored)
    assert standings["B-1"].measured.value == pytest.approx(100 * on_time / monitored)  # type: ignore[operator]
    assert standings["B-2"].measured.part == by_hand[0]["controls_on_time"].value
    assert standings["B-3"].measured.value == by_hand[1]["controls_on_time"].value
    assert (standings["B-4"].measured.value, standings["B-4"].is_in_scope) == (None, False)
    with desk.manager() as asker:
        seen = {one.resolution.key: one for one in read_standings(asker, chosen, AS_OF)}
    assert {key: one.is_in_scope for key, one in seen.items()} == {
        "B-1": False, "B-2": True, "B-3": False, "B-4": False,
    }  # fmt: skip
    assert seen["B-2"].measured == standings["B-2"].measured
    assert [seen[key].measured.value for key in ("B-1", "B-3")] == [None, None]


def test_the_course_asks_each_day_for_itself_and_an_area_of_another_time_gives_no_value(desk: Desk) -> None:
    enter(desk)
    with desk.staff() as asker:
        (one,) = read_resolutions(asker)
        days = (date(2024, 2, 1), AS_OF)
        points = resolutions.read_course(asker, one, days)
        assert [day for day, _value in points] == list(days)
        assert points[1][1] == read_standings(asker, [one], AS_OF)[0].measured.value
        elsewhere = replace(one, area_id=999_999)
        assert read_standings(asker, [elsewhere], AS_OF)[0].measured.value is None
        assert read_resolution(asker, "keine") is None
