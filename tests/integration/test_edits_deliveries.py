"""Deliveries beside edits: a file never undoes an edit, and one for a merged property finds the one that goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from etl.withdraw import withdraw
from geodata import edits
from geodata.access import Access, Asker, Scope
from geodata.edits import AddressDraft, InspectionDraft, Order, PropertyDraft
from geodata.errors import InvalidEdit
from geodata.rules.drafts import RuleDraft
from geodata.rules.edits import add_rule, end_rule, replace_rule
from geodata.settings import DatabaseUrls
from tests.factories.office import CITY, Office

HEAD = "key;registered_on;use_type;dwellings;address;x;y\n"
FIRST = HEAD + "A;01.02.2020;residential;4;Weg 1;394000;5691000\nB;01.03.2020;commercial;2;Weg 3;394100;5691000"
VISITS = "key;property_key;inspected_on;result\nV1;A;01.02.2026;finding\nV2;B;01.02.2026;finding\n"
MERGED = date(2026, 4, 1)
BY_ADDRESS = (
    'register = "main"\nmatch = "address"\n[columns]\nkey = "key"\naddress = "address"\ninspected_on = "inspected_on"\n'
    'result = "result"\n[constants]\ncontrol_type = "joint_control"\naccess_reached = "flat"\n'
)


@pytest.fixture
def office(clean_urls: DatabaseUrls, tmp_path: Path) -> Office:
    made = Office(clean_urls, tmp_path)
    made.sends("properties", FIRST)
    made.sends("inspections", VISITS)
    return made


@contextmanager
def bea(office: Office) -> Iterator[Asker]:
    access = Access(office.urls)
    try:
        with access.open(Scope(CITY, "staff", "bea"), statement_seconds=edits.STATEMENT_SECONDS) as asker:
            yield asker
    finally:
        access.close()  # also where a test expects the edit to be refused


def order() -> Order:
    return Order(uuid4(), "test")


def number(office: Office, key: str) -> int:
    return int(str(office.ask("SELECT id FROM qm.property WHERE key = :key", key=key)[0][0]))


def visits(office: Office) -> list[tuple[object, ...]]:
    return office.ask(
        "SELECT i.key, p.key FROM qm.inspection AS i JOIN qm.property AS p ON p.id = i.property_id"
        " WHERE i.superseded_at IS NULL ORDER BY 1"
    )


def current_id(office: Office, key: str) -> int:
    return int(
        str(office.ask("SELECT id FROM qm.inspection WHERE key = :key AND superseded_at IS NULL", key=key)[0][0])
    )


def merge(office: Office) -> int:
    with bea(office) as asker:
        done = edits.merge(asker, order(), number(office, "B"), number(office, "A"), happened_on=MERGED)
    return done.edit_id


def test_the_same_file_again_leaves_an_edit_and_another_content_supersedes_it(office: Office) -> None:
    draft = PropertyDraft((AddressDraft("Weg", 1),), use_type="mixed_use", dwellings=5)
    [(visit,)] = office.ask("SELECT id FROM qm.inspection WHERE key = 'V1'")
    with bea(office) as asker:
        house = number(office, "A")
        edits.correct_property(asker, order(), house, draft)
        seen = InspectionDraft(house, "joint_control", date(2026, 2, 1), "flat", "no_finding")
        edits.correct_inspection(asker, order(), int(str(visit)), seen)
    again = [office.sends("properties", FIRST).counts, office.sends("inspections", VISITS).counts]
    assert [one["unchanged"] for one in again] == [2, 2]
    current = "SELECT c.use_type, c.dwellings FROM qm.property_current AS c WHERE c.key = 'A'"
    assert office.ask(current) == [("mixed_use", 5)]
    assert office.ask("SELECT result FROM qm.inspection WHERE key = 'V1' AND superseded_at IS NULL") == [
        ("no_finding",)
    ]
    office.sends("properties", FIRST.replace("residential;4", "residential;9"), as_of="2026-05-01")
    assert office.ask(current) == [("residential", 9)]
    [(edited, later)] = office.ask(
        "SELECT e.superseded_at, n.recorded_at FROM qm.property_version AS e JOIN qm.property_version AS n"
        " ON n.property_id = e.property_id AND n.superseded_at IS NULL WHERE e.edit_id IS NOT NULL"
    )
    assert edited == later


def test_a_withdrawn_fact_does_not_come_back_with_the_same_file(office: Office) -> None:
    [(visit,)] = office.ask("SELECT id FROM qm.inspection WHERE key = 'V1'")
    with bea(office) as asker:
        edits.withdraw_fact(asker, order(), "inspection", int(str(visit)))
    assert office.sends("inspections", VISITS).counts["unchanged"] == 2
    assert visits(office) == [("V2", "B")]


def test_later_facts_of_a_merged_property_belong_to_the_one_that_goes_on(office: Office) -> None:
    merge(office)
    assert visits(office) == [("V1", "A"), ("V2", "A")]
    assert office.sends("inspections", VISITS).counts["unchanged"] == 2
    office.sends("inspections", VISITS + "V3;B;05.05.2026;no_finding", as_of="2026-05-06")
    by_address = "key;address;inspected_on;result\nV4;Weg 3;06.06.2026;finding"
    report = office.sends("inspections", by_address, as_of="2026-06-06", mapping=BY_ADDRESS)
    assert report.counts["loaded"] == 1
    assert visits(office) == [("V1", "A"), ("V2", "A"), ("V3", "A"), ("V4", "A")]
    assert office.ask("SELECT key, inspections FROM qm.property_current") == [("A", 4)]


def test_a_register_keeps_the_record_that_was_given_up_and_the_addresses_of_both(office: Office) -> None:
    merge(office)
    both = FIRST.replace("commercial;2", "commercial;3").replace("residential;4", "residential;8")
    assert office.sends("properties", both, as_of="2026-05-01").counts["loaded"] == 2
    assert office.ask("SELECT key, dwellings, address_text FROM qm.property_current") == [("A", 8, "Weg 1, 3")]


def test_a_fact_that_a_split_gave_to_a_new_property_stays_there(office: Office) -> None:
    merge(office)
    with bea(office) as asker:
        draft, moved = PropertyDraft((AddressDraft("Weg", 3),)), {"inspection": [current_id(office, "V1")]}
        done = edits.split(asker, order(), number(office, "A"), draft, fact_ids=moved, happened_on=MERGED)
    office.sends("inspections", VISITS.replace("V1;A;01", "V1;A;02"), as_of="2026-05-06")
    assert office.ask(
        "SELECT property_id, inspected_on FROM qm.inspection WHERE key = 'V1' AND superseded_at IS NULL"
    ) == [(done.property_id, date(2026, 2, 2))]
    assert office.ask("SELECT inspections FROM qm.property_current WHERE property_id = :id", id=done.property_id) == [
        (1,)
    ]


def test_a_delivery_withdrawn_after_a_merge_takes_its_visits_from_the_one_that_goes_on(office: Office) -> None:
    corrected = office.sends("inspections", VISITS.replace("V2;B;01", "V2;B;03"), as_of="2026-03-20")
    merge(office)
    withdraw(office.urls.load, corrected.delivery or 0)
    assert visits(office) == [("V1", "A"), ("V2", "A")]
    assert office.ask("SELECT inspected_on FROM qm.inspection WHERE key = 'V2' AND superseded_at IS NULL") == [
        (date(2026, 2, 1),)
    ]


def test_undoing_a_merge_gives_deliveries_their_property_back(office: Office) -> None:
    edit_id = merge(office)
    with bea(office) as asker:
        edits.undo(asker, edit_id, uuid4())
    assert office.sends("inspections", VISITS).counts["unchanged"] == 2
    assert visits(office) == [("V1", "A"), ("V2", "B")]


def test_a_visit_that_a_file_gives_to_another_property_leaves_the_one_before(office: Office) -> None:
    office.sends("inspections", VISITS.replace("V1;A", "V1;B"), as_of="2026-05-01")
    assert office.ask("SELECT key, inspections FROM qm.property_current ORDER BY key") == [("A", 0), ("B", 2)]


def test_a_withdrawal_revives_neither_an_undone_edit_nor_a_fact_that_somebody_withdrew(office: Office) -> None:
    house = number(office, "A")
    with bea(office) as asker:
        wrong = InspectionDraft(house, "joint_control", date(2026, 2, 9), "none", "not_completed")
        mistake = edits.correct_inspection(asker, order(), current_id(office, "V1"), wrong)
    with bea(office) as asker:
        edits.undo(asker, mistake.edit_id, uuid4())
        edits.withdraw_fact(asker, order(), "inspection", current_id(office, "V2"))
    later = office.sends("inspections", VISITS.replace("01.02", "03.02"), as_of="2026-05-01")
    assert visits(office) == [("V1", "A"), ("V2", "B")]
    withdraw(office.urls.load, later.delivery or 0)
    assert visits(office) == [("V1", "A")]
    first = office.ask("SELECT id FROM qm.delivery WHERE source = 'inspections' ORDER BY id LIMIT 1")
    withdraw(office.urls.load, int(str(first[0][0])))
    assert visits(office) == []


def test_an_undo_does_not_bring_back_what_was_withdrawn_meanwhile(office: Office) -> None:
    house = number(office, "A")
    with bea(office) as asker:
        seen = InspectionDraft(house, "joint_control", date(2026, 2, 1), "flat", "no_finding")
        done = edits.correct_inspection(asker, order(), current_id(office, "V1"), seen)
    [(delivery,)] = office.ask("SELECT id FROM qm.delivery WHERE source = 'inspections'")
    withdraw(office.urls.load, int(str(delivery)))
    assert visits(office) == [("V1", "A")]
    with pytest.raises(InvalidEdit) as refused, bea(office) as asker:
        edits.undo(asker, done.edit_id, uuid4())
    assert refused.value.fields == {"edit": "changed_since"}


RULES = "k;i\nR1;365\nR2;700\n"
RULES_MAPPING = (
    '[columns]\nkey = "k"\ninterval_days = "i"\n[constants]\ncontrol_type = "joint_control"\nreason = "Beschluss"\n'
    'access_required = "flat"\nvalid_from = "01.01.2020"\n'
)


def rules(office: Office) -> list[tuple[object, ...]]:
    return office.ask(
        "SELECT key, interval_days, valid_to IS NOT NULL FROM qm.interval_rule WHERE superseded_at IS NULL ORDER BY key"
    )


def test_a_file_with_rules_undoes_no_rule_that_people_made_and_says_where_it_would(office: Office) -> None:
    office.sends("rules", RULES, mapping=RULES_MAPPING)
    [(old,)] = office.ask("SELECT id FROM qm.interval_rule WHERE key = 'R1'")
    draft = RuleDraft("joint_control", None, None, 60, "flat", None, None, "Rat", None, None, date(2026, 12, 1))
    with bea(office) as asker:
        added = add_rule(asker, order(), replace(draft, control_type="follow_up"))
        replaced = replace_rule(asker, order(), int(str(old)), draft)
    left = [("R1", 365, True), ("R2", 700, False), (f"app:{added.edit_id}:0", 60, False)]
    left.append((f"app:{replaced.edit_id}:1", 60, False))
    assert sorted(map(str, rules(office))) == sorted(map(str, left))
    assert office.sends("rules", RULES, as_of="2026-12-10", mapping=RULES_MAPPING).counts["unchanged"] == 2
    news = office.sends("rules", "k;i\nR1;90\nR2;600\n", as_of="2026-12-11", mapping=RULES_MAPPING)
    reason = "expected what was delivered before, because R1 was changed in the application since"
    assert [(one.line, one.reason) for one in news.rejections] == [(2, reason)]
    assert sorted(map(str, rules(office))) == sorted(map(str, [left[0], ("R2", 600, False), *left[2:]]))
    # Taken back, the rule is the file's again.
    with bea(office) as asker:
        edits.undo(asker, replaced.edit_id, uuid4())
    assert office.sends("rules", "k;i\nR1;90\n", as_of="2026-12-12", mapping=RULES_MAPPING).counts["loaded"] == 1
    assert rules(office)[:2] == [("R1", 90, False), ("R2", 600, False)]


def test_a_delivery_of_rules_that_is_withdrawn_leaves_what_people_made_of_them(office: Office) -> None:
    office.sends("rules", RULES, mapping=RULES_MAPPING)
    [(old, delivery)] = office.ask("SELECT id, delivery_id FROM qm.interval_rule WHERE key = 'R1'")
    with bea(office) as asker:
        end_rule(asker, order(), int(str(old)), ends_on=date(2026, 12, 1))
    withdraw(office.urls.load, int(str(delivery)))
    assert rules(office) == [("R1", 365, True)]
