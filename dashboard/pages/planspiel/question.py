"""What the link asks, beside what it could ask: the question, measured values with their origin, examples, menus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from dashboard.formatting import format_days
from dashboard.i18n import gettext as _
from dashboard.pages.planspiel.run import Stock
from geodata.areas import Area
from geodata.codes import AREA_KINDS
from geodata.scenario.question import FIELDS, Scenario, Wish, to_query
from geodata.scenario.stock import Start

# Parts of the link: those of the question, the saved scenario that it opens, saved ones that it compares.
PARAMETERS: Final = (*FIELDS, "scenario", "compare")
# What councils ask for; where the rule in force is as short already, an example halves it.
_COUNCIL_DAYS: Final = 60
# Kinds of areas of which somebody would ask for shorter intervals: smaller than a city district.
_WISHED_KINDS: Final = ("quartier", "custom", "fokusraum", "wohnbezirk", "stadtteil", "stadtbezirk")
_MOST_EXAMPLES: Final = 2
_ID_DIGITS: Final = 18


@dataclass(frozen=True)
class Preset:
    """An example as a link."""

    words: str
    query: Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """One link, read: the question and what the form shows around it."""

    query: Mapping[str, str]
    stock: Stock
    scenario: Scenario

    @property
    def wishes(self) -> tuple[Wish, ...]:
        return self.scenario.wishes

    @property
    def areas(self) -> tuple[Area, ...]:
        return self.stock.areas

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of area that there are, in the order of the menus."""
        return tuple(kind for kind in AREA_KINDS if any(area.kind == kind for area in self.areas))

    @property
    def control_types(self) -> tuple[str, ...]:
        """Types that rules ask for, the one of the most pairs first; one that only the link names stands last."""
        named = tuple(wish.control_type for wish in self.wishes)
        return tuple(dict.fromkeys((*types_by_size(self.stock.start), *named)))

    @property
    def is_changed(self) -> bool:
        """Whether the question is another one than "what if all stays as it is"."""
        return to_query(self.scenario) != to_query(self.stock.defaults)

    @property
    def has_other_teams(self) -> bool:
        """Whether teams and rates are others than those measured."""
        return self.scenario.teams != self.stock.defaults.teams

    def is_set(self, name: str) -> bool:
        """Whether a part of the question is another one than by default."""
        return to_query(self.scenario).get(name) != to_query(self.stock.defaults).get(name)


def area_of(query: Mapping[str, str]) -> int | None:
    """The one area of which a link speaks: that of another page's filter, else of its first wish; None = the city."""
    given = query.get("area") or query.get("wish", "").partition(":")[0]
    return int(given) or None if given.isascii() and given.isdecimal() and len(given) <= _ID_DIGITS else None


def types_by_size(start: Start) -> tuple[str, ...]:
    """Types of control that rules ask for, the one of the most pairs first."""
    pairs = np.bincount(start.type_of, minlength=len(start.control_types))
    order = sorted(range(len(start.control_types)), key=lambda place: (-int(pairs[place]), place))
    return tuple(start.control_types[place] for place in order)


def examples(stock: Stock, area_id: int | None = None) -> tuple[Preset, ...]:
    """Examples made of the city's own areas and rules, the link's area first; none where nothing is monitored."""
    wishes = (*_example_of(stock, area_id), *example_wishes(stock.start, stock.areas))
    wishes = tuple(dict.fromkeys(wishes))[:_MOST_EXAMPLES]
    names = {area.id: area.name for area in stock.areas}
    found = [
        Preset(
            _("%(area)s every %(days)s", area=names[wish.area_id or 0], days=format_days(wish.interval_days)),
            to_link(replace(stock.defaults, wishes=(wish,))),
        )
        for wish in wishes
    ]
    if found:
        teams = replace(stock.defaults.teams, teams=stock.defaults.teams.teams + 1)
        found.append(Preset(_("One more team, rules as they are"), to_link(replace(stock.defaults, teams=teams))))
    return tuple(found)


def example_wishes(start: Start, areas: Sequence[Area]) -> tuple[Wish, ...]:
    """For the areas with the most overdue of the commonest type: an interval as councils ask for it."""
    if not start.pairs:
        return ()
    control_type = types_by_size(start)[0]
    kinds = [kind for kind in _WISHED_KINDS if any(area.kind == kind for area in areas)]
    told = [(_overdue(start, Wish(area.id, control_type, 1)), area) for area in areas if area.kind in kinds[:2]]
    most = sorted((one for one in told if one[0][1]), key=lambda one: (-one[0][0], one[1].name))
    return tuple(
        Wish(area.id, control_type, _shorter(start, area.id, control_type)) for _told, area in most[:_MOST_EXAMPLES]
    )


def _overdue(start: Start, wish: Wish) -> tuple[int, int]:
    """Overdue pairs of which a wish would speak, and all of them."""
    meant = start.of_wish(wish)
    return int((start.due_day[meant] < 0).sum()), int(meant.sum())


def _shorter(start: Start, area_id: int | None, control_type: str) -> int:
    now = rule_days(start, Wish(area_id, control_type, 1))
    return _COUNCIL_DAYS if now > _COUNCIL_DAYS else max(1, now // 2)


def _example_of(stock: Stock, area_id: int | None) -> tuple[Wish, ...]:
    """The example for one area, where the commonest type of control is asked for there."""
    if not stock.start.pairs or area_id not in {area.id for area in stock.areas}:
        return ()
    control_type = types_by_size(stock.start)[0]
    if not _overdue(stock.start, Wish(area_id, control_type, 1))[1]:
        return ()
    return (Wish(area_id, control_type, _shorter(stock.start, area_id, control_type)),)


def suggested(stock: Stock, area_id: int | None = None) -> Wish | None:
    """What stands in the form before anybody wished for anything: an example with the interval that holds today."""
    for wish in (*_example_of(stock, area_id), *example_wishes(stock.start, stock.areas)):
        return replace(wish, interval_days=rule_days(stock.start, wish))
    return None


def rule_days(start: Start, wish: Wish) -> int:
    """The shortest interval that holds today for what a wish speaks of."""
    return int(start.interval_days[start.of_wish(wish)].min())


def to_link(scenario: Scenario) -> dict[str, str]:
    """The parts of an example's link: the date is the header's, the kind of areas that of the wish."""
    return {name: value for name, value in to_query(scenario).items() if name not in ("as_of", "kind")}
