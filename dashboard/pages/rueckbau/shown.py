"""What a view of the page is built from, and what the views share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dash.development.base_component import Component

from dashboard.page import PageContext
from geodata.areas import Area
from geodata.demolitions import Project, StageKind
from geodata.filters import PropertyFilter


@dataclass(frozen=True)
class Shown:
    """The projects of the link, and what they are shown with.

    `known` are all projects that the account may see, whichever the filter: durations are taken from them. `within` are
    those of the common filter, `projects` those of them that stage, programme and status leave. `areas` are those of
    which the account sees every project.
    """

    context: PageContext
    chosen: PropertyFilter
    known: tuple[Project, ...]
    within: tuple[Project, ...]
    projects: tuple[Project, ...]
    kinds: tuple[StageKind, ...]
    areas: tuple[Area, ...]

    @property
    def query(self) -> Mapping[str, str]:
        """The link."""
        return self.context.query

    @property
    def as_of(self) -> date:
        """The date for which everything is shown."""
        return self.context.as_of

    @property
    def is_narrowed(self) -> bool:
        """Whether stage, programme or status leave projects out."""
        return len(self.projects) < len(self.within)


# One view: its parts from top to bottom.
View = Callable[[Shown], Sequence[Component]]
