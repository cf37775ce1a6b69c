"""Erasing: nothing of it is left anywhere, the figures follow, it does not come back, and a proof stays."""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import typer
from sqlalchemy import ARRAY, Connection, NullPool, Table, Text, create_engine, insert, select, text, update
from sqlalchemy.dialects.postgresql import JSON, JSONB
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from geodata import cluster as embedded
from geodata import records, startup, tables
from geodata.assessment import computing
from geodata.calendar import today
from geodata.errors import UsageError
from geodata.keeping import commands as keeping_commands
from geodata.keeping import erasing, erasure, erasure_ledger
from geodata.keeping.erasure_ledger import ErasedKeys, ErasureError, Ledger, key_hash
from geodata.settings import DatabaseUrls
from geodata.tables.owners import owner, ownership
from tests.conftest import Stage
from tests.factories import deliveries, facts, funding
from tests.factories.facts import CITY
from tests.factories.office import Office, reasons, said

CANARY = "GEHEIM7f3a"
AS_OF = date(2026, 3, 1)
HOUSES = (
    "key;registered_on;use_type;dwellings;address;x;y\n"
    "A-17;01.02.2020;residential;4;Weg 1;395050;5690050\nB-2;01.02.2020;residential;4;Weg 2;395060;5690050"
)
VISITS = "key;property_key;inspected_on;result\nV-1;A-17;01.02.2021;finding\nV-2;B-2;01.02.2021;finding"


@dataclass(frozen=True)
class Street:
    """Two houses: the first is erased, the second stays."""

    doomed: int
    spared: int


def build(connection: Connection) -> Street:
    facts.municipality(connection)
    facts.area(connection)
    facts.rule(connection)
    delivery_id = deliveries.delivery(connection, city=CITY)
    doomed = facts.property_(connection, key=f"A-{CANARY}", addresses=[(f"{CANARY}weg", 17)])
    spared = facts.property_(connection, key="B-2", addresses=[("Bleibweg", 2)])
    for one in (doomed, spared):
        fill(connection, one, delivery_id)
    records.refresh(connection, CITY, today())
    return Street(doomed, spared)


def fill(connection: Connection, property_id: int, delivery_id: int) -> None:
    """A row in every table that can hold something of a property."""
    edit_id = add(
        connection, tables.edit, property_id, submission=uuid4(), kind="note", account="bea", account_name="Bea"
    )
    facts.status(connection, property_id, "recorded", date(2020, 1, 1), edit_id=edit_id)
    facts.assessment(connection, property_id, date(2020, 1, 1))
    facts.inspection(connection, property_id, date(2021, 1, 1), round_key=f"R-{property_id}")
    facts.demolition(connection, property_id, "decision")
    proceeding = facts.measure(connection, property_id, edit_id=edit_id)
    facts.measure_step(connection, property_id, proceeding, "hearing", AS_OF)
    facts.supply_cut(connection, property_id)
    closed = facts.closure(connection, property_id)
    facts.closure_event(connection, property_id, closed, "renovation_began", AS_OF)
    facts.dwelling_change(connection, property_id, AS_OF)
    funding.grant(connection, f"F-{property_id}", property_id=property_id)
    funding.call(connection, f"F-{property_id}")
    funding.cost(connection, f"F-{property_id}", edit_id=edit_id)
    add(connection, tables.assessment_current, property_id, as_of=AS_OF, facts=[])
    report = {"key": f"M-{property_id}", "problem": "other", "reported_on": AS_OF, "state": "open", "edit_id": edit_id}
    add(connection, tables.assessment_report, property_id, **report)
    deliveries.round_(connection, f"R-{property_id}", date(2021, 1, 1), city=CITY, persons_met=7)
    add(
        connection,
        tables.note,
        property_id,
        key=uuid4(),
        note_class="case",
        written_on=AS_OF,
        body="Text",
        edit_id=edit_id,
    )
    facts.release(connection, property_id, "R-1", AS_OF, reason="sauber")
    facts.plan(connection, [property_id], AS_OF, number=property_id)
    facts.skip(connection, property_id, AS_OF, number=property_id)
    picture = {"is_checked": True, "width_px": 1, "height_px": 1, "content": b"x", "preview": b"x"}
    add(connection, tables.photograph, property_id, edit_id=edit_id, moment="before", **picture)
    add(connection, tables.watch, property_id, account="bea")
    values = {"municipality": CITY, "delivery_id": delivery_id}
    connection.execute(insert(owner).values(key=f"O-{property_id}", kind="person", **values))
    link = {"key": f"W-{property_id}", "owner_key": f"O-{property_id}", "valid_from": AS_OF, **values}
    connection.execute(insert(ownership).values(property_id=property_id, **link))


