"""The steps of a release: what is wished for, a look at exactly what would be released, the confirmation.

The wish stands in the address, so the step back leads to it, and the release itself reads the same address again.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast
from urllib.parse import parse_qsl

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.auth import signed_in
from dashboard.components import (
    button,
    confirm_dialog,
    date_input,
    error_panel,
    icon,
    link_button,
    notice,
    page_header,
    panel,
    radio_group,
    select,
    switch,
    text_input,
)
from dashboard.deps import Deps
from dashboard.formatting import format_date, format_number
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.logged import log
from dashboard.page import PageContext
from dashboard.pages.freigaben import council, ids, state
from dashboard.publication_words import words
from dashboard.released import View, said
from dashboard.routes import href
from geodata.codes import AUDIENCES
from geodata.errors import DatabaseAway, QmError, UsageError
from geodata.publishing.publication import Audience
from geodata.publishing.publication_draft import TITLE_MAX_LENGTH, Draft, Order
from geodata.publishing.publications import Publication, draft, publish
from geodata.publishing.published_figures import CITY, Place
from geodata.scenario.saved import read_scenarios

# All figures of all areas are read, at a past date by computing them; a page waits less long for one query.
STATEMENT_SECONDS = 30
# The part of a link that leaves the resolutions out; without it they go along.
WITHOUT = "0"


def build(context: PageContext) -> Component:
    """The form, or the preview of what the address wishes for."""
    order = order_of(context.deps, context.query)
    if context.query.get("step") != "preview":
        return _page([_form(context, order)])
    if order is None:
        return _page([_wrong(), _form(context, None)])
    try:
        return _page(_preview(context.deps, order))
    except UsageError:
        # All else that makes no sense was found before the database was asked.
        text = _("On this date nothing was recorded yet.")
        if order.scenario_id is not None:
            text = _(
                "Either nothing was recorded yet on this date, or the scenario is gone, or it changes the interval of "
                "so few objects that it would tell of them."
            )
        return _page([error_panel(_("This cannot be released"), text), _form(context, order)])


def order_of(deps: Deps, query: Mapping[str, str]) -> Order | None:
    """The wish of an address; None where a part of it is missing or makes no sense."""
    title, audience = query.get("title", "").strip(), query.get("audience", "")
    try:
        as_of = date.fromisoformat(query.get("date", ""))
    except ValueError:
        return None
    is_possible = as_of.year >= 1900 and as_of <= signed_in().default_as_of
    if not is_possible or audience not in AUDIENCES or not 0 < len(title) <= TITLE_MAX_LENGTH:
        return None
    return Order(
        as_of,
        cast("Audience", audience),
        title,
        deps.settings.k_politics,
        with_resolutions=query.get("resolutions") != WITHOUT,
        scenario_id=_scenario_id(query),
    )


def _scenario_id(query: Mapping[str, str]) -> int | None:
    """The saved scenario that goes along; an unreadable number is none that exists, and the draft says so."""
    given = query.get("scenario", "")
    if not given:
        return None
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else 0


def confirmed(deps: Deps, search: Any, fingerprint: Any) -> dict[str, Any]:
    """Release what the address wishes for, if it is what the preview showed: where to go then, or what went wrong."""
    order = order_of(deps, dict(parse_qsl(str(search or "").removeprefix("?"))))
    if order is None or not isinstance(fingerprint, str):
        return {"outcome": _wrong(), "target": None}
    try:
        done = _release(deps, order, fingerprint)
    except DatabaseAway:
        raise
    except QmError:
        text = _(
            "The data have changed since the preview, or this state was released a moment ago. Nothing was released "
            "now. Look at the list and at the preview again."
        )
        return {"outcome": error_panel(_("Not released"), text), "target": None}
    return {"outcome": None, "target": href("/freigaben", {"release": done.id})}


def _release(deps: Deps, order: Order, fingerprint: str) -> Publication:
    who = signed_in().scope
    with deps.access.open(who, isolation="REPEATABLE READ", statement_seconds=STATEMENT_SECONDS) as asker:
        done = publish(asker, order, words(), expected=fingerprint)
        # Before it is committed: without an entry nothing is released. The log cannot be written in a transaction
        # that sees an older moment, so it has one of its own.
        details = {"title": done.title, "as_of": done.as_of.isoformat(), "audience": done.audience, "hash": done.hash}
        log(deps, "publication", f"release {done.id}", details)
        return done


def _page(parts: list[Component]) -> Component:
    lead = _("What is released stays readable as it is. It cannot be changed or taken back.")
    back = html.A([icon("back"), _("All released states")], href=href("/freigaben"), className="freigaben-back qm-link")
    return html.Div([back, page_header(_("Release a state"), lead=lead), *parts], className="page freigaben")


def _wrong() -> Component:
    text = _(
        "A state needs a date that is not in the future, an audience, and a title of at most %(count)s characters.",
        count=TITLE_MAX_LENGTH,
    )
    return error_panel(_("This cannot be released"), text)


def _form(context: PageContext, order: Order | None) -> Component:
    options = [(code, code_label("audience", code)) for code in AUDIENCES]
    audience = radio_group(
        ids.FORM_AUDIENCE, _("For whom"), options, value=order.audience if order else AUDIENCES[0],
        hint=_("Council: also projects that were released for non-public bodies only."),
    )  # fmt: skip
    title = text_input(
        ids.FORM_TITLE, _("Title"), value=order.title if order else _("Problem properties and demolition"),
        hint=_("It stands on the first slide."), delay_ms=0,
    )  # fmt: skip
    as_of = date_input(ids.FORM_AS_OF, _("State of"), value=order.as_of if order else context.as_of)
    goals = switch(
        ids.FORM_RESOLUTIONS, _("With the resolutions of the council"),
        value=context.query.get("resolutions") != WITHOUT,
    )  # fmt: skip
    fields = [as_of, audience, title, goals, _scenarios(context)]
    parts = [
        html.Div(fields, className="freigaben-form"),
        html.Div(button(_("Show the preview"), id=ids.FORM_SEND, kind="primary"), className="page-actions"),
        dcc.Store(id=ids.FORM_SENT),
    ]
    return panel(_("What is to be released?"), parts)


def _scenarios(context: PageContext) -> Component:
    """The menu of saved scenarios; a link may name one."""
    with context.deps.asker() as asker:
        known = read_scenarios(asker)
    named = [(str(one.id), _("%(name)s (%(day)s)", name=one.name, day=format_date(one.as_of))) for one in known]
    given = context.query.get("scenario", "")
    return select(
        ids.FORM_SCENARIO, _("With a scenario"), named, empty_label=_("no scenario"),
        value=given if given in dict(named) else "",
        hint=_("Its projections are released rounded, by district and quarter."),
    )  # fmt: skip


def _preview(deps: Deps, order: Order) -> list[Component]:
    with deps.access.open(signed_in().scope, isolation="REPEATABLE READ", statement_seconds=STATEMENT_SECONDS) as asker:
        found = draft(asker, order, words())
    view = View(found.content)
    change = {"step": "form", "date": order.as_of.isoformat(), "audience": order.audience, "title": order.title}
    if not order.with_resolutions:
        change["resolutions"] = WITHOUT
    if order.scenario_id is not None:
        change["scenario"] = str(order.scenario_id)
    actions = [
        button(_("Release …"), kind="primary", **{"data-opens": ids.CONFIRM}),
        link_button(_("Change"), href("/freigaben", change)),
    ]
    return [
        notice(_preview_words(order, found), kind="info"),
        html.Div(actions, className="page-actions"),
        html.Div(id=ids.OUTCOME),
        dcc.Store(id=ids.TARGET),
        dcc.Store(id=ids.GONE),
        panel(_("What is held back and why"), _held_back(view, found)),
        panel(_("Figures by area, as they will be shown"), state.area_tables(view)),
        *council.parts(view),
        panel(_("Demolition projects"), state.project_table(view.content.projects)),
        dcc.Store(id=ids.FINGERPRINT, data=found.fingerprint),
        html.Div(_dialog(order)),
    ]


def _preview_words(order: Order, found: Draft) -> list[Component]:
    facts = _(
        "“%(title)s”, state of %(day)s, %(audience)s, threshold %(k)s: %(areas)s areas, %(projects)s projects by name.",
        title=order.title, day=format_date(order.as_of), audience=code_label("audience", order.audience), k=order.k,
        areas=format_number(len(found.content.areas)), projects=format_number(len(found.content.projects)),
    )  # fmt: skip
    return [html.Strong(_("Preview: nothing is released yet.")), html.P(facts)]


def _held_back(view: View, found: Draft) -> Component:
    """For building control alone: the number behind each dot and the reason."""
    if not found.reasons:
        return html.P(_("Nothing: no number is small, and none gives a small one away."), className="quiet")
    names = {(one.kind, one.key): one.name for one in view.content.areas} | {CITY: _("Whole city")}
    order = {place: number for number, place in enumerate(names)}
    keys = list(view.definitions)
    reasons = {
        "small": _("fewer than %(k)s objects", k=view.content.header.k),
        "protects": _("a small number could be worked out from it"),
    }

    def position(one: tuple[Place, str]) -> tuple[int, int]:
        return order[one[0]], keys.index(one[1])

    rows = [
        html.Tr(
            [
                html.Th(names[place], scope="row"),
                html.Td(said(view.definitions[key].title)),
                html.Td(str(found.values[place][key]), className="number"),
                html.Td(reasons[found.reasons[place, key]]),
            ]
        )
        for place, key in sorted(found.reasons, key=position)
    ]
    head = [_("Area"), _("Figure"), _("Number (not shown)"), _("Why")]
    columns = [html.Th(name, scope="col", className="number" if name == head[2] else None) for name in head]
    caption = _("What is held back and why")
    table = html.Table(
        [html.Caption(caption, className="visually-hidden"), html.Thead(html.Tr(columns)), html.Tbody(rows)],
        className="plain-table",
    )
    return html.Div(table, className="freigaben-scroll", tabIndex="0", role="region", **{"aria-label": caption})


def _dialog(order: Order) -> Component:
    text = _(
        "Politics sees it at once. It cannot be changed or taken back; a later correction stands in the next released "
        "state."
    )
    title = _("Release the state of %(day)s?", day=format_date(order.as_of))
    return confirm_dialog(ids.CONFIRM, title, html.P(text), confirm_label=_("Release"))
