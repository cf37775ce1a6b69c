"""Fairness as rules: what this software does not count, rank, draw or say, as data and pure functions.

It is about houses and proceedings, never about who lives in them (docs of the domain, "Fairness"):

- No filter, sort order, layer or score rests on counts of persons or on who they are.
- A defect never stands without the number of controls beside it, and without the share that found nothing.
- Nothing that is published ranks quarters: areas come by kind and name, and no table sorts them by a figure.
- Figures about the population have neutral colours and never share a map with properties where politics looks.
- Some words brand places or people, or say nothing to a layman; they stay out of the interface.

The registers ask these functions where they are put together (`require`), so that a breach stops the start; tests hold
every declaration to them, and each function has a counterexample that it finds.
"""

import colorsys
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from geodata.codes import AREA_KINDS
from geodata.errors import QmError
from geodata.figure import Figure

# The counts of persons of a round. They are shown each by itself to who may see them, and nothing is done with them.
PERSON_COUNTS: Final = (
    "persons_registered",
    "persons_met",
    "persons_met_not_registered",
    "persons_reported",
    "persons_deregistered",
)
# All that an assessment may rest on: facts about the building and the proceedings, as two grades.
ASSESSMENT_INPUTS: Final = ("pressure", "room_to_act")

# Parts of a name that tell of persons. "inhabited" is a fact about a building and not among them.
_PERSONS: Final = frozenset(
    {
        "person", "persons", "people", "household", "households", "occupant", "occupants", "tenant", "tenants",
        "resident", "residents", "children", "nationality", "origin", "citizenship", "religion", "benefit", "benefits",
        "migrant", "migrants", "birth", "sex", "gender",
    }
)  # fmt: skip
_POPULATION: Final = frozenset({"population", "inhabitants", "residents", "households", "unemployed", "migration"})
_DEFECTS: Final = frozenset({"defect", "defects", "finding", "findings"})
_WITHOUT_FINDING: Final = "without_finding"
# Grey or nearly: how far the strongest channel of a colour may stand out.
_MOST_SATURATION: Final = 0.3

# Words that brand places or people; nowhere in the interface, in no language.
BRANDING_WORDS: Final = (
    "brennpunkt",
    "schrotthaus",
    "schrottimmobilie",
    "schrott",
    "missbrauch",
    "problemviertel",
    "ghetto",
    "slum",
    "no-go",
    "hotspot",
    "abuse",
    "herkunftsland",
    "country of origin",
    "nationalit",
)
# Words of experts for which there is a plain one (docs of the domain, "Terms").
EXPERT_WORDS: Final = (
    "adhärenz",
    "zensiert",
    "what-if",
    "funnel",
    "sankey",
    "snapshot",
    "quarantäne",
    "wirksame kontrolle",
)


class FairnessError(QmError):
    """A declaration breaks a rule of fairness, so the application does not start with it."""


def require(problems: Iterable[str]) -> None:
    """Raise FairnessError with all problems, where there is one."""
    found = list(problems)
    if found:
        raise FairnessError(" ".join(found))


def tells_of_persons(name: str) -> bool:
    """Whether a name (of a field, column, layer) tells of persons: `persons_met`, `share_of_households`."""
    return bool(_parts(name) & (_PERSONS | _POPULATION))


def tells_of_population(name: str) -> bool:
    """Whether a name tells of who lives in an area."""
    return bool(_parts(name) & _POPULATION)


def problems_of_filter(fields: Iterable[str]) -> list[str]:
    """Parts of a filter that choose by persons."""
    return [f"The filter {name!r} chooses by persons." for name in fields if tells_of_persons(name)]


def problems_of_table(key: str, sortable: Iterable[str], parameters: Iterable[str] = ()) -> list[str]:
    """Columns by which a table sorts, and parts of its link, that tell of persons."""
    sorts = [f"The table {key} sorts by {name!r}." for name in sortable if tells_of_persons(name)]
    return sorts + [f"The table {key}: {problem}" for problem in problems_of_filter(parameters)]


def problems_of_published_table(key: str, sortable: Sequence[str]) -> list[str]:
    """A published table has one order, that of kind and name: sorting by a figure would rank the quarters."""
    return [f"The published table {key} sorts by {name!r}." for name in sortable]


def problems_of_layer(
    key: str, title: str, permission: str, colours: Iterable[str], politics: frozenset[str]
) -> list[str]:
    """A layer shows no persons; one of the population is grey; and politics opens none, which all lie on one map."""
    problems = []
    is_of_population = tells_of_population(key)
    if not is_of_population and (tells_of_persons(key) or tells_of_persons(title)):
        problems.append(f"The layer {key} shows persons.")
    if is_of_population:
        problems += [
            f"The layer {key} of the population has the colour {one}." for one in colours if not is_neutral(one)
        ]
    if permission in politics:
        problems.append(f"The layer {key} is open to politics, who see what was released and no map of properties.")
    return problems


def problems_of_scores(inputs: Iterable[str]) -> list[str]:
    """An assessment rests on the closed list of inputs and on nothing else."""
    return [f"The assessment rests on {name!r}." for name in inputs if name not in ASSESSMENT_INPUTS]


def problems_of_defects(figures: Sequence[Figure]) -> list[str]:
    """In a group with a figure about defects stand the number of controls and those without a finding."""
    of_defects = [one.key for one in figures if _parts(one.key) & _DEFECTS and _WITHOUT_FINDING not in one.key]
    if not of_defects:
        return []
    missing = []
    if not any(one.unit == "inspections" and not _parts(one.key) & _DEFECTS for one in figures):
        missing.append("the number of controls")
    if not any(_WITHOUT_FINDING in one.key for one in figures):
        missing.append("those without a finding")
    return [f"{key} stands without {what}." for key in of_defects for what in missing]


def problems_of_publication(keys: Iterable[str], figures: Iterable[Figure]) -> list[str]:
    """What is published counts no persons and draws no population beside properties."""
    classes = {one.key: one.klass for one in figures}
    counted = [f"{key} counts persons and is published." for key in keys if classes.get(key) == "persons"]
    return counted + [f"{key} tells of the population and is published." for key in keys if tells_of_population(key)]


def order_of_area(kind: str, name: str, key: str) -> tuple[int, str, str]:
    """The one order of areas in what is published: by kind, then by name; never by a figure."""
    return AREA_KINDS.index(kind) if kind in AREA_KINDS else len(AREA_KINDS), name, key


def is_neutral(colour: str) -> bool:
    """Whether a colour (#rrggbb) is grey or nearly: it takes no side."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return False
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    saturation: float = colorsys.rgb_to_hls(red, green, blue)[2]
    return saturation <= _MOST_SATURATION


def colours_of(drawn: Any) -> list[str]:
    """All colours (#rrggbb) in the templates of a layer, however deep."""
    if isinstance(drawn, str):
        return re.findall(r"#[0-9a-fA-F]{6}\b", drawn)
    if isinstance(drawn, dict):
        return [one for value in drawn.values() for one in colours_of(value)]
    if isinstance(drawn, list | tuple):
        return [one for value in drawn for one in colours_of(value)]
    return []


def branding_words_in(text: str) -> list[str]:
    """Words of the text that brand places or people."""
    return [word for word in BRANDING_WORDS if word in text.lower()]


def words_that_stay_out_of(text: str) -> list[str]:
    """Words of the text that a reader must not meet: those that brand, and those that only experts know."""
    return [*branding_words_in(text), *(word for word in EXPERT_WORDS if word in text.lower())]


def _parts(name: str) -> frozenset[str]:
    return frozenset(re.split(r"[^a-z]+", name.lower()))
