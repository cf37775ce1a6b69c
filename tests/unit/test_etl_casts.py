"""Casts: what can be read is read exactly, what cannot is said with what was expected and what came."""

import re
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.casts import Cast, Format, array_literal, cast, split_list
from etl.source import Field, Kind

DATES = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))


def one(kind: Kind, *texts: str | None, form: Format | None = None, **field: object) -> Cast:
    """Cast a column of texts for a field `f`."""
    return cast(pd.Series(list(texts), dtype="str"), Field("f", "a field", kind, **field), form or Format())  # type: ignore[arg-type]


def reasons(done: Cast) -> list[tuple[int, str]]:
    return [(problem.position, problem.reason) for problem in done.problems]


@given(st.lists(DATES, min_size=1, max_size=20), st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%Y/%m/%d", "%d.%m.%y"]))
def test_dates_come_back_as_they_were_written(days: list[date], layout: str) -> None:
    if layout == "%d.%m.%y":
        days = [day.replace(year=2000 + day.year % 60) if day.day < 29 else date(2020, 1, 1) for day in days]
    done = one(Kind.DATE, *[day.strftime(layout) for day in days], form=Format(dates=(layout,)))
    assert [value.date() for value in done.values] == days
    assert not done.problems


@given(st.lists(st.integers(-(2**31) + 1, 2**31 - 1), min_size=1))
def test_integers_come_back_as_they_were_written(numbers: list[int]) -> None:
    done = one(Kind.INTEGER, *map(str, numbers))
    assert done.values.tolist() == numbers
    assert not done.problems


@given(st.lists(st.decimals(-1_000_000, 1_000_000, allow_nan=False, places=3), min_size=1), st.sampled_from([".", ","]))
def test_decimals_come_back_as_they_were_written(numbers: list[float], mark: str) -> None:
    done = one(Kind.DECIMAL, *[str(number).replace(".", mark) for number in numbers], form=Format(decimal=mark))
    assert done.values.tolist() == [float(number) for number in numbers]
    assert not done.problems


@given(st.lists(st.text(), max_size=30), st.sampled_from(list(Kind)))
def test_every_text_is_read_or_explained_and_never_raises(texts: list[str], kind: Kind) -> None:
    done = one(kind, *texts, codes=("a", "b"))
    explained = {problem.position for problem in done.problems}
    for at, text in enumerate(texts):
        assert (at in explained) <= bool(text.strip())
        if text.strip() and at not in explained and kind in (Kind.DATE, Kind.INTEGER, Kind.DECIMAL, Kind.BOOLEAN):
            assert pd.notna(done.values.iloc[at])


@given(st.lists(st.text(st.characters(exclude_characters="\x00;", exclude_categories=["Cs"])), max_size=8))
def test_a_list_in_a_cell_keeps_its_items(items: list[str]) -> None:
    wanted = list(dict.fromkeys(item.strip() for item in items if item.strip()))
    assert split_list(";".join(items), ";") == wanted


def test_an_array_literal_quotes_what_postgresql_would_take_for_syntax() -> None:
    assert array_literal(['a "b"', "c\\d", "e,f"]) == r'{"a \"b\"","c\\d","e,f"}'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31.02.2026", 'expected a date like 24.12.2025, found "31.02.2026"'),
        ("01.01.0202", 'expected a date from 1900 on, found "01.01.0202"'),
        ("2025-01-23 (Meldung)", 'expected a date like 24.12.2025, found "2025-01-23 (Meldung)"'),
        ("morgen", 'expected a date like 24.12.2025, found "morgen"'),
    ],
)
def test_a_date_that_is_none_says_what_was_expected(text: str, reason: str) -> None:
    assert reasons(one(Kind.DATE, "24.12.2025", text)) == [(1, reason)]


def test_a_pattern_takes_the_date_out_of_the_text_around_it() -> None:
    form = Format(pattern=re.compile(r"^(\d{4}-\d{2}-\d{2})"))
    done = one(Kind.DATE, "2025-01-23 (Meldung)", "2025-08-13", form=form)
    assert [value.date() for value in done.values] == [date(2025, 1, 23), date(2025, 8, 13)]


