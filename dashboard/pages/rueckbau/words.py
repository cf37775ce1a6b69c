"""What the page says of a project and a stage, in words: status, slip, what holds it up."""

from collections.abc import Mapping
from datetime import date

from dash.development.base_component import Component

from dashboard.components import badge
from dashboard.formatting import MISSING, format_date, format_days, format_number
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.pages.rueckbau import ids
from dashboard.pages.rueckbau.selection import STATUSES
from geodata.codes import DEMOLITION_STAGES
from geodata.demolitions import Project, Stage


def slip_text(days: int | None) -> str:
    """Days against the plan: behind, before or on it; without a dated plan a dash."""
    if days is None:
        return MISSING
    if days == 0:
        return _("as planned")
    count = format_number(abs(days))
    if days > 0:
        return ngettext("%(count)s day behind the plan", "%(count)s days behind the plan", days, count=count)
    return ngettext("%(count)s day before the plan", "%(count)s days before the plan", -days, count=count)


def slip_parts(days: int | None) -> tuple[str, str | None]:
    """The same as `slip_text` in two parts, for a tile: the number of days, and what they mean."""
    if not days:
        return slip_text(days), None
    return format_days(abs(days)), _("behind the plan") if days > 0 else _("before the plan")


def blocker_text(blocker: str | None, since_on: date | None) -> str:
    """What holds something up, and since when."""
    if blocker is None:
        return ""
    reason = code_label("demolition_blocker", blocker)
    if since_on is None:
        return _("held up: %(reason)s", reason=reason)
    return _("held up since %(date)s: %(reason)s", date=format_date(since_on), reason=reason)


def outcome_text(project: Project) -> str:
    """How a project ended without being completed, and when."""
    label = code_label("demolition_outcome", project.outcome)
    return f"{label} ({format_date(project.ended_on)})" if project.ended_on else label


def project_text(project: Project) -> str:
    """Where a project stands, in one phrase; stands behind its name."""
    if project.status == "ended":
        return outcome_text(project)
    if project.status == "done":
        return _joined(_("completed, demolished on %(date)s", date=format_date(project.demolished_on)), project)
    if project.is_blocked:
        return _joined(blocker_text(project.blocker, project.blocked_since_on), project)
    if project.demolished_on is not None:
        return _joined(_("demolished on %(date)s", date=format_date(project.demolished_on)), project)
    return _joined(code_label("demolition_stage", project.current_stage), project)


def stage_text(stage: Stage, as_of: date) -> str:
    """Where a stage stands, in one phrase."""
    if not stage.is_required:
        return _("not required")
    if stage.is_done(as_of):
        return _with_slip(_("done on %(date)s", date=format_date(stage.actual_end_on)), stage.slip_days(as_of))
    blocker = stage.blocker_at(as_of)
    if blocker is not None:
        return _with_slip(blocker_text(blocker, stage.blocked_since_on), stage.slip_days(as_of))
    if stage.is_started(as_of):
        return _with_slip(
            _("under way since %(date)s", date=format_date(stage.actual_start_on)), stage.slip_days(as_of)
        )
    begin = stage.planned_start_on or stage.planned_end_on
    if begin is None:
        return _("not begun, no date planned")
    late = stage.slip_days(as_of) or 0
    return _with_slip(_("not begun"), late) if late else _("planned from %(date)s on", date=format_date(begin))


def status_badge(project: Project) -> Component:
    """The status as a badge with a shape of its own."""
    if project.status == "ended":
        return badge(code_label("demolition_outcome", project.outcome), shape="x")
    if project.status == "done":
        return badge(_("completed"), kind="good", shape="square")
    if project.is_blocked:
        return badge(_("held up"), kind="bad", shape="diamond")
    if (project.slip_days or 0) > 0:
        return badge(_("behind the plan"), kind="warn", shape="triangle")
    return badge(_("under way"), shape="circle")


def days_text(first_on: date | None, last_on: date | None) -> str:
    """A span of days of which either end may be missing."""
    if first_on is None and last_on is None:
        return MISSING
    if first_on == last_on:
        return format_date(first_on)
    if last_on is None:
        return _("since %(date)s", date=format_date(first_on))
    if first_on is None:
        return _("until %(date)s", date=format_date(last_on))
    return f"{format_date(first_on)} – {format_date(last_on)}"


def filter_parts(query: Mapping[str, str]) -> tuple[str, ...]:
    """Stage, programme and status of a link, one phrase for each that is set and known."""
    named = query.get(ids.STAGE, "").split(",")
    stages = [code_label("demolition_stage", code) for code in DEMOLITION_STAGES if code in named]
    parts = (
        f"{_('Stage')}: {', '.join(stages)}" if stages else "",
        f"{_('Programme')}: {query[ids.PROGRAMME]}" if query.get(ids.PROGRAMME) else "",
        f"{_('Status')}: {code_label('demolition_status', query[ids.STATUS])}"
        if query.get(ids.STATUS) in STATUSES
        else "",
    )
    return tuple(part for part in parts if part)


def _joined(words: str, project: Project) -> str:
    return _with_slip(words, project.slip_days)


def _with_slip(words: str, slip_days: int | None) -> str:
    return words if slip_days is None else f"{words}, {slip_text(slip_days)}"


def late_rule() -> str:
    """Which running projects count as late, in words."""
    return _("Running projects that are held up, or at least one day behind the planned ends of their stages.")
