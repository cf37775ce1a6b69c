"""The view at a glance, the page before a committee meeting: four answers in sentences, each with its evidence."""

from collections.abc import Callable, Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import notice
from dashboard.i18n import gettext as _
from dashboard.in_time import read_in_time
from dashboard.pages.rueckbau import answers, delays, glance_cards, panels
from dashboard.pages.rueckbau.shown import Shown
from geodata.access import Asker
from geodata.funding.reads import read_at_risk, read_flow
from geodata.housing.reads import read_whereabouts

RISK_MONTHS: Final = 6


def view(shown: Shown) -> Sequence[Component]:
    """Four answers, then the numbers with their definitions and the rule of the progress."""
    cards = [
        glance_cards.how_many(answers.how_many(shown.projects, shown.as_of), shown),
        glance_cards.late(delays.late(shown.projects), shown),
        _read(shown, "funding:read", _("Which money is at risk?"), lambda asker: _money(asker, shown)),
        _read(shown, "housing:read", _("Where did the residents go?"), lambda asker: _moved(asker, shown)),
    ]
    return [
        html.Div(cards, className="rueckbau-glance"),
        panels.tiles(shown.projects, shown.kinds, shown.as_of),
    ]


def _read(shown: Shown, permission: str, title: str, read: Callable[[Asker], Component]) -> Component:
    """An answer from another field, in a transaction of its own: one that fails leaves the others standing."""
    if not shown.context.scope.allows(permission):
        return glance_cards.card(title, None, [_("Your account may not see this.")])
    found = read_in_time(shown.context.deps, read)
    if found is None:
        words = _("This takes longer than a page can wait. Choose fewer objects, for example one area.")
        return glance_cards.card(title, None, [notice(words, kind="bad")])
    return found


def _money(asker: Asker, shown: Shown) -> Component:
    found = read_at_risk(asker, shown.chosen, months=RISK_MONTHS)
    of_these = answers.of_projects(found, shown.projects) if shown.is_narrowed else found
    total, *_by_programme = read_flow(asker, shown.chosen)
    return glance_cards.money(answers.money_at_risk(of_these), None if shown.is_narrowed else total, shown)


def _moved(asker: Asker, shown: Shown) -> Component:
    return glance_cards.moved(read_whereabouts(asker, shown.chosen), shown)
