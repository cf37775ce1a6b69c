"""Releasing a state: what is in it, who can read it, that it never changes, and that a change would be noticed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from dashboard.publication_words import words
from geodata import cluster as embedded
from geodata import records
from geodata.access import Access, Asker, Scope
from geodata.cluster import Cluster
from geodata.edits import Order as Edit
from geodata.errors import NotAllowed, UsageError
from geodata.figures import REGISTER, read_figures
from geodata.filters import PropertyFilter
from geodata.publishing import publications
from geodata.publishing.publication import canonical, content_hash
from geodata.publishing.publication_draft import Order, PublicationRefused
from geodata.publishing.published_figures import CITY, KEYS
from geodata.scenario.question import Scenario, Teams, Wish
from geodata.scenario.saved import save_scenario
from geodata.settings import DatabaseUrls
from geodata.tables.published import ALL_PARTS, published_metadata
from tests.factories import facts, released
from tests.factories.demolitions import Projects
from tests.factories.released import POLITICS, STAFF
from tests.factories.resolutions import resolution_
from tests.factories.town import AS_OF, KEY

PAST = date(2026, 6, 30)
TABLES = sorted(table.name for table in published_metadata.sorted_tables)


@pytest.fixture(scope="module")
def own(make_database: Callable[[str], DatabaseUrls]) -> DatabaseUrls:
    """A database of this module, because what is released stays."""
    return make_database("publications")


@pytest.fixture(scope="module")
def projects(own: DatabaseUrls) -> Projects:
    return released.build(own)


@pytest.fixture(scope="module")
def access(own: DatabaseUrls, projects: Projects) -> Iterator[Access]:
    one = Access(own, pool_size=2, statement_seconds=30)
    yield one
    one.close()


@pytest.fixture(scope="module")
def first(own: DatabaseUrls, projects: Projects) -> int:
    """The first release of the module."""
    return released.release(own).id


@contextmanager
def superuser(cluster: Cluster, database: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Somebody who can do everything, triggers switched off; what is done is undone at the end."""
    with embedded.connect(cluster, database) as connection, connection.transaction(force_rollback=False):
        connection.execute("SET LOCAL session_replication_role = replica")
        yield connection


def values_of(asker: Asker, number: int) -> dict[tuple[tuple[str, str], str], Any]:
    content = publications.read_publication(asker, number).content
    return {((one.kind, one.area_key), one.key): one for one in content.figures}  # type: ignore[misc]


# --- what is in it ----------------------------------------------------------------------------------------------------


def test_every_published_figure_is_in_the_register_and_none_counts_persons() -> None:
    assert set(KEYS) <= set(REGISTER)
    assert not [key for key in KEYS if REGISTER[key].klass == "persons"]


def test_shown_numbers_are_those_of_the_register_and_small_ones_are_held_back(access: Access, first: int) -> None:
    with access.open(STAFF) as asker:
        now = read_figures(asker, PropertyFilter(as_of=AS_OF), keys=KEYS)
        found = values_of(asker, first)
    city = {key: found[CITY, key] for key in KEYS}
    for key, one in city.items():
        assert one.is_held_back or float(one.value) == now[key].value, key
    assert city["objects_open"].value == 33
    held_back = {place for (place, key), one in found.items() if key == "objects_open" and one.is_held_back}
    assert ("quartier", "k") in held_back
    assert CITY not in held_back


def test_what_is_held_back_is_not_in_any_row(access: Access, first: int) -> None:
    with access.open(POLITICS) as asker:
        rows = asker.connection.execute(
            text("SELECT count(*) FROM published.figure WHERE is_held_back AND value IS NOT NULL")
        ).scalar_one()
        content = publications.read_publication(asker, first).content
    assert rows == 0
    assert sum(one.is_held_back for one in content.figures) > 0


def test_words_are_kept_in_both_languages(access: Access, first: int) -> None:
    with access.open(POLITICS) as asker:
        content = publications.read_publication(asker, first).content
    by_key = {one.key: one for one in content.definitions}
    assert by_key["objects_open"].title == ("Offene Objekte", "Open objects")
    assert all(part for one in content.definitions for pair in (one.title, one.definition, one.basis) for part in pair)
    assert {one.kind_name for one in content.areas} == {("Stadtbezirk", "City district"), ("Quartier", "Quarter")}
    assert [one.name for one in content.areas][:2] == ["Altbezirk", "Neubezirk"]


