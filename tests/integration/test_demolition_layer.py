"""The layer of demolition projects: one symbol for each project in view, and a table of all phases."""

from dataclasses import replace
from datetime import date

from geodata import records
from geodata.access import Scope
from geodata.filters import PropertyFilter
from geodata.properties import Frame
from layers.base import Wish, Words
from layers.demolitions_by_stage import LABELS, LAYER
from layers.symbols import SYMBOLS
from tests.conftest import Stage
from tests.factories import facts
from tests.integration.test_demolition_reads import AS_OF, STAFF, tell_story

WORDS = Words(code=lambda code_list, code: f"{code_list}:{code}", message=str, day=str, number=str)
WISH = Wish(PropertyFilter(as_of=AS_OF), AS_OF, Frame((7.3, 51.2, 7.7, 51.5), 13), WORDS)


def test_each_project_in_view_has_the_symbol_of_its_phase_and_says_how_far_it_is(stage: Stage) -> None:
    with stage.as_loader() as connection:
        ids = tell_story(connection)
    with stage.ask(STAFF) as asker:
        loaded = LAYER.load(asker, WISH)
        elsewhere = LAYER.load(asker, replace(WISH, frame=Frame((6.0, 50.0, 6.1, 50.1), 13)))
        before = LAYER.load(asker, replace(WISH, chosen=PropertyFilter(as_of=date(2025, 1, 9))))
    points, symbols = loaded.columns["demolition_points"], loaded.columns["demolition_symbols"]
    drawn = dict(zip(points["customdata"], symbols["marker.symbol"], strict=True))
    assert drawn == {
        ids["mill"]: "demolition_demolished",
        ids["villa"]: "demolition_preparing",
        ids["barn"]: "demolition_given_up",
    }
    assert set(drawn.values()) <= set(SYMBOLS)
    said = points["text"][points["customdata"].index(ids["villa"])]
    assert "Progress: 0\u00a0%<br>Held up: demolition_blocker:court_stop" in said
    assert (elsewhere.shown, before.shown) == (0, 0)


def test_the_table_counts_every_phase_those_without_a_place_too(stage: Stage) -> None:
    with stage.as_loader() as connection:
        tell_story(connection)
        lost = facts.property_(connection, key="L-1", geom=None, addresses=[("<b>Weg</b>", 1)])
        facts.demolition(connection, lost, "demolition", decided_on=date(2026, 1, 1))
        records.refresh(connection, facts.CITY, AS_OF)
    assert LAYER.table.rows is not None
    with stage.ask(STAFF) as asker:
        rows = dict(LAYER.table.rows(asker, WISH))
    assert list(rows) == list(LABELS.values())
    assert list(rows.values()) == [1, 0, 1, 1, 1]
    with stage.ask(Scope(facts.CITY, "staff", "bea")) as asker:
        assert LAYER.load(asker, WISH).shown == 3


def test_text_from_outside_is_escaped(stage: Stage) -> None:
    with stage.as_loader() as connection:
        facts.municipality(connection)
        owner = facts.property_(connection, addresses=[("<a href=x>Weg</a>", 1)])
        facts.demolition(connection, owner, "demolition", decided_on=date(2026, 1, 1))
        records.refresh(connection, facts.CITY, AS_OF)
    with stage.ask(STAFF) as asker:
        assert "&lt;a href=x&gt;" in LAYER.load(asker, WISH).columns["demolition_points"]["text"][0]
