"""Which rules of intervals apply to a property beside the one that wins, and from which it is released."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import icon
from dashboard.formatting import format_date
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.pages.objekt.actions import FACT, FORM, Links
from dashboard.pages.objekt.release_forms import END_RELEASE, RELEASE
from dashboard.rule_words import rule_name
from geodata.access import Scope
from geodata.rules.reads import AppliedRule, Release


def other_rules(
    control_type: str, rules: Sequence[AppliedRule], releases: Sequence[Release], scope: Scope, links: Links
) -> list[Component]:
    """Under the winning rule of a type: its release, and folded the others that apply with why they did not win."""
    of_type = [one for one in rules if one.control_type == control_type]
    won = [one for one in of_type if one.wins]
    lost = [one for one in of_type if not one.wins]
    release = [_release_link(one, scope, links) for one in won if may_release(one, scope)]
    if not lost:
        return release
    count = ngettext("%(count)s other rule applies", "%(count)s other rules apply", len(lost), count=len(lost))
    entries = [html.Li(_entry(one, releases, scope, links)) for one in lost]
    folded = html.Details(
        [html.Summary([html.Span(count), icon("chevron")]), html.Ul(entries)], className="objekt-rule objekt-others"
    )
    return [folded, *release]


def only_released(
    rules: Sequence[AppliedRule], releases: Sequence[Release], scope: Scope, links: Links
) -> list[Component]:
    """Types of which no rule is left to win: nothing is due, and somebody has to see why."""
    won = {one.control_type for one in rules if one.wins}
    return [
        html.Li(
            [
                html.H3(code_label("control_type", control_type)),
                html.P(_("Released, so no control of this kind is due."), className="quiet"),
                *(html.P(_entry(one, releases, scope, links)) for one in rules if one.control_type == control_type),
            ],
            className="objekt-due-card",
        )
        for control_type in dict.fromkeys(one.control_type for one in rules)
        if control_type not in won
    ]


def may_release(one: AppliedRule, scope: Scope) -> bool:
    """A duty by law releases nobody."""
    return scope.allows(RELEASE.permission) and not one.rule.is_statutory


def why_words(one: AppliedRule) -> str:
    """Why a rule that applies does not count."""
    return {
        "longer": _("its interval is longer"),
        "later_recorded": _("as short, but recorded later"),
        "released": _("this property is released from it"),
    }.get(one.why_not or "", "")


def _entry(one: AppliedRule, releases: Sequence[Release], scope: Scope, links: Links) -> list[object]:
    words = _("%(rule)s: %(why)s", rule=rule_name(one.rule), why=why_words(one))
    own = next((found for found in releases if found.rule_key == one.rule.key and one.why_not == "released"), None)
    if own is None:
        return [words]
    end = [" ", _end_link(own, links)] if scope.allows(END_RELEASE.permission) else []
    return [words, f" ({release_words(own)})", *end]


def release_words(one: Release) -> str:
    """Since when, until when, and for case workers why."""
    since = _("since %(first)s", first=format_date(one.since_on))
    until = [_("until before %(end)s", end=format_date(one.until_on))] if one.until_on else []
    return ", ".join([since, *until, *([one.reason] if one.reason else [])])


def _release_link(one: AppliedRule, scope: Scope, links: Links) -> Component:
    label = _("Release from the rule: %(rule)s", rule=rule_name(one.rule))
    return html.A(
        _("Release from this rule"),
        href=links.page(**{FORM: RELEASE.key, FACT: one.rule.id}),
        className="qm-link objekt-release",
        **{"aria-label": label},
    )


def _end_link(one: Release, links: Links) -> Component:
    return html.A(
        _("End the release"),
        href=links.page(**{FORM: END_RELEASE.key, FACT: one.id}),
        className="qm-link objekt-release",
    )
