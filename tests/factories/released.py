"""The town with enough houses for figures by district, and helpers to release a state of it.

Districts A (west of 2,500 m) and B; the east quarter lies in both, so that differences could disclose. Every street of
the added houses starts with "Geheimgasse": none of them may ever be in a publication.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, NullPool, create_engine, text

from dashboard.publication_words import words
from geodata import records
from geodata.access import Access, Scope
from geodata.publishing import publications
from geodata.publishing.publication_draft import Order
from geodata.publishing.publications import Publication
from geodata.settings import DatabaseUrls
from tests.factories import demolitions, facts
from tests.factories.demolitions import Projects
from tests.factories.town import AS_OF, KEY

STAFF = Scope(KEY, "staff", "bea")
POLITICS = Scope(KEY, "politics", "petra")
# Houses by where they stand: (x in m, y in m, how many).
HOUSES = ((100, 1_500, 9), (100, 3_000, 7), (2_050, 500, 3), (2_600, 500, 8), (2_600, 3_000, 2))


def build(urls: DatabaseUrls) -> Projects:
    """The town with projects, districts and 29 more houses, committed; nothing is released yet."""
    projects = demolitions.build(urls)
    engine = create_engine(urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        _district(connection, "a", "Altbezirk", 0, 2_500)
        _district(connection, "b", "Neubezirk", 2_500, 4_000)
        # Two houses stand in it: a number that may not be shown.
        facts.area(
            connection, key="k", kind="quartier", city=KEY, name="Kleinquartier", geom=facts.square(2_550, 2_900, 300)
        )
        numbers = iter(range(1, 100))
        for x_m, y_m, houses in HOUSES:
            _houses(connection, [(x_m + 40 * step, y_m, next(numbers)) for step in range(houses)])
        records.refresh(connection, KEY, AS_OF)
    engine.dispose()
    return projects


def release(urls: DatabaseUrls, *, as_of: date = AS_OF, scope: Scope = STAFF, **wish: Any) -> Publication:
    """Release a state as building control does."""
    order = Order(as_of, **{"audience": "public", "title": "Bericht im Herbst", "k": 5} | wish)
    access = Access(urls, statement_seconds=30)
    try:
        with access.open(scope, isolation="REPEATABLE READ") as asker:
            return publications.publish(asker, order, words())
    finally:
        access.close()


def addresses(urls: DatabaseUrls) -> set[str]:
    """Every address of the town, as pages write it."""
    engine = create_engine(urls.load, poolclass=NullPool)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT DISTINCT address_text FROM qm.property_current")).scalars().all()
    engine.dispose()
    return {one for one in found if one}


def _district(connection: Connection, key: str, name: str, left_m: int, right_m: int) -> None:
    left, right, bottom = facts.ORIGIN[0] + left_m, facts.ORIGIN[0] + right_m, facts.ORIGIN[1]
    top = bottom + 4_000
    ring = f"{left} {bottom}, {right} {bottom}, {right} {top}, {left} {top}, {left} {bottom}"
    facts.area(
        connection, key=key, kind="stadtbezirk", city=KEY, name=name, geom=f"SRID=25832;MULTIPOLYGON((({ring})))"
    )


def _houses(connection: Connection, places: Iterable[tuple[int, int, int]]) -> None:
    for x_m, y_m, number in places:
        house = facts.property_(
            connection, key=f"G-{number}", city=KEY, geom=facts.point(x_m, y_m),
            addresses=((f"Geheimgasse{number}", number),), registered_on=date(2021, 1, 1),
        )  # fmt: skip
        facts.status(connection, house, "recorded", date(2021, 1, 1))
        if number % 2:
            facts.inspection(connection, house, date(2026, 5, 4))