def add(connection: Connection, table: Table, property_id: int, **values: Any) -> int:
    row = {"municipality": CITY, "property_id": property_id, **values}
    statement = insert(table).values(row)
    if "id" not in table.c:
        connection.execute(statement)
        return 0
    return int(connection.execute(statement.returning(table.c.id)).scalar_one())


def plant(connection: Connection, doomed: int) -> set[str]:
    """Put the canary into every text column of every row of the house; returns the tables."""
    planted = set()
    for table in [*tables.metadata.sorted_tables, owner, ownership]:
        where = rows_of(table, doomed)
        if where is None:
            continue
        values = {column.name: canary_for(column) for column in table.columns if is_free(column)}
        if values:
            connection.execute(update(table).where(where).values(values))
        planted.add(str(table))
    return planted


def rows_of(table: Table, doomed: int) -> Any:
    columns = table.c
    if table in (tables.property_current, tables.property_due, tables.property_area):
        return None
    if "property_id" in columns:
        return columns.property_id == doomed
    if table is tables.property_address:
        versions = select(tables.property_version.c.id).where(tables.property_version.c.property_id == doomed)
        return columns.property_version_id.in_(versions)
    if table is tables.inspection_round:
        return columns.key == f"R-{doomed}"
    if table in (tables.funding_call, tables.funding_cost):
        return columns.grant_key == f"F-{doomed}"
    return columns.key == f"O-{doomed}" if table is owner else None


def is_free(column: Any) -> bool:
    """A column of text that holds no code and names nothing else."""
    is_text = isinstance(column.type, Text | JSON | JSONB) or (
        isinstance(column.type, ARRAY) and isinstance(column.type.item_type, Text)
    )
    has_codes = any("IN (" in str(getattr(check, "sqltext", "")) or "~" in str(getattr(check, "sqltext", ""))
                    or "<@" in str(getattr(check, "sqltext", "")) for check in column.constraints)  # fmt: skip
    return is_text and not column.foreign_keys and not has_codes and column.name not in (
        "municipality", "round_key", "owner_key", "account", "grant_key") and not (
        column.name == "key" and column.table.name in ("inspection_round", "owner", "funding_grant"))  # fmt: skip


def canary_for(column: Any) -> Any:
    if isinstance(column.type, JSON | JSONB):
        return {"x": CANARY}
    return [CANARY] if isinstance(column.type, ARRAY) else f"{CANARY} {column.name}"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path)