def test_a_project_is_named_only_to_whom_it_was_released(access: Access, own: DatabaseUrls, first: int) -> None:
    for_council = released.release(own, audience="council", title="Ausschuss")
    with access.open(POLITICS) as asker:
        public = publications.read_publication(asker, first).content.projects
        council = publications.read_publication(asker, for_council.id).content.projects
    assert [one.name for one in public] == ["Musterallee 2"]
    assert {one.name for one in council} == {"Musterallee 2", "Beispielweg 1"}
    assert public[0].demolished_on == date(2024, 12, 30)
    # A contractor is no public body: of what was released it reads what everybody may read.
    contractor = Scope(KEY, "external_manager", "nuri", frozenset({1}))
    with access.open(contractor) as asker:
        assert for_council.id not in [one.id for one in publications.read_publications(asker)]
        assert publications.read_publication(asker, first).content.projects == public
        for table in TABLES:
            number = "id" if table == "publication" else "publication_id"
            of_council = text(f"SELECT count(*) FROM published.{table} WHERE {number} = :id")
            assert asker.connection.execute(of_council, {"id": for_council.id}).scalar_one() == 0


def test_the_demolition_of_the_city_is_a_public_fact_and_never_a_dot(access: Access, first: int) -> None:
    with access.open(POLITICS) as asker:
        found = values_of(asker, first)
    projects = {place: one for (place, key), one in found.items() if key == "projects_demolished"}
    assert not any(one.is_held_back for one in projects.values())
    assert projects[CITY].value == 1


# --- who can read it --------------------------------------------------------------------------------------------------


def test_politics_reads_published_only_and_of_its_city_only(access: Access, first: int) -> None:
    with access.open(POLITICS) as asker:
        assert first in [one.id for one in publications.read_publications(asker)]
    with access.open(Scope("de-other", "politics", "x")) as asker:
        assert publications.read_publications(asker) == ()
        for table in TABLES:
            count = text(f"SELECT count(*) FROM (SELECT municipality FROM published.{table}) AS rows")
            assert asker.connection.execute(count).scalar_one() == 0
    with pytest.raises(DBAPIError, match="permission denied"), access.open(POLITICS) as asker:
        asker.connection.execute(text("SELECT 1 FROM qm.property_current"))
    with pytest.raises(DBAPIError, match="permission denied"), access.open(POLITICS) as asker:
        asker.connection.execute(text("SELECT published_by FROM published.publication"))


def test_only_staff_releases(access: Access, projects: Projects) -> None:
    order = Order(AS_OF, "public", "Titel", 5)
    for scope in (POLITICS, Scope(KEY, "manager", "quirin", frozenset({projects.town.west}))):
        with pytest.raises(NotAllowed), access.open(scope, isolation="REPEATABLE READ") as asker:
            publications.publish(asker, order, words())
        with pytest.raises(DBAPIError, match="permission denied"), access.open(scope) as asker:
            asker.connection.execute(text("INSERT INTO published.source (number) VALUES (1)"))


def test_nobody_has_a_right_to_change_or_delete(own: DatabaseUrls, cluster: Cluster) -> None:
    query = (
        "SELECT grantee, privilege_type FROM information_schema.role_table_grants WHERE table_schema = 'published'"
        f" AND grantee <> '{own.database}_owner' AND privilege_type NOT IN ('SELECT', 'INSERT')"
    )
    with embedded.connect(cluster, own.database) as connection:
        assert connection.execute(query).fetchall() == []
        writers = connection.execute(
            "SELECT DISTINCT grantee::text FROM information_schema.role_table_grants"
            f" WHERE table_schema = 'published' AND privilege_type = 'INSERT' AND grantee <> '{own.database}_owner'"
        ).fetchall()
    assert [row[0] for row in writers] == [f"{own.database}_staff"]


def test_every_table_has_row_policies_and_the_triggers(own: DatabaseUrls, cluster: Cluster) -> None:
    query = """
        SELECT c.relname::text, c.relrowsecurity AND c.relforcerowsecurity,
               array(SELECT p.polname::text FROM pg_policy AS p WHERE p.polrelid = c.oid ORDER BY 1),
               array(SELECT t.tgname::text FROM pg_trigger AS t
                     WHERE t.tgrelid = c.oid AND NOT t.tgisinternal ORDER BY 1)
        FROM pg_class AS c WHERE c.relnamespace = 'published'::regnamespace AND c.relkind = 'r' ORDER BY 1
    """
    with embedded.connect(cluster, own.database) as connection:
        rows = connection.execute(query).fetchall()
    assert [row[0] for row in rows] == TABLES
    for name, is_locked, policies, triggers in rows:
        assert is_locked
        assert policies == ["external", "manager", "politics", "staff"]
        own_guard = "date_release" if name == "publication" else "require_same_transaction"
        assert triggers == sorted([own_guard, "refuse_change"])


