"""The page: all resolutions as cards, one of them with its course and versions, or the form for a new one."""

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import (
    edit_form,
    empty_state,
    export_links,
    folding_panel,
    icon,
    link_button,
    page_header,
)
from dashboard.formatting import format_date
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.beschluesse.cards import card
from dashboard.pages.beschluesse.detail import detail
from dashboard.pages.beschluesse.forms import ADD, area_options
from dashboard.pages.beschluesse.goals import read_goals
from dashboard.pages.beschluesse.table import TABLE
from dashboard.routes import href
from dashboard.target_words import Goal
from geodata.areas import read_areas
from geodata.resolutions import Standing, read_resolution, read_resolutions

# Parts of the link beside the as-of date: one resolution by its key, or the form.
PARAMETERS: Final = ("resolution", "step")
NEW: Final = "neu"


def layout(context: PageContext) -> Component:
    """The part of the page that the link asks for."""
    if context.query.get("step") == NEW and context.scope.allows("resolution:write"):
        return _page(context, [_new(context)], back=True)
    key = context.query.get("resolution", "")
    if not key:
        return _page(context, _list(context))
    with context.deps.asker() as asker:
        found = read_resolution(asker, key)
    if found is None:
        words = _("The link is mistyped, or the resolution belongs to another city.")
        return _page(context, [empty_state(_("There is no such resolution"), words)], back=True)
    return _page(context, detail(context, found), back=True)


def _page(context: PageContext, parts: Sequence[Component], *, back: bool = False) -> Component:
    lead = _("What the council decided, how it stands on %(day)s, and the change since the last release.",
             day=format_date(context.as_of))  # fmt: skip
    actions: list[Component | None] = []
    if not back:
        if context.scope.allows("resolution:write"):
            actions.append(
                link_button(_("Enter a resolution"), _address(context, step=NEW), symbol="plus", kind="primary")
            )
        actions.append(export_links(TABLE, {"as_of": context.as_of.isoformat()}))
    links = [html.A([icon("back"), _("All resolutions")], href=_address(context), className="beschluss-back qm-link")]
    head = page_header(_("Resolutions"), lead=lead, actions=[one for one in actions if one is not None])
    return html.Div([*(links if back else []), head, *parts], className="page beschluesse")


def _address(context: PageContext, **more: str) -> str:
    kept = {"as_of": context.query["as_of"]} if context.query.get("as_of") else {}
    return href("/beschluesse", {**more, **kept})


def _list(context: PageContext) -> list[Component]:
    with context.deps.asker() as asker:
        chosen = [one for one in read_resolutions(asker) if one.decided_on <= context.as_of]
        goals = read_goals(asker, chosen, context.as_of)
    if not goals:
        return [_nothing(context)]
    running = [one for one in goals if not one[1].is_over]
    over = [one for one in goals if one[1].is_over][::-1]
    parts: list[Component] = [html.H2(_("Running"), className="visually-hidden"), _cards(context, running)]
    if not running:
        parts = [html.P(_("No resolution runs on this date."), className="quiet")]
    if over:
        title = _("Ended: %(count)s", count=len(over))
        parts.append(folding_panel(title, _cards(context, over), is_open=not running))
    return parts


def _cards(context: PageContext, goals: Sequence[tuple[Standing, Goal]]) -> Component:
    return html.Div([card(*one, context.query) for one in goals], className="beschluss-list")


def _nothing(context: PageContext) -> Component:
    words = _(
        "Once a resolution with a target is entered or delivered, this page says how it stands, what is missing and "
        "how much time is left."
    )
    action = None
    if context.scope.allows("resolution:write"):
        action = link_button(_("Enter a resolution"), _address(context, step=NEW), symbol="plus")
    return empty_state(_("No resolutions yet"), words, action)


def _new(context: PageContext) -> Component:
    with context.deps.asker() as asker:
        areas = read_areas(asker, context.as_of)
    return html.Div(
        edit_form(ADD, values={"is_share": False}, options=area_options(areas), cancel=_address(context)),
        className="beschluss-form",
    )
