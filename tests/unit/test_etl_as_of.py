"""For which date a delivery speaks: the option before the mapping's column or file name, before today."""

import re
from datetime import date
from typing import Any

import pytest

from etl.as_of import AsOf, find_as_of
from etl.mapping import AsOfRule, Mapping
from etl.source import sources
from geodata.calendar import today
from geodata.errors import DeliveryRefused

BY_NAME = AsOfRule("%Y-%m-%d", file_name=re.compile(r"_(\d{4}-\d{2}-\d{2})\."))
BY_COLUMN = AsOfRule("%d.%m.%Y", column="stand")


def found(rule: AsOfRule | None, *values: str, file_name: str = "x.csv", option: date | None = None) -> AsOf:
    mapping = Mapping("test", sources()["rounds"], "de-test01", as_of=rule)
    return find_as_of(mapping, file_name, option, lambda column: values)


def test_the_option_comes_first() -> None:
    assert found(BY_NAME, file_name="x_2025-01-01.csv", option=date(2024, 1, 1)) == AsOf(date(2024, 1, 1), "option")


def test_the_name_of_the_file_can_say_it() -> None:
    assert found(BY_NAME, file_name="register_2025-01-31.csv") == AsOf(date(2025, 1, 31), "file_name")


@pytest.mark.parametrize("name", ["register.csv", "register_2025-02-31.csv"])
def test_a_name_without_a_date_is_refused_with_the_way_out(name: str) -> None:
    with pytest.raises(DeliveryRefused, match=r"in the file name .* found '.*'.* Say it with --as-of"):
        found(BY_NAME, file_name=name)


@pytest.mark.parametrize(
    ("layout", "name", "expected"),
    [
        ("%Y-%m", "pipeline_2019-08.csv", date(2019, 8, 31)),
        ("%Y-%m", "pipeline_2024-02.csv", date(2024, 2, 29)),
        ("%Y-%m", "pipeline_2025-12.csv", date(2025, 12, 31)),
        ("%Y", "pipeline_2025.csv", date(2025, 1, 1)),
    ],
)
def test_a_month_speaks_for_its_last_day_and_a_year_for_its_first(layout: str, name: str, expected: date) -> None:
    # A file of August holds facts of August; for its first day they would all be rejected as later than it.
    assert found(AsOfRule(layout, file_name=re.compile(r"_([\d-]+)\.")), file_name=name).on == expected
    assert found(AsOfRule(layout, "stand"), name[9:-4]).on == expected


def test_of_several_dates_in_a_column_the_latest_counts_and_that_is_said() -> None:
    done = found(BY_COLUMN, "01.02.2025", "03.02.2025", "kein Datum")
    assert (done.on, done.comes_from) == (date(2025, 2, 3), "column")
    assert "2 different dates" in str(done.remark)


def test_a_column_without_any_date_is_refused() -> None:
    with pytest.raises(DeliveryRefused, match="in column 'stand', found none"):
        found(BY_COLUMN, "", "morgen")


def test_else_it_is_today_in_berlin(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock:
        @staticmethod
        def now(zone: Any) -> Any:
            import datetime

            return datetime.datetime(2026, 6, 30, 23, 30, tzinfo=datetime.UTC).astimezone(zone)

    monkeypatch.setattr("geodata.calendar.datetime", Clock)
    assert today() == date(2026, 7, 1)
    assert found(None) == AsOf(date(2026, 7, 1), "today")