@pytest.fixture
def loader_of(clean_urls: DatabaseUrls) -> Iterator[Connection]:
    engine = create_engine(clean_urls.load, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def tables_with(cluster: embedded.Cluster, database: str, needle: str) -> list[str]:
    """Every table of every schema of ours in which the text stands anywhere, as a superuser sees it."""
    query = (
        "select c.oid::regclass::text from pg_class as c join pg_namespace as n on n.oid = c.relnamespace"
        " where c.relkind in ('r', 'p', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')"
    )
    with embedded.connect(cluster, database) as superuser:
        names = [str(row[0]) for row in superuser.execute(query)]
        assert len(names) > 40
        return [
            name
            for name in names
            if superuser.execute(f"select 1 from {name} as t where t::text like %s limit 1", [f"%{needle}%"]).fetchone()  # type: ignore[arg-type]
        ]


def erase_house(connection: Connection, ledger: Ledger, key: str = f"A-{CANARY}") -> erasure.Erased:
    target = erasure.find_property(connection, CITY, "main", key)
    return erasure.erase(connection, target, reason="request", by="bea", ledger=ledger)


def test_nothing_of_an_erased_house_is_left_in_any_table(
    loader_of: Connection, cluster: embedded.Cluster, database: str, ledger: Ledger
) -> None:
    street = build(loader_of)
    house = f"A-{CANARY}"
    planted = plant(loader_of, street.doomed)
    planted_tables = {*erasing.OF_PROPERTY, "qm.property_version", "qm.property_address", "qm.edit", "owners.owner"}
    assert planted_tables <= planted
    delivery_id = deliveries.delivery(loader_of, city=CITY)
    deliveries.rejected_row(loader_of, delivery_id, 2, city=CITY, row={"Nr": house}, reason="31.02. is not a date")
    deliveries.rejected_row(loader_of, delivery_id, 3, city=CITY, row={"Nr": "A-1"}, reason=f'"{house}" is unknown')
    kept = deliveries.rejected_row(loader_of, delivery_id, 4, city=CITY, row={"Nr": "B-2"})
    edit = {"municipality": CITY, "submission": uuid4(), "kind": "round", "account": "bea", "account_name": "Bea"}
    loader_of.execute(insert(tables.edit).values(reason=f"wie bei {house} besprochen", **edit))
    words_of_the_city(loader_of, house, street.doomed)
    loader_of.commit()
    assert len(tables_with(cluster, database, CANARY)) >= 12

    erased = erase_house(loader_of, ledger)
    loader_of.commit()

    assert tables_with(cluster, database, CANARY) == []
    assert erased.counts["qm.property_version"] == 1
    assert erased.counts["qm.rejected_row"] == 2
    assert erased.counts["qm.inspection_round"] == 1
    assert CANARY not in ledger.path.read_text("utf-8")
    assert loader_of.execute(select(tables.rejected_row.c.id)).scalars().all() == [kept]
    left = loader_of.execute(select(tables.inspection.c.property_id)).scalars().all()
    assert left == [street.spared]
    told = text("SELECT reason FROM qm.interval_rule WHERE key = 'R-2' UNION ALL SELECT note FROM qm.scenario")
    assert loader_of.execute(told).scalars().all() == ["wegen …, wie bei B-2", "für …"]
    starts = text(
        "SELECT start_name, geom IS NULL FROM qm.round_plan WHERE key IN ('app:98:0', 'app:99:0') ORDER BY key DESC"
    )
    assert [tuple(row) for row in loader_of.execute(starts)] == [(None, True), ("Bleibweg 2, Stadt", False)]
    assert erased.counts["qm.round_plan"] == 1
    assert loader_of.execute(select(owner.c.key)).scalars().all() == [f"O-{street.spared}"]
    assert ledger.path.stat().st_mode & 0o777 == 0o600


def words_of_the_city(connection: Connection, house: str, doomed: int) -> None:
    """A rule, a scenario, a resolution and the start of a round that name the house."""
    address = next(name for name in erasing.names_of(connection, [doomed]) if "street" in name)
    facts.rule(connection, key="R-2", control_type="fire_safety", reason=f"wegen {house}, wie bei B-2")
    saved = {"municipality": CITY, "number": 1, "name": f"Nach {address}", "note": f"für {house}", "query": {}}
    made = {"summary": {}, "as_of": AS_OF, "saved_at": datetime(2026, 3, 1, tzinfo=UTC)}
    connection.execute(insert(tables.scenario).values(edit_id=facts.edit(connection), **saved, **made))
    decided = {"decided_on": AS_OF, "until_on": AS_OF, "direction": "at_least", "target": 1, "figure": "objects"}
    row = {"municipality": CITY, "key": "B", "number": "1", "body": "Rat", "title": f"Ende für {house}", **decided}
    connection.execute(insert(tables.resolution).values(row))
    for number, start in ((99, address), (98, "Bleibweg 2, Stadt")):
        facts.plan(connection, [], AS_OF, number=number, start_name=start, geom=facts.point(1, 1))


def test_current_state_due_dates_and_cube_follow(stage: Stage, ledger: Ledger) -> None:
    def counted(connection: Connection) -> tuple[int, int, int]:
        city = "FROM qm.{} WHERE area_id IS NULL"
        sums = ("sum(objects) " + city.format("figure_cube"), "sum(overdue) " + city.format("pair_cube"),
                "sum(objects) " + city.format("cell_count") + " AND edge_m = 500")  # fmt: skip
        found = [connection.execute(text(f"SELECT {one}")).scalar_one() for one in sums]
        return found[0], found[1], found[2]

    with stage.as_loader() as connection:
        street = build(connection)
        houses = [facts.property_(connection, key=f"C-{number}") for number in range(4)]
        records.refresh(connection, CITY, today())
        before = counted(connection)
        version = connection.execute(select(tables.refresh.c.data_version)).scalar_one()
        erase_house(connection, ledger)
        for table in (tables.property_current, tables.property_due, tables.property_area):
            ids = connection.execute(select(table.c.property_id)).scalars().all()
            assert street.doomed not in ids
            assert {street.spared, *houses} <= set(ids)
        assert [was - one for was, one in zip(before, counted(connection), strict=True)] == [1, 1, 1]
        assert before[0] == 6
        assert connection.execute(select(tables.refresh.c.data_version)).scalar_one() == version + 1


def test_an_edit_that_concerned_others_too_stays_without_its_words(stage: Stage, ledger: Ledger) -> None:
    with stage.as_loader() as connection:
        street = build(connection)
        values = {"municipality": CITY, "submission": uuid4(), "kind": "round", "account": "bea", "account_name": "Bea"}
        statement = insert(tables.edit).values(reason="Runde", outcome={"property_id": street.doomed}, **values)
        edit_id = connection.execute(statement.returning(tables.edit.c.id)).scalar_one()
        for one in (street.doomed, street.spared):
            facts.inspection(connection, one, date(2022, 1, 1), edit_id=edit_id)
        erase_house(connection, ledger)
        shared = connection.execute(select(tables.edit).where(tables.edit.c.id == edit_id)).one()
        assert (shared.account, shared.reason, shared.outcome) == ("bea", None, {})
        own = connection.execute(select(tables.edit.c.property_id).where(tables.edit.c.id != edit_id)).scalars().all()
        own = [one for one in own if one is not None]
        assert own == [street.spared]


def test_what_was_merged_into_a_house_goes_with_it(stage: Stage, ledger: Ledger) -> None:
    with stage.as_loader() as connection:
        street = build(connection)
        values = {"municipality": CITY, "submission": uuid4(), "kind": "merge", "account": "bea", "account_name": "Bea"}
        edit_id = connection.execute(insert(tables.edit).values(values).returning(tables.edit.c.id)).scalar_one()
        link = {"kind": "merge", "from_property_id": street.spared, "to_property_id": street.doomed}
        connection.execute(
            insert(tables.property_link).values(municipality=CITY, happened_on=AS_OF, edit_id=edit_id, **link)
        )
        erased = erase_house(connection, ledger)
        assert (len(erased.numbers), erased.counts["qm.property"]) == (2, 2)
        assert connection.execute(select(tables.property_.c.id)).all() == []


def test_a_dry_run_counts_and_changes_nothing(stage: Stage) -> None:
    with stage.as_loader() as connection:
        build(connection)
        target = erasure.find_property(connection, CITY, "main", f"A-{CANARY}")
        counts = erasure.count(connection, target)
        assert (counts["qm.property"], counts["qm.inspection"], counts["owners.owner"]) == (1, 1, 1)
        assert (counts["qm.funding_grant"], counts["qm.funding_call"]) == (1, 1), "its grants, beside cleared words"
        assert connection.execute(text("SELECT count(*) FROM qm.property")).scalar_one() == 2
        assert (
            connection.execute(text("SELECT sum(objects) FROM qm.figure_cube WHERE area_id IS NULL")).scalar_one() == 2
        )


def test_single_records_go_with_their_earlier_versions(stage: Stage, ledger: Ledger) -> None:
    with stage.as_loader() as connection:
        street = build(connection)
        note = connection.execute(select(tables.note).where(tables.note.c.property_id == street.doomed)).one()
        old = {"superseded_at": note.recorded_at, "note_class": "case", "written_on": AS_OF, "body": "alt"}
        add(connection, tables.note, street.doomed, key=note.key, edit_id=note.edit_id, **old)
        photograph_id = connection.execute(select(tables.photograph.c.id)).scalars().first()
        event_id = connection.execute(select(tables.status_event.c.id)).scalars().first()
        targets = [
            (erasure.find_fact(connection, CITY, "note", note.id), {"qm.note": 2, "qm.edit": 1}),
            (erasure.find_photograph(connection, CITY, photograph_id), {"qm.photograph": 1, "qm.edit": 1}),
            (erasure.find_owner(connection, CITY, f"O-{street.doomed}"), {"owners.ownership": 1, "owners.owner": 1}),
            (erasure.find_fact(connection, CITY, "status_event", event_id), {"qm.status_event": 1, "qm.edit": 1}),
        ]
        for target, expected in targets:
            erased = erasure.erase(connection, target, reason="mistake", by="bea", ledger=ledger)
            assert erased.counts == expected
        proofs = erasure.read_proofs(connection)
        assert [one["kind"] for one in proofs] == ["note", "photograph", "owner", "fact"]
        assert {one["legal_basis"] for one in proofs} == {"Art. 5 Abs. 1 Buchst. d DSGVO"}


def test_nothing_explains_an_assessment_by_a_proceeding_that_was_erased(stage: Stage, ledger: Ledger) -> None:
    """It goes with its steps, and what was computed from it; what was computed before stays."""
    with stage.as_loader() as connection:
        street = build(connection)
        early, late = (datetime(2020, 1, day, tzinfo=UTC) for day in (1, 3))
        told = {"parts": [{"code": "proceeding_open"}]}
        for day, moment in ((2, early), (3, late)):
            facts.assessment(
                connection, street.doomed, date(2020, 1, day), recorded_at=moment, contributions=json.dumps(told)
            )
        connection.execute(update(tables.measure).values(recorded_at=datetime(2020, 1, 2, tzinfo=UTC)))
        measure_id = connection.execute(
            select(tables.measure.c.id).where(tables.measure.c.property_id == street.doomed)
        ).scalar_one()
        target = erasure.find_fact(connection, CITY, "measure", measure_id)
        counts = erasure.erase(connection, target, reason="mistake", by="bea", ledger=ledger).counts
        assert counts == {"qm.measure": 1, "qm.measure_step": 1, "qm.assessment_event": 1, "qm.edit": 1}
        event = tables.assessment_event.c
        left = select(event.recorded_at).where(event.property_id == street.doomed, event.contributions.is_not(None))
        assert early in connection.execute(left).scalars().all()
        assert late not in connection.execute(left).scalars().all()
        current = tables.assessment_current.c.property_id
        assert connection.execute(select(current)).scalars().all() == [street.spared]
        computing.keep(connection, CITY)
        assert set(connection.execute(select(current)).scalars()) == {street.doomed, street.spared}


def test_an_invoice_of_an_area_forgets_the_project_of_the_house(stage: Stage, ledger: Ledger) -> None:
    with stage.as_loader() as connection:
        street = build(connection)
        for one, project in ((street.doomed, "P-weg"), (street.spared, "P-da")):
            facts.demolition(connection, one, "decision", project=project)
            funding.cost(connection, "F-Stadt", one, project_key=project)
        funding.grant(connection, "F-Stadt")
        erase_house(connection, ledger)
        cost = tables.funding_cost.c
        left = select(cost.project_key).where(cost.grant_key == "F-Stadt").order_by(cost.id)
        assert connection.execute(left).scalars().all() == [None, "P-da"]


def test_what_is_not_there_and_reasons_in_words_are_refused(stage: Stage, ledger: Ledger) -> None:
    with stage.as_loader() as connection:
        build(connection)
        with pytest.raises(UsageError, match="There is no property main/X-9"):
            erasure.find_property(connection, CITY, "main", "X-9")
        with pytest.raises(UsageError, match="no facts that are erased one by one"):
            erasure.find_fact(connection, CITY, "municipality", 1)
        target = erasure.find_property(connection, CITY, "main", "B-2")
        with pytest.raises(UsageError, match="a reason in words would keep what is to go"):
            erasure.erase(connection, target, reason="Frau M. will es", by="bea", ledger=ledger)
        assert not ledger.path.exists()


def test_the_next_delivery_does_not_bring_it_back_until_that_is_allowed(
    clean_urls: DatabaseUrls, ledger: Ledger, tmp_path: Path
) -> None:
    office = Office(clean_urls, tmp_path)
    office.sends("properties", HOUSES)
    office.sends("inspections", VISITS)
    engine = create_engine(clean_urls.load, poolclass=NullPool)
    with engine.connect() as connection:
        erasure.commit(connection, erase_house(connection, ledger, "A-17"), ledger)
    houses = office.sends("properties", HOUSES, "2026-04-01")
    assert said(houses) == {"read": 2, "unchanged": 1, "rejected": 1}
    [(line, field, reason)] = reasons(houses)
    assert (line, field) == (2, "key")
    assert reason.startswith("erased on ")
    assert "not taken over again" in reason
    visits = office.sends("inspections", VISITS, "2026-04-01")
    assert said(visits) == {"read": 2, "unchanged": 1, "rejected": 1}
    assert [field for _, field, _ in reasons(visits)] == ["property_key"]
    assert office.ask("SELECT key FROM qm.property") == [("B-2",)]
    # Of the rows that brought it again nothing is kept.
    assert office.ask('SELECT DISTINCT CAST("row" AS text) FROM qm.rejected_row') == [("{}",)]
    with engine.begin() as connection:
        lifted = erasure.lift(connection, CITY, ("main", "A-17"), "property", reason="mistake", by="bea", ledger=ledger)
    assert lifted == 1
    assert said(office.sends("properties", HOUSES, "2026-05-01")) == {"read": 2, "loaded": 1, "unchanged": 1}
    engine.dispose()


def test_steps_of_an_erased_proceeding_are_refused_without_a_trace(
    clean_urls: DatabaseUrls, ledger: Ledger, tmp_path: Path
) -> None:
    """They name it by a key alone, and their words would stay among the rows that were not taken over."""
    office = Office(clean_urls, tmp_path)
    office.sends("properties", HOUSES)
    listed = 'register = "main"\n[columns]\nproperty_key = "property_key"\n{}\n'
    orders = listed.format('key = "key"\nkind = "kind"\nopened_on = "opened_on"')
    steps = listed.format(
        'measure_key = "measure_key"\nkind = "kind"\nhappened_on = "happened_on"\nnote = "note"\n'
        '[text]\nnote = "case_workers"'
    )
    order_rows = "key;property_key;kind;opened_on\nV1;A-17;housing_order;01.10.2025\nV2;B-2;housing_order;01.10.2025"
    step_rows = f"property_key;measure_key;kind;happened_on;note\nA-17;V1;order;02.11.2025;{CANARY}"
    office.sends("measures", order_rows, mapping=orders)
    assert said(office.sends("measure_steps", step_rows, mapping=steps)) == {"read": 1, "loaded": 1}
    engine = create_engine(clean_urls.load, poolclass=NullPool)
    with engine.connect() as connection:
        number = connection.execute(text("SELECT id FROM qm.measure WHERE key = 'V1'")).scalar_one()
        target = erasure.find_fact(connection, CITY, "measure", number)
        erased = erasure.erase(connection, target, reason="unlawful", by="bea", ledger=ledger)
        erasure.commit(connection, erased, ledger)
    engine.dispose()
    again = office.sends("measure_steps", step_rows, "2026-04-01", mapping=steps)
    assert [field for _, field, _ in reasons(again)] == ["measure_key"]
    assert office.ask('SELECT DISTINCT CAST("row" AS text) FROM qm.rejected_row') == [("{}",)]


def test_an_older_backup_learns_what_was_erased_since(stage: Stage, ledger: Ledger) -> None:
    with stage.as_loader() as connection:
        street = build(connection)
        savepoint = connection.begin_nested()
        erase_house(connection, ledger)
        note = connection.execute(select(tables.note.c.id)).scalars().one()
        target = erasure.find_fact(connection, CITY, "note", note)
        erasure.erase(connection, target, reason="unlawful", by="bea", ledger=ledger)
        savepoint.rollback()  # the database as it was before both
        database = str(connection.engine.url.database)
        assert ledger.read("another_database") == ()
        proofs = ledger.read(database)
        assert erasure.apply_again(connection, proofs) == {"property": 1, "note": 1}
        assert connection.execute(select(tables.property_.c.id)).scalars().all() == [street.spared]
        assert connection.execute(select(tables.note.c.id)).all() == []
        assert erasure.apply_again(connection, proofs) == {}
        numbers = {str(one["number"]) for one in erasure.read_proofs(connection)}
        assert numbers == {str(one["number"]) for one in proofs}


def test_an_erasure_that_was_not_committed_is_told_to_the_file(ledger: Ledger, stage: Stage) -> None:
    class Failing:
        engine = type("Engine", (), {"url": type("Url", (), {"database": "qm_x"})})

        def commit(self) -> None:
            raise OSError("disk full")

    number = uuid4()
    ledger.append({"line": "erasure", "database": "qm_x", "number": number, "kind": "note"})
    assert len(ledger.read("qm_x")) == 1
    with pytest.raises(OSError, match="disk full"):
        erasure.commit(Failing(), erasure.Erased((number,)), ledger)  # type: ignore[arg-type]
    assert ledger.read("qm_x") == ()


def test_a_damaged_file_is_refused_and_a_cut_last_line_passed_over(ledger: Ledger) -> None:
    ledger.append({"line": "erasure", "database": "qm_x", "number": 1})
    with ledger.path.open("a") as stream:
        stream.write('{"line": "eras')
    assert len(ledger.read("qm_x")) == 1
    ledger.path.write_text("{}{\n" + json.dumps({"line": "x"}) + "\n", "utf-8")
    with pytest.raises(ErasureError, match="damaged in line 1"):
        ledger.read("qm_x")


def test_a_key_is_known_by_its_hash_and_by_nothing_shorter() -> None:
    salted = key_hash("ab", "property", CITY, "main", "A-17")
    assert salted != key_hash("ac", "property", CITY, "main", "A-17")
    assert salted != key_hash("ab", "property", CITY, "mainA", "-17")
    erased = ErasedKeys(CITY, (("property", None, "ab", salted, AS_OF),))
    assert erased.dates("property", ["A-17", "A-1"], "main") == {"A-17": AS_OF}
    assert erased.dates("property", ["A-17"], "other") == {}
    assert erased.dates("fact", ["A-17"], "main", what="qm.inspection") == {}


@pytest.fixture
def qm(clean_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """`qm("property", "main/A-17", ...)`: exit code and what was said, on the session's database."""
    monkeypatch.setattr(startup, "open_database", lambda settings: contextlib.nullcontext(clean_urls))
    monkeypatch.setattr(erasure_ledger, "FILE_NAME", str(tmp_path / "erasures.jsonl"))

    def run(*arguments: str, typed: str = "", group: typer.Typer = keeping_commands.erase) -> tuple[int, str]:
        done = CliRunner().invoke(group, list(arguments), input=typed)
        return done.exit_code, done.output + (str(done.exception) if done.exception else "")

    return run


def test_the_commands_count_ask_and_prove(qm: Callable[..., tuple[int, str]], loader_of: Connection) -> None:
    build(loader_of)
    loader_of.commit()
    name = f"main/A-{CANARY}"
    assert "no class of reasons" in qm("property", name, "--reason", "weil")[1]
    code, said = qm("property", name, "--reason", "request", "--dry-run")
    assert (code, "Would go: 1 qm.inspection_round" in said) == (0, True)
    code, said = qm("property", name, "--reason", "request", typed="n\n")
    assert (code, "Erased" in said) == (1, False)
    code, said = qm("property", name, "--reason", "request", typed="y\n")
    assert (code, "1 qm.property. Proof " in said) == (0, True)
    assert "There is no property" in qm("property", name, "--reason", "request", "--yes")[1]
    assert "is no property" in qm("property", "A-17", "--reason", "request", "--yes")[1]
    assert qm("lift", name, "--reason", "new_case") == (0, "Deliveries may bring the key again.\n")
    assert "No erasure in force" in qm("lift", name, "--reason", "new_case")[1]
    code, said = qm("--dry-run", group=keeping_commands.retention)
    assert (code, "note: 36 months from written_on, check; due: 0." in said) == (0, True)
    assert qm("--yes", group=keeping_commands.retention)[1].endswith("person_count: 1 qm.inspection_round\n")
    code, said = qm("set", "note", "2", "years", "--decided-by", "Rechtsamt", group=keeping_commands.retention)
    assert (code, said) == (0, "note: 2 years, decided by Rechtsamt.\n")
    loader_of.execute(text("UPDATE qm.retention_rule SET kept = 36, unit = 'months', is_confirmed = false,"
                           " decided_by = NULL, decided_on = NULL WHERE record_class = 'note'"))  # fmt: skip
    loader_of.commit()


def test_who_is_writing_about_it_is_waited_for_and_nothing_is_half_erased(
    clean_urls: DatabaseUrls, loader_of: Connection, ledger: Ledger
) -> None:
    street = build(loader_of)
    loader_of.commit()
    engine = create_engine(clean_urls.load, poolclass=NullPool)
    with engine.connect() as writer:
        facts.inspection(writer, street.doomed, AS_OF)
        loader_of.execute(text("SET LOCAL lock_timeout = '200ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            erase_house(loader_of, ledger)
        loader_of.rollback()
        writer.commit()
    engine.dispose()
    assert not ledger.path.exists()
    assert erase_house(loader_of, ledger).counts["qm.inspection"] == 2


def test_every_table_that_tells_of_a_property_is_erased(loader: Connection) -> None:
    """A new table with a property in it has to be named in geodata/keeping/erasing.py."""
    query = text(
        "SELECT a.attrelid::regclass::text FROM pg_attribute AS a INNER JOIN pg_class AS c ON c.oid = a.attrelid"
        " WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text IN ('qm', 'owners', 'published', 'audit')"
        " AND a.attname LIKE '%property%id' AND NOT a.attisdropped"
    )
    found = set(loader.execute(query).scalars())
    handled = {*erasing.OF_PROPERTY, *erasing.DERIVED}
    assert found == handled | {"qm.property_link", "qm.property_version", "qm.property_address", "qm.edit"}
    referring = text(
        "SELECT DISTINCT conrelid::regclass::text FROM pg_constraint"
        " WHERE contype = 'f' AND confrelid = 'qm.edit'::regclass"
    )
    assert set(loader.execute(referring).scalars()) == set(erasing.EDITED)
