"""What the page says about a piece of news and about what is due; plain values in, words out."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

from dashboard.formatting import MISSING, format_date, format_days, format_money, format_number
from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from geodata.changes import Change, Difference
from geodata.funding.flow import AtRisk
from geodata.work import DuePair

# Code lists of the columns that a correction may tell of; a column that is not among them holds a date or a number.
_CODE_LISTS: Final = {
    "use_type": "use_type",
    "ownership_form": "ownership_form",
    "lead_office": "office",
    "state": "state",
    "control_type": "control_type",
    "access_reached": "access",
    "result": "result",
    "defects": "defect",
    "blocker": "demolition_blocker",
    "outcome": "demolition_outcome",
}
_ABOUT: Final = {
    "property_version": N_("Register"),
    "status_event": N_("State"),
    "assessment_event": N_("Assessment"),
    "inspection": N_("Inspection"),
    "demolition_stage": N_("Demolition"),
    "measure_step": N_("Step of a proceeding"),
    "supply_cut": N_("Supply cut"),
}


def by_day(changes: Sequence[Change]) -> list[tuple[date, list[Change]]]:
    """News in groups of one day each, in the order in which they come."""
    return [(day, list(of_day)) for day, of_day in groupby(changes, key=lambda change: change.on)]


def by_property(changes: Iterable[Change]) -> list[list[Change]]:
    """News of one day, those of one property together, in the order in which the properties come."""
    grouped: dict[int, list[Change]] = {}
    for change in changes:
        grouped.setdefault(change.property_id, []).append(change)
    return list(grouped.values())


def news_line(change: Change) -> str:
    """One piece of news that is not a correction."""
    if change.kind == "property":
        return _("newly recorded")
    if change.kind == "status":
        return _("State: %(state)s", state=code_label("state", change.code))
    if change.kind == "assessment":
        return _("Assessment: %(colour)s", colour=code_label("colour", change.code))
    if change.kind == "stage":
        return _("Demolition: %(stage)s completed", stage=code_label("demolition_stage", change.code))
    if change.kind == "measure":
        return f"{code_label('measure_kind', change.of)}: {code_label('measure_step', change.code)}"
    if change.kind == "supply_cut":
        return _cut_line(code_label("utility", change.of), change.code)
    return _(
        "%(type)s; access: %(access)s; result: %(result)s",
        type=code_label("control_type", change.code),
        access=code_label("access", change.access),
        result=code_label("result", change.result),
    )


def _cut_line(utility: str, what: str | None) -> str:
    if what == "cut":
        return _("Supply cut off: %(utility)s", utility=utility)
    if what == "restored":
        return _("Supply restored, or the threat over: %(utility)s", utility=utility)
    return _("Supply cut announced: %(utility)s", utility=utility)


def correction_lines(change: Change) -> list[str]:
    """What differs, one line for each column; before all what kind of fact it is."""
    about = _(_ABOUT[change.about or "property_version"])
    return [f"{about}: {difference_words(one)}" for one in change.differences]


def difference_words(one: Difference) -> str:
    """One column before and after."""
    if one.column == "geom":
        return _("the place on the map was moved")
    return _(
        "%(field)s %(after)s, before %(before)s",
        field=code_label("field", one.column),
        after=_value(one.column, one.after),
        before=_value(one.column, one.before),
    )


def due_line(pair: DuePair) -> str:
    """Which control falls due, by which interval."""
    return _(
        "%(type)s due, every %(days)s",
        type=code_label("control_type", pair.control_type),
        days=format_days(pair.interval_days),
    )


def stage_line(stage: str) -> str:
    """Which stage of a demolition is to end by its plan."""
    return _("Demolition: planned end of %(stage)s", stage=code_label("demolition_stage", stage))


def _value(column: str, value: Any) -> str:
    if value is None or value == []:
        return MISSING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return format_date(value)
    if column not in _CODE_LISTS:
        return format_number(value)
    codes = value if isinstance(value, list) else [value]
    return ", ".join(code_label(_CODE_LISTS[column], code) for code in codes)


def money_line(one: AtRisk) -> str:
    """Why money depends on the day, and how much."""
    return f"{code_label('funding_risk', one.what)}: {format_money(one.amount_eur)}"
