"""The demonstration city, loaded through the real ETL: what it brings, what is refused, and that it comes once."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from etl.demo import MUNICIPALITY
from etl.demo.dates import AS_OF, FIRST_DELIVERY
from etl.demo.load import load_demonstration
from geodata.assessment import running
from geodata.settings import DatabaseUrls

FILES = 40


class _PulledPlug(Exception):
    """Somebody stops the program in the middle of the load."""


def _pull_plug_at(number: int) -> Callable[[str, int, int], None]:
    def tell(what: str, done: int, of: int) -> None:
        if done == number and of == FILES:
            raise _PulledPlug(what)

    return tell


@pytest.fixture(scope="module")
def urls(make_database: Callable[[str], DatabaseUrls]) -> DatabaseUrls:
    """A database whose first load was interrupted after seven files and then begun again."""
    made = make_database("demo")
    with pytest.raises(_PulledPlug, match="gebref"):
        load_demonstration(made, tell=_pull_plug_at(7))
    load_demonstration(made, tell=lambda what, done, of: None)
    return made


@pytest.fixture
def ask(urls: DatabaseUrls) -> Iterator[Connection]:
    with create_engine(urls.load, poolclass=NullPool).connect() as connection:
        yield connection


def _scalar(ask: Connection, query: str, **values: object) -> int:
    return int(ask.execute(text(query), values).scalar_one())


def _deliveries(ask: Connection) -> dict[tuple[str, date], dict[str, int]]:
    rows = ask.execute(text("SELECT * FROM qm.delivery WHERE source <> 'areas' AND source <> 'context'")).mappings()
    return {(row["source"], row["as_of"]): dict(row) for row in rows}


def test_an_interrupted_load_is_finished_and_nothing_comes_twice(ask: Connection) -> None:
    assert _scalar(ask, "SELECT count(*) FROM qm.delivery") == FILES
    assert _scalar(ask, "SELECT count(DISTINCT file_name) FROM qm.delivery") == FILES
    assert _scalar(ask, "SELECT count(*) FROM qm.delivery WHERE refused IS NOT NULL") == 0


def test_a_city_that_is_there_is_not_loaded_again(urls: DatabaseUrls, ask: Connection) -> None:
    load_demonstration(urls, tell=_pull_plug_at(0))

    assert _scalar(ask, "SELECT count(*) FROM qm.delivery") == FILES


def test_the_city_says_that_it_is_invented(ask: Connection) -> None:
    row = ask.execute(text("SELECT key, name, is_demonstration FROM qm.municipality")).one()

    assert tuple(row) == (MUNICIPALITY, "Beispielstadt Hagen (erfunden)", True)


def test_it_has_the_magnitudes_of_a_city(ask: Connection) -> None:
    current = "FROM qm.{} WHERE superseded_at IS NULL"

    assert 15_000 <= _scalar(ask, f"SELECT count(*) {current.format('address')}") <= 25_000
    assert 600 <= _scalar(ask, f"SELECT count(*) {current.format('context_feature')} AND kind = 'street'") <= 1400
    assert _scalar(ask, "SELECT count(*) FROM qm.property_current") == 350
    assert 1200 <= _scalar(ask, f"SELECT count(*) {current.format('inspection')}") <= 1800
    assert _scalar(ask, "SELECT count(*) FROM qm.property_current WHERE geom IS NULL") == 4
    assert _scalar(ask, "SELECT count(*) FROM qm.property_address WHERE address_id IS NULL") == 0


def test_a_past_date_has_areas_and_rules_too(ask: Connection) -> None:
    query = "SELECT count(*) FROM qm.property_at(:key, :on) WHERE cardinality(area_ids) >= 2"
    rules = "SELECT count(DISTINCT rule_id) FROM qm.due_at(:key, :on)"

    assert _scalar(ask, query, key=MUNICIPALITY, on=date(2022, 6, 30)) > 200
    assert _scalar(ask, rules, key=MUNICIPALITY, on=date(2022, 6, 30)) >= 7


def test_two_thirds_lie_in_the_focus_area(ask: Connection) -> None:
    query = (
        "SELECT count(*) FROM qm.property_current AS p JOIN qm.area AS a ON a.id = ANY (p.area_ids) "
        "WHERE a.kind = 'fokusraum' AND a.key = 'fr1'"
    )

    assert _scalar(ask, query) == 224


def test_share_on_time_is_plausible(ask: Connection) -> None:
    on_time = _scalar(ask, "SELECT count(*) FROM qm.property_due WHERE due_on >= :as_of", as_of=AS_OF)
    pairs = _scalar(ask, "SELECT count(*) FROM qm.property_due")

    assert 0.6 <= on_time / pairs <= 0.75


def test_the_second_delivery_has_unchanged_superseded_and_rejected_rows(ask: Connection) -> None:
    deliveries = _deliveries(ask)
    for source in ("properties", "status", "inspections"):
        first, second = deliveries[source, FIRST_DELIVERY], deliveries[source, AS_OF]
        assert first["unchanged"] == first["superseded"] == 0
        assert first["rejected"] == 0
        assert second["unchanged"] > 90
        assert 1 <= second["rejected"] <= 6
    assert deliveries["properties", AS_OF]["superseded"] > 90
    assert deliveries["status", AS_OF]["superseded"] == 1


def test_rejected_rows_say_why(ask: Connection) -> None:
    query = "SELECT d.source, r.field, r.reason FROM qm.rejected_row AS r JOIN qm.delivery AS d ON d.id = r.delivery_id"
    found = [(row.source, row.field, row.reason) for row in ask.execute(text(query))]

    assert len(found) >= 10
    assert any("31.02.2026" in reason for _, _, reason in found)
    assert any("Einhörner" in reason for source, _, reason in found if source == "properties")
    assert any("duplicate" in reason for source, _, reason in found if source == "inspections")


def test_notes_of_the_offices_are_stored_nowhere(ask: Connection) -> None:
    query = "SELECT count(*) FROM qm.rejected_row WHERE row::text LIKE '%siehe Protokoll%'"

    assert _scalar(ask, query) == 0


def test_a_ward_has_two_versions_and_lies_in_two_districts(ask: Connection) -> None:
    versions = (
        "SELECT v.name FROM qm.area_version AS v JOIN qm.area AS a ON a.id = v.area_id "
        "WHERE a.kind = 'wohnbezirk' AND a.key = '102' AND v.superseded_at IS NULL ORDER BY v.valid_from"
    )
    parents = "SELECT count(*) FROM qm.area_relation AS r JOIN qm.area AS a ON a.id = r.child_id WHERE a.key = '120'"

    assert list(ask.execute(text(versions)).scalars()) == ["Bahnhof und Funkenfeld", "Bahnhof und Funkenfeld Nord"]
    assert _scalar(ask, parents) == 2


def test_the_corrected_record_keeps_what_was_believed(ask: Connection) -> None:
    query = (
        "SELECT v.dwellings FROM qm.property_version AS v JOIN qm.property AS p ON p.id = v.property_id "
        "WHERE p.key = 'PI-0004' ORDER BY v.id"
    )

    assert list(ask.execute(text(query)).scalars()) == [6, 16]


def test_the_reopened_case_is_open(ask: Connection) -> None:
    query = "SELECT state, closed_on FROM qm.property_current WHERE key = 'PI-0007'"

    assert tuple(ask.execute(text(query)).one()) == ("procedure_cooperative", None)


def test_two_counts_of_one_round_differ(ask: Connection) -> None:
    told = "SELECT objects FROM qm.inspection_round WHERE key = 'KA-2026-900' AND superseded_at IS NULL"
    recorded = "SELECT count(*) FROM qm.inspection WHERE round_key = 'KA-2026-900' AND superseded_at IS NULL"

    assert (_scalar(ask, told), _scalar(ask, recorded)) == (9, 8)


def test_every_property_has_owners_and_they_stand_in_their_own_schema(ask: Connection) -> None:
    shares = "SELECT count(*) FROM owners.ownership WHERE superseded_at IS NULL AND share IS NOT NULL"
    properties = _scalar(ask, "SELECT count(DISTINCT property_id) FROM owners.ownership WHERE superseded_at IS NULL")
    assert properties > 330
    assert _scalar(ask, shares) > properties, "some houses belong to several"
    several = "SELECT count(*) FROM (SELECT owner_key FROM owners.ownership GROUP BY 1 HAVING count(*) > 1) AS o"
    assert _scalar(ask, several) > 5, "some own several houses"
    names = "SELECT count(*) FROM owners.owner WHERE name IS NULL AND kind IN ('person', 'company', 'public')"
    assert _scalar(ask, names) == 0


def test_steps_come_after_those_that_their_kind_expects(ask: Connection) -> None:
    unexpected = (
        "SELECT count(*) FROM qm.measure_step AS s JOIN qm.measure AS m ON m.key = s.measure_key"
        " JOIN qm.measure_step_kind AS k ON k.measure_kind = m.kind AND k.code = s.kind"
        " WHERE m.superseded_at IS NULL AND s.superseded_at IS NULL AND cardinality(k.comes_after) > 0"
        " AND NOT EXISTS (SELECT FROM qm.measure_step AS b WHERE b.measure_key = s.measure_key"
        " AND b.superseded_at IS NULL AND b.kind = ANY (k.comes_after) AND b.happened_on <= s.happened_on)"
    )
    follows = (
        "SELECT count(*) FROM qm.measure AS m JOIN qm.measure AS f ON f.key = m.follows_key AND f.superseded_at IS NULL"
        " JOIN qm.measure_kind AS k ON k.code = m.kind"
        " WHERE m.superseded_at IS NULL AND cardinality(k.follows) > 0 AND NOT f.kind = ANY (k.follows)"
    )

    assert _scalar(ask, unexpected) == 0
    assert _scalar(ask, follows) == 0
    assert _scalar(ask, "SELECT count(*) FROM qm.measure WHERE superseded_at IS NULL") > 200


def test_bad_rows_about_proceedings_are_rejected_in_words(ask: Connection) -> None:
    deliveries = _deliveries(ask)
    query = "SELECT d.source, r.reason FROM qm.rejected_row AS r JOIN qm.delivery AS d ON d.id = r.delivery_id"
    found = [(row.source, row.reason) for row in ask.execute(text(query))]

    assert [deliveries[source, AS_OF]["rejected"] for source in ("measures", "measure_steps", "supply_cuts")] == [
        3,
        3,
        1,
    ]
    assert all(deliveries[source, FIRST_DELIVERY]["rejected"] == 0 for source in ("measures", "supply_cuts"))
    assert deliveries["measures", AS_OF]["superseded"] > 20
    assert any("before a house is closed" in reason for source, reason in found if source == "measures")
    assert any("VF-1999-001" in reason for source, reason in found if source == "measure_steps")


def test_what_the_offices_judge_mostly_follows_from_what_they_know(urls: DatabaseUrls, ask: Connection) -> None:
    running.keep_all_at(urls.load)
    colours = "LEFT JOIN qm.assessment_colour AS {0} ON ({0}.pressure, {0}.room_to_act) = ({1}pressure, {1}room_to_act)"
    query = (
        "SELECT count(*) AS compared, count(*) FILTER (WHERE judged.colour <> computed.colour) AS differing"
        f" FROM qm.assessment_current AS a {colours.format('judged', 'a.judged_')}"
        f" {colours.format('computed', 'a.')} WHERE a.judged_on IS NOT NULL AND a.pressure IS NOT NULL"
    )
    compared, differing = ask.execute(text(query)).one()
    shown = "SELECT assessment_colour, count(*) FROM qm.property_current WHERE closed_on IS NULL GROUP BY 1"
    by_colour = {row[0]: row[1] for row in ask.execute(text(shown)) if row[0]}

    assert compared >= 150
    assert 0.1 <= differing / compared <= 0.2, "an office has a view of its own, and now and then another one"
    assert min(by_colour.values()) >= 0.15 * sum(by_colour.values()), "the map shows three colours"
