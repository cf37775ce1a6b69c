"""Rules that people change: the past stays, previews come true, releases hold, and all of it can be undone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from geodata import codes, edits, records
from geodata.access import Asker
from geodata.errors import EditConflict, InvalidEdit, NotAllowed
from geodata.filters import PropertyFilter
from geodata.jobs import read_job, read_jobs
from geodata.rules.drafts import AddRule, EndRule, ReplaceRule, RuleChange, RuleDraft
from geodata.rules.edits import add_rule, end_release, end_rule, release_property, replace_rule
from geodata.rules.preview import Preview, month_ends, preview
from geodata.rules.reads import read_release_proposals, read_releases, read_rules, read_rules_of, read_satisfies
from geodata.rules.stored import read_stored
from geodata.rules.visits import clean_visits
from tests.conftest import Stage
from tests.factories import facts
from tests.factories.editing import AS_OF, Desk, order

DRAFT = RuleDraft("joint_control", None, None, 60, "common_areas", None, None, "Beschluss", None, "Rat", AS_OF)
LATER = AS_OF + timedelta(days=100)


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return Desk(stage)


def rows(desk: Desk, query: str, **values: Any) -> list[Any]:
    with desk.loader() as connection:
        return list(connection.execute(text(query), values))


def run_job(desk: Desk) -> list[tuple[int, int]]:
    """What a job does, in the test's own transaction; `test_jobs.py` runs real ones."""
    told: list[tuple[int, int]] = []
    with desk.loader() as connection:
        records.derive_rules(connection, facts.CITY, AS_OF, lambda done, total: told.append((done, total)))
    return told


def refused(desk: Desk, edit: Callable[[Asker], Any]) -> dict[str, str]:
    with desk.staff() as asker, pytest.raises(InvalidEdit) as told, asker.connection.begin_nested():
        edit(asker)
    return told.value.fields


def only_rule(desk: Desk) -> int:
    """The yearly joint control of the whole city that a delivery brought."""
    [row] = rows(desk, "SELECT id FROM qm.interval_rule WHERE key = 'R-joint_control-365' AND superseded_at IS NULL")
    return int(row.id)


def due(desk: Desk, as_of: date, house: int) -> list[tuple[str, int]]:
    query = "SELECT control_type, interval_days FROM qm.due_at(:city, :on, :ids) ORDER BY 1"
    return [tuple(row) for row in rows(desk, query, city=facts.CITY, on=as_of, ids=[house])]


# --- rules ------------------------------------------------------------------------------------------------------------


def test_a_new_rule_asks_for_a_job_and_the_job_makes_it_count(desk: Desk) -> None:
    with desk.staff() as asker:
        done = add_rule(asker, order(), replace(DRAFT, area_id=desk.west, reason=" Beschluss 7 "))
        job = read_job(asker, done.job_id)
        assert job is not None
        assert (job.state, job.kind, job.by, job.is_open) == ("queued", "rules", "Bea", True)
    [row] = rows(desk, "SELECT * FROM qm.interval_rule WHERE id = :id", id=done.rule_id)
    assert (row.key, row.reason, row.is_statutory, row.delivery_id, row.edit_id) == (
        f"app:{done.edit_id}:0", "Beschluss 7", False, None, done.edit_id,
    )  # fmt: skip
    query = "SELECT interval_days FROM qm.property_due ORDER BY property_id"
    assert [row[0] for row in rows(desk, query)] == [365, 365]
    assert run_job(desk)[-1] == (2, 2)
    assert [row[0] for row in rows(desk, query)] == [60, 365]


def test_a_form_that_is_sent_twice_asks_for_one_job(desk: Desk) -> None:
    sent = order()
    with desk.staff() as asker:
        first, second = (add_rule(asker, sent, DRAFT) for _ in range(2))
        assert second == replace(first, is_repeated=True)
        assert len(read_jobs(asker)) == 1


