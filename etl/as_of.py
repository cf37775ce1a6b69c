"""For which date a delivery speaks: the option, else a column of the file or its name, else today.

A name such as `2019-08` speaks for the whole month, so for its last day: a file of August holds facts of August. A year
alone speaks for its first day: it is the name of an edition, as `kommunal2025`, which holds from the start of the year.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from etl.casts import parse_one_date
from etl.mapping import AsOfRule, Mapping
from geodata.calendar import month_end, today
from geodata.errors import DeliveryRefused


@dataclass(frozen=True)
class AsOf:
    """The date, and from where it comes (`option`, `column`, `file_name`, `today`)."""

    on: date
    comes_from: str
    remark: str | None = None


def find_as_of(
    mapping: Mapping, file_name: str, option: date | None, column_values: Callable[[str], Iterable[str]]
) -> AsOf:
    """The as-of date of a delivery; DeliveryRefused where the mapping points at a date that is none.

    `column_values` reads the distinct texts of a column; it is asked only if the mapping takes the date from one.
    """
    if option is not None:
        return AsOf(option, "option")
    rule = mapping.as_of
    if rule is None:
        return AsOf(today(), "today")
    if rule.file_name is not None:
        found = rule.file_name.search(file_name)
        text = "" if found is None else found.group(1 if rule.file_name.groups else 0)
        on = parse_one_date(text, [rule.layout])
        if on is None:
            raise DeliveryRefused(
                f"Expected an as-of date in the file name ({rule.file_name.pattern}), found {file_name!r}.",
                "Say it with --as-of.",
            )
        return AsOf(_last_day(on, rule.layout), "file_name")
    return _from_column(rule, column_values(str(rule.column)))


def _from_column(rule: AsOfRule, values: Iterable[str]) -> AsOf:
    column, layout = rule.column, rule.layout
    dates = {on for text in values if (on := parse_one_date(text.strip(), [layout])) is not None}
    if not dates:
        raise DeliveryRefused(
            f"Expected an as-of date ({layout}) in column {column!r}, found none.", "Say it with --as-of."
        )
    remark = (
        f"Column {column!r} has {len(dates)} different dates; the latest is the as-of date." if len(dates) > 1 else None
    )
    return AsOf(_last_day(max(dates), rule.layout), "column", remark)


def _last_day(on: date, layout: str) -> date:
    """The date itself; where the layout has a month and no day, the last day of that month."""
    has_month = any(part in layout for part in ("%m", "%b", "%B"))
    if "%d" in layout or not has_month:
        return on
    return month_end(on)
