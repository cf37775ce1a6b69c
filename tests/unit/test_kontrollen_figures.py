"""What the page of controls says: words and charts from numbers, without a request."""

from datetime import date, timedelta

import pytest

from dashboard.formatting import format_share
from dashboard.pages.kontrollen import (
    calendar_figures,
    course_figures,
    drawing,
    interval_figures,
    links,
    question,
    result_figures,
    spread_figures,
)
from dashboard.pages.kontrollen.question import Question, shown_kind
from geodata.areas import Area
from geodata.calendar import months_later
from geodata.control_reads import AreaRow
from geodata.course.achieved import Intervals, tally
from geodata.course.achieved_reads import Achieved, AreaIntervals, RuleIntervals, YearIntervals
from geodata.course.adherence import Adherence, Compared, CoursePoint
from geodata.course.calendar_reads import CalendarDay
from geodata.course.reads import AreaCourse
from geodata.course.result_reads import ResultPoint
from geodata.errors import InvalidFilter
from geodata.figure import Period

AS_OF = date(2026, 11, 15)
MITTE, NORD = Area(1, "stadtbezirk", "1", "Mitte"), Area(2, "quartier", "n", "Nord")
TEN_DAYS: Intervals = tally([(10, False, 3), (40, True, 1)])
NOBODY_KNOWS: Intervals = tally([(10, False, 1), (40, True, 3)])
NOTHING: Intervals = tally([])


def achieved(*rules: tuple[int, Intervals]) -> Achieved:
    return Achieved(TEN_DAYS, tuple(RuleIntervals(days, 5, intervals) for days, intervals in rules))


def plain(words: list[str]) -> str:
    return " ".join(words).replace("\u00a0", " ")


def cells(rows: list[list[str]]) -> list[list[str]]:
    return [[cell.replace("\u00a0", " ") for cell in row] for row in rows]


# --- the course -------------------------------------------------------------------------------------------------------


def point(last_on: date, on_time: int, pairs: int, *, overdue_days: int = 30, days: int = 100) -> CoursePoint:
    return CoursePoint(last_on.replace(day=1), last_on, None, pairs, on_time, Adherence(days, overdue_days))


NOW, BEFORE = point(AS_OF, 122, 200), point(date(2025, 11, 15), 101, 184, overdue_days=40)


def test_the_answer_says_better_or_worse_with_both_n_of_m() -> None:
    said = plain(course_figures.answer_words(Compared(NOW, BEFORE), is_one_year=True))
    assert said == (
        "Fristgerecht 61 % (122 von 200), Vorjahr 55 % (101 von 184): ▲ besser um 6 Prozentpunkte. "
        "Fristgerechte Tage 70 %, im Zeitraum davor 60 %: ▲ besser um 10 Prozentpunkte."
    )
    longer = plain(course_figures.answer_words(Compared(BEFORE, NOW), is_one_year=False))
    assert "am 15.11.2026 61 % (122 von 200): ▼ schlechter um 6 Prozentpunkte." in longer


def test_without_anything_before_there_is_nothing_to_compare_with() -> None:
    none = point(date(2025, 11, 15), 0, 0, overdue_days=0, days=0)
    said = plain(course_figures.answer_words(Compared(NOW, none), is_one_year=True))
    assert "am 15.11.2025 wurde noch nichts überwacht" in said
    assert "Fristgerechte Tage: 70 %." in said
    assert "Prozentpunkt" not in said


def test_a_change_is_that_of_the_printed_numbers_and_named_by_word_and_arrow() -> None:
    def words(now: float | None, before: float | None, rising: drawing.Rising = "better") -> str:
        return drawing.change_words(now, before, rising=rising).replace("\u00a0", " ")

    assert words(0.614, 0.546) == "▲ besser um 6 Prozentpunkte"  # printed as 61 % and 55 %, whatever lies behind
    assert words(0.55, 0.56) == "▼ schlechter um 1 Prozentpunkt"
    assert words(0.55, 0.56, "worse") == "▼ besser um 1 Prozentpunkt"
    assert words(0.56, 0.55, "neutral") == "▲ mehr, um 1 Prozentpunkt"
    assert words(0.501, 0.496) == "= unverändert"
    assert words(0.5, None) == words(None, 0.5) == "–"


def test_the_period_before_is_a_quiet_line_up_to_the_begin_of_the_strong_one() -> None:
    for measure, value in (("on_time", 61.0), ("adherence", 70.0)):
        quiet, strong = course_figures.course_traces([NOW], [BEFORE], measure)  # type: ignore[arg-type]
        assert quiet["x"] == ["2025-11-15", "2026-11-15"]
        assert strong["x"] == ["2026-11-15"]
        assert strong["y"] == [pytest.approx(value)]
        assert (quiet["line"]["dash"], quiet["mode"]) == ("dot", "lines")
        assert strong["text"] == [f"{value:.0f}\u00a0%"]