def test_a_rule_replaced_from_a_day_on_leaves_the_days_before_as_they_were(desk: Desk) -> None:
    old = only_rule(desk)
    with desk.staff() as asker:
        done = replace_rule(asker, order(), old, replace(DRAFT, valid_from=LATER))
    assert due(desk, LATER - timedelta(days=1), desk.in_west) == [("joint_control", 365)]
    assert due(desk, LATER, desk.in_west) == [("joint_control", 60)]
    with desk.staff() as asker:
        shown = {one.id: one for one in read_rules(asker, AS_OF)}
        assert (shown[done.rule_id].begins_on_later, shown[done.rule_id].is_in_force) == (True, False)
        [ended] = [one for one in shown.values() if one.valid_to == LATER]
        # The due dates still name the row before: its key says that they are this rule's.
        assert (ended.key, ended.pairs, ended.is_in_force) == ("R-joint_control-365", 2, True)


def test_a_rule_ends_on_a_day_and_one_that_was_changed_meanwhile_tells_by_whom(desk: Desk) -> None:
    old = only_rule(desk)
    with desk.staff() as asker:
        done = end_rule(asker, order(), old, ends_on=LATER)
    assert due(desk, LATER, desk.in_west) == []
    with desk.staff("bert") as asker, pytest.raises(EditConflict) as told:
        replace_rule(asker, order(), old, DRAFT)
    assert (told.value.by, told.value.current) == ("Bea", done.rule_id)
    assert [(one.name, one.theirs, one.yours) for one in told.value.changes] == [("valid_to", LATER, None)]


def test_what_cannot_be_a_rule_is_refused_by_its_field(desk: Desk) -> None:
    wrong = replace(
        DRAFT, control_type="", area_id=10**6, use_type="palace", interval_days=0, access_required="none", reason=" ",
        resolution="x" * 301, valid_to=DRAFT.valid_from, release_after_clean_visits=0,
    )  # fmt: skip
    assert refused(desk, lambda asker: add_rule(asker, order(), wrong)) == {
        "control_type": "required", "area_id": "unknown", "use_type": "unknown", "interval_days": "out_of_range",
        "access_required": "unknown", "reason": "required", "resolution": "too_long", "valid_to": "before_start",
        "release_after_clean_visits": "out_of_range",
    }  # fmt: skip
    assert refused(desk, lambda asker: end_rule(asker, order(), 10**6, ends_on=LATER)) == {"rule": "unknown"}


def test_a_duty_by_law_cannot_be_lengthened_but_shortened(desk: Desk) -> None:
    with desk.loader() as connection:
        law = facts.rule(connection, key="L", control_type="fire_safety", interval_days=2190, is_statutory=True)
    longer = replace(DRAFT, control_type="fire_safety", interval_days=2191, valid_from=LATER)
    assert refused(desk, lambda asker: replace_rule(asker, order(), law, longer)) == {
        "interval_days": "statutory_longer"
    }
    assert refused(desk, lambda asker: end_rule(asker, order(), law, ends_on=LATER)) == {"ends_on": "statutory_ends"}
    with desk.staff() as asker:
        replace_rule(asker, order(), law, replace(longer, interval_days=2189))
    assert ("fire_safety", 2189) in due(desk, LATER, desk.in_west)


def test_only_building_control_changes_rules_and_a_manager_reads_them(desk: Desk) -> None:
    old = only_rule(desk)
    with desk.manager() as asker:
        [told] = read_rules(asker, AS_OF)
        assert (told.id, told.pairs) == (old, 1)  # of the objects assigned
        assert preview(asker, AddRule(DRAFT), AS_OF).pairs_before == 1
        assert [one.wins for one in read_rules_of(asker, desk.in_west, AS_OF)] == [True]
        assert read_rules_of(asker, desk.in_east, AS_OF) == ()
        for edit in (
            lambda: add_rule(asker, order(), DRAFT),
            lambda: end_rule(asker, order(), old, ends_on=LATER),
            lambda: release_property(asker, order(), desk.in_west, old, since_on=AS_OF, until_on=None),
            lambda: read_jobs(asker),
        ):
            with pytest.raises(NotAllowed):
                edit()


