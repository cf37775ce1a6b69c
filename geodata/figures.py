"""The register: every figure of the product once, and the one function that answers them.

Pages, exports, `qm figures` and publications ask here, so that the same filter gives the same number everywhere (a web
test holds them to it). A new figure is declared in the module of its read; a new module is named in GROUPS.
"""

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from geodata import (
    control_figures,
    course_figures,
    demolition_figures,
    fairness,
    funding_figures,
    housing_figures,
    measure_figures,
    property_figures,
)
from geodata.access import Asker, Scope
from geodata.figure import Figure, FigureValue, Group, Period
from geodata.filters import FIELDS, PropertyFilter
from geodata.properties import property_sources

GROUPS: Final[tuple[Group, ...]] = (
    property_figures.GROUP,
    control_figures.DUE,
    control_figures.VISITS,
    course_figures.ADHERENCE,
    course_figures.ACHIEVED,
    demolition_figures.GROUP,
    measure_figures.GROUP,
    funding_figures.GROUP,
    housing_figures.GROUP,
)
REGISTER: Final = MappingProxyType({figure.key: figure for group in GROUPS for figure in group.figures})
if len(REGISTER) != sum(len(group.figures) for group in GROUPS):
    raise ValueError("Two figures have the same key.")
fairness.require(fairness.problems_of_filter(FIELDS))
fairness.require(problem for group in GROUPS for problem in fairness.problems_of_defects(group.figures))


def read_figures(
    asker: Asker, chosen: PropertyFilter, period: Period | None = None, *, keys: Iterable[str] | None = None
) -> dict[str, FigureValue]:
    """Figures by their key, in the order of the register, for one filter and as-of date.

    `period` is for what is counted over days and defaults to the twelve months that end on the as-of date. `keys`
    limits the answer (and the reads) to these; None gives all. Raises NotAllowed where the permission of a group
    or figure is missing.
    """
    as_of = property_sources(asker, chosen).as_of
    dated, days = replace(chosen, as_of=as_of), period or Period.year_until(as_of)
    wanted = set(REGISTER if keys is None else keys)
    unknown = wanted - set(REGISTER)
    if unknown:
        raise KeyError(f"The register has no figure {', '.join(sorted(unknown))}.")
    found: dict[str, FigureValue] = {}
    for group in GROUPS:
        asked = [figure for figure in group.figures if figure.key in wanted]
        if asked:
            for permission in (group.permission, *(figure.permission for figure in asked if figure.permission)):
                asker.require(permission)
            values = group.read(asker, dated, days)
            found |= {figure.key: FigureValue(figure, values[figure.key], as_of) for figure in asked}
    return found


def is_open_to(scope: Scope, key: str) -> bool:
    """Whether the scope has the permissions that this figure asks for."""
    [group] = (group for group in GROUPS if REGISTER[key] in group.figures)
    needed = (group.permission, REGISTER[key].permission)
    return all(scope.allows(permission) for permission in needed if permission)


def figure(key: str) -> Figure:
    """One figure of the register; an unknown key is a KeyError."""
    return REGISTER[key]
