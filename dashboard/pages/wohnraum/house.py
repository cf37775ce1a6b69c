"""One closed house: as a card in the list, and as a page of its own with its forms."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components import edit_form, empty_state, facts, notice
from dashboard.formatting import format_date
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.wohnraum import links, words
from dashboard.pages.wohnraum.forms import CORRECT_HOUSE, EVENT, WITHDRAW_EVENT, WITHDRAW_HOUSE, values_of_house
from dashboard.pages.wohnraum.parts import PERMISSION
from dashboard.routes import proceeding_href
from geodata.housing.reads import Closure, read_closure


def card(one: Closure, query: Mapping[str, str], *, is_alone: bool = False) -> Component:
    """The house with what became of it; in the list its address leads to its own page."""
    heading = html.H2 if is_alone else html.H3
    title = (
        one.address if is_alone else html.A(one.address, href=links.house_address(one.key, query), className="qm-link")
    )
    head = html.Div([heading(title, className="wohnraum-address"), words.outcome_badge(one.outcome)],
                    className="wohnraum-card-head")  # fmt: skip
    counts = facts([*words.household_pairs(one)])
    parts: list[Component | None] = [
        head,
        html.P(
            _(
                "closed on %(day)s: %(cause)s",
                day=format_date(one.closed_on),
                cause=code_label("closure_cause", one.cause),
            ),
            className="quiet",
        ),
        counts,
        line(one),
        _contradictions(one),
        _further(one, query) if is_alone else None,
    ]
    return html.Article(
        [part for part in parts if part is not None], className="wohnraum-card panel", **{"aria-label": one.address}
    )


def line(one: Closure) -> Component:
    """The closing and its events in their order."""
    closed = _("closed: %(cause)s", cause=code_label("closure_cause", one.cause))
    dated = [
        (one.closed_on, closed, True),
        *((event.happened_on, words.event_words(event), False) for event in one.events),
    ]
    items = [
        html.Li(
            [html.Span(format_date(day), className="wohnraum-day"), html.Span(text)],
            className="wohnraum-event wohnraum-closing" if is_closing else "wohnraum-event",
        )
        for day, text, is_closing in sorted(dated, key=lambda entry: entry[0])
    ]
    return html.Ol(items, className="wohnraum-line", **{"aria-label": _("Events in their order")})


def detail(context: PageContext, key: str) -> list[Component]:
    """The page of one closed house."""
    with context.deps.asker() as asker:
        one = read_closure(asker, key, context.as_of)
    if one is None:
        text = _("The link is mistyped, the house lies outside of your areas, or it was closed after this date.")
        return [empty_state(_("There is no such closed house"), text)]
    return [card(one, context.query, is_alone=True), *_forms(context, one)]


def _further(one: Closure, query: Mapping[str, str]) -> Component:
    found = [html.A(_("Show the object"), href=links.object_address(one.property_id, query), className="qm-link")]
    if one.measure_key:
        dated = {"as_of": query["as_of"]} if query.get("as_of") else {}
        address = proceeding_href(one.measure_key, dated)
        found.append(html.A(_("Show the proceeding"), href=address, className="qm-link"))
    return html.P(found, className="wohnraum-further")


def _contradictions(one: Closure) -> Component | None:
    if not one.contradictions:
        return None
    said = [html.Li(words.contradiction_words(found)) for found in one.contradictions]
    return notice([html.P(_("What is recorded contradicts itself:")), html.Ul(said)], kind="bad")


def _forms(context: PageContext, one: Closure) -> list[Component]:
    if not context.scope.allows(PERMISSION):
        return []
    about = {"house": one.key}
    back = links.house_address(one.key, context.query)
    version = {**about, "expected": str(one.id)}
    shown: list[Component] = [
        edit_form(EVENT, about=about, folded=True, cancel=back),
        edit_form(CORRECT_HOUSE, values=values_of_house(one), about=version, folded=True, cancel=back),
    ]
    entered = _entered(one)
    if entered:
        shown.append(edit_form(WITHDRAW_EVENT, about=about, folded=True, cancel=back, options={"event": entered}))
    shown.append(edit_form(WITHDRAW_HOUSE, about=version, folded=True, cancel=back))
    return [html.Div(shown, className="wohnraum-forms")]


def _entered(one: Closure) -> Sequence[tuple[str, str]]:
    return [
        (event.key, f"{format_date(event.happened_on)} · {words.event_words(event)}")
        for event in one.events
        if event.key is not None
    ]
