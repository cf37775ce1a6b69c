"""What the link asks of this page: the common filter, the way and where it stands; and links to other pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.pages.erwerb import ids
from dashboard.routes import href, proceeding_href
from geodata.errors import InvalidFilter
from geodata.filters import FIELDS, PropertyFilter
from geodata.measures.acquisitions import STATES, WAYS

PATH: Final = "/erwerb"
RESTRICTING: Final = (ids.WAY, ids.STATE)
# Every part of the link after whose change the page is built anew.
PARAMETERS: Final = (*RESTRICTING, *ids.OPENING)


@dataclass(frozen=True)
class Question:
    """One link, read; None where the link says nothing of it."""

    chosen: PropertyFilter
    way: str | None
    state: str | None

    @classmethod
    def from_query(cls, query: Mapping[str, str], as_of: date) -> "Question":
        """Raises InvalidFilter for a part that cannot be read."""
        chosen = replace(PropertyFilter.from_query(query), as_of=as_of)
        return cls(chosen, _one(ids.WAY, query, WAYS), _one(ids.STATE, query, STATES))

    @property
    def is_restricted(self) -> bool:
        """Whether the link leaves anything out."""
        return self.chosen.is_restricted or bool(self.way or self.state)


def filter_parts(query: Mapping[str, str]) -> tuple[str, ...]:
    """Way and standing of a link, one phrase for each that is set and known."""
    way, state = query.get(ids.WAY, ""), query.get(ids.STATE, "")
    parts = (
        f"{_('Way')}: {code_label('measure_kind', way)}" if way in WAYS else "",
        f"{_('Standing')}: {code_label('acquisition_state', state)}" if state in STATES else "",
    )
    return tuple(part for part in parts if part)


def same_page(query: Mapping[str, str], **changes: str | None) -> str:
    """This page with the same filter and other values of some parts; no form is open there."""
    kept = {name: query[name] for name in ("lang", *FIELDS, *RESTRICTING) if query.get(name)}
    return href(PATH, {**kept, **changes})


def elsewhere(path: str, query: Mapping[str, str], **more: str) -> str:
    """Another page at the date of this one."""
    return href(path, {**_dated(query), **more})


def proceeding_address(key: str, query: Mapping[str, str]) -> str:
    """The page of one proceeding."""
    return proceeding_href(key, _dated(query))


def _dated(query: Mapping[str, str]) -> dict[str, str]:
    return {name: query[name] for name in ("as_of", "lang") if query.get(name)}


def _one(field: str, query: Mapping[str, str], known: Sequence[str]) -> str | None:
    given = query.get(field, "")
    if given and given not in known:
        raise InvalidFilter(field, f"{field}={given} is not known; possible are {', '.join(known)}.")
    return given or None