# --- resolutions and a scenario ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scenario(own: DatabaseUrls, access: Access, projects: Projects) -> int:
    """A saved scenario about both districts and the small quarter."""

    def area(kind: str, key: str, name: str, before: float, after: float) -> dict[str, Any]:
        numbers = {"overdue_end_before": before, "overdue_end_after": after}
        visits = {"visits_per_house_year_before": 1.234, "visits_per_house_year_after": 0.9}
        return {"kind": kind, "key": key, "name": name, **numbers, **visits}

    summary = {
        "effective_visits_per_year": 150.069, "needed_per_year_before": 205.3, "needed_per_year_after": 622.1,
        "teams_needed": 5, "shortest_sustainable_days": [193],
        "areas": [area("stadtbezirk", "b", "Neubezirk", 7, 4), area("quartier", "k", "Kleinquartier", 2, 3),
                  area("stadtbezirk", "a", "Altbezirk", 12, 33)],
        "city": area("city", "", "", 22, 41),
    }  # fmt: skip
    asked = Scenario(AS_OF, 24, Teams(1, 1, 8, 0.2), (Wish(None, "joint_control", 60),), kind="stadtbezirk")
    with access.open(STAFF) as asker:
        saved = save_scenario(asker, Edit(uuid4(), "planspiel"), "Alle 60 Tage", asked, summary)
    return saved.scenario_id


@pytest.fixture(scope="module")
def council(own: DatabaseUrls, first: int, scenario: int) -> int:
    """A release with four resolutions and the scenario, after one that knew neither."""
    engine = create_engine(own.load, poolclass=NullPool)
    with engine.begin() as connection:
        small = connection.execute(text("SELECT id FROM qm.area WHERE key = 'k'")).scalar_one()
        resolution_(connection, "R-1", city=KEY)
        resolution_(connection, "R-2", city=KEY, figure="objects_open", is_share=False, area_id=small,
                    direction="at_most", target=1, until_on=date(2027, 1, 31))  # fmt: skip
        resolution_(connection, "R-3", city=KEY, figure="rounds_held", is_share=False, control_type="joint_control",
                    target=400, until_on=date(2026, 9, 30))  # fmt: skip
        resolution_(connection, "R-4", city=KEY, control_type="joint_control", until_on=date(2028, 1, 1))
        resolution_(connection, "R-5", city=KEY, is_withdrawn=True)
        resolution_(connection, "R-6", city=KEY, decided_on=AS_OF + timedelta(days=1), until_on=date(2028, 1, 1))
        records.refresh(connection, KEY, AS_OF)
    engine.dispose()
    released.release(own, as_of=PAST, title="Damals im Sommer", with_resolutions=False)
    return released.release(own, title="Mit Beschlüssen", scenario_id=scenario).id


def test_a_resolution_is_told_where_its_figure_is_and_held_back_where_that_is(access: Access, council: int) -> None:
    with access.open(POLITICS) as asker:
        content = publications.read_publication(asker, council).content
    found = {one.reference: one for one in content.resolutions}
    assert list(found) == ["R-2/2026", "R-1/2026", "R-4/2026", "R-3/2026"]
    of_city = {one.key: one.value for one in content.figures if (one.kind, one.area_key) == CITY}
    share = 100 * of_city["controls_on_time"] / of_city["controls_monitored"]
    told = found["R-1/2026"]
    assert float(told.value) == pytest.approx(float(share), abs=1e-5)
    assert told.figure == ("Fristgerecht, Anteil an: Überwachte Kontrollen", "On time, share of: Monitored controls")
    assert (told.place, told.direction_name) == (("Ganze Stadt", "Whole city"), ("mindestens", "at least"))
    held = found["R-2/2026"]
    assert (held.shown, held.value, held.state) == ("held_back", None, "unknown")
    assert (found["R-4/2026"].shown, found["R-4/2026"].value) == ("not_published", None)
    # How many rounds there were is a public fact, so it may be told for one type of control, too.
    assert (found["R-3/2026"].shown, found["R-3/2026"].state) == ("shown", "missed")