def test_the_table_of_the_course_begins_with_the_latest_month() -> None:
    nothing = point(date(2024, 11, 15), 0, 0, overdue_days=0, days=0)
    assert cells(course_figures.course_rows([nothing, BEFORE, NOW])) == [
        ["01.11.2026 – 15.11.2026", "122 von 200", "61 %", "70 %"],
        ["01.11.2025 – 15.11.2025", "101 von 184", "55 %", "60 %"],
    ]


def test_areas_keep_their_order_and_empty_ones_are_named_once() -> None:
    none = point(AS_OF, 0, 0, overdue_days=0, days=0)
    found = [AreaCourse(MITTE, Compared(NOW, BEFORE)), AreaCourse(NORD, Compared(none, none))]
    rows = cells(course_figures.area_rows(found))
    assert [row[0] for row in rows] == ["Mitte"]
    assert rows[0][1:] == [
        "122 von 200", "61 %", "55 %", "▲ besser um 6 Prozentpunkte", "70 %", "60 %", "▲ besser um 10 Prozentpunkte",
    ]  # fmt: skip
    assert course_figures.quiet_areas(found) == "Nichts überwacht: Nord."
    assert len(course_figures.compared_head("Gebiet")) == len(rows[0])


# --- the calendar -----------------------------------------------------------------------------------------------------

DAYS = [CalendarDay(date(2026, 11, 11), 3, 0), CalendarDay(date(2026, 10, 1), 12, 1), CalendarDay(AS_OF, 0, 9)]


def test_the_calendar_has_a_square_for_each_day_and_loses_none() -> None:
    shown = calendar_figures.calendar_of(DAYS, date(2026, 9, 30), AS_OF, is_done=True)
    squares, numbers = calendar_figures.calendar_traces(shown, "$accent", "Kontrollen")
    inside = [cell for row in squares["z"] for cell in row if cell is not None]
    assert len(inside) == (AS_OF - date(2026, 9, 30)).days + 1
    assert sorted(set(inside)) == [0, 0.45, 1]
    # 11 November 2026 is a Wednesday in the week that ends with the last column.
    assert squares["z"][2][-1] == 0.45
    assert squares["customdata"][2][-1] == "Mittwoch, 11.11.2026: 3 Kontrollen"
    assert sorted(numbers["text"]) == ["12", "3"]
    assert set(numbers["textfont"]["color"]) == {"$text", "$surface"}
    assert calendar_figures.calendar_layout(shown)["yaxis"]["ticktext"][0].startswith("Mo")


def test_the_calendar_in_words_and_by_month() -> None:
    shown = calendar_figures.calendar_of(DAYS, date(2026, 9, 30), AS_OF, is_done=True)
    assert calendar_figures.calendar_words(shown, "Getan") == (
        "Getan: 15 an 2 verschiedenen Tagen; die meisten am 01.10.2026 (12)."
    )
    assert [row[1:] for row in calendar_figures.month_rows(shown)] == [
        ["0", "0", "0"], ["12", "1", "12"], ["3", "1", "3"],
    ]  # fmt: skip
    due = calendar_figures.calendar_of(DAYS, AS_OF, AS_OF + timedelta(days=9), is_done=False)
    assert due.total == 9
    nothing = calendar_figures.calendar_of([], AS_OF, AS_OF, is_done=True)
    assert calendar_figures.calendar_words(nothing, "Getan") == "Getan: keine."


# --- intervals --------------------------------------------------------------------------------------------------------


def test_the_sentences_name_rule_usual_interval_and_what_is_left_out() -> None:
    said = plain(interval_figures.achieved_words(achieved((450, TEN_DAYS), (1095, NOBODY_KNOWS)), never=7))
    assert "Üblicher Abstand: 10 Tage; bis dahin ist die Hälfte der Abstände zu Ende." in said
    assert "Regel 450 Tage (5 Objekte): üblicher Abstand 10 Tage." in said
    assert "Regel 1.095 Tage (5 Objekte): üblicher Abstand nicht erreicht." in said
    assert "3 Abstände sind abgeschlossen, 1 noch offen" in said
    assert "7 Objekte noch ohne Kontrolle" in said
    assert "Nicht darin" not in plain(interval_figures.achieved_words(achieved((450, TEN_DAYS)), never=0))


