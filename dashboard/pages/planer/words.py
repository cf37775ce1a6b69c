"""Why an object is part of a round, in words: facts of a closed list, never a person and never free text."""

from collections.abc import Sequence
from datetime import date

from dashboard.formatting import format_date, format_days, format_distance, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from geodata.inspections import DueRule
from geodata.planning.candidates import PlannedObject
from geodata.planning.reads import Outcome, PlanLine


def title_of(one: PlannedObject) -> str:
    """What a list calls an object: its addresses, else its key."""
    return one.address or _("Property %(key)s", key=one.key)


def reasons(one: PlannedObject, day: date) -> list[str]:
    """Why an object is in the round: due date, pressure, last finding."""
    found = [due_words(one, day)]
    if one.pressure:
        found.append({1: _("low urgency"), 2: _("medium urgency"), 3: _("high urgency")}.get(one.pressure, ""))
    if one.has_finding:
        found.append(_("last control with a finding"))
    return [words for words in found if words]


def due_words(one: PlannedObject, day: date) -> str:
    """How long an object is overdue on the day of the round, or when it falls due."""
    if one.due_on is None:
        return _("no rule asks for this type of control here")
    late = one.overdue_days(day)
    if late:
        return _("%(days)s overdue", days=format_days(late))
    return _("due on %(date)s", date=format_date(one.due_on))


def leg_words(leg_m: float | None, *, is_first: bool) -> str:
    """How far it is from the object before, or from the start; straight metres."""
    if leg_m is None:
        return _("distance not known")
    # Metres of a straight line say nothing about the way on foot, so ten of them are exact enough.
    distance = format_distance(round(leg_m, -1))
    words = _("%(distance)s from the start", distance=distance) if is_first else None
    return words or _("%(distance)s from the one before", distance=distance)


def last_words(one: PlannedObject) -> str:
    """When somebody was there last, and with which result."""
    if one.last_on is None:
        return _("no control yet")
    return f"{format_date(one.last_on)}, {code_label('result', one.last_result)}"


def rule_words(rule: DueRule | None) -> str:
    """Which rule asks for the control: its interval, where it holds, the access that it needs."""
    if rule is None:
        return _("no rule asks for this type of control here")
    return _(
        "every %(days)s (%(where)s), access needed: %(access)s",
        days=format_days(rule.interval_days),
        where=rule.area_name or _("the whole city"),
        access=code_label("access", rule.access_required),
    )


def offices_words(offices: Sequence[str]) -> str:
    """Offices in one line."""
    return ", ".join(code_label("office", code) for code in offices) or _("not stated")


def objects_words(count: int) -> str:
    """1 object, 6 objects."""
    return ngettext("%(count)s object", "%(count)s objects", count, count=format_number(count))


def outcome_words(outcome: Outcome) -> str:
    """What was recorded for one object."""
    if outcome.skip_reason is not None:
        return _("not visited: %(reason)s", reason=code_label("skip_reason", outcome.skip_reason))
    said = [code_label("access", outcome.access_reached), code_label("result", outcome.result)]
    return "; ".join([*said, ", ".join(code_label("defect", code) for code in outcome.defects)]).rstrip("; ")


def line_words(line: PlanLine) -> str:
    """Offices and size of a plan, and how much of it was recorded."""
    parts = [objects_words(line.objects), offices_words(line.offices)]
    if line.has_outcome:
        parts.append(_("%(count)s visited", count=format_number(line.visited)))
    if line.skipped:
        parts.append(_("%(count)s not visited", count=format_number(line.skipped)))
    return "; ".join(parts)


def length_words(length_m: float) -> str:
    """A length in ten metres, from a kilometre on in kilometres."""
    return format_distance(round(length_m, -1))


def map_words(*, has_start: bool) -> str:
    """What the lines of the map are, and its diamond where there is one."""
    lines = _("Straight lines, not the way on foot.")
    return f"{lines} {_('The diamond is the start.')}" if has_start else lines