def test_a_scenario_is_told_rounded_by_name_and_not_of_few_houses(access: Access, council: int) -> None:
    with access.open(POLITICS) as asker:
        content = publications.read_publication(asker, council).content
    (one,) = content.scenarios
    assert (one.visits_per_year, one.needed_per_year_before, one.needed_per_year_after) == (150, 200, 600)
    (wish,) = content.scenario_wishes
    assert (wish.interval_days, wish.shortest_days, wish.place[0]) == (60, 195, "Ganze Stadt")
    rows = {(area.kind, area.area_key): area for area in content.scenario_areas}
    assert list(rows) == [CITY, ("stadtbezirk", "a"), ("stadtbezirk", "b"), ("quartier", "k")]
    assert (rows[CITY].overdue_before, rows[CITY].overdue_after, rows[CITY].loses) == (20, 40, True)
    assert (rows["quartier", "k"].is_held_back, rows["quartier", "k"].overdue_after) == (True, None)
    shown = [one for one in content.scenario_areas if not one.is_held_back]
    numbers = [value for area in shown for value in (area.overdue_before, area.overdue_after) if value is not None]
    assert all(value % 5 == 0 for value in numbers)
    assert {float(area.visits_before) for area in shown if area.visits_before is not None} == {1.2}


def test_the_change_is_since_the_last_release_that_this_audience_could_see(access: Access, council: int) -> None:
    with access.open(POLITICS) as asker:
        now = publications.read_publication(asker, council).content
        known = publications.read_publications(asker)
        (past,) = [one for one in known if one.title == "Damals im Sommer"]
        before = publications.read_publication(asker, past.id).content
        told = values_of(asker, past.id)
        # What was told to a council alone is no "value before" for the public.
        seen = {
            audience: publications.find_compared(asker, Order(AS_OF + timedelta(days=1), audience, "x", 5))
            for audience in ("public", "council")
        }
    compared = {one.reference: one for one in now.resolutions}["R-1/2026"]
    assert (compared.previous_as_of, compared.previous_shown) == (PAST, "shown")
    whole = told[CITY, "controls_monitored"].value
    assert float(compared.previous_value) == pytest.approx(float(100 * told[CITY, "controls_on_time"].value / whole))
    assert before.resolutions == ()
    assert seen["public"].header.audience == "public"
    assert seen["council"].header.published_at == known[0].published_at


def test_releases_with_and_without_verify_and_what_was_there_before_too(
    access: Access, first: int, council: int
) -> None:
    with access.open(STAFF) as asker:
        verdicts = {one.publication.id: one for one in publications.verify(asker)}
        (without,) = [one.id for one in publications.read_publications(asker) if one.title == "Damals im Sommer"]
        content = publications.read_publication(asker, without).content
    assert all(verdicts[number].is_unchanged for number in (first, council, without))
    assert (content.resolutions, content.scenarios) == ((), ())
    assert b"resolutions" not in canonical(content)


@pytest.mark.parametrize("part", ["resolution", "scenario", "scenario_wish", "scenario_area"])
def test_a_part_that_is_taken_away_is_noticed(
    own: DatabaseUrls, access: Access, cluster: Cluster, council: int, part: str
) -> None:
    keep, put_back = (
        "CREATE TABLE public.kept AS TABLE published.{}",
        "INSERT INTO published.{} SELECT * FROM public.kept",
    )
    with superuser(cluster, own.database) as connection:
        connection.execute(keep.format(part))
        connection.execute(f"DELETE FROM published.{part}")
    try:
        with access.open(STAFF) as asker:
            (verdict,) = publications.verify(asker, council)
        assert [problem for problem in verdict.problems if problem.startswith(f"published.{part}: ")]
        assert [problem for problem in verdict.problems if "hash" in problem]
    finally:
        with superuser(cluster, own.database) as connection:
            connection.execute(put_back.format(part))
            connection.execute("DROP TABLE public.kept")


def test_a_scenario_that_is_gone_or_tells_of_few_houses_is_not_released(
    own: DatabaseUrls, access: Access, first: int
) -> None:
    with pytest.raises(UsageError, match="no saved scenario"):
        released.release(own, scenario_id=999_999)
    with access.open(STAFF) as asker:
        small = asker.connection.execute(text("SELECT id FROM qm.area WHERE key = 'k'")).scalar_one()
        asked = Scenario(AS_OF, 24, Teams(1, 1, 8, 0.2), (Wish(small, "joint_control", 60),))
        saved = save_scenario(asker, Edit(uuid4(), "planspiel"), "Nur zwei Häuser", asked, {})
    with pytest.raises(UsageError, match="fewer than 5 objects"):
        released.release(own, scenario_id=saved.scenario_id)


