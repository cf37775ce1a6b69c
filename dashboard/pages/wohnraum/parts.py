"""What the views of the page share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.in_time import Part
from dashboard.page import PageContext
from dashboard.pages.wohnraum.question import Question
from geodata.areas import Area

PERMISSION = "housing:write"


@dataclass(frozen=True)
class Shown:
    """What a view is built from; `areas` are those of the as-of date that the reader may choose."""

    context: PageContext
    question: Question
    areas: Sequence[Area]

    @property
    def may_write(self) -> bool:
        """Whether the reader enters houses and dwellings."""
        return self.context.scope.allows(PERMISSION)


View = Callable[[Shown], list[Part]]
