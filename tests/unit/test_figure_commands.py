"""What `qm figures` makes of its options, and how a figure looks as JSON and in the table."""

import json
from datetime import date
from io import StringIO

import pytest
from rich.console import Console

from geodata.areas import Area
from geodata.errors import ExitCode, UsageError
from geodata.figure import Figure, FigureValue, Period
from geodata.figure_commands import (
    MOST_CANDIDATES,
    chosen_area,
    chosen_as_of,
    chosen_municipality,
    chosen_period,
    figures_json,
    figures_table,
)

AS_OF = date(2026, 11, 15)
TODAY = date(2026, 11, 22)
AREAS = (
    Area(1, "stadtbezirk", "1", "Mitte"),
    Area(2, "quartier", "wehringhausen", "Wehringhausen"),
    Area(3, "fokusraum", "bahnhof", "Fokusraum"),
    Area(4, "quartier", "bahnhof", "Bahnhofsviertel"),
)


def a_figure(key: str = "objects", part_of: str | None = None) -> Figure:
    return Figure(key, key.capitalize(), "objects", "condition", "What it counts.", "What it rests on", part_of)


@pytest.mark.parametrize(
    ("wanted", "found"), [("quartier:bahnhof", 4), ("fokusraum:bahnhof", 3), ("1", 1), ("wehringhausen", 2)]
)
def test_an_area_is_named_by_kind_and_key_or_by_a_key_of_its_own(wanted: str, found: int) -> None:
    assert chosen_area(AREAS, wanted).id == found


def test_an_ambiguous_area_is_refused_with_its_candidates() -> None:
    with pytest.raises(UsageError) as refusal:
        chosen_area(AREAS, "bahnhof")
    assert refusal.value.exit_code is ExitCode.USAGE
    assert "fokusraum:bahnhof (Fokusraum), quartier:bahnhof (Bahnhofsviertel)" in str(refusal.value)
    assert "Mitte" not in str(refusal.value)


@pytest.mark.parametrize("wanted", ["bahnhof2", "quartier", "quartier:", "", "stadtbezirk:wehringhausen", "Mitte"])
def test_an_unknown_area_is_refused_with_all_there_are(wanted: str) -> None:
    with pytest.raises(UsageError, match="There is no area") as refusal:
        chosen_area(AREAS, wanted)
    assert "stadtbezirk:1 (Mitte)" in str(refusal.value)


def test_a_long_list_of_candidates_is_cut() -> None:
    many = [Area(number, "stimmbezirk", f"{number:03}", f"Bezirk {number}") for number in range(1, 152)]
    with pytest.raises(UsageError, match=f"and {151 - MOST_CANDIDATES} more"):
        chosen_area(many, "mitte")
    with pytest.raises(UsageError, match="no area on that date"):
        chosen_area([], "mitte")


def test_the_municipality_is_named_where_there_are_several() -> None:
    assert chosen_municipality(["05914000"], None) == "05914000"
    assert chosen_municipality(["05914000", "us-1714000"], "us-1714000") == "us-1714000"
    for known, wanted, said in (
        (["05914000", "us-1714000"], None, "05914000, us-1714000"),
        (["05914000"], "05913000", "Known are 05914000"),
        ([], None, "Load a delivery first"),
    ):
        with pytest.raises(UsageError, match=said):
            chosen_municipality(known, wanted)


def test_the_date_is_that_of_the_pages_unless_one_is_given() -> None:
    assert chosen_as_of(None, AS_OF, TODAY) == AS_OF
    assert chosen_as_of("2025-03-31", AS_OF, TODAY) == date(2025, 3, 31)
    assert chosen_as_of("2026-11-22", AS_OF, TODAY) == TODAY


def test_a_demonstration_may_speak_for_a_date_after_the_clock_of_the_machine() -> None:
    assert chosen_as_of(None, AS_OF, date(2026, 2, 1)) == AS_OF


@pytest.mark.parametrize("given", ["2026-11-23", "31.12.2025", "2026-02-30", "gestern", "", "0202-01-01"])
def test_a_date_in_the_future_or_one_that_cannot_be_read_is_refused(given: str) -> None:
    with pytest.raises(UsageError, match="--as-of"):
        chosen_as_of(given, AS_OF, TODAY)


def test_the_period_ends_on_the_date_and_may_not_begin_after_it() -> None:
    assert chosen_period(None, AS_OF) is None
    assert chosen_period("2026-01-01", AS_OF) == Period(date(2026, 1, 1), AS_OF)
    assert chosen_period("2026-11-15", AS_OF) == Period(AS_OF, AS_OF)
    with pytest.raises(UsageError, match="--from 2026-11-16 is later"):
        chosen_period("2026-11-16", AS_OF)


def test_json_names_what_a_machine_needs_and_writes_dates_as_iso() -> None:
    values = [FigureValue(a_figure(), 12, AS_OF), FigureValue(a_figure("last"), date(2026, 3, 1), AS_OF)]
    values.append(FigureValue(a_figure("median"), None, AS_OF))
    first, second, third = json.loads(figures_json(values, "quartier:wehringhausen"))
    assert first == {
        "key": "objects",
        "value": 12,
        "unit": "objects",
        "area": "quartier:wehringhausen",
        "as_of": "2026-11-15",
        "class": "condition",
        "definition": "What it counts.",
        "basis": "What it rests on",
    }
    assert second["value"] == "2026-03-01"
    assert third["value"] is None
    assert json.loads(figures_json(values, None))[0]["area"] is None


def test_the_table_says_of_how_many_a_part_is_one() -> None:
    whole, part = FigureValue(a_figure(), 1_234, AS_OF), FigureValue(a_figure("open", part_of="objects"), 7, AS_OF)
    missing = FigureValue(a_figure("median"), None, AS_OF)
    console = Console(width=120, record=True, file=StringIO())
    console.print(figures_table([whole, part, missing]))
    lines = console.export_text().splitlines()
    assert lines[1].split()[:3] == ["Objects", "1,234", "objects"]
    assert lines[2].split()[:4] == ["Open", "7", "objects", "1,234"]
    assert lines[3].split()[:2] == ["Median", "–"]
    assert "What it counts." in lines[1]
