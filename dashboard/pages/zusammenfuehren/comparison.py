"""Two objects field by field, and what stands in the one that goes on. Plain values; no Dash in here."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dashboard.formatting import MISSING, format_date, format_number
from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from geodata.edits.movable import Movable
from geodata.property_detail import Address, PropertyDetail
from geodata.street_ranks import written

FACT_KINDS: Final = {
    "status_event": N_("Status events"),
    "assessment_event": N_("Assessments"),
    "inspection": N_("Controls"),
    "note": N_("Notes"),
    "photograph": N_("Photographs"),
    "demolition_stage": N_("Demolition projects"),
    "measure": N_("Proceedings"),
    "supply_cut": N_("Supply cuts"),
    "closure": N_("Closed houses"),
    "dwelling_change": N_("Dwellings lost and won"),
    "funding_grant": N_("Grants"),
}


@dataclass(frozen=True)
class Compared:
    """One field: the value of the one that is given up, of the one that goes on, and what stands there afterwards."""

    label: str
    given_up: str
    goes_on: str
    afterwards: str

    @property
    def differs(self) -> bool:
        """Whether the two say different things."""
        return self.given_up != self.goes_on


def compare(
    given_up: PropertyDetail,
    goes_on: PropertyDetail,
    facts_given_up: Sequence[Movable],
    facts_going_on: Sequence[Movable],
) -> list[Compared]:
    """All fields, as the floor will join them: what the one that goes on lacks comes from the other."""
    rows = [
        _kept(_("Key"), given_up, goes_on, lambda one: f"{one.register}/{one.key}"),
        _united(_("Addresses"), [_line(one) for one in given_up.addresses], [_line(one) for one in goes_on.addresses]),
        _state(given_up, goes_on),
        _kept(_("Recorded on"), given_up, goes_on, lambda one: format_date(one.registered_on)),
        _filled(_("File reference"), given_up, goes_on, lambda one: one.file_reference or MISSING),
        _filled(_("Use"), given_up, goes_on, lambda one: code_label("use_type", one.use_type)),
        _filled(_("Inhabited"), given_up, goes_on, lambda one: _yes_no(one.is_inhabited)),
        _filled(_("Building class"), given_up, goes_on, lambda one: format_number(one.building_class)),
        _filled(_("Heritage"), given_up, goes_on, lambda one: _yes_no(one.is_heritage)),
        _filled(
            _("Form of ownership"), given_up, goes_on, lambda one: code_label("ownership_form", one.ownership_form)
        ),
        _kept(_("Dwellings"), given_up, goes_on, lambda one: format_number(one.dwellings)),
        _kept(_("Lead office"), given_up, goes_on, lambda one: code_label("office", one.lead_office)),
        _kept(_("Next step"), given_up, goes_on, lambda one: one.next_step or MISSING),
        _kept(_("Reminder"), given_up, goes_on, lambda one: format_date(one.reminder_on)),
        _united(_("Parcels"), given_up.parcels, goes_on.parcels),
    ]
    return [*rows, *_counts(facts_given_up, facts_going_on)]


def older_first(one: PropertyDetail, other: PropertyDetail) -> tuple[PropertyDetail, PropertyDetail]:
    """Which of two should go on unless somebody says otherwise: that of a register, then the one recorded earlier."""

    def order(detail: PropertyDetail) -> tuple[bool, date, int]:
        return detail.register == "app", detail.registered_on, detail.id

    return (one, other) if order(one) <= order(other) else (other, one)


def _kept(
    label: str, given_up: PropertyDetail, goes_on: PropertyDetail, words: Callable[[PropertyDetail], str]
) -> Compared:
    return Compared(label, words(given_up), words(goes_on), words(goes_on))


def _filled(
    label: str, given_up: PropertyDetail, goes_on: PropertyDetail, words: Callable[[PropertyDetail], str]
) -> Compared:
    mine, theirs = words(goes_on), words(given_up)
    return Compared(label, theirs, mine, theirs if mine == MISSING else mine)


def _united(label: str, given_up: Sequence[str], goes_on: Sequence[str]) -> Compared:
    both = list(dict.fromkeys([*goes_on, *given_up]))
    return Compared(label, *("; ".join(one) or MISSING for one in (given_up, goes_on, both)))


def _state(given_up: PropertyDetail, goes_on: PropertyDetail) -> Compared:
    """The events of both become one stream, so the later state holds."""

    def words(one: PropertyDetail) -> str:
        if one.state is None:
            return MISSING
        return _("%(state)s since %(date)s", state=code_label("state", one.state), date=format_date(one.state_since_on))

    later = max((goes_on, given_up), key=lambda one: one.state_since_on or date.min)
    return Compared(_("State"), words(given_up), words(goes_on), words(later))


def _counts(given_up: Sequence[Movable], goes_on: Sequence[Movable]) -> list[Compared]:
    mine, theirs = Counter(one.table for one in goes_on), Counter(one.table for one in given_up)
    return [
        Compared(
            _(label), format_number(theirs[kind]), format_number(mine[kind]), format_number(mine[kind] + theirs[kind])
        )
        for kind, label in FACT_KINDS.items()
        if mine[kind] + theirs[kind]
    ]


def _line(address: Address) -> str:
    return written(address.street, address.house_number, address.house_number_suffix)


def _ownership(one: PropertyDetail) -> str:
    return code_label("ownership_form", one.ownership_form)


def _yes_no(value: Any) -> str:
    return MISSING if value is None else _("yes") if value else _("no")