# --- it never changes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE published.{} SET municipality = 'x'", "DELETE FROM published.{}"])
def test_changes_are_refused_to_the_owner_too(own: DatabaseUrls, first: int, table: str, statement: str) -> None:
    engine = create_engine(str(own.owner), poolclass=NullPool)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="never changed"):
        connection.execute(text(statement.format(table)))
    with engine.connect() as connection, pytest.raises(DBAPIError, match="never changed"):
        connection.execute(text(f"TRUNCATE published.{table} CASCADE"))
    engine.dispose()


def test_nothing_is_added_later(access: Access, first: int) -> None:
    late = text(
        "INSERT INTO published.source (publication_id, municipality, number, name_de, name_en, as_of)"
        " VALUES (:id, :city, 99, 'x', 'x', '2026-01-01')"
    )
    with pytest.raises(DBAPIError, match="after its release"), access.open(STAFF) as asker:
        asker.connection.execute(late, {"id": first, "city": KEY})


def test_a_correction_and_a_new_fact_change_nothing_in_it(access: Access, own: DatabaseUrls, first: int) -> None:
    with access.open(POLITICS) as asker:
        before = publications.read_publication(asker, first)
    engine = create_engine(own.load, poolclass=NullPool)
    with engine.begin() as connection:
        # The address of a released project is corrected, its demolition withdrawn, a house closed, an area renamed.
        connection.execute(text("UPDATE qm.property_address SET street = 'Andersweg' WHERE street = 'Musterallee'"))
        connection.execute(text("UPDATE qm.demolition_stage SET superseded_at = now() WHERE aspect = 'actual'"))
        connection.execute(text("UPDATE qm.area_version SET name = 'Anders' WHERE name = 'Altbezirk'"))
        houses = connection.execute(text("SELECT id FROM qm.property WHERE key LIKE 'G-1%'")).scalars().all()
        for house in houses:
            facts.status(connection, house, "closed", date(2026, 11, 1))
        records.refresh(connection, KEY, AS_OF, areas_changed=True)
    engine.dispose()
    with access.open(POLITICS) as asker:
        assert publications.read_publication(asker, first) == before
    with access.open(STAFF) as asker:
        assert all(one.is_unchanged for one in publications.verify(asker))
    later = released.release(own, title="Nach der Berichtigung")
    with access.open(POLITICS) as asker:
        changed = publications.read_publication(asker, later.id).content
    assert [one.name for one in changed.projects] == ["Andersweg 2"]
    assert "Anders" in [one.name for one in changed.areas]


def test_a_past_state_can_be_released(own: DatabaseUrls, access: Access, first: int) -> None:
    past = released.release(own, as_of=date(2020, 6, 1), title="Damals")
    with access.open(POLITICS) as asker:
        found = values_of(asker, past.id)
    assert found[CITY, "projects"].value == 0
    assert found[CITY, "objects_open"].is_held_back or found[CITY, "objects_open"].value < 33


# --- proving it -------------------------------------------------------------------------------------------------------


