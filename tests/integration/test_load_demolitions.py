"""Demolition projects from files: plan and reality are two facts, and nothing of one can pass for the other."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from etl.withdraw import CannotWithdraw, withdraw
from geodata.access import Access, Asker, Scope
from geodata.demolitions import Project, read_projects
from geodata.edits.order import Order
from geodata.edits.projects import PlanDraft, ProjectDraft, begin_project, plan_stage
from geodata.filters import PropertyFilter
from geodata.settings import DatabaseUrls
from tests.factories.office import CITY, Office, reasons, said

HOUSES = (
    "key;registered_on;use_type;dwellings;address;x;y\n"
    "A;01.02.2020;residential;4;Weg 1;395050;5690050\nB;01.02.2020;residential;4;Weg 2;395060;5690050"
)


def mapping(*fields: str, head: str = "", **constants: str) -> str:
    """Columns named as their fields; stage and aspect are columns too unless they are constants."""
    columns = ["property_key", *(one for one in ("stage", "aspect") if one not in constants), *fields]
    listed = "\n".join(f'{one} = "{one}"' for one in columns)
    fixed = "\n".join(f'{one} = "{value}"' for one, value in constants.items())
    return f'register = "main"\ndecimal = ","\n{head}[columns]\n{listed}\n[constants]\n{fixed}\n'


@pytest.fixture
def office(clean_urls: DatabaseUrls, tmp_path: Path) -> Office:
    made = Office(clean_urls, tmp_path)
    made.sends("properties", HOUSES)
    return made


def projects(office: Office, as_of: date = date(2026, 3, 1)) -> list[Project]:
    access = Access(office.urls)
    try:
        with access.open(Scope(CITY, "staff", "bea")) as asker:
            return list(read_projects(asker, PropertyFilter(as_of=as_of)))
    finally:
        access.close()


def test_plan_and_reality_meet_in_one_project(office: Office) -> None:
    plan = "property_key;decided_on;planned_end_on;cost_planned_eur\nA;01.01.2026;01.06.2027;1200,5"
    actual = "property_key;actual_end_on\nA;28.02.2026"
    report = office.sends(
        "demolitions", plan,
        mapping=mapping("decided_on", "planned_end_on", "cost_planned_eur", stage="demolition", aspect="plan"),
    )  # fmt: skip
    assert said(report) == {"read": 1, "loaded": 1}
    office.sends("demolitions", actual, mapping=mapping("actual_end_on", stage="demolition", aspect="actual"))
    [found] = projects(office)
    [stage] = found.stages
    assert (found.key, found.progress, found.demolished_on) == ("A", 1.0, date(2026, 2, 28))
    assert (stage.cost_planned_eur, found.slip_days) == (1200.5, (date(2026, 2, 28) - date(2027, 6, 1)).days)
    assert office.ask("SELECT demolished_on::text FROM qm.property_current WHERE key = 'A'") == [("2026-02-28",)]


def test_two_mappings_read_one_file(office: Office) -> None:
    both = office.folder / "both.csv"
    both.write_text("property_key;planned_end_on;actual_end_on\nA;01.02.2026;05.02.2026\nB;01.02.2027;\n", "utf-8")
    plan = mapping("planned_end_on", stage="demolition", aspect="plan", decided_on="2026-01-01")
    head = '[[filter]]\ncolumn = "actual_end_on"\nempty = false\n'
    actual = mapping("actual_end_on", head=head, stage="demolition", aspect="actual")
    assert said(office.sends("demolitions", both, mapping=plan)) == {"read": 2, "loaded": 2}
    assert said(office.sends("demolitions", both, mapping=actual)) == {"read": 2, "loaded": 1, "skipped": 1}
    assert [one.demolished_on for one in projects(office)] == [date(2026, 2, 5), None]
    assert said(office.sends("demolitions", both, mapping=plan)) == {"read": 2, "unchanged": 2}


def test_the_project_is_the_propertys_unless_the_row_names_one(office: Office) -> None:
    rows = "property_key;project_key\nA;\nA;Hinterhaus\nB;"
    given = mapping("project_key", stage="demolition", aspect="plan", decided_on="2026-01-01")
    assert said(office.sends("demolitions", rows, mapping=given)) == {"read": 3, "loaded": 3}
    assert [(one.address, one.key) for one in projects(office)] == [
        ("Weg 1", "A"),
        ("Weg 1", "Hinterhaus"),
        ("Weg 2", "B"),
    ]


def test_the_project_of_a_parcel_is_that_of_its_property(office: Office) -> None:
    office.edit(
        "UPDATE qm.property_version SET parcels = '{1-2}' WHERE property_id = (SELECT min(id) FROM qm.property)"
    )
    given = mapping(head='match = "parcel"\n', stage="demolition", aspect="plan", decided_on="2026-01-01")
    given = given.replace('property_key = "property_key"', 'parcel = "parcel"')
    report = office.sends("demolitions", "parcel\n1-2\n9-9", mapping=given)
    assert reasons(report) == [(3, "parcel", 'expected the parcel of one property, but of "9-9" no property has it')]
    assert [one.key for one in projects(office)] == ["A"]


FOREIGN = "expected an empty field in a row of the aspect {}, found a value"
LONELY = "expected a value beside {}, found an empty field"
WRONG = [
    ("plan", "actual_end_on", "01.02.2026", "actual_end_on", FOREIGN.format("plan")),
    ("plan", "blocker", "court_stop", "blocker", FOREIGN.format("plan")),
    ("actual", "planned_end_on", "01.02.2026", "planned_end_on", FOREIGN.format("actual")),
    ("actual", "is_required", "nein", "is_required", FOREIGN.format("actual")),
    ("actual", "outcome", "renovated", "ended_on", LONELY.format("outcome")),
    ("actual", "ended_on", "01.02.2026", "outcome", LONELY.format("ended_on")),
    ("actual", "blocked_since_on", "01.02.2026", "blocker", LONELY.format("blocked_since_on")),
    ("actual", "actual_end_on", "03.03.2026", "actual_end_on", "as-of date + 1 day"),
    ("actual", "cost_actual_eur", "-1", "cost_actual_eur", "expected a number with a decimal comma from 0 to"),
    ("dream", "project_key", "", "aspect", "expected one of plan, actual"),
]


@pytest.mark.parametrize(("aspect", "field", "value", "at", "reason"), WRONG, ids=lambda one: str(one)[:20])
def test_what_does_not_fit_is_rejected_in_words(
    office: Office, aspect: str, field: str, value: str, at: str, reason: str
) -> None:
    rows = f"property_key;stage;aspect;{field}\nA;decision;{aspect};{value}\nB;decision;plan;"
    report = office.sends("demolitions", rows, mapping=mapping(field))
    assert said(report) == {"read": 2, "loaded": 1, "rejected": 1}
    [(line, where, why)] = reasons(report)
    assert (line, where) == (2, at)
    assert reason in why


def test_a_stage_that_nobody_knows_is_rejected(office: Office) -> None:
    report = office.sends(
        "demolitions", "property_key;stage;aspect\nA;rebuilding;plan\nB;decision;plan", mapping=mapping()
    )
    assert [(line, at) for line, at, _ in reasons(report)] == [(2, "stage")]


@pytest.mark.parametrize(("aspect", "prefix"), [("plan", "planned"), ("actual", "actual")])
def test_a_stage_cannot_end_before_it_begins(office: Office, aspect: str, prefix: str) -> None:
    start, end = f"{prefix}_start_on", f"{prefix}_end_on"
    rows = f"property_key;{start};{end}\nA;02.02.2026;01.02.2026\nB;02.02.2026;02.02.2026"
    report = office.sends("demolitions", rows, mapping=mapping(start, end, stage="gutting", aspect=aspect))
    assert reasons(report) == [(2, end, f"expected a date from {start} (02.02.2026) on, found an earlier one")]


def test_the_same_demolition_twice_is_one_and_two_dates_are_none(office: Office) -> None:
    # Nothing is lost in silence: what came identically is a duplicate, what contradicts itself is named with its lines.
    given = mapping("actual_end_on", stage="demolition", aspect="actual")
    rows = "property_key;actual_end_on\nA;01.02.2026\nA;01.02.2026\nB;01.02.2026\nB;02.02.2026"
    report = office.sends("demolitions", rows, mapping=given)
    assert said(report) == {"read": 4, "loaded": 1, "rejected": 3}
    assert [line for line, _, _ in reasons(report)] == [3, 4, 5]


def test_what_nobody_planned_implies_its_property_and_is_no_project(office: Office) -> None:
    # Traps of a real list: a line break inside a field, American dates, parcels that look like numbers.
    head = 'implies_property = true\ncrs = "EPSG:25832"\ndate_format = "%m/%d/%Y"\ndelimiter = ","\n'
    given = mapping("actual_end_on", "address", "x", "y", head=head, stage="demolition", aspect="actual")
    path = office.folder / "done.csv"
    path.write_text(
        'property_key,actual_end_on,address,place,x,y\n18000464.,02/19/2026,Weg 9,"location\n(1, 2)",395000,5690000\n'
        '11002780-1,02/20/2026,Weg 8,"location\n(1, 2)",395001,5690000\n', "utf-8",
    )  # fmt: skip
    assert said(office.sends("demolitions", path, mapping=given)) == {"read": 2, "loaded": 2, "implied": 2}
    assert projects(office) == []
    done = "SELECT key, demolished_on::text FROM qm.property_current WHERE demolished_on IS NOT NULL ORDER BY key"
    assert office.ask(done) == [("11002780-1", "2026-02-20"), ("18000464.", "2026-02-19")]
    plan = mapping(head="implies_property = true\n", stage="demolition", aspect="plan", decided_on="2026-01-01")
    report = office.sends("demolitions", "property_key\n18000464.\n18000464", mapping=plan)
    assert said(report) == {"read": 2, "loaded": 2, "implied": 1}
    # The plan says neither address nor place, so what the dated list said of them stays.
    assert [(one.address, one.key, one.demolished_on) for one in projects(office)] == [
        ("18000464", "18000464", None),
        ("Weg 9", "18000464.", date(2026, 2, 19)),
    ]


def test_a_later_delivery_supersedes_and_can_be_withdrawn(office: Office) -> None:
    given = mapping("planned_end_on", stage="demolition", aspect="plan", decided_on="2026-01-01")
    office.sends("demolitions", "property_key;planned_end_on\nA;01.06.2026", "2026-02-01", mapping=given)
    moved = office.sends("demolitions", "property_key;planned_end_on\nA;01.09.2026", "2026-03-01", mapping=given)
    assert said(moved) == {"read": 1, "loaded": 1, "superseded": 1}
    late = office.sends("demolitions", "property_key;planned_end_on\nA;01.07.2026", "2026-02-15", mapping=given)
    assert said(late) == {"read": 1, "outdated": 1}
    assert [one.planned_demolition_on for one in projects(office)] == [date(2026, 9, 1)]
    withdraw(office.urls.load, moved.delivery or 0)
    assert [one.planned_demolition_on for one in projects(office)] == [date(2026, 6, 1)]


def test_a_delivery_on_whose_properties_others_rest_is_not_withdrawn(office: Office) -> None:
    head = "implies_property = true\n"
    plan = mapping(head=head, stage="demolition", aspect="plan", decided_on="2026-01-01")
    planned = office.sends("demolitions", "property_key\nC", mapping=plan)
    actual = mapping("actual_end_on", stage="demolition", aspect="actual")
    office.sends("demolitions", "property_key;actual_end_on\nC;01.02.2026", mapping=actual)
    with pytest.raises(CannotWithdraw, match=r"stages of demolition projects \(1\)"):
        withdraw(office.urls.load, planned.delivery or 0)


def test_a_file_finds_what_was_entered_in_the_application_and_leaves_it_while_it_says_nothing_new(
    office: Office,
) -> None:
    plan = mapping("project_key", "planned_end_on", aspect="plan")
    ends = {"vacating": date(2026, 6, 1), "demolition": date(2026, 9, 1)}
    [(house,)] = office.ask("SELECT id FROM qm.property WHERE key = 'A'")
    stages = {stage: PlanDraft(planned_end_on=on) for stage, on in ends.items()}

    def enter(do: Callable[[Asker], object]) -> None:
        access = Access(office.urls)
        with access.open(Scope(CITY, "staff", "bea")) as asker:
            do(asker)
        access.close()

    def planned() -> list[date | None]:
        [found] = projects(office)
        return [one.planned_end_on for one in found.stages]

    enter(lambda asker: begin_project(asker, order(), house, ProjectDraft("RB-1", date(2026, 1, 5), stages=stages)))
    file = "project_key;property_key;stage;planned_end_on\nRB-1;A;vacating;01.07.2026"
    assert office.sends("demolitions", file, mapping=plan).counts["loaded"] == 1
    assert planned() == [date(2026, 7, 1), date(2026, 9, 1)]
    moved = PlanDraft(planned_end_on=date(2026, 8, 1))
    enter(lambda asker: plan_stage(asker, order(), house, "RB-1", "vacating", moved))
    assert office.sends("demolitions", file, mapping=plan).counts["loaded"] == 0
    assert planned() == [date(2026, 8, 1), date(2026, 9, 1)]


def order() -> Order:
    return Order(uuid4(), "test")


def test_an_end_of_a_standstill_comes_once_is_replaced_by_newer_files_and_goes_with_its_delivery(
    office: Office,
) -> None:
    given = mapping("blocker", "blocked_since_on", "blocked_until_on", stage="demolition", aspect="actual")
    head = "property_key;blocker;blocked_since_on;blocked_until_on"

    def known() -> list[tuple[str | None, ...]]:
        return office.ask("SELECT blocked_until_on::text FROM qm.demolition_stage WHERE superseded_at IS NULL")

    held_up, goes_on = f"{head}\nA;court_stop;01.01.2026;", f"{head}\nA;court_stop;01.01.2026;20.02.2026"
    assert said(office.sends("demolitions", held_up, "2026-02-01", mapping=given)) == {"read": 1, "loaded": 1}
    assert said(office.sends("demolitions", goes_on, "2026-03-01", mapping=given))["superseded"] == 1
    assert said(office.sends("demolitions", goes_on, "2026-03-01", mapping=given)) == {"read": 1, "unchanged": 1}
    assert said(office.sends("demolitions", held_up, "2026-02-02", mapping=given)) == {"read": 1, "outdated": 1}
    assert known() == [("2026-02-20",)]
    [(brought_by,)] = office.ask("SELECT delivery_id FROM qm.demolition_stage WHERE superseded_at IS NULL")
    withdraw(office.urls.load, brought_by)
    assert known() == [(None,)]
    early = f"{head}\nA;court_stop;01.01.2026;31.12.2025\nB;;;20.02.2026"
    assert [one[:2] for one in reasons(office.sends("demolitions", early, mapping=given))] == [
        (2, "blocked_until_on"), (3, "blocked_since_on")
    ]  # fmt: skip
