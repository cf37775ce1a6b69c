"""What the start page says about a reminder, a control, a project and a delivery; plain values in, words out."""

from datetime import date

from dashboard.formatting import format_date, format_days, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from geodata.control_reads import DueRow
from geodata.deliveries import Delivery
from geodata.demolitions import Project
from geodata.freshness import Freshness
from geodata.work import AccessTask, Reminder


def reminder_mark(reminder_on: date, as_of: date) -> str:
    """How far a reminder is from the as-of date."""
    days = (reminder_on - as_of).days
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("in %(count)s day", "in %(count)s days", days, count=format_number(days))
    return _("%(days)s overdue", days=format_days(-days))


def due_line(row: DueRow) -> str:
    """Which control of an object is due, and since when."""
    type_ = code_label("control_type", row.control_type)
    return _("%(type)s, due since %(date)s", type=type_, date=format_date(row.due_on))


def access_line(task: AccessTask) -> str:
    """How often in a row nobody got far enough, and when it was tried last."""
    return _(
        "%(type)s: %(count)s times in a row without sufficient access, last on %(date)s",
        type=code_label("control_type", task.control_type),
        count=format_number(task.failed_visits),
        date=format_date(task.tried_on),
    )


def reminder_line(reminder: Reminder) -> str:
    """When, and what is to be done then."""
    day = format_date(reminder.reminder_on)
    return f"{day}: {reminder.next_step}" if reminder.next_step else day


def project_lines(project: Project) -> list[str]:
    """Where a project stands and how late it is; then what holds it up."""
    stage = code_label("demolition_stage", project.current_stage) if project.current_stage else _("completed")
    late = max(0, project.slip_days or 0)
    slip = ngettext("%(count)s day behind the plan", "%(count)s days behind the plan", late, count=format_number(late))
    lines = [f"{stage}, {slip}" if late else stage]
    if project.blocker is not None:
        blocker = code_label("demolition_blocker", project.blocker)
        lines.append(
            _("held up since %(date)s: %(reason)s", date=format_date(project.blocked_since_on), reason=blocker)
            if project.blocked_since_on
            else _("held up: %(reason)s", reason=blocker)
        )
    return lines


def late_source_line(fresh: Freshness) -> str:
    """How old the data of a source are, against the usual rhythm."""
    return _(
        "State of %(date)s, %(age)s old; usually every %(days)s",
        date=format_date(fresh.as_of),
        age=format_days(fresh.age_days),
        days=format_days(fresh.rhythm_days),
    )


def trouble_line(delivery: Delivery) -> str:
    """What of a delivery was not taken over, and which file it was."""
    if delivery.refused is not None:
        return _("%(file)s: refused, nothing of it was taken over", file=delivery.file_name)
    rejected = delivery.counts.rejected
    said = ngettext(
        "%(count)s of %(read)s rows was not taken over",
        "%(count)s of %(read)s rows were not taken over",
        rejected,
        count=format_number(rejected),
        read=format_number(delivery.counts.read),
    )
    return f"{delivery.file_name}: {said}"
