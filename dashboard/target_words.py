"""A resolution of the council in words and shapes: target, value, state, what is missing, time left, the change since.

One form for the page of resolutions and for what was released, so that both say the same. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge
from dashboard.components.figure_tile import unit_word
from dashboard.formatting import MISSING, format_date, format_days, format_money, format_number
from dashboard.i18n import N_, code_label, ngettext
from dashboard.i18n import gettext as _
from geodata.figure import Unit
from geodata.targets import Direction, Target

# What the colour of a state says, its shape and its word say too.
_LOOK: Final[Mapping[str, tuple[str, str]]] = {
    "reached": ("good", "circle"),
    "open": ("neutral", "ring"),
    "missed": ("bad", "x"),
    "unknown": ("neutral", "square"),
}
# A share has one decimal: 69.6 % of 70 % must not read as reached.
_DECIMALS: Final = 1
# In a sentence that speaks of another release.
_NOT_SHOWN_THERE: Final[Mapping[str, str]] = {
    "held_back": N_("held back"),
    "not_published": N_("not shown there"),
    "no_value": N_("nothing to measure it by"),
}
NOT_SHOWN: Final[Mapping[str, str]] = {
    "held_back": N_("held back"),
    "not_published": N_("not shown in this release"),
    "no_value": N_("nothing to measure it by"),
}


@dataclass(frozen=True)
class Before:
    """What the release before showed of the same figure; `value` None = it did not, and `shown` says why."""

    as_of: date
    shown: str
    value: float | None


@dataclass(frozen=True)
class Goal:
    """A resolution with its value of a date, in the words of the reader; `hidden` says why there is no value."""

    reference: str
    decided_on: date
    body: str
    title: str
    figure: str
    place: str
    control_type: str
    unit: Unit
    is_share: bool
    target: Target
    as_of: date
    value: float | None
    counted: str = ""
    hidden: str = ""
    before: Before | None = None
    is_of_city: bool = False

    @property
    def state(self) -> str:
        """How it stands, as a code."""
        return self.target.state(self.value, self.as_of)

    @property
    def is_over(self) -> bool:
        """Whether its last day is over."""
        return self.as_of > self.target.until_on


def state_badge(state: str) -> Component:
    """The state as colour, shape and word."""
    kind, shape = _LOOK[state]
    return badge(code_label("target_state", state), kind=kind, shape=shape)


def shape_of(state: str) -> Component:
    """The shape of a state alone; its word stands beside it."""
    return html.Span(className=f"shape shape-{_LOOK[state][1]} target-{state}", **{"aria-hidden": "true"})


def decided_words(goal: Goal) -> str:
    """Which resolution it is: number, body and date."""
    day = format_date(goal.decided_on)
    return _("Resolution %(number)s, %(body)s, %(day)s", number=goal.reference, body=goal.body, day=day)


def amount(value: float, unit: Unit, *, decimals: int | None = None) -> str:
    """A value as this unit is read: 69.6 %, 45 days, 13; whole numbers without a decimal."""
    if unit == "percent":
        return f"{_plain(value, decimals)}\u00a0%"
    if unit == "days":
        return format_days(round(value))
    return format_money(value) if unit == "eur" else _plain(value, decimals)


def difference(value: float, unit: Unit, *, is_signed: bool = False) -> str:
    """A difference of two values with its unit: 5.4 percentage points, 13 objects."""
    sign = _sign(value) if is_signed else ""
    if unit == "percent":
        number = _plain(abs(value), None)
        return sign + (_("1 percentage point") if number == "1" else _("%(count)s percentage points", count=number))
    shown = amount(abs(value), unit)
    # The words for what is counted are plurals.
    return f"{sign}{shown} {unit_word(unit)}".strip() if shown != "1" else f"{sign}{shown}"


def target_words(goal: Goal) -> str:
    """Target: at least 75 % until 30.06.2027."""
    return _("Target: %(bound)s", bound=bound_words(goal))


def bound_words(goal: Goal) -> str:
    """The same under a heading that says what it is."""
    shown = amount(goal.target.value, goal.unit)
    bound = code_label("target_direction", goal.target.direction)
    day = format_date(goal.target.until_on)
    return _("%(bound)s %(value)s until %(day)s", bound=bound, value=shown, day=day)


def measured_words(goal: Goal) -> str:
    """What is counted, and where: the figure, the type of control, the place."""
    return " · ".join(part for part in (goal.figure, goal.control_type, goal.place) if part)


def value_words(goal: Goal) -> str:
    """The value, or a dash."""
    return MISSING if goal.value is None else amount(goal.value, goal.unit)


def missing_words(goal: Goal) -> str:
    """How far it is from the target; why it cannot be told where it cannot."""
    if goal.value is None:
        return goal.hidden
    gap = goal.target.missing_to(goal.value)
    if not gap:
        return _("The target is reached.")
    # The last digit must not turn a target that is missed by little into one that is met.
    shown = difference(max(gap, 0.1) if goal.unit == "percent" else gap, goal.unit)
    at_least = goal.target.direction == "at_least"
    return _("%(gap)s missing", gap=shown) if at_least else _("%(gap)s above the target", gap=shown)


def time_words(goal: Goal) -> str:
    """How much time is left, or since when it is over."""
    days = goal.target.days_left(goal.as_of)
    if days < 0:
        return ngettext("over since %(count)s day", "over since %(count)s days", -days, count=format_number(-days))
    if days == 0:
        return _("today is the last day")
    return ngettext("%(count)s day left", "%(count)s days left", days, count=format_number(days))


def change_words(goal: Goal) -> str:
    """The change since the release before: from which value, or why it cannot be told."""
    before = goal.before
    if before is None:
        return _("Nothing was released before.")
    day = format_date(before.as_of)
    if before.value is None:
        why = _(_NOT_SHOWN_THERE[before.shown])
        return _("In the last release (state of %(day)s): %(why)s.", day=day, why=why)
    then = amount(before.value, goal.unit)
    if goal.value is None:
        return _("In the last release (state of %(day)s): %(value)s.", day=day, value=then)
    change = goal.value - before.value
    if _is_nothing(change, goal):
        return _("Since the last release (state of %(day)s): unchanged.", day=day)
    shown = difference(change, goal.unit, is_signed=True)
    return _("Since the last release (state of %(day)s: %(value)s): %(change)s", day=day, value=then, change=shown)


def change_short(goal: Goal) -> str:
    """The same in one line of a slide; empty where nothing was released before."""
    before = goal.before
    if before is None:
        return ""
    day = format_date(before.as_of)
    if before.value is None:
        return _("on %(day)s: %(what)s", day=day, what=_(_NOT_SHOWN_THERE[before.shown]))
    if goal.value is None:
        return _("on %(day)s: %(what)s", day=day, what=amount(before.value, goal.unit))
    change = goal.value - before.value
    number = amount(abs(change), "days") if goal.unit == "days" else _plain(abs(change), None)
    shown = _sign(change) + (_("%(count)s pp", count=number) if goal.unit == "percent" else number)
    if _is_nothing(change, goal):
        shown = _("unchanged")
    return _("since %(day)s: %(change)s", day=day, change=shown)


def change_kind(goal: Goal) -> str:
    """Whether the change leads towards the target: better, worse, or nothing to say."""
    if goal.before is None or goal.before.value is None or goal.value is None:
        return ""
    change = goal.value - goal.before.value
    if _is_nothing(change, goal):
        return ""
    return "better" if goal.target.is_better(change) else "worse"


def direction(code: str) -> Direction:
    """The code of a bound as its type."""
    return cast("Direction", code)


def bar(goal: Goal, class_name: str) -> Component | None:
    """The value against its target, both drawn from zero; its numbers stand beside it. None without a value."""
    if goal.value is None:
        return None
    most = 100.0 if goal.unit == "percent" else max(goal.value, goal.target.value) * 1.15 or 1.0
    fill = html.Span(className="target-fill", style={"width": f"{min(100 * goal.value / most, 100):.1f}%"})
    mark = html.Span(className="target-mark", style={"insetInlineStart": f"{100 * goal.target.value / most:.1f}%"})
    return html.Span([fill, mark], className=f"{class_name} target-is-{goal.state}", **{"aria-hidden": "true"})


def _sign(value: float) -> str:
    return "+" if value > 0 else "−" if value else ""


def _is_nothing(change: float, goal: Goal) -> bool:
    """Whether the change is too small to be printed: days are whole, all else has one decimal at most."""
    return not round(change, 0 if goal.unit == "days" else _DECIMALS)


def _plain(value: float, decimals: int | None) -> str:
    shown = _DECIMALS if decimals is None and round(value, _DECIMALS) % 1 else decimals or 0
    return format_number(value, decimals=shown)


def loses_badge() -> Component:
    """Where more is overdue with a change than without it: in shape, colour and word."""
    return badge(_("more overdue"), kind="bad", shape="triangle")
