"""Entries of the lists: a running clock, an averted pre-emption with its promise, another way that runs."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge
from dashboard.formatting import format_amount, format_date, format_days
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.pages.erwerb import forms, ids
from dashboard.pages.erwerb.question import elsewhere, proceeding_address, same_page
from dashboard.proceeding_words import deadline_badge, not_confirmed
from geodata.measures.acquisitions import Acquisition


def clock_entry(
    one: Acquisition, query: Mapping[str, str], project: str | None, *, may_write: bool, level: int = 3
) -> Component:
    """A pre-emption about which nothing is decided: when the contract was told, when the clock ends."""
    marks = [not_confirmed()] if one.clock is not None and not one.clock.is_confirmed else []
    dates = [
        _pair(_("Contract told on"), format_date(one.notice_on)),
        _pair(_("Clock ends on"), format_date(one.ends_on)),
    ]
    lines = []
    if one.clock is None or one.ends_on is None or one.days_left is None or one.clock.state is None:
        lines.append(_("No clock can be counted: the notice of the contract is missing."))
        state: Component = badge(_("no clock"), shape="dash")
    else:
        state = deadline_badge(one.days_left, one.clock.state)
        lines.append(
            _("The buyer asked to avert it: two periods count together.")
            if one.is_prolonged
            else _("If the buyer asks to avert it, the clock gets longer.")
        )
    actions = [_action(forms.DECIDE.key, _("Record the decision"), one, query)] if may_write else []
    return _entry(one, query, [state, *marks], dates, lines, project, actions, level)


def averted_entry(
    one: Acquisition, query: Mapping[str, str], project: str | None, *, may_write: bool, level: int = 3
) -> Component:
    """What a buyer promised, until when, and when somebody looks again."""
    promised = one.promise.due_on if one.promise else None
    dates = [
        _pair(_("Averted on"), format_date(one.decided_on)),
        _pair(_("Promised until"), format_date(promised)),
        _pair(_("Next look on"), format_date(one.follow_up_on)),
    ]
    if one.measure.averted_until_on:
        dates.append(_pair(_("Binds until"), format_date(one.measure.averted_until_on)))
    note = one.promise.note if one.promise and one.promise.note else ""
    actions = [_action(forms.FOLLOW_UP.key, _("Plan or finish the look"), one, query)] if may_write else []
    return _entry(one, query, _look_badges(one), dates, [note], project, actions, level)


def _look_badges(one: Acquisition) -> list[Component]:
    """Two things can be late: somebody's look, and what the buyer promised."""
    marks = []
    if one.is_follow_up_missing:
        marks.append(badge(_("no look planned"), kind="warn", shape="triangle"))
    elif one.is_follow_up_overdue and one.follow_up_on:
        late = format_days((one.as_of - one.follow_up_on).days)
        marks.append(badge(_("look overdue for %(days)s", days=late), kind="bad", shape="diamond"))
    if one.promise is not None and one.promise.state == "expired":
        marks.append(badge(_("promise not kept in time"), kind="bad", shape="diamond"))
    return marks or [badge(_("look planned"), shape="ring")]


def other_entry(one: Acquisition, query: Mapping[str, str], project: str | None, *, level: int = 3) -> Component:
    """Another way that runs: its latest step and its next deadline."""
    own = one.measure
    latest, following = (own.steps[-1] if own.steps else None), own.next_deadline
    dates = [_pair(_("since"), format_date(own.opened_on))]
    if latest is not None:
        dates.append(_pair(code_label("measure_step", latest.kind), format_date(latest.happened_on)))
    offered = next((step.amount_eur for step in reversed(own.steps) if step.amount_eur is not None), None)
    if offered is not None:
        dates.append(_pair(_("Amount"), format_amount(offered)))
    marks: list[Component] = []
    if following is not None and following.due_on and following.state:
        dates.append(_pair(_("Deadline"), format_date(following.due_on)))
        marks.append(deadline_badge((following.due_on - one.as_of).days, following.state))
    if not own.is_confirmed:
        marks.append(not_confirmed())
    if own.next_check_on:
        dates.append(_pair(_("Look again on"), format_date(own.next_check_on)))
    return _entry(one, query, [badge(code_label("measure_kind", own.kind)), *marks], dates, [], project, [], level)


def _entry(
    one: Acquisition, query: Mapping[str, str], marks: list[Component], dates: list[Component], lines: list[str],
    project: str | None, actions: list[Component], level: int,
) -> Component:  # fmt: skip
    own = one.measure
    heading = getattr(html, f"H{level}")
    name = html.A(own.address or own.property_key, href=elsewhere(f"/objekt/{own.property_id}", query),
                  className="qm-link work-title")  # fmt: skip
    # Keys that the application gave say nothing to a reader.
    number = _("Show the proceeding") if own.key.startswith("app:") else _("Proceeding %(key)s", key=own.key)
    links = [html.A(number, href=proceeding_address(own.key, query), className="qm-link")]
    if project:
        address = elsewhere("/rueckbau", query, project=project, property=str(own.property_id))
        links.append(html.A(_("Project %(key)s", key=project), href=address, className="qm-link"))
    body = [
        html.Div([heading(name), html.Div(marks, className="erwerb-marks")], className="erwerb-head"),
        html.Dl(dates, className="erwerb-dates"),
        *(html.P(line, className="quiet") for line in lines if line),
        html.P([*links, *actions], className="erwerb-links"),
    ]
    return html.Li(html.Article(body, **{"aria-label": own.address or own.property_key}), className="erwerb-entry")


def _action(form: str, words: str, one: Acquisition, query: Mapping[str, str]) -> Component:
    address = same_page(query, **{ids.FORM: form, ids.MEASURE: one.measure.key})
    hidden = html.Span(f" ({one.measure.address or one.measure.property_key})", className="visually-hidden")
    return html.A([words, hidden], href=address, className="button qm-link")


def _pair(name: str, value: str) -> Component:
    return html.Div([html.Dt(name), html.Dd(value)])
