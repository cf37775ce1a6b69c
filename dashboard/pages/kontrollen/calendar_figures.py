"""The calendar of what was done and what falls due: a square for each day, weeks from left to right, and its table.

The strength of the colour is a class of counts and not the count itself, else one busy day would bleach all others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final

from babel import dates

from dashboard.formatting import format_date, format_number, locale
from dashboard.i18n import gettext as _
from dashboard.pages.kontrollen.drawing import Head, Rows, month_name
from geodata.course.calendar_reads import CalendarDay

WEEK_DAYS: Final = 7
HEIGHT_PX: Final = 196
# From so many on a day the colour is one step stronger.
CLASSES_FROM: Final = (1, 2, 4, 8)
# How much of the colour each step has; the gap in the middle keeps the number in each square readable, dark on the weak
# steps and light on the strong ones (the other way round in the dark theme).
_STRENGTHS: Final = (0.0, 0.3, 0.45, 0.85, 1.0)
_STRONG_FROM: Final = 3
# Labels of months stand so many weeks apart at least.
_LABEL_WEEKS: Final = 3


@dataclass(frozen=True)
class Calendar:
    """Counts by day from `first_on` to `last_on`; days that are missing count 0."""

    first_on: date
    last_on: date
    counts: Mapping[date, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def calendar_of(days: Iterable[CalendarDay], first_on: date, last_on: date, *, is_done: bool) -> Calendar:
    """What was done (else: what falls due) on the days of a stretch."""
    counts = {day.on: day.done if is_done else day.due for day in days if first_on <= day.on <= last_on}
    return Calendar(first_on, last_on, {on: count for on, count in counts.items() if count})


def calendar_traces(shown: Calendar, colour: str, words: str) -> list[dict[str, Any]]:
    """A heat map of weeks by weekdays, and the count in each of its squares; `words` names what is counted."""
    weeks = _weeks(shown)
    return [
        {
            "type": "heatmap",
            "x": list(range(len(weeks))),
            "y": list(range(WEEK_DAYS)),
            "z": _grid(weeks, lambda day: _strength(shown, day)),
            "customdata": _grid(weeks, lambda day: _hover(shown, day, words)),
            "hovertemplate": "%{customdata}<extra></extra>",
            "hoverongaps": False,
            "colorscale": [[0, "$surface_2"], [0.001, "$surface"], [1, colour]],
            "zmin": 0,
            "zmax": 1,
            "showscale": False,
            "xgap": 2,
            "ygap": 2,
        },
        _numbers(weeks, shown),
    ]


def calendar_layout(shown: Calendar) -> dict[str, Any]:
    """Names of months over the week in which they begin, names of weekdays at the side, Monday on top."""
    labels = _month_labels(shown)
    return {
        "margin": {"l": 8, "r": 8, "t": 28, "b": 8},
        "xaxis": {
            "side": "top", "tickmode": "array", "tickvals": [place for place, _name in labels],
            "ticktext": [name for _place, name in labels], "showgrid": False, "zeroline": False, "tickangle": 0,
            "range": [-0.5, len(_weeks(shown)) - 0.5],
        },
        "yaxis": {
            "tickmode": "array", "tickvals": list(range(WEEK_DAYS)), "ticktext": weekday_names(),
            "range": [WEEK_DAYS - 0.5, -0.5], "showgrid": False, "zeroline": False,
        },
    }  # fmt: skip


def weekday_names() -> list[str]:
    """Mo. to So."""
    names = dates.get_day_names("abbreviated", locale=locale())
    return [names[number] for number in range(WEEK_DAYS)]


def calendar_words(shown: Calendar, words: str) -> str:
    """The calendar in a sentence: how many, on how many days, and the fullest day."""
    if not shown.counts:
        return _("%(what)s: none.", what=words)
    fullest = max(shown.counts, key=lambda on: (shown.counts[on], -on.toordinal()))
    return _(
        "%(what)s: %(count)s on %(days)s different days; most on %(day)s (%(most)s).",
        what=words,
        count=format_number(shown.total),
        days=format_number(len(shown.counts)),
        day=format_date(fullest),
        most=format_number(shown.counts[fullest]),
    )


def month_head() -> Head:
    """Heads of the table under the calendar."""
    return (_("Month"), _("How many"), _("on days"), _("most on one day"))


def month_rows(shown: Calendar) -> Rows:
    """One row a month, empty months too: an empty month is news."""
    days = (shown.first_on + timedelta(days=number) for number in range((shown.last_on - shown.first_on).days + 1))
    rows: Rows = []
    for month, of_month in groupby(days, key=lambda day: day.replace(day=1)):
        counts = [shown.counts[day] for day in of_month if day in shown.counts]
        numbers = (sum(counts), len(counts), max(counts, default=0))
        rows.append([month_name(month), *map(format_number, numbers)])
    return rows


def _weeks(shown: Calendar) -> list[list[date]]:
    monday = shown.first_on - timedelta(days=shown.first_on.weekday())
    number = (shown.last_on - monday).days // WEEK_DAYS + 1
    return [[monday + timedelta(days=WEEK_DAYS * week + day) for day in range(WEEK_DAYS)] for week in range(number)]


def _grid(weeks: Sequence[Sequence[date]], value: Any) -> list[list[Any]]:
    return [[value(week[weekday]) for week in weeks] for weekday in range(WEEK_DAYS)]


def _strength(shown: Calendar, day: date) -> float | None:
    if not shown.first_on <= day <= shown.last_on:
        return None
    return _STRENGTHS[_step(shown.counts.get(day, 0))]


def _step(count: int) -> int:
    return sum(count >= first for first in CLASSES_FROM)


def _numbers(weeks: Sequence[Sequence[date]], shown: Calendar) -> dict[str, Any]:
    places = [
        (week, weekday, shown.counts[day])
        for week, days in enumerate(weeks)
        for weekday, day in enumerate(days)
        if day in shown.counts
    ]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [week for week, _weekday, _count in places],
        "y": [weekday for _week, weekday, _count in places],
        "text": [str(count) for _week, _weekday, count in places],
        "textfont": {
            "size": 10,
            "color": ["$surface" if _step(count) >= _STRONG_FROM else "$text" for _week, _weekday, count in places],
        },
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _hover(shown: Calendar, day: date, words: str) -> str:
    weekday = dates.format_date(day, "EEEE", locale=locale())
    return f"{weekday}, {format_date(day)}: {format_number(shown.counts.get(day, 0))} {words}"


def _month_labels(shown: Calendar) -> list[tuple[int, str]]:
    """Weeks in which a month begins; January and the first label carry the year."""
    labels: list[tuple[int, str]] = []
    for place, week in enumerate(_weeks(shown)):
        begins = next((day for day in week if day.day == 1), week[0] if place == 0 else None)
        if begins is None or (labels and place - labels[-1][0] < _LABEL_WEEKS):
            continue
        has_year = not labels or begins.month == 1
        labels.append((place, dates.format_date(begins, "LLL yyyy" if has_year else "LLL", locale=locale())))
    return labels
