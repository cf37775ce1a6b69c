"""One line below the facts: when the record of a property may be deleted at the earliest, and why then."""

from dash import html
from dash.development.base_component import Component

from dashboard.formatting import format_date
from dashboard.i18n import gettext as _
from dashboard.i18n import ngettext
from geodata.keeping.retention import Deletion, Rule


def deletion_line(deletion: Deletion | None) -> list[Component]:
    """The line, and nothing for roles that do not see what lies ahead."""
    if deletion is None:
        return []
    parts: list[object] = [deletion_words(deletion)]
    if not deletion.rule.is_confirmed:
        parts += [" ", _("The period is a proposal until an office confirms it.")]
    # Reasons are data in the language of the city; the rule is shown as it was decided.
    title = deletion.rule.reason
    return [html.P(parts, className="objekt-deletion quiet", title=title)]


def deletion_words(deletion: Deletion) -> str:
    """Date and period in one sentence; without a date the period and what it is counted from."""
    period = _period(deletion.rule)
    day = format_date(deletion.on)
    if deletion.rule.record_class == "property_unconfirmed":
        return _(
            "Deletion on %(day)s at the earliest, because a hint is kept for %(period)s without a confirmation.",
            day=day,
            period=period,
        )
    if deletion.on is None:
        return _("Deletion %(period)s after the case is closed, at the earliest.", period=period)
    return _(
        "Deletion on %(day)s at the earliest, because a closed case is kept for %(period)s.", day=day, period=period
    )


def _period(rule: Rule) -> str:
    count = rule.kept or 0
    if rule.unit == "days":
        return ngettext("%(count)s day", "%(count)s days", count, count=count)
    if rule.unit == "months":
        return ngettext("%(count)s month", "%(count)s months", count, count=count)
    return ngettext("%(count)s year", "%(count)s years", count, count=count)
