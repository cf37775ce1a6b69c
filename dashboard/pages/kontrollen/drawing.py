"""What the charts of the page have in common: titles of axes, legends, whole numbers, words for a change."""

from datetime import date
from typing import Any, Final, Literal

from babel import dates

from dashboard.formatting import MISSING, format_date, format_number, format_share, locale
from dashboard.i18n import gettext as _
from dashboard.i18n import ngettext
from dashboard.theme import SIZE_PIXELS

Rows = list[list[Any]]
Head = tuple[str, ...]
# What a rising share means: of what is on time it is good, of visits in vain it is not, of findings nobody can say.
Rising = Literal["better", "worse", "neutral"]
UP: Final = "▲"
DOWN: Final = "▼"
SAME: Final = "="
_FEW: Final = 6
LEGEND_BELOW: Final = {"orientation": "h", "x": 0, "xanchor": "left", "y": -0.2, "yanchor": "top"}
LEGEND_ABOVE: Final = {
    "orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "traceorder": "normal",
}  # fmt: skip


def axis_title(text: str) -> dict[str, Any]:
    """The title of an axis in the one size of type that charts have."""
    return {"text": text, "font": {"size": SIZE_PIXELS}}


def whole_steps(most: int) -> dict[str, Any]:
    """An axis of counts. Left alone, a short one counts in halves, which read as 0, 1, 1, 2, 2."""
    return {"tickformat": ",d", "rangemode": "tozero", **({"dtick": 1, "range": [0, _FEW]} if most <= _FEW else {})}


def percent(part: int, whole: int) -> float | None:
    """A share from 0 to 100, as charts take it; None without a whole."""
    return 100 * part / whole if whole else None


def part_of(part: int, whole: int) -> str:
    """6 of 8."""
    return _("%(part)s of %(all)s", part=format_number(part), all=format_number(whole))


def share_cell(part: int, whole: int) -> str:
    """75 %, or a dash without a whole."""
    return format_share(part, whole) or MISSING


def month_name(day: date) -> str:
    """November 2026."""
    return dates.format_date(day, "LLLL yyyy", locale=locale())


def span_name(first_on: date, last_on: date) -> str:
    """Both ends of a stretch of days."""
    return f"{format_date(first_on)} – {format_date(last_on)}"


def points_between(now: float | None, before: float | None) -> int | None:
    """Percentage points between two shares from 0 to 1 as they are printed, so that a reader can check the sum."""
    if now is None or before is None:
        return None
    return round_half_up(now * 100) - round_half_up(before * 100)


def round_half_up(number: float) -> int:
    """As `formatting` rounds, for numbers from zero on."""
    return int(number + 0.5)


def change_words(now: float | None, before: float | None, *, rising: Rising = "better") -> str:
    """The direction of a change by arrow and word, and its size in percentage points; a dash without a comparison."""
    points = points_between(now, before)
    if points is None:
        return MISSING
    if points == 0:
        same = _("as before")
        return f"{SAME}\u00a0{same}"
    size = ngettext("%(count)s percentage point", "%(count)s percentage points", abs(points), count=abs(points))
    return f"{UP if points > 0 else DOWN}\u00a0{_direction(is_rising=points > 0, rising=rising)} {size}"


def _direction(*, is_rising: bool, rising: Rising) -> str:
    if rising == "neutral":
        return _("more by") if is_rising else _("less by")
    return _("better by") if is_rising == (rising == "better") else _("worse by")
