"""What the page shows: the grants of the link, read once, with the areas that name their places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dashboard.page import PageContext
from dashboard.pages.foerderung import ids
from geodata.access import Asker, Scope
from geodata.areas import Area, read_areas
from geodata.codes import GRANT_STATES
from geodata.filters import PropertyFilter
from geodata.funding.grants import Grant, GrantWish, select_grants
from geodata.funding.reads import read_grants


@dataclass(frozen=True)
class Shown:
    """`within` are the grants of the area of the link, `grants` those of them that programme and state leave."""

    context: PageContext
    within: tuple[Grant, ...]
    grants: tuple[Grant, ...]
    areas: tuple[Area, ...]

    @property
    def by_id(self) -> Mapping[int, Area]:
        return {area.id: area for area in self.areas}

    @property
    def programmes(self) -> tuple[str, ...]:
        return tuple(sorted({one.programme for one in self.within}, key=str.casefold))


def read_shown(asker: Asker, context: PageContext) -> Shown:
    """All that the page shows; raises `InvalidFilter` for a link that cannot be read."""
    chosen = replace(PropertyFilter.from_query(context.query), as_of=context.as_of)
    within = read_grants(asker, chosen)
    areas = read_areas(asker, context.as_of)
    return Shown(context, within, select_grants(within, wish_of(context.query)), areas)


def wish_of(query: Mapping[str, str]) -> GrantWish:
    """Programme and state of a link; a state that nobody has is none."""
    states = tuple(one for one in GRANT_STATES if one == query.get(ids.STATE))
    return GrantWish(
        programmes=(query[ids.PROGRAMME],) if query.get(ids.PROGRAMME) else (),
        states=states,  # type: ignore[arg-type]  # codes of the closed list
    )


def visible_areas(areas: Sequence[Area], scope: Scope) -> tuple[Area, ...]:
    """The areas that a menu offers: of a role with assigned areas only these."""
    return tuple(area for area in areas if not scope.has_areas or area.id in scope.area_ids)
