"""Deliveries as staff reads them: report, rejected rows, repairs, freshness, share of placed addresses."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from geodata import deliveries
from geodata.access import Scope
from geodata.errors import NotAllowed
from geodata.records import refresh
from tests.factories.deliveries import delivery, rejected_row, repair
from tests.factories.facts import CITY, municipality, property_

AS_OF = date(2026, 11, 15)
STAFF = Scope(CITY, "staff", "bauaufsicht")
WITHDRAWN = datetime(2026, 11, 12, tzinfo=UTC)


def test_the_list_is_sorted_and_paged_as_asked_and_an_unknown_column_means_the_newest_first(stage: Any) -> None:
    with stage.as_loader() as connection:
        municipality(connection)
        ids = [
            delivery(connection, source=source, read=read, loaded=read)
            for source, read in (("status", 30), ("areas", 5), ("addresses", 400))
        ]
    with stage.ask(STAFF) as asker:
        by_rows = deliveries.list_deliveries(asker, sort="read", descending=False)
        newest = deliveries.list_deliveries(asker, sort="read; drop table", limit=1)
        second_page = deliveries.list_deliveries(asker, sort="source", descending=False, limit=2, offset=2)
        assert deliveries.count_deliveries(asker) == 3
    assert [found.counts.read for found in by_rows] == [5, 30, 400]
    assert [found.id for found in newest] == [ids[-1]]
    assert [found.source for found in second_page] == ["status"]


def test_a_refused_delivery_says_why_and_keeps_its_rejected_rows_with_their_columns(stage: Any) -> None:
    with stage.as_loader() as connection:
        municipality(connection)
        refused = delivery(connection, read=3, loaded=0, rejected=3, refused="3 of 3 rows rejected", remarks=["UTF-8"])
        rejected_row(connection, refused, 9, field="use_type", row={"Nutzung": "Schloss", "Strasse": "Weg", "Art": "x"})
        rejected_row(connection, refused, 4, field="registered_on", row={"Nutzung": "-17"})
        rejected_row(connection, refused, None, reason="The column Straße is missing.")
    with stage.ask(STAFF) as asker:
        found = deliveries.read_delivery(asker, refused)
        rows = deliveries.list_rejections(asker, refused)
        by_field = deliveries.list_rejections(asker, refused, sort="field", descending=True, limit=1)
        assert deliveries.count_rejections(asker, refused) == 3
        assert deliveries.rejected_columns(asker, refused) == ("Nutzung", "Strasse", "Art")
        first, *_rest = deliveries.next_rejections(asker, refused, after_id=0)
        assert first.id not in {row.id for row in deliveries.next_rejections(asker, refused, after_id=first.id)}
    assert found is not None
    assert (found.refused, found.remarks, found.counts.rejected) == ("3 of 3 rows rejected", ("UTF-8",), 3)
    assert [row.line for row in rows] == [None, 4, 9], "what concerns the whole file stands first"
    assert list(by_field[0].row.items()) == [("Nutzung", "Schloss"), ("Strasse", "Weg"), ("Art", "x")]


def test_repairs_start_with_the_largest_loss(stage: Any) -> None:
    with stage.as_loader() as connection:
        municipality(connection)
        areas = delivery(connection, source="areas", read=2, loaded=2, repaired=2)
        repair(connection, areas, 1, area_lost_m2=0.5)
        repair(connection, areas, 2, area_lost_m2=80.0)
    with stage.ask(STAFF) as asker:
        assert [found.area_lost_m2 for found in deliveries.list_repairs(asker, areas)] == [80.0, 0.5]


def test_freshness_ignores_what_was_refused_withdrawn_or_came_later(stage: Any) -> None:
    with stage.as_loader() as connection:
        municipality(connection)
        good = delivery(connection, source="status", as_of=date(2026, 10, 1))
        delivery(connection, source="status", as_of=date(2026, 9, 1))
        delivery(connection, source="status", as_of=date(2026, 11, 2), refused="empty")
        delivery(connection, source="status", as_of=date(2026, 11, 3), withdrawn_at=WITHDRAWN)
        delivery(connection, source="status", as_of=date(2026, 11, 16))
    with stage.ask(STAFF) as asker:
        (latest,) = deliveries.latest_deliveries(asker, AS_OF)
    assert latest == deliveries.LatestDelivery("status", good, date(2026, 10, 1), deliveries=2)


def test_trouble_is_that_of_the_latest_delivery_of_each_mapping(stage: Any) -> None:
    with stage.as_loader() as connection:
        municipality(connection)
        delivery(connection, source="status", as_of=date(2026, 9, 1), rejected=3, read=4)
        delivery(connection, source="status", as_of=date(2026, 10, 1))
        partly = delivery(connection, source="rounds", as_of=date(2026, 10, 2), rejected=1, read=2)
        refused = delivery(connection, source="areas", as_of=date(2026, 10, 3), refused="no CRS", read=0, loaded=0)
        delivery(connection, source="areas", mapping="test/quarters", as_of=date(2026, 10, 4))
        delivery(connection, source="rules", as_of=date(2026, 10, 5), refused="empty", withdrawn_at=WITHDRAWN)
        delivery(connection, source="rounds", as_of=date(2026, 11, 16))
    with stage.ask(STAFF) as asker:
        assert [found.id for found in deliveries.latest_with_trouble(asker, AS_OF)] == [refused, partly]
        assert [found.id for found in deliveries.latest_with_trouble(asker, date(2026, 11, 16))] == [refused]
    with stage.ask(Scope(CITY, "manager", "quartier", frozenset({1}))) as asker, pytest.raises(NotAllowed):
        deliveries.latest_with_trouble(asker, AS_OF)


def test_the_share_of_placed_properties_counts_those_without_a_point(stage: Any) -> None:
    with stage.as_loader() as connection:
        municipality(connection)
        property_(connection, key="A")
        property_(connection, key="B", geom=None)
        refresh(connection, CITY, AS_OF)
    with stage.ask(STAFF) as asker:
        assert deliveries.read_placed_share(asker) == deliveries.PlacedShare(2, 1, 0, 0)


def test_another_city_finds_nothing_and_other_roles_are_refused(stage: Any) -> None:
    with stage.as_loader() as connection:
        municipality(connection)
        its = delivery(connection)
        rejected_row(connection, its, 1)
    with stage.ask(Scope("de-test02", "staff", "nachbarstadt")) as asker:
        assert deliveries.read_delivery(asker, its) is None
        assert deliveries.list_deliveries(asker) == ()
        assert deliveries.list_rejections(asker, its) == ()
        assert deliveries.rejected_columns(asker, its) == ()
    for scope in (Scope(CITY, "manager", "quartier", frozenset({1})), Scope(CITY, "politics", "rat")):
        with stage.ask(scope) as asker, pytest.raises(NotAllowed):
            deliveries.list_deliveries(asker)


@pytest.mark.parametrize("delivery_id", [-1, 0, 2**63])
def test_a_number_that_no_delivery_can_have_is_not_found(stage: Any, delivery_id: int) -> None:
    with stage.ask(STAFF) as asker:
        assert deliveries.read_delivery(asker, delivery_id) is None
