"""A town in one transaction in which people make edits: what the tests of edits begin with."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, text

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

    def derived(self) -> list[Any]:
        """All derived rows, as the edits left them."""
        return [self._rows(table) for table in _DERIVED]

    def derived_anew(self) -> list[Any]:
        """The same after a refresh of everything."""
        with self.loader() as connection:
            connection.execute(text("DELETE FROM qm.refresh"))
            records.refresh(connection, facts.CITY, AS_OF)
        return self.derived()

    def _rows(self, table: str) -> list[Any]:
        # Of the cube only what is not 0: differences leave empty cells behind.
        condition = {"figure_cube": "objects <> 0", "pair_cube": "pairs <> 0", "overdue_day": "pairs <> 0",
                     "cell_count": "objects <> 0"}.get(table, "true")  # fmt: skip
        with self.loader() as connection:
            rows = connection.execute(text(f"SELECT t::text FROM qm.{table} AS t WHERE {condition}")).scalars()
            return sorted(rows)


_DERIVED = (
    "property_area",
    "property_current",
    "property_due",
    "figure_cube",
    "pair_cube",
    "overdue_day",
    "cell_count",
)


def order(kind: str = "test", *, expected: int | None = None, reason: str | None = None) -> Order:
    """What a form sends, with a number of its own."""
    return Order(uuid4(), kind, reason, expected)