def test_the_usual_interval_stands_first_beside_the_rule_and_its_band_follows() -> None:
    spread = tally([(days, False, 4) for days in range(100, 140)])
    lead, sure = spread_figures.lead_words("Außenansicht", spread, (60, 90))
    assert plain([lead]) == "Außenansicht: üblicher Abstand 119 Tage; die Regel verlangt 60 bis 90 Tage."
    assert "Wegen des Zufalls unsicher: " in sure
    assert "(95-%-Bereich)." in sure
    unreached = plain(spread_figures.lead_words("Außenansicht", NOBODY_KNOWS, (60, 60)))
    assert "üblicher Abstand nicht erreicht; die Regel verlangt 60 Tage." in unreached
    assert "Weniger als die Hälfte der Abstände ist zu Ende" in unreached
    assert plain(spread_figures.lead_words("Außenansicht", NOTHING, (60, 60))).endswith(
        "noch kein Abstand; die Regel verlangt 60 Tage."
    )


def test_open_intervals_are_a_series_of_their_own_and_nothing_is_lost() -> None:
    closed, still_open = interval_figures.achieved_traces(TEN_DAYS)
    assert (sum(closed["y"]), sum(still_open["y"])) == (3, 1)
    assert closed["x"] == still_open["x"]
    rows = interval_figures.class_rows(TEN_DAYS)
    assert [row[1:] for row in rows if row[1:] != ["0", "0"]] == [["3", "0"], ["0", "1"]]


def test_rules_band_and_the_usual_interval_are_drawn_with_room_for_their_labels() -> None:
    layout = interval_figures.achieved_layout(achieved((450, TEN_DAYS), (1095, TEN_DAYS)))
    band, *lines = layout["shapes"]
    assert band["type"] == "rect"
    assert band["x0"] <= 10 <= band["x1"]
    assert [shape["x0"] for shape in lines] == [1095, 450, 10]
    assert [shape["line"]["dash"] for shape in lines] == ["dash", "dash", "solid"]
    heights = [label["ay"] for label in layout["annotations"]]
    assert heights == sorted(heights, reverse=True)
    assert len(set(heights)) == 3
    assert layout["xaxis"]["range"][0] == 0
    assert layout["xaxis"]["range"][1] * 0.66 > 1095
    without = Achieved(NOBODY_KNOWS, (RuleIntervals(450, 1, NOBODY_KNOWS),))
    assert [shape["x0"] for shape in interval_figures.achieved_layout(without)["shapes"]] == [450]


def test_where_half_has_not_ended_it_is_told_in_words_and_not_as_a_dot() -> None:
    lines = spread_figures.by_area(
        [AreaIntervals(MITTE, TEN_DAYS, (200, 300)), AreaIntervals(NORD, NOBODY_KNOWS, (300, 300))]
    )
    halves, rules, usual, unknown = spread_figures.spread_traces(lines)
    assert rules["x"] == [200, 300, None, 300, 300, None]
    assert (usual["x"], usual["y"]) == ([10], ["Mitte"])
    assert (unknown["y"], unknown["text"]) == (["Nord"], ["\u00a0\u00a0nicht erreicht"])
    # Of Nord's intervals a quarter ended after 10 days; how long the longest quarter lasts nobody knows yet.
    assert (halves["y"], halves["base"]) == (["Mitte", "Nord"], [10, 10])
    assert halves["customdata"][1].replace("\u00a0", " ") == "ab 10 Tage, Ende offen"
    layout = spread_figures.spread_layout(lines)
    assert layout["yaxis"]["categoryarray"] == ["Nord", "Mitte"]
    assert layout["xaxis"]["range"][1] > 300


def test_years_stand_beside_the_rules_of_their_time_and_may_be_empty() -> None:
    lines = spread_figures.by_year([YearIntervals(2025, TEN_DAYS), YearIntervals(2026, NOTHING)], {2025: (60, 60)})
    first, second = cells(spread_figures.spread_rows(lines))
    assert (first[0], first[1], first[4:]) == ("2025", "10 Tage", ["60 Tage", "3", "1"])
    assert second == ["2026", "–", "–", "–", "–", "0", "0"]
    assert len(spread_figures.spread_head("Jahr")) == len(first)
    assert spread_figures.spread_traces(lines)[3]["y"] == []


@pytest.mark.parametrize(
    ("rows", "first", "last"),
    [
        ([(10, False, 1), (20, False, 2), (30, False, 1)], 10, 20),
        ([(10, False, 1), (20, True, 9)], None, None),
        ([(5, False, 8)], 5, 5),
    ],
)
def test_the_middle_half_counts_open_intervals_in(rows: list[tuple[int, bool, int]], first: int, last: int) -> None:
    half = spread_figures.middle_half(tally(rows))
    assert (half.from_days, half.to_days) == (first, last)


