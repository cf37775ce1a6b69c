"""The view of whereabouts: what became of closed houses and of their households, and the houses one by one."""

from dash import html
from dash.development.base_component import Component

from dashboard.components import empty_state, link_button, notice, tile
from dashboard.formatting import format_number
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.in_time import Part
from dashboard.pages.wohnraum import ids, links, words
from dashboard.pages.wohnraum.forms import ENTER_HOUSE
from dashboard.pages.wohnraum.house import card
from dashboard.pages.wohnraum.parts import Shown
from geodata.access import Asker
from geodata.housing.reads import read_bounds, read_closures, whereabouts_of
from geodata.housing.whereabouts import Whereabouts


def view(shown: Shown) -> list[Part]:
    """Answer, tiles and houses from one read."""
    return [(_("Whereabouts"), lambda asker: _whereabouts(asker, shown))]


def _whereabouts(asker: Asker, shown: Shown) -> Component:
    closures = read_closures(asker, shown.question.chosen)
    if not closures:
        return _nothing(shown)
    found = whereabouts_of(closures)
    query = shown.context.query
    cards = html.Div([card(one, query) for one in closures], className="wohnraum-cards")
    household_bounds = read_bounds(asker).get("large_household")
    said = words.household_bounds_words(household_bounds) if household_bounds else ""
    explained = _(
        "A household is counted where it is on the date of the page: one that came back from replacement housing "
        "counts as returned alone. Households are counts; names are not recorded."
    )
    return html.Div(
        [
            words.answer(words.whereabouts_lines(found)),
            _tiles(found),
            html.P(f"{explained} {said}".strip(), className="wohnraum-note quiet"),
            html.H2(_("Closed houses, the latest first")),
            cards,
        ],
        className="wohnraum-stack",
    )


def _tiles(found: Whereabouts) -> Component:
    """Where the households are, each figure by itself."""
    known = [
        (_("Households affected"), found.households_affected),
        *((code_label("household_place", name), getattr(found, name))
          for name in ("rehoused", "returned", "moved_elsewhere", "not_known")),
    ]  # fmt: skip
    shown = [tile(label, _("not known") if count is None else format_number(count)) for label, count in known]
    return html.Div(shown, className="tiles wohnraum-tiles")


def _nothing(shown: Shown) -> Component:
    if shown.question.chosen.is_restricted:
        text = _("No closed house fits this filter. Reset a part of it to see more.")
        return notice(text, kind="info")
    text = _(
        "Once a house is closed, this page says what became of it and where its households went: into replacement "
        "housing, back, or elsewhere. Closed houses are delivered or entered here."
    )
    action = None
    if shown.may_write:
        address = links.same_page(shown.context.query, **{ids.FORM: ENTER_HOUSE.key})
        action = link_button(_("Enter a closed house"), address, symbol="plus")
    return empty_state(_("No closed house yet"), text, action)
