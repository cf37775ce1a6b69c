"""The report of a delivery: JSON in the agreed order, a readable text, rejected rows as a harmless CSV; refusals."""

import json
from datetime import date

import pytest
from rich.console import Console

from etl.checks import Placement, refusal
from etl.report import COUNTS, DeliveryReport, rejected_csv, render
from etl.rows import Rejection


def report(**values: object) -> DeliveryReport:
    counts = dict.fromkeys(COUNTS, 0) | {"read": 3, "loaded": 2, "rejected": 1}
    given = {
        "delivery": 7,
        "source": "rounds",
        "mapping": "hagen/rounds",
        "as_of": date(2026, 3, 1),
        "as_of_from": "option",
        "counts": counts,
        "seconds": 1.23456,
        "rejections": (Rejection(3, "held_on", "no date", {"datum": "31.02."}),),
    }
    return DeliveryReport(**(given | values))  # type: ignore[arg-type]


def test_json_has_the_agreed_fields_in_their_order_and_no_others() -> None:
    content = json.loads(report().to_json())
    assert list(content) == [
        "delivery", "source", "mapping", "as_of", "read", "loaded", "unchanged", "outdated", "rejected", "skipped",
        "superseded", "repaired", "ended", "implied", "refused", "seconds", "rejections",
    ]  # fmt: skip
    assert content["as_of"] == "2026-03-01"
    assert content["rejections"] == [{"line": 3, "field": "held_on", "reason": "no date"}]


def test_the_text_says_where_the_as_of_date_comes_from_and_shows_the_rejections() -> None:
    console = Console(width=120, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as captured:
        console.print(render(report(as_of_from="today")))
    text = captured.get()
    assert (
        "Delivery 7: rounds by mapping hagen/rounds, as of 01.03.2026 (today, because nothing says otherwise)" in text
    )
    assert "read 3, loaded 2, rejected 1" in text
    assert "no date" in text


def test_square_brackets_in_a_reason_are_no_markup() -> None:
    console = Console(width=120, force_terminal=False)
    with console.capture() as captured:
        console.print(render(report(rejections=(Rejection(1, None, "found [bold]x[/nonsense]"),))))
    assert "found [bold]x[/nonsense]" in captured.get()


def test_rejected_rows_have_one_line_each_with_all_reasons() -> None:
    text = rejected_csv([(4, "a", "too big", {"A": "9", "B": "ß"}), (4, "b", "too small", {"A": "9", "B": "ß"})])
    assert text.splitlines() == ["line;A;B;reasons", "4;9;ß;a: too big | b: too small"]


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_of_the_csv_runs_as_a_formula(cell: str) -> None:
    assert f"'{cell}" in rejected_csv([(1, None, "bad", {"A": cell})])


@pytest.mark.parametrize("number", ["-5", "+3,5", "-7.25"])
def test_numbers_stay_numbers(number: str) -> None:
    assert f";{number};" in rejected_csv([(1, None, "bad", {"A": number})])


@pytest.mark.parametrize(
    ("read", "rejected", "skipped", "is_refused"),
    [
        (100, 5, 0, False),  # not more than 5 rows
        (100, 6, 0, True),
        (1_000, 50, 0, False),  # not more than 5 %
        (1_000, 51, 0, True),
        (4, 4, 0, True),  # nothing would be loaded
        (1_000, 10, 900, True),  # of the rows that the filter lets pass
        (0, 0, 0, True),
        (5, 0, 5, True),
    ],
)
def test_a_delivery_is_refused_beyond_five_percent_and_five_rows(
    read: int, rejected: int, skipped: int, is_refused: bool
) -> None:
    counts = {"read": read, "rejected": rejected, "skipped": skipped}
    assert (refusal(counts, Placement()) is not None) is is_refused


def test_everything_outside_the_expected_extent_is_refused_with_the_hint() -> None:
    counts = {"read": 3, "rejected": 3, "skipped": 0}
    said = refusal(counts, Placement(placed=3, outside=3, hint="They would lie within it in EPSG:4647."))
    assert said == "Everything lies outside the expected extent. They would lie within it in EPSG:4647."
