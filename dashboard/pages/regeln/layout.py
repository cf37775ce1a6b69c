"""The page of rules: what is in force, how it is kept, what a change would mean, and who is released from what."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components import empty_state, export_links, link_button, page_header, panel
from dashboard.formatting import format_date, format_number
from dashboard.i18n import gettext as _
from dashboard.i18n import ngettext
from dashboard.in_time import Part, in_time, read_in_time
from dashboard.page import PageContext
from dashboard.pages.regeln import job, releases
from dashboard.pages.regeln.change import change_part
from dashboard.pages.regeln.rules import rule_table
from dashboard.pages.regeln.satisfies import satisfies_panel
from dashboard.pages.regeln.tables import TABLE, state_of
from dashboard.pages.regeln.wish import EDIT, FORM, JOB, number, page_href
from dashboard.routes import href
from geodata.access import Asker
from geodata.areas import Area, read_areas
from geodata.calendar import today
from geodata.filters import PropertyFilter
from geodata.rules.burden import Burden, read_burden
from geodata.rules.reads import RuleShown, read_release_proposals, read_releases, read_rules, read_satisfies


def layout(context: PageContext) -> Component:
    """The page for the date and the open form of the link."""
    with context.deps.asker() as asker:
        areas = read_areas(asker, context.as_of)
        rules = read_rules(asker, context.as_of, with_ended=True)
        under_way = job.job_part(asker, number(context.query, JOB), number(context.query, EDIT))
    # Visits of three years are counted one by one: in a very large city that may fail, and the rules still stand.
    burden = read_in_time(context.deps, lambda asker: read_burden(asker, context.as_of))
    parts: list[Part] = [
        (_("Which control also counts for which other"), lambda asker: satisfies_panel(read_satisfies(asker))),
        (_("Proposed: release from a rule"), lambda asker: _proposals(asker, context)),
        (_("Released objects"), lambda asker: _releases(asker, context)),
    ]
    return html.Div(
        [
            _head(context, areas),
            *under_way,
            *change_part(context, rules, areas),
            _rules_panel(context, rules, burden),
            *in_time(context.deps, parts),
        ],
        className="page regeln",
    )


def _head(context: PageContext, areas: Sequence[Area]) -> Component:
    lead = _(
        "How often which houses have to be inspected, by which rule and why. Within a kind of control the shortest "
        "interval that applies wins. State of %(date)s.",
        date=format_date(context.as_of),
    )
    names = ", ".join(sorted(area.name for area in areas if area.id in context.scope.area_ids))
    own = _("Your areas: %(areas)s. All numbers count only these.", areas=names) if names else ""
    return page_header(_("Interval rules"), lead=f"{lead} {own}".strip(), actions=_actions(context))


def _actions(context: PageContext) -> list[Component]:
    """A new rule, and the ways back to where one came from, with the area and the date."""
    kept = {name: context.query.get(name) for name in ("as_of", "area")}
    add = link_button(_("Add a rule"), page_href(kept["as_of"], **{FORM: "new"}), symbol="plus")
    return [
        *([add] if context.scope.allows("rule:write") else []),
        link_button(_("Inspections"), href("/kontrollen", kept), symbol="inspection"),
        *(
            [link_button(_("Scenario"), href("/planspiel", kept), symbol="target")]
            if context.scope.allows("scenario:read")
            else []
        ),
    ]


# --- the rules --------------------------------------------------------------------------------------------------------


def _rules_panel(context: PageContext, rules: Sequence[RuleShown], burden: Mapping[str, Burden] | None) -> Component:
    title = _("Rules in force")
    by_state = {state: [one for one in rules if state_of(one) == state] for state in ("in_force", "later", "ended")}
    if not rules:
        text = _("Rules come as a delivery, or building control adds them here. Without a rule nothing is due.")
        return panel(title, empty_state(_("There is no rule yet"), text, level=3))
    shown = _table(context, by_state["in_force"], burden, title)
    nothing = [html.P(_("On this date no rule is in force."), className="quiet")]
    return panel(
        title,
        [
            html.P(summary_words(by_state["in_force"]), className="regeln-summary"),
            html.P(_explained(), className="quiet regeln-note"),
            *(shown or nothing),
            *_folded(context, _later(by_state["later"]), by_state["later"], burden),
            *_folded(context, _ended(by_state["ended"]), by_state["ended"], burden),
        ],
        actions=export_links(TABLE, context.query),
    )


def summary_words(rules: Sequence[RuleShown]) -> str:
    """All rules in one sentence: how many, and how they are kept."""
    pairs, overdue = sum(one.pairs for one in rules), sum(one.overdue for one in rules)
    count = ngettext(
        "%(count)s rule is in force.", "%(count)s rules are in force.", len(rules), count=format_number(len(rules))
    )
    kept = _(
        "On time: %(part)s of %(all)s pairs of object and kind of control.",
        part=format_number(pairs - overdue), all=format_number(pairs),
    )  # fmt: skip
    return f"{count} {kept}"


def _explained() -> str:
    return _(
        "On time counts the objects for which the rule wins. Visits per house and year: asked for = 365 days divided "
        "by the interval, held = those of the last 365 days. Without a finding: of all controls of this kind at these "
        "houses in the last three years, completed or not. A rule that finds nothing over and over needs another "
        "reason to stay."
    )


def _later(rules: Sequence[RuleShown]) -> str:
    return ngettext(
        "%(count)s rule begins later", "%(count)s rules begin later", len(rules), count=format_number(len(rules))
    )


def _ended(rules: Sequence[RuleShown]) -> str:
    return ngettext(
        "%(count)s rule has ended", "%(count)s rules have ended", len(rules), count=format_number(len(rules))
    )


def _folded(
    context: PageContext, summary: str, rules: Sequence[RuleShown], burden: Mapping[str, Burden] | None
) -> list[Component]:
    if not rules:
        return []
    return [html.Details([html.Summary(summary), *_table(context, rules, burden, summary)], className="regeln-folded")]


def _table(
    context: PageContext, rules: Sequence[RuleShown], burden: Mapping[str, Burden] | None, caption: str
) -> list[Component]:
    if not rules:
        return []
    may_write = context.scope.allows("rule:write")
    return [rule_table(rules, burden, context.query.get("as_of"), caption=caption, may_write=may_write)]


# --- releases ---------------------------------------------------------------------------------------------------------


def _proposals(asker: Asker, context: PageContext) -> Component:
    found = read_release_proposals(asker, context.as_of, PropertyFilter(as_of=context.as_of))
    return releases.proposals_panel(found, context.query, **_how(context))


def _releases(asker: Asker, context: PageContext) -> Component:
    return releases.releases_panel(read_releases(asker, context.as_of), context.query, **_how(context))


def _how(context: PageContext) -> dict[str, Any]:
    may_write = context.scope.allows("rule:write")
    return {"as_of": context.query.get("as_of"), "day": max(context.as_of, today()), "may_write": may_write}
