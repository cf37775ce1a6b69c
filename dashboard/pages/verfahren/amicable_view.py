"""The cooperative path: talks and agreements that run, and how many of the closed proceedings ended amicably."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import empty_state, panel, plain_table
from dashboard.components.work_list import work_entry, work_list
from dashboard.formatting import format_date, format_number, format_share
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.in_time import Part
from dashboard.pages.verfahren import links
from dashboard.pages.verfahren.parts import Shown, answer, silent, stacked
from dashboard.proceeding_words import deadline_badge
from geodata.access import Asker
from geodata.measures.reads import Measure, read_measures

COOPERATIVE: Final = "cooperative"
AMICABLE: Final = "amicable"
# Ways to own a house and to have one auctioned are no conflict that could end amicably.
_COUNTED: Final = ("cooperative", "regulatory", "closing", "coercion")


def view(shown: Shown) -> Part:
    """The answer and what it is taken from."""
    return _("By agreement"), lambda asker: built(read(asker, shown), shown)


def built(measures: Sequence[Measure], shown: Shown) -> Component:
    """The view of these proceedings."""
    return stacked(lead(measures), body(measures, shown))


def read(asker: Asker, shown: Shown) -> tuple[Measure, ...]:
    """All proceedings of the filter and the office: the path is told beside the others."""
    return read_measures(asker, shown.question.chosen, shown.question.wish(families=(), status=None, court=None))


def closed_of(measures: Sequence[Measure]) -> list[Measure]:
    """The closed proceedings that could have ended amicably."""
    return [one for one in measures if not one.is_open and one.family in _COUNTED]


def is_amicable(one: Measure) -> bool:
    """Whether a closed proceeding ended by agreement."""
    return one.outcome == AMICABLE


def lead(measures: Sequence[Measure]) -> Component:
    """How many of how many ended amicably."""
    if not measures:
        return silent()
    closed = closed_of(measures)
    ended = sum(map(is_amicable, closed))
    running = sum(one.is_open and one.family == COOPERATIVE for one in measures)
    if not closed:
        first = _("No proceeding has been closed yet.")
    else:
        first = _("%(part)s of %(whole)s closed proceedings ended by agreement (%(share)s).", part=format_number(ended),
                  whole=format_number(len(closed)), share=format_share(ended, len(closed)))  # fmt: skip
    return answer([first, _("Talks and agreements that run: %(count)s.", count=format_number(running))])


def body(measures: Sequence[Measure], shown: Shown) -> Component:
    """What runs, and the closed ones by year."""
    running = [one for one in measures if one.is_open and one.family == COOPERATIVE]
    closed = closed_of(measures)
    if not running and not closed:
        text = _(
            "Talks with owners, agreements and amicable ends stand here beside orders and coercion. Enter them like "
            "any other proceeding, at the object."
        )
        return panel(_("By agreement"), empty_state(_("No talk and no agreement yet"), text, level=3))
    return html.Div([_running(running, shown), _by_year(closed)], className="verfahren-pair")


def _running(running: Sequence[Measure], shown: Shown) -> Component:
    title = _("Talks and agreements that run")
    if not running:
        return html.Div(panel(title, html.P(_("None runs at the moment."), className="quiet")))
    entries = [_entry(one, shown) for one in sorted(running, key=lambda one: (one.opened_on, one.address or ""))]
    return html.Div(panel(f"{title} ({format_number(len(running))})", work_list(entries, shown=12)))


def _entry(one: Measure, shown: Shown) -> Component:
    since = _("since %(date)s", date=format_date(one.opened_on))
    office = code_label("office", one.office) if one.office else ""
    lines = [" · ".join(part for part in (code_label("measure_kind", one.kind), since, office) if part)]
    if one.next_check_on:
        lines.append(_("look again on %(date)s", date=format_date(one.next_check_on)))
    following, mark = one.next_deadline, None
    if following and following.due_on and following.state:
        lines.append(f"{code_label('measure_step', following.kind)}: {format_date(following.due_on)}")
        mark = deadline_badge((following.due_on - shown.question.as_of).days, following.state)
    name = one.address or one.property_key
    return work_entry(name, links.proceeding(one.key, shown.context.query), lines=lines, mark=mark)


def _by_year(closed: Sequence[Measure]) -> Component:
    title = _("How closed proceedings ended")
    note = html.P(
        _(
            "Counted are talks, agreements, orders, closures and coercion that were closed; bills, fines and purchases "
            "are not among them."
        ),
        className="quiet verfahren-note",
    )
    if not closed:
        return html.Div(panel(title, [html.P(_("No proceeding has been closed yet."), className="quiet"), note]))
    whole = Counter(one.closed_on.year for one in closed if one.closed_on)
    part = Counter(one.closed_on.year for one in closed if one.closed_on and is_amicable(one))
    rows = [
        [str(year), format_number(part[year]), format_number(whole[year]), format_share(part[year], whole[year])]
        for year in sorted(whole, reverse=True)
    ]
    table = plain_table((_("Year"), _("by agreement"), _("closed"), _("Share")), rows, title)
    outcomes = Counter(one.outcome or "other" for one in closed)
    by_outcome = [[code_label("measure_outcome", code), format_number(count)] for code, count in outcomes.most_common()]
    below = plain_table((_("Outcome"), _("Proceedings")), by_outcome, _("Outcomes"))
    heading = html.H3(_("Outcomes"), className="verfahren-caption")
    return html.Div(panel(title, [table, note, heading, below]))
