"""Deadlines on the start page: those of proceedings, and those on which money depends."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import badge
from dashboard.components.work_list import all_link, first_of, nothing_to_do, work_entry, work_list, work_panel
from dashboard.formatting import format_date, format_days, format_money, format_number
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.pages.heute import words
from dashboard.pages.heute.links import Links
from dashboard.proceeding_words import deadline_badge, deadline_line
from geodata.access import Asker
from geodata.filters import PropertyFilter
from geodata.funding.flow import AtRisk
from geodata.funding.reads import read_at_risk
from geodata.measures.deadlines import Deadline, read_deadlines
from geodata.properties import property_sources

AHEAD_DAYS: Final = 14
MONEY_MONTHS: Final = 2
SHOWN: Final = 6
# Beyond this a list is no list of today any more; the page of all deadlines is one click away.
MOST: Final = 50


def deadlines_of(asker: Asker, chosen: PropertyFilter, links: Links) -> Component:
    """What ends in the next days, the next one first, and what has expired, the latest first: old ones wait already."""
    until_on = property_sources(asker, chosen).as_of + timedelta(days=AHEAD_DAYS)
    found = read_deadlines(asker, chosen, until_on=until_on)
    ahead = [one for one in found if one.days_left >= 0]
    passed = [one for one in reversed(found) if one.days_left < 0 and one.state != "resting"]
    days = format_number(AHEAD_DAYS)
    groups = [
        _group(_("Next %(days)s", days=format_days(AHEAD_DAYS)), ahead, _("None ends in these days."), links),
        _group(_("Expired"), passed, _("No deadline has expired."), links),
    ]
    every = all_link(_("Show all deadlines"), links.filtered("/verfahren"))
    nothing = _("No deadline has expired, and none ends in the next %(count)s days.", count=days)
    return work_panel(_("Deadlines of proceedings"), len(ahead) + len(passed), [*groups, every], nothing=nothing)


def _group(title: str, found: Sequence[Deadline], nothing: str, links: Links) -> Component:
    heading = html.H3(f"{title} ({format_number(len(found))})" if found else title)
    if not found:
        return html.Div([heading, nothing_to_do(nothing)], className="work-group")
    entries = [_deadline(one, links) for one in found[:MOST]]
    parts = [heading, work_list(entries, shown=SHOWN), *first_of(len(found), MOST)]
    return html.Div(parts, className="work-group")


def money_of(asker: Asker, chosen: PropertyFilter, links: Links) -> Component:
    """Calls, unused money and proofs of use whose day has passed or comes soon."""
    as_of = property_sources(asker, chosen).as_of
    found = read_at_risk(asker, chosen, months=MONEY_MONTHS)
    entries = [_money(one, as_of, links) for one in found[:MOST]]
    every = all_link(_("Show all funding"), links.filtered("/foerderung"))
    nothing = _("In the next %(count)s months no money depends on a day.", count=format_number(MONEY_MONTHS))
    content = [work_list(entries, shown=SHOWN), *first_of(len(found), MOST), every]
    return work_panel(_("Money with a deadline"), len(found), content, nothing=nothing)


def _deadline(one: Deadline, links: Links) -> Component:
    return work_entry(
        one.address,
        links.deadline(one.measure_key),
        lines=[f"{deadline_line(one)}, {format_date(one.on)}"],
        mark=deadline_badge(one.days_left, one.state),
    )


def _money(one: AtRisk, as_of: date, links: Links) -> Component:
    said = f"{code_label('funding_risk', one.what)}: {format_money(one.amount_eur)}, {format_date(one.on)}"
    is_past = one.days_left < 0
    return work_entry(
        one.title,
        links.dated("/foerderung", grant=one.grant_key),
        lines=[said],
        mark=badge(words.reminder_mark(one.on, as_of), kind="bad" if is_past else "neutral"),
    )