TAMPERING = {
    "a number": ("UPDATE published.figure SET value = value + 1 WHERE publication_id = {} AND kind = 'city'", "hash"),
    "a word": ("UPDATE published.definition SET title_de = 'x' WHERE publication_id = {} AND number = 1", "hash"),
    "the author": ("UPDATE published.publication SET published_by = 'x' WHERE id = {}", "hash"),
    "an outline": (
        "UPDATE published.area SET outline = ST_Translate(outline, 0.001, 0) WHERE publication_id = {} AND number = 1",
        "hash",
    ),
    "a row less": ("DELETE FROM published.project WHERE publication_id = {}", "published.project: 1 of 1 rows missing"),
    "a row more": (
        "INSERT INTO published.source VALUES ({}, 'de-demo01', 99, 'x', 'x', '2026-01-01')",
        "published.source: 1 of 1 rows added",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_by_a_superuser_is_noticed(
    own: DatabaseUrls, access: Access, cluster: Cluster, first: int, what: str
) -> None:
    statement, said = TAMPERING[what]
    copies = [f"CREATE TABLE public.kept_{name} AS TABLE published.{name}" for name in TABLES]
    with superuser(cluster, own.database) as connection:
        for copy in copies:
            connection.execute(copy)
        connection.execute(statement.format(first))
    try:
        with access.open(STAFF) as asker:
            (verdict,) = publications.verify(asker, first)
            others = [one for one in publications.verify(asker) if one.publication.id != first]
        assert not verdict.is_unchanged
        assert any(said in problem for problem in verdict.problems), verdict.problems
        assert all(one.is_unchanged for one in others)
    finally:
        _put_back(cluster, own.database)
    with access.open(STAFF) as asker:
        assert all(one.is_unchanged for one in publications.verify(asker))


def test_a_publication_that_was_taken_out_of_the_middle_is_noticed(
    own: DatabaseUrls, access: Access, cluster: Cluster, first: int
) -> None:
    middle, last = released.release(own, title="Mitte").id, released.release(own, title="Ende").id
    with superuser(cluster, own.database) as connection:
        for name in TABLES:
            connection.execute(f"CREATE TABLE public.kept_{name} AS TABLE published.{name}")
            key = "id" if name == "publication" else "publication_id"
            connection.execute(f"DELETE FROM published.{name} WHERE {key} = {middle}")
    try:
        with access.open(STAFF) as asker:
            verdicts = {one.publication.id: one for one in publications.verify(asker)}
        assert middle not in verdicts
        assert verdicts[last].problems == ("The publication before it is not the one that it followed.",)
    finally:
        _put_back(cluster, own.database)


def _put_back(cluster: Cluster, database: str) -> None:
    with superuser(cluster, database) as connection:
        for name in TABLES:
            connection.execute(f"DELETE FROM published.{name}")
            connection.execute(f"INSERT INTO published.{name} SELECT * FROM public.kept_{name}")
            connection.execute(f"DROP TABLE public.kept_{name}")


def test_the_hash_covers_every_field_and_not_the_order_of_rows(access: Access, first: int) -> None:
    with access.open(STAFF) as asker:
        content = publications.read_publication(asker, first).content
    turned = replace(content, figures=content.figures[::-1], areas=content.areas[::-1])
    assert content_hash(turned) == content_hash(content)
    header = content.header
    others = [
        replace(header, title="x"), replace(header, k=6), replace(header, audience="council"),
        replace(header, known_at=datetime(2020, 1, 1, tzinfo=UTC)), replace(header, previous_hash="x"),
    ]  # fmt: skip
    hashes = {content_hash(replace(content, header=one)) for one in (header, *others)}
    assert len(hashes) == len(others) + 1
    assert b"Geheimgasse" not in canonical(content)


# --- wishes that make no sense ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("wish", [{"audience": "press"}, {"title": "  "}, {"title": "x" * 121}, {"k": 2}])
def test_a_wish_that_makes_no_sense_is_refused_in_words(own: DatabaseUrls, first: int, wish: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        released.release(own, **wish)


def test_a_date_on_which_nothing_was_recorded_is_not_released(own: DatabaseUrls, access: Access, first: int) -> None:
    with pytest.raises(UsageError, match="On 1950-01-01 nothing was recorded yet"):
        released.release(own, as_of=date(1950, 1, 1))
    with access.open(STAFF) as asker:
        assert min(one.as_of for one in publications.read_publications(asker)) > date(1950, 1, 1)


def test_a_number_that_does_not_exist_is_wrong_usage_and_no_failed_proof(access: Access, first: int) -> None:
    for ask in (publications.read_publication, publications.verify):
        with access.open(STAFF) as asker, pytest.raises(UsageError, match="There is no publication 999"):
            ask(asker, 999)


def test_figures_are_read_from_one_moment_or_not_at_all(access: Access) -> None:
    with pytest.raises(PublicationRefused, match="REPEATABLE READ"), access.open(STAFF) as asker:
        publications.publish(asker, Order(AS_OF, "public", "Titel", 5), words())


def test_two_at_the_same_moment_do_not_follow_the_same_one(access: Access, first: int) -> None:
    order = Order(AS_OF, "public", "Gleichzeitig", 5)
    with access.open(STAFF, isolation="REPEATABLE READ") as slow:
        slow.connection.execute(text("SELECT 1"))
        with access.open(STAFF, isolation="REPEATABLE READ") as fast:
            publications.publish(fast, order, words())
        with pytest.raises(PublicationRefused, match="same moment"):
            publications.publish(slow, order, words())
        slow.connection.rollback()


def test_the_same_state_is_not_released_twice(own: DatabaseUrls, first: int) -> None:
    released.release(own, title="Einmal")
    with pytest.raises(PublicationRefused, match="already"):
        released.release(own, title="Einmal")


def test_there_are_tables_for_every_part() -> None:
    assert sorted([*(table.name for table in ALL_PARTS), "publication"]) == TABLES
