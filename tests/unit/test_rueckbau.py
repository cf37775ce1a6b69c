"""The page of demolitions without a database: which projects a link means, what is said and drawn of them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from dashboard.form import Form
from dashboard.pages.rueckbau import (
    answers,
    costs,
    course_figures,
    delays,
    forecasts,
    forms,
    gantt,
    more_tables,
    new_project,
    project,
    rows,
    selection,
    stage_forms,
    words,
)
from dashboard.pages.rueckbau.costs import Cost, ProgrammeCost
from dashboard.pages.rueckbau.gantt import GanttRow, Span
from dashboard.pages.rueckbau.pipeline import wrapped
from dashboard.pages.rueckbau.views import cost, places
from dashboard.table import Slice
from geodata import progress
from geodata.access import Scope
from geodata.areas import Area
from geodata.demolitions import Project, Stage
from geodata.errors import InvalidFilter
from geodata.funding.flow import AtRisk, risk_eur
from geodata.projects.course import ProjectPoint
from geodata.projects.forecast import Forecast
from geodata.projects.programmes import sum_up

AS_OF = date(2026, 11, 15)
DECIDED = Stage("decision", 2, True, date(2026, 1, 5), date(2026, 1, 5), date(2026, 1, 5), date(2026, 1, 5))
VACATING = Stage("vacating", 10, True, date(2026, 2, 1), date(2026, 10, 1), date(2026, 2, 10), None, 30_000, 12_000)
SPECIES = Stage("species_protection", 3, False, date(2026, 3, 1), date(2026, 4, 1))
DEMOLITION = Stage("demolition", 25, True, date(2027, 2, 1), date(2027, 5, 31), cost_planned_eur=210_000)
STAGES = (DECIDED, VACATING, SPECIES, DEMOLITION)
DOWN = replace(
    DEMOLITION, planned_end_on=date(2026, 6, 1), actual_start_on=date(2026, 5, 1), actual_end_on=date(2026, 6, 11)
)


def a_project(*, stages: tuple[Stage, ...] = STAGES, outcome: str | None = None, **values: Any) -> Project:
    """A project as the read would give it; what its stages tell follows from them."""
    blocked = progress.blocked_stage(stages, AS_OF)
    told: dict[str, Any] = {
        "current_stage": None if outcome else progress.current_stage(stages, AS_OF),
        "progress": progress.progress(stages, AS_OF),
        "demolished_on": progress.demolished_on(stages, AS_OF),
        "planned_demolition_on": next((one.planned_end_on for one in stages if one.code == "demolition"), None),
        "slip_days": None if outcome else progress.slip_days(stages, AS_OF),
        "blocker": blocked.blocker if blocked and not outcome else None,
        "blocked_since_on": blocked.blocked_since_on if blocked and not outcome else None,
        "status": progress.status(stages, AS_OF, is_ended=outcome is not None),
        "phase": progress.phase(stages, AS_OF, is_ended=outcome is not None),
    }
    known: dict[str, Any] = {
        "property_id": 1, "key": "RB-1", "address": "Beispielweg 1", "programme": None, "decided_on": date(2026, 1, 5),
        "released_to": None, "outcome": outcome, "ended_on": None, "stages": stages, "area_ids": (),
    }  # fmt: skip
    return Project(**(known | told | values))


LATE = a_project()
BLOCKED = a_project(
    stages=(DECIDED, replace(VACATING, blocker="court_stop", blocked_since_on=date(2026, 8, 3)), DEMOLITION),
    key="RB-2", property_id=2, programme="Stadtumbau",
)  # fmt: skip
FINISHED = a_project(stages=(DECIDED, DOWN), key="RB-3", property_id=3)
RENOVATED = a_project(outcome="renovated", ended_on=date(2026, 4, 15), key="RB-4", property_id=4)
ALL = (LATE, BLOCKED, FINISHED, RENOVATED)


# --- which projects a link means --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ALL),
        ({"status": "running"}, (LATE, BLOCKED)),
        ({"status": "blocked"}, (BLOCKED,)),
        ({"status": "late"}, (LATE, BLOCKED)),
        ({"status": "demolished"}, (FINISHED,)),
        ({"status": "done"}, (FINISHED,)),
        ({"status": "ended"}, (RENOVATED,)),
        ({"stage": "vacating"}, (LATE, BLOCKED)),
        ({"stage": "vacating", "programme": "Stadtumbau"}, (BLOCKED,)),
        ({"programme": "gibt es nicht"}, ()),
    ],
)
def test_stage_programme_and_status_restrict_each_other(query: dict[str, str], expected: tuple[Project, ...]) -> None:
    assert set(selection.selected(ALL, query)) == set(expected)


@pytest.mark.parametrize("query", [{"stage": "vacating,x"}, {"status": "asleep"}])
def test_an_unknown_code_of_a_link_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(InvalidFilter):
        selection.selected(ALL, query)


def test_each_status_counts_what_the_figure_of_its_name_counts() -> None:
    found = {key: one.value for key, one in selection.figure_values(ALL, AS_OF).items()}
    counts = {status: len(selection.selected(ALL, {"status": status})) for status in selection.STATUSES}
    assert counts["running"] == found["projects_running"]
    assert counts["blocked"] == found["projects_blocked"]
    assert counts["late"] == found["projects_late"]
    assert counts["demolished"] == found["projects_demolished"]
    assert counts["ended"] == found["projects_ended"]


def test_a_key_that_two_properties_have_opens_only_with_the_property() -> None:
    twins = (LATE, replace(BLOCKED, key="RB-1"))
    assert selection.link_values(LATE, ALL) == {"project": "RB-1"}
    assert selection.link_values(LATE, twins) == {"project": "RB-1", "property": "1"}
    assert selection.opened(twins, {"project": "RB-1"}) == twins
    assert selection.opened(twins, {"project": "RB-1", "property": "2"}) == twins[1:]
    assert selection.opened(twins, {"project": "RB-9"}) == ()


def test_every_stage_stands_in_the_pipeline_and_running_projects_only() -> None:
    found = selection.pipeline(ALL, ["decision", "vacating", "demolition"])
    assert [(one.code, one.projects, one.blocked) for one in found] == [
        ("decision", 0, 0), ("vacating", 2, 1), ("demolition", 0, 0),
    ]  # fmt: skip


def test_areas_of_one_kind_stand_by_name_and_without_a_project_not_at_all() -> None:
    north, east, empty = (
        Area(number, "quartier", str(number), name) for number, name in ((1, "Nord"), (2, "Altstadt"), (3, "Feld"))
    )
    city = Area(4, "stadtbezirk", "4", "Stadt")
    within = [replace(LATE, area_ids=(1, 4)), replace(FINISHED, area_ids=(1, 2, 4)), replace(RENOVATED, area_ids=(2,))]
    found = selection.by_area(within, (city, north, east, empty), "quartier")
    assert [(one.area.name, one.demolished, one.ended, one.projects) for one in found] == [
        ("Altstadt", 1, 1, 2), ("Nord", 1, 0, 2),
    ]  # fmt: skip


def test_a_manager_is_offered_the_areas_assigned_only() -> None:
    areas = (Area(1, "stadtbezirk", "1", "Mitte"), Area(2, "quartier", "2", "Tal"))
    manager = Scope("de-test01", "manager", "quirin", frozenset({2}))
    assert selection.visible_areas(areas, manager) == areas[1:]
    assert selection.visible_areas(areas, Scope("de-test01", "staff", "bea")) == areas
    assert selection.chosen_kind(areas[1:], {"kind": "stadtbezirk"}) == "quartier"


def test_costs_are_those_of_required_stages_and_unknown_is_not_zero() -> None:
    assert selection.costs(LATE) == (240_000, 12_000)
    assert selection.costs(a_project(stages=(DECIDED,))) == (None, None)


def test_the_progress_shown_is_the_sum_of_the_weights_shown() -> None:
    done, required = project.weights(LATE, AS_OF)
    assert (done, required) == (2, 37)
    assert LATE.progress == pytest.approx(done / required)


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "text", "parts"),
    [
        (None, "–", ("–", None)),
        (0, "im Plan", ("im Plan", None)),
        (1, "1 Tag hinter dem Plan", ("1 Tag", "hinter dem Plan")),
        (45, "45 Tage hinter dem Plan", ("45 Tage", "hinter dem Plan")),
        (-3, "3 Tage vor dem Plan", ("3 Tage", "vor dem Plan")),
    ],
)
def test_slip_reads_in_words(days: int | None, text: str, parts: tuple[str, str | None]) -> None:
    assert (words.slip_text(days), words.slip_parts(days)) == (text, parts)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (LATE, "Freizug mit Ersatzwohnraum, 45 Tage hinter dem Plan"),
        (BLOCKED, "blockiert seit 03.08.2026: Gericht hat gestoppt, 45 Tage hinter dem Plan"),
        (FINISHED, "fertig, abgerissen am 11.06.2026, 10 Tage hinter dem Plan"),
        (RENOVATED, "stattdessen saniert (15.04.2026)"),
        (a_project(stages=(DECIDED, DOWN, Stage("reuse", 4))), "abgerissen am 11.06.2026, 10 Tage hinter dem Plan"),
        (a_project(stages=(Stage("decision", 2),)), "Beschluss"),
    ],
)
def test_a_project_says_where_it_stands(one: Project, expected: str) -> None:
    assert words.project_text(one) == expected


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (DECIDED, "erledigt am 05.01.2026, im Plan"),
        (VACATING, "läuft seit 10.02.2026, 45 Tage hinter dem Plan"),
        (SPECIES, "nicht erforderlich"),
        (DEMOLITION, "geplant ab 01.02.2027"),
        (replace(DEMOLITION, planned_start_on=None, planned_end_on=None), "kein Termin geplant"),
        (replace(VACATING, actual_start_on=None), "nicht begonnen, 45 Tage hinter dem Plan"),
        (replace(VACATING, blocker="weather"), "blockiert: Witterung, 45 Tage hinter dem Plan"),
    ],
)
def test_a_stage_says_where_it_stands(stage: Stage, expected: str) -> None:
    assert words.stage_text(stage, AS_OF) == expected


def test_days_of_which_an_end_is_missing_read_as_words() -> None:
    first, last = date(2026, 1, 1), date(2026, 2, 1)
    read = [
        words.days_text(*days) for days in ((first, last), (first, first), (first, None), (None, last), (None, None))
    ]
    assert read == ["01.01.2026 – 01.02.2026", "01.01.2026", "seit 01.01.2026", "bis 01.02.2026", "–"]


# --- the picture ------------------------------------------------------------------------------------------------------


def test_a_running_project_is_drawn_up_to_the_as_of_date_and_a_completed_one_up_to_its_end() -> None:
    late, finished, renovated = (rows.project_row(one, AS_OF) for one in (LATE, FINISHED, RENOVATED))
    assert late.planned == Span(date(2026, 1, 5), date(2027, 5, 31))
    assert late.actual == Span(date(2026, 1, 5), AS_OF)
    assert (late.is_late, late.mark) == (True, "none")
    assert finished.actual == Span(date(2026, 1, 5), date(2026, 6, 11))
    assert (finished.mark, finished.mark_on, finished.is_late) == ("down", date(2026, 6, 11), False)
    assert (renovated.mark, renovated.mark_on) == ("ended", date(2026, 4, 15))


def test_what_is_held_up_gets_its_sign_on_the_day_since_when() -> None:
    row = rows.project_row(BLOCKED, AS_OF)
    assert (row.mark, row.mark_on) == ("blocked", date(2026, 8, 3))
    undated = rows.stage_row(replace(VACATING, blocker="weather"), AS_OF, is_running=True)
    assert (undated.mark, undated.mark_on) == ("blocked", AS_OF)


def test_a_stage_that_is_not_required_has_the_word_and_no_bar() -> None:
    row = rows.stage_row(SPECIES, AS_OF, is_running=True)
    assert (row.planned, row.actual, row.words) == (None, None, "nicht erforderlich")


def test_a_project_without_dates_has_no_bar() -> None:
    row = rows.project_row(a_project(stages=(Stage("decision", 2),)), AS_OF)
    assert (row.planned, row.actual, row.mark) == (None, None, "none")


def test_running_projects_come_first_then_what_is_over_the_latest_first() -> None:
    earlier = replace(FINISHED, demolished_on=date(2025, 1, 1), key="RB-0")
    soon = replace(LATE, planned_demolition_on=date(2026, 12, 1), key="RB-5")
    dateless = replace(LATE, planned_demolition_on=None, key="RB-6")
    found = rows.in_reading_order([RENOVATED, dateless, earlier, FINISHED, LATE, soon])
    assert [one.key for one in found] == ["RB-5", "RB-1", "RB-6", "RB-3", "RB-0", "RB-4"]


def test_bars_are_as_long_as_their_days_and_the_axis_shows_all_of_them() -> None:
    drawn = [rows.project_row(one, AS_OF) for one in ALL]
    plan, _band, actual, signs, _middles = gantt.traces(drawn, AS_OF)
    days = (date(2027, 5, 31) - date(2026, 1, 5)).days + 1
    assert plan["base"][0] == "2026-01-05"
    assert plan["x"][0] == days * 86_400_000
    assert len(actual["x"]) == 4
    assert signs["marker"]["symbol"] == ["diamond", "square", "x"]
    first, last = gantt.layout(drawn, AS_OF)["xaxis"]["range"]
    assert first < "2026-01-05"
    assert last > "2027-05-31"


def test_names_cannot_smuggle_markup_into_the_picture() -> None:
    row = GanttRow("<b>Weg</b> & Co", None, None, "blockiert: <i>")
    [name, *_rest] = gantt.layout([row], AS_OF)["annotations"]
    assert name["text"] == "<b>&lt;b&gt;Weg&lt;/b&gt; &amp; Co</b>  blockiert: &lt;i&gt;"


def test_a_picture_without_any_dates_still_shows_the_as_of_date() -> None:
    row = GanttRow("Weg 1", None, None, "nicht begonnen")
    shown = gantt.extent([row], AS_OF)
    assert shown.first_on < AS_OF < shown.last_on


@pytest.mark.parametrize(
    ("day", "anchor"), [(date(2026, 1, 1), "left"), (date(2026, 7, 1), "center"), (date(2026, 12, 31), "right")]
)
def test_the_words_of_the_as_of_date_lean_inwards_at_an_edge(day: date, anchor: str) -> None:
    row = GanttRow("Weg 1", Span(date(2026, 1, 1), date(2026, 12, 31)), None, "")
    assert gantt.layout([row], day)["annotations"][-1]["xanchor"] == anchor


def test_long_names_of_stages_break_into_two_even_lines() -> None:
    assert wrapped("Abnahme") == "Abnahme"
    assert wrapped("Trennung der Versorgungsleitungen") == "Trennung der<br>Versorgungsleitungen"
    assert wrapped("Entsorgungsnachweispflichten") == "Entsorgungsnachweispflichten"


# --- the answers before a committee meeting ---------------------------------------------------------------------------


def test_every_project_is_in_one_part_of_the_whole() -> None:
    found = answers.how_many(ALL, AS_OF)
    assert (found.projects, found.down, found.ended, found.still_to_come) == (4, 1, 1, 2)
    assert (found.running, found.blocked, found.late) == (2, 1, 2)
    assert found.outcomes == {"renovated": 1}
    assert (found.down_last_year, found.down_before) == (1, 0)
    earlier = replace(FINISHED, demolished_on=date(2025, 3, 1))
    assert (answers.how_many([earlier], AS_OF).down_last_year, answers.how_many([earlier], AS_OF).down_before) == (0, 1)


def a_risk(grant: str, what: Any, amount_eur: float, days_left: int = 30, **more: Any) -> AtRisk:
    on = AS_OF + timedelta(days=days_left)
    known: dict[str, Any] = {"programme": "Stadtumbau", "title": grant, "property_id": 1, "address": "Beispielweg 1"}
    return AtRisk(**({"grant_key": grant, "what": what, "on": on, "days_left": days_left, "amount_eur": amount_eur}
                     | known | more))  # fmt: skip


def test_money_at_risk_follows_the_one_rule_and_what_has_passed_is_a_part_of_it() -> None:
    found = [
        a_risk("B-2", "proof_due", 10.0, -4),
        a_risk("B-1", "interest", 30.0, -2),
        a_risk("B-1", "call_window", 100.0),
        a_risk("B-1", "proof_due", 50.0),
        a_risk("B-1", "binding", 400.0),
        a_risk("B-4", "binding", 40.0),
    ]
    money = answers.money_at_risk(found)
    # 100 not called, beside it the paid 50, of which 30 cost interest already; what only binds is no risk.
    assert money.total_eur == risk_eur(found) == sum(one.amount_eur for one in money.grants) == 160.0
    assert [(one.risks, one.amount_eur) for one in money.grants] == [((found[0],), 10.0), (tuple(found[1:4]), 150.0)]
    assert (money.passed, money.passed_eur, money.bindings_ending) == (2, 40.0, 2)
    assert answers.of_projects([a_risk("B-3", "binding", 1.0, property_id=None), found[1]], [LATE]) == (found[1],)


def test_the_stage_that_lost_most_is_named_and_ended_projects_are_not_late() -> None:
    lost = delays.lost_most(LATE, AS_OF)
    assert (lost.stage, lost.days) == ("vacating", 45) if lost else False
    assert delays.lost_most(a_project(stages=(DECIDED,)), AS_OF) is None
    assert delays.late(ALL) == (LATE, BLOCKED)
    assert delays.late([RENOVATED, FINISHED]) == ()


def test_the_days_lost_name_the_project_that_lost_most() -> None:
    worse = a_project(stages=(DECIDED, replace(VACATING, planned_end_on=date(2026, 8, 1)), DEMOLITION), key="RB-8")
    [vacating] = [one for one in delays.by_stage([LATE, worse], AS_OF) if one.delay.stage == "vacating"]
    assert (vacating.delay.projects, vacating.worst, vacating.worst_days) == (2, worse, 106)


def test_what_holds_up_most_projects_stands_first_and_the_longest_first_in_it() -> None:
    def held(key: str, blocker: str, since_on: date | None) -> Project:
        return replace(BLOCKED, key=key, blocker=blocker, blocked_since_on=since_on)

    long = held("RB-7", "weather", date(2026, 11, 5))
    found = delays.obstacles([held("RB-6", "weather", date(2026, 11, 13)), BLOCKED, long, RENOVATED], AS_OF)
    assert [(one.blocker, len(one.projects), one.longest_days) for one in found] == [
        ("weather", 2, 10), ("court_stop", 1, 104),
    ]  # fmt: skip
    assert found[0].projects[0] == long
    assert delays.blocked_stage(BLOCKED, AS_OF) == "vacating"
    assert delays.obstacles([held("RB-9", "other", None)], AS_OF)[0].longest_days is None


# --- costs and course -------------------------------------------------------------------------------------------------


def test_projects_add_up_to_programmes_and_those_to_the_whole() -> None:
    paid = replace(DOWN, cost_planned_eur=100.0, cost_actual_eur=150.0)
    done = [a_project(stages=(DECIDED, paid), key=f"RB-{at}", programme="Stadtumbau") for at in range(10, 13)]
    stadtumbau, nameless, total = costs.by_programme([*done, LATE])
    assert (stadtumbau.programme, stadtumbau.cost.done_eur, stadtumbau.cost.over_share) == ("Stadtumbau", 450.0, 0.5)
    # Open stages are expected at one and a half of their plan, as what is done cost.
    assert (nameless.programme, nameless.cost.forecast_eur) == (None, 240_000 * 1.5)
    assert total.is_total
    assert total.cost.forecast_eur == stadtumbau.cost.forecast_eur + nameless.cost.forecast_eur
    assert total.cost.forecast_eur == sum_up([*done, LATE]).cost_forecast_eur


def test_an_empty_value_stands_last_in_both_directions() -> None:
    rows_ = [{"id": key, "address": key, "days": days} for key, days in (("a", None), ("b", 1), ("c", 2))]
    for descending, expected in ((True, ["c", "b", "a"]), (False, ["b", "c", "a"])):
        wanted = Slice("days", descending, 0, 10)
        assert [row["id"] for row in more_tables.in_order(rows_, wanted)] == expected


def test_the_course_says_where_it_stands_where_it_will_be_and_when_it_ends() -> None:
    points = (
        ProjectPoint(date(2026, 10, 31), 0.0, 0.0, None, None, None),
        ProjectPoint(AS_OF, 3.0, 1.0, 1.0, 1.0, 1.0),
        ProjectPoint(date(2027, 11, 30), 4.0, None, 2.0, 1.6, 3.4),
        ProjectPoint(date(2028, 5, 31), 4.0, None, 4.0, 4.0, 4.0),
    )
    now, ahead, end = course_figures.answer(points, "demolished", AS_OF)
    assert now == "Am 15.11.2026: 1, geplant waren 3."
    assert ahead == "Vorausschau für den 30.11.2027: 2 (Spanne 2 bis 3), geplant sind 4."
    assert end == "Der Plan ist am 30.11.2027 am Ende (4), die Vorausschau am 31.05.2028 (4)."
    drawn = course_figures.traces(points, "demolished")
    assert [len(trace["x"]) for trace in drawn] == [3, 3, 4, 3, 2]
    with pytest.raises(InvalidFilter):
        course_figures.chosen_measure({"measure": "persons"})


def test_a_forecast_with_an_open_end_says_its_earliest_day() -> None:
    days = (date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1))
    closed = Forecast(None, days, "own_durations")
    open_ended = replace(closed, is_open_ended=True)
    assert forecasts.ahead_text(closed) == "01.02.2027 (01.01.2027 bis 01.03.2027)"
    assert forecasts.ahead_text(open_ended) == "nicht vor dem 01.02.2027"
    row = rows.project_row(LATE, AS_OF, closed)
    assert (row.band, row.expected_on) == (Span(days[0], days[2]), days[1])
    assert rows.project_row(LATE, AS_OF, open_ended).band is None
    assert gantt.extent([row], AS_OF).last_on > days[2]


# --- entering ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (SPECIES, [forms.PLAN]),
        (DECIDED, [forms.REPORT, forms.PLAN]),
        (VACATING, [forms.COMPLETE, forms.BLOCK, forms.REPORT, forms.PLAN]),
        (replace(VACATING, blocker="weather"), [forms.UNBLOCK, forms.COMPLETE, forms.REPORT, forms.PLAN]),
        (DEMOLITION, [forms.START, forms.COMPLETE, forms.BLOCK, forms.PLAN]),
    ],
)
def test_a_stage_offers_what_can_happen_next_first(stage: Stage, expected: list[Form]) -> None:
    assert list(stage_forms.offered(stage, AS_OF)) == expected


def test_the_form_of_a_plan_holds_what_is_planned() -> None:
    assert stage_forms.values_of(forms.PLAN, DEMOLITION) == {
        "is_required": True, "planned_start_on": date(2027, 2, 1), "planned_end_on": date(2027, 5, 31),
        "cost_planned_eur": "210000",
    }  # fmt: skip


def test_a_new_project_names_every_stage_those_not_chosen_as_not_required() -> None:
    values = {"stages": ("vacating",), "decided_on": AS_OF, "planned_start_on": None, "planned_end_on": None}
    plans = new_project.stages_of(values)
    assert [code for code, plan in plans.items() if plan.is_required] == ["decision", "vacating", "demolition"]
    assert plans["decision"].planned_end_on == AS_OF


def test_the_map_shows_all_places_and_is_not_too_near() -> None:
    assert places.frame([(7.47, 51.36)])["zoom"] == 15.0
    wide = places.frame([(7.40, 51.30), (7.60, 51.40)])
    assert wide["center"] == {"lon": 7.5, "lat": pytest.approx(51.35)}
    assert 9 < wide["zoom"] < 12


def test_a_long_name_of_a_programme_is_shortened_over_its_bars() -> None:
    nothing = Cost(0.0, 0.0, 0.0, 0)
    long = ProgrammeCost("Landesprogramm Problemimmobilien (Beispiel)", 1, nothing)
    told = cost.layout([long, replace(long, programme="Stadt & Land")])["annotations"]
    assert [one["text"] for one in told] == ["<b>Landesprogramm Problemimmobilien …</b>", "<b>Stadt &amp; Land</b>"]
