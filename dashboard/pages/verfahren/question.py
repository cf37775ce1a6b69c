"""What the link asks of this page: the view, the common filter, office, family, status and court."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from dashboard.pages.verfahren import ids
from geodata.codes import AREA_KINDS, MEASURE_FAMILIES, OFFICES
from geodata.errors import InvalidFilter
from geodata.filters import FIELDS, PropertyFilter
from geodata.measures.reads import MeasureWish

DEADLINES: Final = "fristen"
ALL: Final = "alle"
AMICABLE: Final = "einvernehmlich"
CUTS: Final = "sperren"
# The views in the order of their links, each with its title; the first one is shown where the link names none.
VIEWS: Final[Mapping[str, str]] = {
    DEADLINES: N_("Deadlines"),
    ALL: N_("All proceedings"),
    AMICABLE: N_("By agreement"),
    CUTS: N_("Supply cuts"),
}
STATUSES: Final = ("open", "closed")
RESTRICTING: Final = (ids.OFFICE, ids.FAMILY, ids.STATUS, ids.COURT)
# Every part of the link after whose change the page is built anew.
PARAMETERS: Final = (ids.VIEW, *RESTRICTING, ids.AREA_KIND, *ids.OPENING)
_SHARED: Final = ("lang", *FIELDS, ids.VIEW, *RESTRICTING, ids.AREA_KIND)


@dataclass(frozen=True)
class Question:
    """One link, read; None where the link says nothing of it."""

    view: str
    chosen: PropertyFilter
    as_of: date
    office: str | None
    family: str | None
    status: str | None
    in_court: bool | None
    area_kind: str | None

    @classmethod
    def from_query(cls, query: Mapping[str, str], as_of: date) -> "Question":
        """Raises InvalidFilter for a part that cannot be read."""
        court = _one(ids.COURT, query, ("1",))
        return cls(
            view=_one(ids.VIEW, query, tuple(VIEWS)) or DEADLINES,
            chosen=replace(PropertyFilter.from_query(query), as_of=as_of),
            as_of=as_of,
            office=_one(ids.OFFICE, query, OFFICES),
            family=_one(ids.FAMILY, query, MEASURE_FAMILIES),
            status=_one(ids.STATUS, query, STATUSES),
            in_court=True if court else None,
            area_kind=_one(ids.AREA_KIND, query, AREA_KINDS),
        )

    @property
    def families(self) -> tuple[str, ...]:
        """The family of the link as a read takes it."""
        return (self.family,) if self.family else ()

    @property
    def offices(self) -> tuple[str, ...]:
        """The office of the link as a read takes it."""
        return (self.office,) if self.office else ()

    def wish(self, **more: object) -> MeasureWish:
        """Which proceedings are meant."""
        wish = MeasureWish(families=self.families, offices=self.offices, status=self.status, court=self.in_court)
        return replace(wish, **more)

    @property
    def is_restricted(self) -> bool:
        """Whether the link leaves anything out."""
        return self.chosen.is_restricted or any((self.office, self.family, self.status, self.in_court))


def filter_parts(query: Mapping[str, str]) -> tuple[str, ...]:
    """Office, family, status and court of a link, one phrase for each that is set and known."""
    office, family, status = (query.get(name, "") for name in (ids.OFFICE, ids.FAMILY, ids.STATUS))
    parts = (
        f"{_('Office')}: {code_label('office', office)}" if office in OFFICES else "",
        f"{_('Kind of proceeding')}: {code_label('measure_family', family)}" if family in MEASURE_FAMILIES else "",
        f"{_('Status')}: {status_label(status)}" if status in STATUSES else "",
        _("only with a court") if query.get(ids.COURT) else "",
    )
    return tuple(part for part in parts if part)


def status_label(status: str) -> str:
    """Open or closed."""
    return _("open") if status == "open" else _("closed")


def kept(query: Mapping[str, str]) -> dict[str, str]:
    """The parts of a link that go along from view to view; a form that was open does not."""
    return {name: query[name] for name in _SHARED if query.get(name)}


def _one(field: str, query: Mapping[str, str], known: Sequence[str]) -> str | None:
    given = query.get(field, "")
    if given and given not in known:
        raise InvalidFilter(field, f"{field}={given} is not known; possible are {', '.join(known)}.")
    return given or None
