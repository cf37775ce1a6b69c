"""What the page of one property says, as plain values: the timeline, due dates in words, ages. No Dash in here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Literal

from dashboard.formatting import format_date, format_days, format_moment
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from geodata.demolition_events import DemolitionEvent
from geodata.facts import History, Origin
from geodata.inspections import DueDate, DueRule, InspectionOfProperty
from geodata.intervals import Visit, overdue_days
from geodata.measures.events import MeasureEvent
from geodata.property_detail import Address, AssessmentEvent, PropertyDetail, StatusEvent

Kind = Literal["status", "assessment", "inspection", "demolition", "measure", "supply_cut"]
DueLevel = Literal["overdue", "soon", "on_time"]

SOON_DAYS = 14
ASSESSMENT_OLD_DAYS = 365
FAILED_VISITS_FLAG = 2  # two failed visits in a row open the task "clarify access"


@dataclass(frozen=True)
class Entry:
    """One event of the timeline. `replaced` are earlier versions of the same event, the latest first."""

    kind: Kind
    valid_on: date
    running_number: int
    title: str
    details: tuple[str, ...]
    defects: tuple[str, ...]
    code: str | None
    history: History
    replaced: tuple["Entry", ...] = ()


@dataclass(frozen=True)
class Timeline:
    """Current events by year, the latest first, and those that were withdrawn without a successor."""

    years: tuple[tuple[int, tuple[Entry, ...]], ...]
    withdrawn: tuple[Entry, ...]

    @property
    def entries(self) -> int:
        """Number of current events."""
        return sum(len(entries) for _year, entries in self.years)


@dataclass(frozen=True)
class DueLine:
    """A due date in words: days overdue or left, the rule that won, and whether access has to be clarified."""

    control_type: str
    level: DueLevel
    status: str
    due_on: date
    last_effective_on: date | None
    clarify_access: str | None
    rule: DueRule


def timeline(
    events: Iterable[StatusEvent],
    assessments: Iterable[AssessmentEvent],
    inspections: Iterable[InspectionOfProperty],
    demolitions: Iterable[DemolitionEvent] = (),
    proceedings: Iterable[MeasureEvent] = (),
) -> Timeline:
    """All events in one stream, the latest first; superseded versions hang on the event that replaced them."""
    entries = [
        *(_status_entry(event) for event in events),
        *(_assessment_entry(event) for event in assessments),
        *(_inspection_entry(visit) for visit in inspections),
        *(_demolition_entry(event) for event in demolitions),
        *(_measure_entry(event) for event in proceedings),
    ]
    replaced: dict[tuple[Kind, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if not entry.history.is_current:
            replaced[entry.kind, entry.history.key].append(entry)
    current = sorted((entry for entry in entries if entry.history.is_current), key=_order, reverse=True)
    with_versions = [replace(entry, replaced=_versions(replaced, entry)) for entry in current]
    have_successor = {(entry.kind, entry.history.key) for entry in current}
    withdrawn = [entry for key, versions in replaced.items() if key not in have_successor for entry in versions]
    years = groupby(with_versions, key=lambda entry: entry.valid_on.year)
    return Timeline(
        tuple((year, tuple(of_year)) for year, of_year in years), tuple(sorted(withdrawn, key=_order, reverse=True))
    )


def visits_of(inspections: Iterable[InspectionOfProperty]) -> list[Visit]:
    """The current visits as far as intervals ask for them."""
    return [
        Visit(visit.control_type, visit.valid_on, visit.access_reached)
        for visit in inspections
        if visit.history.is_current
    ]


def due_line(due: DueDate, as_of: date) -> DueLine:
    """A due date in the words of a case worker."""
    late, left = overdue_days(due.due_on, as_of), (due.due_on - as_of).days
    level: DueLevel = "overdue" if late else "soon" if left <= SOON_DAYS else "on_time"
    status = _("%(days)s overdue", days=format_days(late)) if late else _days_left(left)
    return DueLine(
        due.control_type, level, status, due.due_on, due.last_effective_on, clarify_access(due.failed_visits), due.rule
    )


def clarify_access(failed_visits: int) -> str | None:
    """The task that two failed visits in a row open, in words; None below that."""
    if failed_visits < FAILED_VISITS_FLAG:
        return None
    return _(
        "The last %(count)s visits did not get far enough into the building. Clarify access before the next one.",
        count=failed_visits,
    )


def rule_sentence(rule: DueRule) -> str:
    """What the rule asks for: interval, where, which use, which access."""
    where = rule.area_name or _("the whole city")
    use = f", {code_label('use_type', rule.use_type)}" if rule.use_type else ""
    access = code_label("access", rule.access_required)
    if rule.access_required_if_empty and rule.access_required_if_empty != rule.access_required:
        empty = code_label("access", rule.access_required_if_empty)
        access = _("%(access)s, at an empty building %(empty)s", access=access, empty=empty)
    return _(
        "Every %(days)s in %(where)s%(use)s; access needed: %(access)s",
        days=interval_text(rule.interval_days), where=where, use=use, access=access,
    )  # fmt: skip


def interval_text(interval_days: int) -> str:
    """An interval in days, and in years where it is a whole number of them."""
    years, rest = divmod(interval_days, 365)
    days = format_days(interval_days)
    if years == 0 or rest:
        return days
    return f"{days} ({ngettext('%(count)s year', '%(count)s years', years, count=years)})"


def origin_text(origin: Origin) -> str:
    """Where a fact comes from: delivery with its date, or the application."""
    if origin.delivery_id is None and origin.account_name:
        moment = format_moment(origin.recorded_at)
        return _("entered by %(name)s on %(moment)s", name=origin.account_name, moment=moment)
    if origin.delivery_id is None:
        return _("entered in the application on %(moment)s", moment=format_moment(origin.recorded_at))
    return _(
        "delivery %(id)s (%(source)s), as of %(date)s",
        id=origin.delivery_id,
        source=code_label("delivery_source", origin.source),
        date=format_date(origin.as_of),
    )


def replaced_text(history: History) -> str:
    """When a superseded fact was replaced, and by what."""
    when = format_moment(history.superseded_at)
    if history.replaced_by is None:
        return _("withdrawn on %(moment)s", moment=when)
    return _("replaced on %(moment)s by %(origin)s", moment=when, origin=origin_text(history.replaced_by))


def age_text(day: date | None, as_of: date) -> str | None:
    """How old something is on the as-of date, in days below two months, then in months, then in years."""
    if day is None:
        return None
    days = (as_of - day).days
    if days <= 0:
        return _("today")
    months = (as_of.year - day.year) * 12 + as_of.month - day.month - (as_of.day < day.day)
    if months < 2:
        return ngettext("%(count)s day ago", "%(count)s days ago", days, count=days)
    if months < 24:
        return ngettext("%(count)s month ago", "%(count)s months ago", months, count=months)
    return ngettext("%(count)s year ago", "%(count)s years ago", months // 12, count=months // 12)


def is_assessment_old(assessed_on: date | None, as_of: date) -> bool:
    """Whether an assessment is older than a year, so that a reader should not rely on it."""
    return assessed_on is not None and (as_of - assessed_on).days > ASSESSMENT_OLD_DAYS


def reminder_text(reminder_on: date, as_of: date) -> str:
    """Date of the reminder with the days until or since."""
    days = (reminder_on - as_of).days
    if days == 0:
        return _("%(date)s (today)", date=format_date(reminder_on))
    if days > 0:
        ahead = ngettext("in %(count)s day", "in %(count)s days", days, count=days)
        return f"{format_date(reminder_on)} ({ahead})"
    overdue = _("%(days)s overdue", days=format_days(-days))
    return f"{format_date(reminder_on)} ({overdue})"


def address_lines(addresses: Sequence[Address]) -> list[str]:
    """Each address in one line, with its postal code where it has one."""
    return [", ".join(part for part in (_street_line(address), address.postal_code) if part) for address in addresses]


def title_of(detail: PropertyDetail) -> str:
    """What the page calls the property: its addresses, else its key."""
    return detail.address_text or _("Property %(key)s", key=detail.key)


def yes_no(value: bool | None) -> str:  # noqa: FBT001 - the value itself is what is put into words
    """Yes, no, or not known."""
    return _("not known") if value is None else _("yes") if value else _("no")


def map_query(query: Mapping[str, str]) -> dict[str, str]:
    """The query string with which the reader goes back to the map: the same filter, area and date."""
    return {name: value for name, value in query.items() if name not in ("lang", "form", "fact", "step")}


def _status_entry(event: StatusEvent) -> Entry:
    details = (event.reason,) if event.reason else ()
    return Entry(
        "status", event.valid_on, event.running_number, code_label("state", event.state), details, (), event.state,
        event.history,
    )  # fmt: skip


def _assessment_entry(event: AssessmentEvent) -> Entry:
    title = code_label("colour", event.colour)
    inputs = assessment_inputs(event.pressure, event.room_to_act)
    source = (_("Rests on: %(source)s", source=event.source),) if event.source else ()
    if event.contributions is not None:
        source = (_("Computed from the list of contributions."),)
    return Entry(
        "assessment", event.valid_on, event.running_number, title, (inputs, *source), (), event.colour, event.history
    )


def assessment_inputs(pressure: int | None, room_to_act: int | None) -> str:
    """The two inputs of an assessment on their scale of 0 to 3."""
    return _(
        "Pressure of the problem %(pressure)s of 3, room to act %(room)s of 3",
        pressure="–" if pressure is None else pressure,
        room="–" if room_to_act is None else room_to_act,
    )


def _inspection_entry(visit: InspectionOfProperty) -> Entry:
    details = [
        _(
            "Access: %(access)s. Result: %(result)s",
            access=code_label("access", visit.access_reached),
            result=code_label("result", visit.result),
        )
    ]
    if visit.round is not None:
        offices = ", ".join(code_label("office", office) for office in visit.round.offices)
        details.append(
            _("Part of the round of %(date)s: %(offices)s", date=format_date(visit.round.held_on), offices=offices)
            if offices
            else _("Part of the round of %(date)s", date=format_date(visit.round.held_on))
        )
    defects = tuple(code_label("defect", defect) for defect in visit.defects)
    return Entry(
        "inspection", visit.valid_on, visit.running_number, code_label("control_type", visit.control_type),
        tuple(details), defects, visit.result, visit.history,
    )  # fmt: skip


def _demolition_entry(event: DemolitionEvent) -> Entry:
    """A stage that was completed, or the end of the project; one fact can hold both, their versions are kept apart."""
    if event.outcome is None:
        stage = code_label("demolition_stage", event.stage)
        title, history = _("%(stage)s: done", stage=stage), event.history
    else:
        title = _("Project ended: %(outcome)s", outcome=code_label("demolition_outcome", event.outcome))
        history = replace(event.history, key=f"{event.history.key}|{event.outcome}")
    details = (_("Project %(key)s", key=event.project_key),)
    return Entry("demolition", event.valid_on, event.running_number, title, details, (), event.stage, history)


def _measure_entry(event: MeasureEvent) -> Entry:
    """A step or the end of a proceeding, or what became of a cut of supply."""
    if event.what in ("announced", "cut", "restored"):
        title = _cut_title(event.what, code_label("utility", event.kind))
        return Entry("supply_cut", event.valid_on, event.running_number, title, (), (), event.what, event.history)
    kind = code_label("measure_kind", event.kind)
    if event.what == "closed":
        title = _("%(kind)s closed: %(outcome)s", kind=kind, outcome=code_label("measure_outcome", event.code))
    else:
        title = _("%(kind)s: %(step)s", kind=kind, step=code_label("measure_step", event.code))
    dates = (
        (_("Served on"), event.served_on), (_("Deadline"), event.due_on), (_("Met on"), event.met_on)
    )  # fmt: skip
    told = ", ".join(f"{name} {format_date(day)}" for name, day in dates if day is not None)
    details = (told,) if told else ()
    return Entry("measure", event.valid_on, event.running_number, title, details, (), event.code, event.history)


def _cut_title(what: str, utility: str) -> str:
    if what == "cut":
        return _("Supply cut off: %(utility)s", utility=utility)
    if what == "restored":
        return _("Supply restored, or the threat over: %(utility)s", utility=utility)
    return _("Supply cut announced: %(utility)s", utility=utility)


def _order(entry: Entry) -> tuple[date, int, object]:
    return entry.valid_on, entry.running_number, entry.history.origin.recorded_at


def _versions(replaced: Mapping[tuple[Kind, str], list[Entry]], entry: Entry) -> tuple[Entry, ...]:
    versions = replaced.get((entry.kind, entry.history.key), [])
    return tuple(sorted(versions, key=lambda version: version.history.origin.recorded_at, reverse=True))


def _days_left(days: int) -> str:
    return _("due today") if days == 0 else _("%(days)s left", days=format_days(days))


def _street_line(address: Address) -> str:
    number = "" if address.house_number is None else f"{address.house_number}{address.house_number_suffix or ''}"
    return f"{address.street} {number}".strip()
