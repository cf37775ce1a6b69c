"""The page of demolitions without a database: which projects a link means, what is said and drawn of them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dashboard.pages.rueckbau import gantt, project, rows, selection, words
from dashboard.pages.rueckbau.gantt import GanttRow, Span
from dashboard.pages.rueckbau.pipeline import wrapped
from geodata import progress
from geodata.access import Scope
from geodata.areas import Area
from geodata.demolitions import Project, Stage
from geodata.errors import InvalidFilter

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
        (replace(DEMOLITION, planned_start_on=None, planned_end_on=None), "nicht begonnen, kein Termin geplant"),
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
