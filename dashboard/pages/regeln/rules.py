"""The rules on the page: by kind of control, each with what it asks, how it is kept and what it means for a house."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import facts, icon
from dashboard.formatting import MISSING, format_date, format_days, format_number, format_share
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.pages.regeln.wish import FORM, RULE, page_href
from dashboard.routes import href
from dashboard.rule_words import access_words, where_words, years_words
from geodata.rules.burden import Burden
from geodata.rules.reads import RuleShown

_YEAR_DAYS: Final = 365


def rule_table(
    rules: Sequence[RuleShown], burden: Mapping[str, Burden] | None, as_of: str | None, *, caption: str, may_write: bool
) -> Component:
    """One table with a group of lines for each kind of control; `burden` None = it could not be read in time."""
    head = (
        _("Rule"), _("On time"), _("Visits per house and year"), _("Without a finding"), _("In force"),
        *([_("Change")] if may_write else []),
    )  # fmt: skip
    groups = [
        html.Tbody(
            [
                html.Tr(
                    html.Th(code_label("control_type", control_type), scope="rowgroup", colSpan=len(head)),
                    className="regeln-type",
                ),
                *(_line(rule, head, _cells(rule, burden, as_of, may_write=may_write), as_of) for rule in of_type),
            ]
        )
        for control_type, of_type in groupby(rules, key=lambda rule: rule.control_type)
    ]
    heads = html.Thead(html.Tr([html.Th(name, scope="col") for name in head]))
    named = html.Caption(caption, className="visually-hidden")
    return html.Table([named, heads, *groups], className="plain-table regeln-table")


def _line(rule: RuleShown, head: Sequence[str], cells: Sequence[object], as_of: str | None) -> Component:
    first = html.Th(_rule_cell(rule, as_of), scope="row")
    others = [html.Td(cell, **{"data-label": name}) for name, cell in zip(head[1:], cells, strict=True)]
    return html.Tr([first, *others])


def _cells(
    rule: RuleShown, burden: Mapping[str, Burden] | None, as_of: str | None, *, may_write: bool
) -> list[Component | str | list[object]]:
    mine = None if burden is None else burden.get(rule.key, Burden(0, 0, 0))
    links = [_actions(rule, as_of)] if may_write else []
    return [on_time_words(rule), visits_words(rule, mine), clean_words(mine), validity(rule), *links]


# --- one rule ---------------------------------------------------------------------------------------------------------


def _rule_cell(rule: RuleShown, as_of: str | None) -> list[Component]:
    years = years_words(rule.interval_days)
    days = format_days(rule.interval_days)
    law = [html.Span(_("Duty by law"), className="badge regeln-law")] if rule.is_statutory else []
    where = where_words(rule.area_name, rule.use_type)
    return [
        html.Div(
            [
                html.Strong(_("every %(days)s", days=days)),
                *([html.Span(f"({years})", className="quiet")] if years else []),
                *law,
            ],
            className="regeln-interval",
        ),
        html.Div(where, className="regeln-where"),
        html.Div(_("Access: %(access)s", access=access_words(rule)), className="quiet regeln-small"),
        html.Details(
            [
                html.Summary([html.Span(_("Reason and basis")), icon("chevron")]),
                facts(_basis(rule)),
                _controls(rule, as_of),
            ],
            className="regeln-basis",
        ),
    ]


def _basis(rule: RuleShown) -> list[tuple[str, str]]:
    after = rule.release_after_clean_visits
    never = _("never: a duty by law stays") if rule.is_statutory else _("never proposed")
    proposed = _("%(count)s controls in a row without a finding", count=format_number(after)) if after else never
    return [
        (_("Reason"), rule.reason),
        (_("Legal basis"), rule.legal_basis or _("none named")),
        (_("Duty by law"), _("yes, cannot be lengthened") if rule.is_statutory else _("no")),
        (_("Resolution"), rule.resolution or _("none named")),
        (_("Decided by"), rule.decided_by or _("not stated")),
        (_("Release proposed after"), proposed),
        (_("Key"), rule.key),
    ]


def _controls(rule: RuleShown, as_of: str | None) -> Component:
    """Where the due dates of this kind, area and use stand; another rule may count for some of them."""
    query = {
        "as_of": as_of or None, "control": rule.control_type, "type": rule.control_type, "area": rule.area_id,
        "use": rule.use_type,
    }  # fmt: skip
    return html.A(
        _("Controls of this kind, area and use"), href=href("/kontrollen", query), className="qm-link regeln-small"
    )


def on_time_words(rule: RuleShown) -> list[object]:
    """On time n of m, and how many are overdue."""
    if not rule.pairs:
        return [html.Span(_("counts for no object"), className="quiet")]
    kept = rule.pairs - rule.overdue
    words = _("%(part)s of %(all)s", part=format_number(kept), all=format_number(rule.pairs))
    late = _("%(count)s overdue", count=format_number(rule.overdue)) if rule.overdue else _("none overdue")
    share = format_share(kept, rule.pairs)
    return [html.Div(words), html.Div(f"{share}, {late}", className="quiet regeln-small")]


def visits_words(rule: RuleShown, burden: Burden | None) -> list[object]:
    """What the rule asks for of each house in a year, and what was held in the last one."""
    asked = _("asked for %(count)s", count=_visits(_YEAR_DAYS / rule.interval_days))
    if burden is None:
        held = _("held: not counted in time")
    elif not rule.pairs:
        held = ""
    else:
        held = _("held %(count)s", count=_visits(burden.visits_of_year / rule.pairs))
    return [html.Div(asked), html.Div(held, className="quiet regeln-small")]


def _visits(number: float) -> str:
    """A rule of six years asks for 0.17 visits a year: one decimal would make it 0.2, and of a half-year 2.0."""
    return format_number(number, decimals=2 if number < 1 else 1)


def clean_words(burden: Burden | None) -> list[object]:
    """How many of the controls found nothing; never without their number."""
    if burden is None:
        return [html.Span(_("not counted in time"), className="quiet")]
    if not burden.controls:
        return [html.Span(_("no control in three years"), className="quiet")]
    words = _(
        "%(part)s of %(all)s controls",
        part=format_number(burden.without_finding),
        all=format_number(burden.controls),
    )
    share = format_share(burden.without_finding, burden.controls)
    return [html.Div(share or MISSING), html.Div(words, className="quiet regeln-small")]


def validity(rule: RuleShown) -> list[object]:
    """From when, until when."""
    since = html.Div(_("from %(first)s", first=format_date(rule.valid_from)))
    if rule.valid_to is None:
        return [since, html.Div(_("without an end"), className="quiet regeln-small")]
    return [since, html.Div(_("until before %(end)s", end=format_date(rule.valid_to)), className="regeln-small")]


def _actions(rule: RuleShown, as_of: str | None) -> Component:
    # Twenty links of the same name are none to somebody who hears them.
    named = f"{code_label('control_type', rule.control_type)}, {where_words(rule.area_name, rule.use_type)}"
    shown = [
        html.A(
            _("Change"),
            href=page_href(as_of, **{FORM: "replace", RULE: rule.id}),
            className="qm-link",
            **{"aria-label": _("Change: %(rule)s", rule=named)},
        )
    ]
    if not rule.is_statutory:
        shown.append(
            html.A(
                _("End"),
                href=page_href(as_of, **{FORM: "end", RULE: rule.id}),
                className="qm-link",
                **{"aria-label": _("End: %(rule)s", rule=named)},
            )
        )
    return html.Div(shown, className="regeln-actions")
