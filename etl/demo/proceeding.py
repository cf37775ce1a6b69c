"""A proceeding of the invented city, its dated steps and a cut of supply: what an office knows of them on a day."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

_SATURDAY = 5


@dataclass(frozen=True)
class Step:
    """A dated step; a letter has a date of service, and most letters state a deadline."""

    kind: str
    on: date
    served_on: date | None = None
    due_on: date | None = None
    met_on: date | None = None
    amount_eur: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Safeguards:
    """What was weighed and offered before a house is closed, and who decided: a function, never a person."""

    milder_means: tuple[str, ...]
    dwellings: int
    households: int
    decided_by: str
    note: str = ""


@dataclass(frozen=True)
class Proceeding:
    """A proceeding; `name` is how others of the city refer to it until it gets its number, `follows` such a name.

    `court`: since when the matter stands how before a court. `is_immediate`: it was to be obeyed at once.
    """

    name: str
    property_key: str
    kind: str
    office: str
    steps: tuple[Step, ...]
    follows: str = ""
    closed_on: date | None = None
    outcome: str = ""
    court: tuple[tuple[date, str], ...] = ()
    is_immediate: bool = False
    causes: tuple[str, ...] = ()
    safeguards: Safeguards | None = None
    decided_by: str = ""
    averted_until_on: date | None = None
    next_check_on: date | None = None
    note: str = ""
    key: str = ""

    @property
    def opened_on(self) -> date:
        """The day of its first step."""
        return self.steps[0].on

    def first(self, *kinds: str) -> date | None:
        """The first day of a step of these kinds."""
        return next((step.on for step in self.steps if step.kind in kinds), None)

    def amount(self, *kinds: str) -> float | None:
        """The sum of the amounts of its steps of these kinds; None where none has an amount."""
        found = [step.amount_eur for step in self.steps if step.kind in kinds and step.amount_eur is not None]
        return sum(found) if found else None


@dataclass(frozen=True)
class Cut:
    """A cut of supply: announced, planned, done, restored."""

    property_key: str
    utility: str
    reason: str
    dwellings: int
    announced_on: date | None = None
    planned_on: date | None = None
    cut_on: date | None = None
    restored_on: date | None = None
    note: str = ""
    key: str = ""


@dataclass(frozen=True)
class Proceedings:
    """All proceedings of the city in the order in which they were opened, and its cuts of supply."""

    proceedings: list[Proceeding] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)


def known_on(proceedings: list[Proceeding], on: date) -> Iterator[Proceeding]:
    """The proceedings as they were known on a day: what came later is not in the file yet."""
    for one in proceedings:
        if one.opened_on <= on:
            is_closed = one.closed_on is not None and one.closed_on <= on
            yield replace(
                one,
                steps=tuple(_step_on(step, on) for step in one.steps if step.on <= on),
                closed_on=one.closed_on if is_closed else None,
                outcome=one.outcome if is_closed else "",
                court=tuple(entry for entry in one.court if entry[0] <= on),
                next_check_on=_reminded(one.next_check_on, on),
                averted_until_on=one.averted_until_on if (one.first("averting_agreed") or date.max) <= on else None,
            )


def known_cuts(cuts: list[Cut], on: date) -> Iterator[Cut]:
    """The cuts of supply as they were known on a day."""
    for one in cuts:
        announced, cut = _before(one.announced_on, on), _before(one.cut_on, on)
        if announced or cut:
            yield replace(one, announced_on=announced, cut_on=cut, restored_on=_before(one.restored_on, on))


def working_day(on: date) -> date:
    """The day itself, or the last one before a weekend or the days round Christmas on which offices are open."""
    if (on.month, on.day) >= (12, 24) or (on.month, on.day) == (1, 1):
        on = date(on.year - (on.month == 1), 12, 23)
    return on - timedelta(days=max(0, on.weekday() - _SATURDAY + 1))


def days(count: int) -> timedelta:
    """So many days."""
    return timedelta(days=count)


def _step_on(step: Step, on: date) -> Step:
    return replace(step, served_on=_before(step.served_on, on), met_on=_before(step.met_on, on))


def _reminded(check_on: date | None, on: date) -> date | None:
    """A look at it is planned for half a year at most."""
    return check_on if check_on is not None and check_on <= on + days(190) else None


def _before(day: date | None, on: date) -> date | None:
    return day if day is not None and day <= on else None