# --- by area ----------------------------------------------------------------------------------------------------------


def test_the_table_by_area_reads_as_words() -> None:
    rows = [AreaRow(MITTE, 8, 6, 2, 12.5, 31), AreaRow(NORD, 0, 0, 0, None, 0)]
    assert cells(interval_figures.area_rows(rows, ["Mitte", "Nord"])) == [
        ["Mitte", "6 von 8", "75 %", "2", "12 Tage", "31"],
        ["Nord", "0 von 0", "–", "0", "–", "0"],
    ]


def test_areas_without_anything_are_named_once_and_not_row_by_row() -> None:
    rows = [AreaRow(MITTE, 8, 6, 2, 12.5, 31), AreaRow(NORD, 0, 0, 0, None, 0)]
    assert interval_figures.area_notes(rows, rows[:1])[1:] == ["Nichts überwacht und keine Kontrolle: Nord."]
    assert interval_figures.area_notes(rows, rows)[1:] == []


# --- results ----------------------------------------------------------------------------------------------------------


def result(first_on: date, last_on: date, inspections: int, found: int, **defects: int) -> ResultPoint:
    clean = inspections - found
    return ResultPoint(first_on, last_on, 2, inspections, clean, found, 0, inspections // 4, defects)


OCTOBER = result(date(2026, 10, 1), date(2026, 10, 31), 8, 2, waste=2, pests=1)
NOVEMBER = result(date(2026, 11, 1), date(2026, 11, 15), 4, 4, waste=3)
EMPTY = result(date(2026, 9, 1), date(2026, 9, 30), 0, 0)


def test_no_figure_of_results_stands_without_the_number_of_inspections() -> None:
    points = [EMPTY, OCTOBER, NOVEMBER]
    bars = result_figures.result_traces(points, "month")
    assert [sum(heights) for heights in zip(*(trace["y"] for trace in bars), strict=True)] == [0, 8, 4]
    for traces in (
        result_figures.defect_traces(points, "month"),
        result_figures.failed_traces(points, "month"),
        result_figures.round_traces(points, "month"),
    ):
        line, below = traces
        assert (below["y"], below["yaxis"], below["name"]) == ([0, 8, 4], "y2", "Kontrollen")
        assert line["x"] == below["x"]
    for head, rows in (
        (result_figures.result_head(), result_figures.result_rows(points, "month")),
        (result_figures.defect_head(), result_figures.defect_rows(points, "month")),
        (result_figures.failed_head(), result_figures.failed_rows(points, "month")),
        (result_figures.round_head(), result_figures.round_rows(points, "month")),
    ):
        assert [row[head.index("Kontrollen")] for row in rows] == ["4", "8", "0"]
        assert {len(row) for row in rows} == {len(head)}


def test_a_month_without_an_inspection_has_no_share_and_leaves_a_gap() -> None:
    line, _bars = result_figures.defect_traces([EMPTY, OCTOBER, NOVEMBER], "month")
    assert line["y"] == [None, 3 / 8, 3 / 4]
    assert line["connectgaps"] is False
    assert cells(result_figures.defect_rows([EMPTY, NOVEMBER], "month")) == [
        ["01.11.2026 – 15.11.2026", "4", "0", "3", "0,8"],
        ["September 2026", "0", "0", "0", "–"],
    ]


def test_results_are_answered_with_both_n_of_m() -> None:
    total = result_figures.total([OCTOBER, NOVEMBER])
    assert total is not None
    said = plain(result_figures.answer_words(total, OCTOBER))
    assert "Ohne Befund: 6 von 12 Kontrollen (50 %), im Zeitraum davor 6 von 8 (75 %)." in said
    assert "Ohne ausreichenden Zutritt: 3 von 12 Kontrollen (25 %), im Zeitraum davor 2 von 8 (25 %)." in said
    assert "davor" not in plain(result_figures.answer_words(total, EMPTY))
    assert result_figures.total([]) is None


def test_kinds_of_defect_are_told_per_inspection_and_without_a_verdict() -> None:
    rows = cells(result_figures.kind_rows(NOVEMBER, OCTOBER))
    assert [row[1:] for row in rows] == [
        ["3 von 4", "75 %", "2 von 8", "25 %", "▲ mehr, um 50 Prozentpunkte"],
        ["0 von 4", "0 %", "1 von 8", "13 %", "▼ weniger, um 13 Prozentpunkte"],
    ]
    assert [row[3:] for row in cells(result_figures.kind_rows(NOVEMBER, None))] == [["–", "–", "–"]]


@pytest.mark.parametrize(
    ("first_on", "last_on", "step", "name"),
    [
        (date(2026, 2, 1), date(2026, 2, 28), "month", "Februar 2026"),
        (date(2026, 12, 1), date(2026, 12, 31), "month", "Dezember 2026"),
        (date(2026, 2, 3), date(2026, 2, 28), "month", "03.02.2026 – 28.02.2026"),
        (date(2026, 10, 1), date(2026, 12, 31), "quarter", "4. Quartal 2026"),
        (date(2026, 11, 1), date(2026, 12, 31), "quarter", "01.11.2026 – 31.12.2026"),
    ],
)
def test_a_step_is_named_by_its_month_or_by_its_days_where_it_is_cut(
    first_on: date, last_on: date, step: result_figures.Step, name: str
) -> None:
    assert result_figures.step_name(result(first_on, last_on, 1, 0), step) == name


# --- the link ---------------------------------------------------------------------------------------------------------


def test_presets_are_whole_months_up_to_the_as_of_date_and_the_first_is_the_usual_period() -> None:
    found = question.presets(AS_OF)
    assert [one.first_on for one in found] == [
        date(2025, 11, 16), date(2024, 11, 16), date(2023, 11, 16), date(2026, 1, 1),
    ]  # fmt: skip
    for day in (AS_OF, date(2024, 2, 29), date(2026, 12, 31), date(2027, 1, 1)):
        assert question.presets(day)[0].first_on == Period.year_until(day).first_on
    assert months_later(date(2026, 11, 15), 12) == date(2027, 11, 15)
    assert [links.preset_words(one) for one in found] == ["12 Monate", "24 Monate", "36 Monate", "dieses Jahr"]


def test_a_question_knows_its_view_and_whether_it_is_about_a_year() -> None:
    asked = Question.from_query({}, AS_OF)
    assert (asked.view, asked.is_one_year) == ("faellig", True)
    assert not Question.from_query({"from": "2026-01-01"}, AS_OF).is_one_year
    assert Question.from_query({"view": "verlauf"}, AS_OF).view == "verlauf"
    with pytest.raises(InvalidFilter):
        Question.from_query({"view": "alles"}, AS_OF)


def test_a_wish_names_each_area_of_the_filter_or_the_whole_city() -> None:
    def wish(query: dict[str, str]) -> str:
        return links.wish_of(Question.from_query(query, AS_OF), "joint_control", 450)

    assert wish({}) == "0:joint_control:60"
    assert wish({"area": "3,7"}) == "3:joint_control:60,7:joint_control:60"


@pytest.mark.parametrize(("kind", "days", "wished"), [
    ("joint_control", 450, 60), ("joint_control", 60, 30), ("joint_control", 1, 1), ("fire_safety", 2_190, 1_095),
])  # fmt: skip
def test_a_wish_is_shorter_than_the_rule(kind: str, days: int, wished: int) -> None:
    assert links.wish_of(Question.from_query({}, AS_OF), kind, days) == f"0:{kind}:{wished}"


@pytest.mark.parametrize(
    ("view", "due"), [("", "overdue"), ("verlauf", None), ("abstaende", None), ("ergebnisse", None)]
)
def test_only_the_list_can_be_narrowed_to_what_is_overdue(view: str, due: str | None) -> None:
    """A share of the overdue that are on time is none, whatever the year before was like."""
    assert Question.from_query({"view": view, "due": "overdue", "area": "3"}, AS_OF).chosen.due == due


def test_a_share_says_none_or_all_only_where_it_is_so() -> None:
    shares = [format_share(part, 250).replace("\u00a0", " ") for part in (0, 1, 100, 249, 250)]
    assert shares == ["0 %", "0,4 %", "40 %", "99,6 %", "100 %"]
    assert format_share(99_999, 100_000).replace("\u00a0", " ") == "99,9 %"
    assert format_share(0, 0) == ""


def test_the_kind_of_area_is_that_of_the_link_else_of_the_areas_assigned() -> None:
    areas = [MITTE, NORD]
    assert shown_kind(areas, frozenset(), None) == "stadtbezirk"
    assert shown_kind(areas, frozenset({2}), None) == "quartier"
    assert shown_kind(areas, frozenset({2}), "stadtbezirk") == "stadtbezirk"
    assert shown_kind(areas, frozenset(), "fokusraum") == "stadtbezirk"
    assert shown_kind([], frozenset(), None) is None