def test_a_date_with_a_time_zone_is_the_day_in_berlin() -> None:
    done = one(Kind.DATE, "2025-06-30 23:30:00+0000", form=Format(dates=("%Y-%m-%d %H:%M:%S%z",)))
    assert done.values[0].date() == date(2025, 7, 1)


def test_iso_dates_of_spreadsheets_are_understood_beside_the_format_of_the_mapping() -> None:
    assert one(Kind.DATE, "2025-12-24", "2025-12-24T00:00:00", "24.12.2025").values.nunique() == 1


def test_numbers_outside_their_range_say_the_range() -> None:
    done = one(Kind.INTEGER, "3", "4", "12 Wohnungen", "2.0", minimum=0, maximum=3)
    assert done.values.tolist() == [3, pd.NA, pd.NA, 2]
    assert reasons(done) == [
        (1, 'expected a whole number from 0 to 3, found "4"'),
        (2, 'expected a whole number from 0 to 3, found "12 Wohnungen"'),
    ]


def test_a_decimal_point_is_no_decimal_comma() -> None:
    assert reasons(one(Kind.DECIMAL, "1,5", "1.5", form=Format(decimal=","))) == [
        (1, 'expected a number with a decimal comma, found "1.5"')
    ]


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e400", "0x10", "１２"])
def test_what_only_computers_call_a_number_is_none(text: str) -> None:
    done = one(Kind.DECIMAL, text, maximum=10**9, minimum=-(10**9))
    assert done.problems
    assert pd.isna(done.values[0])


def test_yes_and_no_in_german_and_english() -> None:
    done = one(Kind.BOOLEAN, "ja", "Nein", "TRUE", "0", "x", "", None, "vielleicht")
    assert done.values.tolist()[:5] == [True, False, True, False, True]
    assert done.values.isna().tolist()[5:] == [True, True, True]
    assert [at for at, _ in reasons(done)] == [7]


def test_codes_are_translated_and_unknown_ones_listed() -> None:
    form = Format(codes={"Wohnen": "residential", "unklar": ""})
    done = one(
        Kind.CODE, "Wohnen", "commercial", "unklar", "Luftschloss", form=form, codes=("residential", "commercial")
    )
    assert done.values.fillna("").tolist() == ["residential", "commercial", "", ""]
    assert reasons(done) == [(3, 'expected one of "Wohnen", "unklar", found "Luftschloss"')]


def test_a_star_takes_every_other_value() -> None:
    form = Format(codes={"Pass": "no_finding", "*": "finding"})
    assert one(Kind.CODE, "Pass", "Fail", form=form, codes=("no_finding", "finding")).values.tolist() == [
        "no_finding",
        "finding",
    ]


def test_code_lists_are_sorted_so_that_equal_content_has_an_equal_hash() -> None:
    form = Format(codes={"Müll": "waste", "Ratten": "pests"})
    done = one(Kind.CODE_LIST, "Ratten, Müll", "Müll,Ratten,Müll", "Müll, Spuk", form=form, codes=("waste", "pests"))
    assert done.values.tolist()[:2] == ['{"waste","pests"}'] * 2
    assert reasons(done) == [(2, 'expected one of "Müll", "Ratten", found "Spuk"')]


def test_a_zero_byte_is_rejected_and_not_repeated() -> None:
    assert reasons(one(Kind.TEXT, "gut", "b\x00se")) == [(1, "expected text, found a zero byte in it")]


def test_a_long_value_is_shortened_in_the_reason() -> None:
    [(_, reason)] = reasons(one(Kind.INTEGER, "9" * 500))
    assert len(reason) < 120


def test_texts_that_differ_in_blanks_only_are_one_value_and_each_row_has_its_own_problem() -> None:
    form = Format(codes={"Müll": "waste"})
    done = one(Kind.CODE, "Müll", " Müll", "Spuk", "  ", "Müll ", " Spuk", None, form=form, codes=("waste",))
    assert done.values.fillna("").tolist() == ["waste", "waste", "", "", "waste", "", ""]
    assert reasons(done) == [
        (2, 'expected one of "Müll", found "Spuk"'),
        (5, 'expected one of "Müll", found "Spuk"'),
    ]
    assert one(Kind.TEXT, " a", "a", " ", None).values.fillna("-").tolist() == ["a", "a", "-", "-"]
