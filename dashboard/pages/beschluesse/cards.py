"""One resolution as a card: what was decided, how it stands, what is missing, what changed."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from dashboard import target_words as words
from dashboard.components import link_button
from dashboard.formatting import format_date
from dashboard.i18n import gettext as _
from dashboard.pages.beschluesse.goals import figure_address
from dashboard.routes import href
from dashboard.target_words import Goal
from geodata.resolutions import Resolution, Standing

# What may be opened by a click; anything else is words.
_ADDRESS = ("https://", "http://")


def card(standing: Standing, goal: Goal, query: Mapping[str, str], *, has_details: bool = True) -> Component:
    """The card; `has_details` = with the link to its course and versions."""
    one = standing.resolution
    heading = html.H3 if has_details else html.H2
    head = html.Div(
        [
            html.Div(
                [html.P(words.decided_words(goal), className="quiet"), heading(goal.title, className="beschluss-title")]
            ),
            words.state_badge(goal.state) if standing.is_in_scope else None,
        ],
        className="beschluss-head",
    )
    return html.Article(
        [
            head,
            _measure(goal),
            *_standing(goal),
            _links(one, query, is_in_scope=standing.is_in_scope, has_details=has_details),
        ],
        className="beschluss panel",
        **{"aria-label": goal.title},
    )


def details_address(one: Resolution, query: Mapping[str, str], **more: str) -> str:
    """The page with one resolution alone."""
    kept = {"as_of": query["as_of"]} if query.get("as_of") else {}
    return href("/beschluesse", {"resolution": one.key, **more, **kept})


def _measure(goal: Goal) -> Component:
    return html.P(
        [html.Strong(words.target_words(goal)), html.Span(words.measured_words(goal), className="quiet")],
        className="beschluss-target",
    )


def _standing(goal: Goal) -> list[Component]:
    """Value, bar, what is missing, time, change; where there is no value, why."""
    if goal.value is None:
        told = [html.P(goal.hidden or _("nothing to measure it by"), className="beschluss-hidden")]
        return [html.Div([*told, html.P(words.time_words(goal), className="quiet")], className="beschluss-none")]
    counted = [html.Span(goal.counted, className="quiet")] if goal.counted else []
    value = html.P([html.Strong(words.value_words(goal), className="beschluss-value"), *counted])
    rows = [
        html.Li(words.missing_words(goal), className="beschluss-missing"),
        html.Li(words.time_words(goal)),
        html.Li(words.change_words(goal), className=f"beschluss-{words.change_kind(goal) or 'same'}"),
    ]
    return [
        html.Div([value, words.bar(goal, "target-bar")], className="beschluss-measure"),
        html.Ul(rows, className="beschluss-facts"),
    ]


def _links(one: Resolution, query: Mapping[str, str], *, is_in_scope: bool, has_details: bool) -> Component:
    links: list[Component] = []
    if has_details:
        links.append(link_button(_("Course and versions"), details_address(one, query), symbol="clock"))
    if is_in_scope:
        links.append(link_button(_("Show the figure"), figure_address(one, query), symbol="inspection"))
    return html.Div([*links, *_paper(one)], className="beschluss-links")


def _paper(one: Resolution) -> list[Component]:
    if not one.link_text:
        return []
    if one.link_text.startswith(_ADDRESS):
        link = html.A(_("Paper of the council"), href=one.link_text, target="_blank", rel="noreferrer noopener")
        return [html.Span(link, className="beschluss-paper")]
    return [html.Span(one.link_text, className="beschluss-paper quiet")]


def decided_line(one: Resolution) -> str:
    """Number and date, for a list."""
    return f"{one.number} · {format_date(one.decided_on)}"
