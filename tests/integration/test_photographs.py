"""Photographs: who keeps one where, what is asked for, and that what is taken away is shown to nobody."""

import io
import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from geodata import records
from geodata.access import Asker, Scope
from geodata.calendar import today
from geodata.edits.order import Order
from geodata.errors import InvalidEdit, NotAllowed
from geodata.photographs import (
    PhotographDraft,
    add_photograph,
    read_photographs,
    read_preview,
    read_project_photographs,
    remove_photograph,
)
from geodata.pictures import draw_anew
from tests.conftest import Stage
from tests.factories import facts

STAFF = Scope(facts.CITY, "staff", "anna", account_name="Anna")
DRAFT = PhotographDraft(date(2026, 3, 1), " Fassade zur Straße ", is_checked=True)


def picture_bytes() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "grey").save(out, "JPEG")
    return out.getvalue()


PICTURE = draw_anew(picture_bytes())


@pytest.fixture
def houses(stage: Stage) -> dict[str, int]:
    """Two quarters with one property each."""
    with stage.as_loader() as connection:
        facts.municipality(connection)
        west = facts.area(connection, key="w", geom=facts.square(0, 0, 2_000))
        east = facts.area(connection, key="o", geom=facts.square(2_000, 0, 2_000))
        here = facts.property_(connection, key="A", geom=facts.point(1_000, 1_000))
        there = facts.property_(connection, key="B", geom=facts.point(3_000, 1_000))
        records.refresh(connection, facts.CITY, today())
    return {"west": west, "east": east, "here": here, "there": there}


def manager_of(*areas: int) -> Scope:
    return Scope(facts.CITY, "manager", "mara", frozenset(areas), account_name="Mara")


def order() -> Order:
    return Order(uuid.uuid4(), "photograph")


def add(asker: Asker, property_id: int, draft: PhotographDraft = DRAFT, given: Order | None = None) -> int:
    return add_photograph(asker, given or order(), property_id, PICTURE, draft).edit_id


def test_it_is_kept_once_with_who_sent_it(stage: Stage, houses: dict[str, int]) -> None:
    given = order()
    with stage.ask(STAFF) as asker:
        assert add(asker, houses["here"], given=given) == add(asker, houses["here"], given=given)
        [found] = read_photographs(asker, houses["here"])
        assert (found.caption, found.taken_on, found.account_name) == ("Fassade zur Straße", date(2026, 3, 1), "Anna")
        assert (found.width_px, found.height_px) == (30, 20)
        assert read_preview(asker, found.id) == PICTURE.preview
        assert read_photographs(asker, houses["there"]) == ()


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (replace(DRAFT, is_checked=False), "is_checked"),
        (replace(DRAFT, taken_on=today() + timedelta(days=30)), "taken_on"),
        (replace(DRAFT, caption="x" * 301), "caption"),
    ],
)
def test_what_is_not_confirmed_or_cannot_be_is_refused(
    stage: Stage, houses: dict[str, int], draft: PhotographDraft, field: str
) -> None:
    with stage.ask(STAFF) as asker:
        with pytest.raises(InvalidEdit) as refused:
            add(asker, houses["here"], draft)
        assert list(refused.value.fields) == [field]
        assert read_photographs(asker, houses["here"]) == ()


def test_a_manager_adds_and_sees_in_the_areas_assigned_only(stage: Stage, houses: dict[str, int]) -> None:
    with stage.ask(STAFF) as asker:
        add(asker, houses["there"])
        [there] = read_photographs(asker, houses["there"])
    with stage.ask(manager_of(houses["west"])) as asker:
        add(asker, houses["here"])
        assert len(read_photographs(asker, houses["here"])) == 1
        assert read_photographs(asker, houses["there"]) == ()
        assert read_preview(asker, there.id) is None
        assert remove_photograph(asker, order(), there.id) is None
        with pytest.raises(InvalidEdit) as refused:
            add(asker, houses["there"])
        assert refused.value.fields == {"property_id": "not_in_scope"}


def test_what_is_taken_away_is_superseded_and_nobody_is_shown_it(stage: Stage, houses: dict[str, int]) -> None:
    with stage.ask(STAFF) as asker:
        add(asker, houses["here"])
        [found] = read_photographs(asker, houses["here"])
        assert remove_photograph(asker, order(), found.id) is not None
        assert read_photographs(asker, houses["here"]) == ()
        assert read_preview(asker, found.id) is None
        assert remove_photograph(asker, order(), found.id) is None


def test_roles_without_the_permission_are_refused_here_and_by_the_database(
    stage: Stage, houses: dict[str, int]
) -> None:
    external = Scope(facts.CITY, "external_manager", "nuri", frozenset({houses["west"]}))
    with stage.ask(external) as asker:
        with pytest.raises(NotAllowed, match="photograph:read"):
            read_photographs(asker, houses["here"])
        with pytest.raises(NotAllowed, match="photograph:write"):
            add(asker, houses["here"])
    with pytest.raises(ProgrammingError, match="permission denied"), stage.ask(external) as asker:
        asker.connection.execute(text("SELECT 1 FROM qm.photograph"))


def test_before_and_after_of_a_project_stand_side_by_side(stage: Stage, houses: dict[str, int]) -> None:
    with stage.as_loader() as connection:
        facts.demolition(connection, houses["here"], "demolition", project="RB-1")
        facts.demolition(connection, houses["here"], "demolition", project="RB-2")
    with stage.ask(manager_of(houses["west"])) as asker:
        for moment, taken_on in (("after", date(2026, 3, 1)), ("before", None), ("before", date(2025, 3, 1))):
            add(asker, houses["here"], replace(DRAFT, moment=moment, taken_on=taken_on, project_key="RB-1"))
        add(asker, houses["here"])
        found = read_project_photographs(asker, houses["here"], "RB-1")
        assert [(one.moment, one.taken_on) for one in found] == [
            ("before", date(2025, 3, 1)), ("before", None), ("after", date(2026, 3, 1)),
        ]  # fmt: skip
        assert {one.project_key for one in found} == {"RB-1"}
        assert read_project_photographs(asker, houses["here"], "RB-2") == ()
        assert len(read_photographs(asker, houses["here"])) == 4


def test_a_photograph_of_a_project_names_one_that_is_there_and_its_moment(stage: Stage, houses: dict[str, int]) -> None:
    with stage.as_loader() as connection:
        facts.demolition(connection, houses["here"], "demolition", project="RB-1")
    with stage.ask(STAFF) as asker:
        for moment, project, fields in (
            (None, "RB-1", {"moment": "required"}),
            ("sideways", "RB-1", {"moment": "unknown"}),
            ("before", "RB-9", {"project_key": "unknown"}),
            ("before", "RB-1\0", {"project_key": "not_text"}),
        ):
            with pytest.raises(InvalidEdit) as refused:
                add(asker, houses["here"], replace(DRAFT, moment=moment, project_key=project))
            assert refused.value.fields == fields
