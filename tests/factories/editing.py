"""A town in one transaction in which people make edits: what the tests of edits begin with."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import uuid4

from sqlalchemy import Connection

from geodata import records
from geodata.access import Asker, Scope
from geodata.edits import Order
from tests.conftest import Stage
from tests.factories import facts

AS_OF = date(2026, 11, 15)


class Desk:
    """Two quarters with a house in each; bea (staff) edits all of the city, quirin (manager) the west only."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        with stage.as_loader() as connection:
            facts.municipality(connection)
            self.west = facts.area(connection, key="w", kind="quartier", geom=facts.square(0, 0, 2_000))
            self.east = facts.area(connection, key="o", kind="quartier", geom=facts.square(2_000, 0, 2_000))
            facts.rule(connection)
            self.in_west = facts.property_(connection, key="P-1", geom=facts.point(1_000, 1_000))
            self.in_east = facts.property_(
                connection, key="P-2", geom=facts.point(3_000, 1_000), addresses=(("Musterallee", 2),)
            )
            for one in (self.in_west, self.in_east):
                facts.status(connection, one, "recorded", date(2024, 3, 1))
            records.refresh(connection, facts.CITY, AS_OF)

    @contextmanager
    def staff(self, account: str = "bea") -> Iterator[Asker]:
        """Building control."""
        with self.stage.ask(Scope(facts.CITY, "staff", account, account_name=account.title())) as asker:
            yield asker

    @contextmanager
    def manager(self, account: str = "quirin") -> Iterator[Asker]:
        """The manager of the west."""
        scope = Scope(facts.CITY, "manager", account, frozenset({self.west}), account.title())
        with self.stage.ask(scope) as asker:
            yield asker

    @contextmanager
    def loader(self) -> Iterator[Connection]:
        """The rights of the ETL."""
        with self.stage.as_loader() as connection:
            yield connection


def order(kind: str = "test", *, expected: int | None = None, reason: str | None = None) -> Order:
    """What a form sends, with a number of its own."""
    return Order(uuid4(), kind, reason, expected)
