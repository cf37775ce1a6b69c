"""The steps of one proceeding as a dated line: service, deadline, how it stands, amount, and what comes next."""

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import icon, panel
from dashboard.formatting import format_amount, format_date
from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.verfahren import ids, links
from dashboard.pages.verfahren.forms import CHANGE_STEP, MEET, PERMISSION
from dashboard.proceeding_words import deadline_badge, not_confirmed, step_explained
from geodata.measures.kinds import MeasureKind
from geodata.measures.reads import Measure, Step

# How a deadline came about, as the data of the step says.
_DEADLINE_IS: Final = {
    "in_letter": N_("as the letter says"),
    "by_law": N_("as the law says"),
    "agreed": N_("as agreed"),
}


def steps_panel(one: Measure, kind: MeasureKind | None, proposed: Sequence[str], context: PageContext) -> Component:
    """The line of the steps, the earliest first; an empty one says what would stand there."""
    if not one.steps:
        text = _("No step is recorded yet. The first one starts the line, and its service starts the clock.")
        return panel(_("Steps and deadlines"), html.P(text, className="quiet"))
    items = [_step(step, one, kind, context) for step in one.steps]
    return panel(_("Steps and deadlines"), [html.Ol(items, className="verfahren-steps"), *_ahead(proposed)])


def _step(step: Step, one: Measure, kind: MeasureKind | None, context: PageContext) -> Component:
    head = [html.Strong(code_label("measure_step", step.kind))]
    if step.state and step.due_on:
        head.append(deadline_badge((step.due_on - context.as_of).days, step.state))
        head += [] if step.is_confirmed else [not_confirmed()]
    body = [
        html.P(head, className="verfahren-step-head"),
        *_explained(step),
        html.P(_dates(step, kind), className="verfahren-step-dates"),
        *([html.P(format_amount(step.amount_eur))] if step.amount_eur is not None else []),
        *([html.P(step.note, className="verfahren-step-note")] if step.note else []),
        *_actions(step, one, context),
    ]
    return html.Li(
        [
            html.Time(format_date(step.happened_on), dateTime=step.happened_on.isoformat(), className="verfahren-date"),
            html.Span(className=f"verfahren-dot verfahren-dot-{step.state or 'plain'}", **{"aria-hidden": "true"}),
            html.Div(body),
        ],
        className="verfahren-step",
    )


def _explained(step: Step) -> list[Component]:
    words = step_explained(step.kind)
    return [html.P(words, className="quiet verfahren-step-what")] if words else []


def _dates(step: Step, kind: MeasureKind | None) -> list[Component]:
    """Service, deadline with where it comes from, and when it was met."""
    parts: list[tuple[str, str]] = []
    if step.served_on:
        parts.append((_("served on"), format_date(step.served_on)))
    if step.due_on:
        parts.append((_("deadline"), f"{format_date(step.due_on)} ({source_words(step, kind)})"))
    if step.met_on:
        parts.append((_("met on"), format_date(step.met_on)))
    return [html.Span([html.Span(name, className="quiet"), " ", value]) for name, value in parts]


def source_words(step: Step, kind: MeasureKind | None) -> str:
    """Where a deadline comes from: the letter, an agreement, or the clock of the rule."""
    known = kind.step(step.kind) if kind else None
    if step.is_due_by_rule:
        return (
            _("by the rule from the day of service") if known and known.clock_from == "served_on" else _("by the rule")
        )
    return _(_DEADLINE_IS[known.deadline_is]) if known and known.deadline_is else _("as entered")


def _actions(step: Step, one: Measure, context: PageContext) -> list[Component]:
    if not context.scope.allows(PERMISSION):
        return []
    what = f"{code_label('measure_step', step.kind)}, {format_date(step.happened_on)}"
    ways = [*([MEET] if step.is_running else []), CHANGE_STEP]
    made = [
        html.A(
            [_(form.title), html.Span(f" ({what})", className="visually-hidden")],
            href=links.proceeding(one.key, context.query, **{ids.FORM: form.key, ids.STEP: step.key}),
            id=f"verfahren-{form.key}-{step.id}",
            className="qm-link",
        )
        for form in ways
    ]
    return [html.P(made, className="verfahren-step-actions")]


def _ahead(proposed: Sequence[str]) -> list[Component]:
    """Which steps can come next in an open proceeding, as a proposal and no more."""
    if not proposed:
        return []
    said = _("Next there can come: %(steps)s.", steps=", ".join(code_label("measure_step", one) for one in proposed))
    return [html.P([icon("info"), html.Span(said)], className="verfahren-ahead")]
