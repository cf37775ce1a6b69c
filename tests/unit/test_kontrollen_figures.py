"""What the page of controls says: words and charts from numbers, without a request."""

from dashboard.formatting import format_share
from dashboard.pages.kontrollen import figures
from dashboard.pages.kontrollen.question import shown_kind
from geodata.achieved import Intervals, tally
from geodata.achieved_reads import Achieved, AreaIntervals, RuleIntervals
from geodata.areas import Area
from geodata.control_reads import AreaRow

MITTE, NORD = Area(1, "stadtbezirk", "1", "Mitte"), Area(2, "quartier", "n", "Nord")
TEN_DAYS: Intervals = tally([(10, False, 3), (40, True, 1)])
NOBODY_KNOWS: Intervals = tally([(10, False, 1), (40, True, 3)])


def achieved(*rules: tuple[int, Intervals]) -> Achieved:
    return Achieved(TEN_DAYS, tuple(RuleIntervals(days, 5, intervals) for days, intervals in rules))


def plain(words: list[str]) -> str:
    return " ".join(words).replace("\u00a0", " ")


def test_the_sentences_name_rule_usual_interval_and_what_is_left_out() -> None:
    said = plain(figures.achieved_words(achieved((450, TEN_DAYS), (1095, NOBODY_KNOWS)), never=7))
    assert "Üblicher Abstand: 10 Tage; bis dahin ist die Hälfte der Abstände zu Ende." in said
    assert "Regel 450 Tage (5 Objekte): üblicher Abstand 10 Tage." in said
    assert "Regel 1.095 Tage (5 Objekte): üblicher Abstand nicht erreicht." in said
    assert "3 Abstände sind abgeschlossen, 1 noch offen" in said
    assert "7 Objekte noch ohne Kontrolle" in said
    assert "Nicht darin" not in plain(figures.achieved_words(achieved((450, TEN_DAYS)), never=0))


def test_open_intervals_are_a_series_of_their_own_and_nothing_is_lost() -> None:
    closed, still_open = figures.achieved_traces(TEN_DAYS)
    assert (sum(closed["y"]), sum(still_open["y"])) == (3, 1)
    assert closed["x"] == still_open["x"]
    rows = figures.class_rows(TEN_DAYS)
    assert [row[1:] for row in rows if row[1:] != ["0", "0"]] == [["3", "0"], ["0", "1"]]


def test_rules_and_the_usual_interval_are_drawn_as_lines_with_room_for_their_labels() -> None:
    layout = figures.achieved_layout(achieved((450, TEN_DAYS), (1095, TEN_DAYS)))
    assert [shape["x0"] for shape in layout["shapes"]] == [1095, 450, 10]
    assert [shape["line"]["dash"] for shape in layout["shapes"]] == ["dash", "dash", "solid"]
    heights = [label["ay"] for label in layout["annotations"]]
    assert heights == sorted(heights, reverse=True)
    assert len(set(heights)) == 3
    assert layout["xaxis"]["range"][0] == 0
    assert layout["xaxis"]["range"][1] * 0.66 > 1095
    without = Achieved(NOBODY_KNOWS, (RuleIntervals(450, 1, NOBODY_KNOWS),))
    assert [shape["x0"] for shape in figures.achieved_layout(without)["shapes"]] == [450]


def test_an_area_where_half_has_not_ended_is_told_in_words_and_not_as_a_dot() -> None:
    found = [AreaIntervals(MITTE, TEN_DAYS, (200, 300)), AreaIntervals(NORD, NOBODY_KNOWS, (300, 300))]
    rules, usual, unknown = figures.area_traces(found)
    assert rules["x"] == [200, 300, None, 300, 300, None]
    assert (usual["x"], usual["y"]) == ([10], ["Mitte"])
    assert (unknown["y"], unknown["text"]) == (["Nord"], ["\u00a0\u00a0nicht erreicht"])
    assert figures.area_layout(found)["yaxis"]["categoryarray"] == ["Nord", "Mitte"]


def test_the_table_by_area_reads_as_words() -> None:
    rows = [AreaRow(MITTE, 8, 6, 2, 12.5, 31), AreaRow(NORD, 0, 0, 0, None, 0)]
    shown = figures.area_rows(rows, {1: AreaIntervals(MITTE, TEN_DAYS, (200, 300))})
    assert [[cell.replace("\u00a0", " ") for cell in row] for row in shown] == [
        ["Mitte", "6 von 8", "75 %", "2", "12 Tage", "31", "10 Tage", "200 bis 300 Tage"],
        ["Nord", "0 von 0", "–", "0", "–", "0", "–", "–"],
    ]


def test_areas_without_anything_are_named_once_and_not_row_by_row() -> None:
    rows = [AreaRow(MITTE, 8, 6, 2, 12.5, 31), AreaRow(NORD, 0, 0, 0, None, 0)]
    assert figures.area_notes(rows, rows[:1])[1:] == ["Nichts überwacht und keine Kontrolle: Nord."]
    assert figures.area_notes(rows, rows)[1:] == []


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