def test_which_rule_wins_at_a_property_and_why_the_others_do_not(desk: Desk) -> None:
    with desk.loader() as connection:
        facts.rule(connection, key="same", interval_days=365, access_required="flat")
        facts.rule(connection, key="quick", interval_days=30)
        facts.rule(connection, key="elsewhere", interval_days=10, area_id=desk.east)
        facts.rule(connection, key="fire", control_type="fire_safety", interval_days=2190)
        facts.release(connection, desk.in_west, "quick", AS_OF)
    with desk.staff() as asker:
        found = [(one.rule.key, one.wins, one.why_not) for one in read_rules_of(asker, desk.in_west, AS_OF)]
        assert found == [
            ("R-joint_control-365", True, None),
            ("same", False, "later_recorded"),
            ("quick", False, "released"),
            ("fire", True, None),
        ]
        before = read_rules_of(asker, desk.in_west, AS_OF - timedelta(days=1))
        assert [(one.rule.key, one.why_not) for one in before[:2]] == [
            ("quick", None),
            ("R-joint_control-365", "longer"),
        ]
        assert ("housing_control", "joint_control") not in read_satisfies(asker)


# --- a change and what it says beforehand -----------------------------------------------------------------------------


class Town:
    """Thirty houses with visits at random, and rules that overlap."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.chance = desk, Random(seed)
        with desk.loader() as connection:
            for number in range(30):
                self.add_house(connection, number)
            facts.rule(
                connection, key="west", interval_days=200, area_id=desk.west, valid_to=AS_OF + timedelta(days=250)
            )
            facts.rule(
                connection, key="flats", control_type="housing_control", interval_days=700, access_required="flat"
            )
            facts.release(
                connection, desk.in_west, "west", AS_OF - timedelta(days=9), until_on=AS_OF + timedelta(days=400)
            )
            records.refresh(connection, facts.CITY, AS_OF)

    def add_house(self, connection: Connection, number: int) -> None:
        chance = self.chance
        house = facts.property_(
            connection,
            key=f"T-{number}",
            registered_on=AS_OF - timedelta(days=chance.randrange(0, 1500)),
            use_type=chance.choice(["residential", "commercial"]),
            is_inhabited=chance.choice([True, False, None]),
            geom=facts.point(chance.choice([1_000, 3_000]), 1_000),
        )
        for nth in range(chance.randrange(4)):
            on = AS_OF - timedelta(days=chance.randrange(0, 900))
            kind = chance.choice(["joint_control", "housing_control"])
            facts.inspection(
                connection, house, on, running_number=nth + 1, control_type=kind,
                access_reached=chance.choice(codes.ACCESS_LEVELS), result=chance.choice(codes.INSPECTION_RESULTS),
            )  # fmt: skip

    def make(self, asker: Asker, change: RuleChange) -> None:
        match change:
            case AddRule():
                add_rule(asker, order(), change.draft)
            case ReplaceRule():
                replace_rule(asker, order(), change.rule_id, change.draft)
            case EndRule():
                end_rule(asker, order(), change.rule_id, ends_on=change.ends_on)

    def changes(self) -> list[RuleChange]:
        with self.desk.staff() as asker:
            ids = {one.key: one.id for one in read_stored(asker)}
        return [
            AddRule(replace(DRAFT, area_id=self.desk.west, use_type="residential")),
            AddRule(replace(DRAFT, control_type="outside_view", access_required="outside", valid_from=LATER)),
            ReplaceRule(ids["west"], replace(DRAFT, area_id=self.desk.west, interval_days=90, valid_from=LATER)),
            ReplaceRule(
                ids["flats"],
                replace(DRAFT, control_type="housing_control", interval_days=100, valid_from=date(2015, 1, 1)),
            ),
            EndRule(ids["R-joint_control-365"], LATER),
            ReplaceRule(ids["R-joint_control-365"], replace(DRAFT, control_type="follow_up", use_type="commercial")),
        ]

    def counted(self, on: date, types: set[str]) -> tuple[int, int]:
        """Pairs and overdue ones by `qm.due_at`, of the types that a preview speaks of."""
        query = (
            "SELECT count(*), count(*) FILTER (WHERE due_on < :on) FROM qm.due_at(:city, :on)"
            " WHERE control_type = ANY (:types)"
        )
        [row] = rows(self.desk, query, city=facts.CITY, on=on, types=sorted(types))
        return row[0], row[1]


def types_of(change: RuleChange, asker: Asker) -> set[str]:
    if isinstance(change, AddRule):
        return {change.draft.control_type}
    old = next(one.draft.control_type for one in read_stored(asker) if one.id == change.rule_id)
    return {old} | ({change.draft.control_type} if isinstance(change, ReplaceRule) else set())


@pytest.mark.parametrize("number", range(6))
def test_what_a_preview_says_comes_true(desk: Desk, number: int) -> None:
    town = Town(desk, number)
    change = town.changes()[number]
    with desk.staff() as asker:
        types = types_of(change, asker)
        said = preview(asker, change, AS_OF)
    before = [(on, *town.counted(on, types)) for on in (said.on, *month_ends(AS_OF))]
    with desk.staff() as asker:
        assert said == preview(asker, change, AS_OF), "a preview changes nothing"
        town.make(asker, change)
    run_job(desk)
    after = [(on, *town.counted(on, types)) for on in (said.on, *month_ends(AS_OF))]
    assert (said.pairs_before, said.overdue_before) == before[0][1:]
    assert (said.pairs_after, said.overdue_after) == after[0][1:]
    assert said.overdue_course == tuple(
        (one[0], one[2], two[2]) for one, two in zip(before[1:], after[1:], strict=True)
    )
    assert said.pairs_changed > 0
    if said.on == AS_OF:
        stored = "SELECT count(*) FILTER (WHERE due_on < :on) FROM qm.property_due WHERE control_type = ANY (:types)"
        [row] = rows(desk, stored, on=AS_OF, types=sorted(types))
        assert row[0] == said.overdue_after
    assert_sums(said)


def assert_sums(said: Preview) -> None:
    """Each house lies in one of two quarters, so the areas are the whole; and what stands beside it is no more."""
    assert sum(before for _, before, _ in said.areas) == said.overdue_before
    assert sum(after for _, _, after in said.areas) == said.overdue_after
    assert 0 < said.objects <= said.pairs_changed
    assert 0 <= said.share_without_finding[0] <= said.share_without_finding[1]


def test_a_preview_counts_visits_for_each_house_that_it_concerns(desk: Desk) -> None:
    facts_of_west = AddRule(replace(DRAFT, area_id=desk.west, interval_days=73))
    with desk.loader() as connection:
        for month, result in ((1, "no_finding"), (3, "finding"), (5, "no_finding")):
            facts.inspection(connection, desk.in_west, date(2026, month, 1), result=result)
        facts.inspection(connection, desk.in_west, date(2026, 6, 1), control_type="fire_safety")
        facts.inspection(connection, desk.in_west, date(2020, 1, 1))
        facts.inspection(connection, desk.in_east, date(2026, 1, 1))
    with desk.staff() as asker:
        said = preview(asker, facts_of_west, AS_OF)
    assert (said.objects, said.pairs_changed, said.share_without_finding) == (1, 1, (2, 3))
    assert said.visits_per_house_and_year_before == pytest.approx(365.25 / 365)
    assert said.visits_per_house_and_year_after == pytest.approx(365.25 / 73)
    assert said.visits_per_year_after - said.visits_per_year_before == pytest.approx(365.25 / 73 - 365.25 / 365)


def test_a_preview_of_what_could_not_be_made_is_refused_as_the_edit_is(desk: Desk) -> None:
    with desk.staff() as asker, pytest.raises(InvalidEdit) as told:
        preview(asker, EndRule(10**6, LATER), AS_OF)
    assert told.value.fields == {"rule": "unknown"}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_job_leaves_the_derived_tables_as_a_refresh_of_everything(desk: Desk, seed: int) -> None:
    town = Town(desk, seed)
    changes = town.changes()[:2]
    with desk.staff() as asker:
        for change in changes:
            town.make(asker, change)
    run_job(desk)
    derived = desk.derived()
    assert derived == desk.derived_anew()
    assert all(derived[:2])


# --- releases ---------------------------------------------------------------------------------------------------------


def clean_house(desk: Desk, *, wanted: int | None = 2, **rule: Any) -> int:
    """A rule that proposes releases, and two clean visits to the house in the west; returns the rule."""
    with desk.loader() as connection:
        rule_id = facts.rule(connection, key="quick", interval_days=60, release_after_clean_visits=wanted, **rule)
        facts.inspection(connection, desk.in_west, date(2026, 1, 1), result="finding")
        facts.inspection(connection, desk.in_west, date(2026, 4, 1))
        facts.inspection(connection, desk.in_west, date(2026, 8, 1))
        facts.inspection(connection, desk.in_west, date(2026, 9, 1), access_reached="none", result="not_completed")
        facts.inspection(connection, desk.in_east, date(2026, 4, 1))
        records.refresh(connection, facts.CITY, AS_OF)
    return rule_id


def proposed(desk: Desk, chosen: PropertyFilter | None = None) -> list[tuple[int, str, int, date]]:
    with desk.staff() as asker:
        found = read_release_proposals(asker, AS_OF, chosen or PropertyFilter())
    return [(one.property_id, one.rule_key, one.clean_visits, one.last_on) for one in found]


def test_a_release_is_proposed_after_enough_clean_visits_in_a_row(desk: Desk) -> None:
    clean_house(desk)
    assert proposed(desk) == [(desk.in_west, "quick", 2, date(2026, 8, 1))]
    assert proposed(desk, PropertyFilter(area_ids=(desk.east,))) == []
    with desk.loader() as connection:
        facts.inspection(connection, desk.in_west, date(2026, 10, 1), result="finding")
    assert proposed(desk) == []


def test_proposals_are_those_of_the_pure_count(desk: Desk) -> None:
    Town(desk, 7)
    with desk.loader() as connection:
        connection.execute(text("UPDATE qm.interval_rule SET release_after_clean_visits = 1 WHERE key <> 'west'"))
        for month in range(1, 6):
            facts.inspection(
                connection, desk.in_west, date(2026, month, 1), result="finding" if month == 2 else "no_finding"
            )
            facts.inspection(connection, desk.in_east, date(2026, month, 1))
        records.refresh(connection, facts.CITY, AS_OF)
    with desk.staff() as asker:
        rules = {one.id: one for one in read_stored(asker)}
        pairs = asker.connection.execute(text("SELECT property_id, rule_id FROM qm.property_due")).all()
        counted = {(house, rule): clean_visits(asker, house, rules[rule]) for house, rule in pairs}
        found = read_release_proposals(asker, AS_OF, PropertyFilter())
    expected = {
        pair: number for pair, number in counted.items() if number and rules[pair[1]].draft.release_after_clean_visits
    }
    assert {(one.property_id, one.rule_id): one.clean_visits for one in found} == expected
    assert len(set(expected.values())) > 1


def test_none_is_proposed_for_a_rule_that_says_never_or_asks_for_more(desk: Desk) -> None:
    clean_house(desk, wanted=3)
    assert proposed(desk) == []
    with desk.loader() as connection:
        facts.rule(connection, key="never", interval_days=30)
        records.refresh(connection, facts.CITY, AS_OF)
    assert proposed(desk) == []


def test_a_released_house_is_due_by_the_next_rule_at_once_and_until_the_release_ends(desk: Desk) -> None:
    rule_id = clean_house(desk)
    with desk.staff() as asker:
        done = release_property(
            asker, order(reason="zweimal ohne Befund"), desk.in_west, rule_id, since_on=AS_OF, until_on=None
        )
        assert done.property_id == desk.in_west
        [one] = read_releases(asker, AS_OF)
        assert (one.rule_key, one.control_type, one.reason, one.by) == (
            "quick", "joint_control", "zweimal ohne Befund", "Bea",
        )  # fmt: skip
        assert read_jobs(asker) == ()
    assert proposed(desk) == []
    stored = "SELECT interval_days FROM qm.property_due WHERE property_id = :id"
    assert [row[0] for row in rows(desk, stored, id=desk.in_west)] == [365]
    assert due(desk, AS_OF - timedelta(days=1), desk.in_west) == [("joint_control", 60)]
    assert desk.derived() == desk.derived_anew()
    with desk.staff() as asker:
        end_release(asker, order(), one.id, ends_on=LATER)
    assert due(desk, LATER - timedelta(days=1), desk.in_west) == [("joint_control", 365)]
    assert due(desk, LATER, desk.in_west) == [("joint_control", 60)]
    with desk.staff() as asker:
        [ended] = read_releases(asker, AS_OF)
    # Longer than that is another decision, which asks for clean visits.
    longer = LATER + timedelta(days=1)
    assert refused(desk, lambda asker: end_release(asker, order(), ended.id, ends_on=longer)) == {
        "ends_on": "out_of_range"
    }


def test_a_release_that_ends_on_its_first_day_is_taken_back(desk: Desk) -> None:
    rule_id = clean_house(desk)
    with desk.staff() as asker:
        release_property(asker, order(reason="Prüfung"), desk.in_west, rule_id, since_on=AS_OF, until_on=None)
        [one] = read_releases(asker, AS_OF)
        end_release(asker, order(), one.id, ends_on=AS_OF)
        assert read_releases(asker, AS_OF) == ()
    assert due(desk, AS_OF, desk.in_west) == [("joint_control", 60)]


def test_a_release_without_clean_visits_from_the_law_or_twice_is_refused(desk: Desk) -> None:
    rule_id = clean_house(desk)
    with desk.loader() as connection:
        law = facts.rule(connection, key="law", interval_days=90, is_statutory=True)
        elsewhere = facts.rule(connection, key="east", interval_days=20, area_id=desk.east)

    def release(house: int, rule: int, reason: str = "Prüfung") -> Callable[[Asker], Any]:
        return lambda asker: release_property(asker, order(reason=reason), house, rule, since_on=AS_OF, until_on=None)

    assert refused(desk, release(desk.in_east, rule_id)) == {"rule": "no_clean_visits"}
    assert refused(desk, release(desk.in_west, law)) == {"rule": "statutory_ends"}
    assert refused(desk, release(desk.in_west, elsewhere)) == {"rule": "unknown"}
    assert refused(desk, release(desk.in_west, rule_id, reason="")) == {"reason": "required"}
    with desk.staff() as asker:
        release(desk.in_west, rule_id)(asker)
    assert refused(desk, release(desk.in_west, rule_id)) == {"since_on": "unchanged"}


def test_a_manager_sees_the_releases_of_the_objects_assigned_without_their_reasons(desk: Desk) -> None:
    clean_house(desk)
    with desk.loader() as connection:
        for house in (desk.in_west, desk.in_east):
            facts.release(connection, house, "quick", AS_OF, reason="nur für die Bauaufsicht")
    with desk.manager() as asker:
        [one] = read_releases(asker, AS_OF)
        assert (one.property_id, one.reason) == (desk.in_west, None)


# --- undo -------------------------------------------------------------------------------------------------------------


def test_a_change_of_rules_is_taken_back_with_a_job_of_its_own(desk: Desk) -> None:
    old = only_rule(desk)
    with desk.staff() as asker:
        done = replace_rule(asker, order(), old, replace(DRAFT, valid_from=LATER))
        edits.undo(asker, done.edit_id, uuid4())
        assert [one.state for one in read_jobs(asker)] == ["queued", "queued"]
        [back] = read_stored(asker)
    assert (back.key, back.first_id, back.draft.valid_to) == ("R-joint_control-365", old, None)
    run_job(desk)
    assert desk.derived() == desk.derived_anew()


def test_a_release_is_taken_back_at_once(desk: Desk) -> None:
    rule_id = clean_house(desk)
    with desk.staff() as asker:
        done = release_property(asker, order(reason="Prüfung"), desk.in_west, rule_id, since_on=AS_OF, until_on=None)
        edits.undo(asker, done.edit_id, uuid4())
        assert len(read_jobs(asker)) == 0
    assert desk.derived() == desk.derived_anew()
    assert due(desk, AS_OF, desk.in_west) == [("joint_control", 60)]


def test_a_rule_that_was_changed_since_or_from_which_a_house_was_released_stays(desk: Desk) -> None:
    with desk.staff() as asker:
        done = add_rule(asker, order(), replace(DRAFT, release_after_clean_visits=1))
        [key] = [one.key for one in read_stored(asker) if one.id == done.rule_id]
    with desk.loader() as connection:
        facts.release(connection, desk.in_west, key, AS_OF)
    assert refused(desk, lambda asker: edits.undo(asker, done.edit_id, uuid4())) == {"edit": "changed_since"}
    with desk.staff() as asker:
        later = end_rule(asker, order(), done.rule_id, ends_on=LATER)
    assert refused(desk, lambda asker: edits.undo(asker, done.edit_id, uuid4())) == {"edit": "changed_since"}
    with desk.staff() as asker:
        edits.undo(asker, later.edit_id, uuid4())
