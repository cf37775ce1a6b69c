"""What the model counts and what it does not, in words: a click away from every answer."""

from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import folding_panel
from dashboard.i18n import N_
from dashboard.i18n import gettext as _

_RULES: Final = (
    (
        N_("What is counted"),
        N_(
            "Each object with each kind of control that a rule asks of it there. An object with two kinds counts "
            "twice. Overdue is what was due before the day. Areas may overlap; their numbers do not add up to those "
            "of the city."
        ),
    ),
    (
        N_("Without the change"),
        N_(
            "The rules in force and the capacity as measured. With the change: the wishes in place of the rules that "
            "they speak of, and the capacity as set. Intervals that the law prescribes are never lengthened."
        ),
    ),
    (
        N_("Who is visited"),
        N_(
            "On each working day those whose control was due first, or by risk (last assessment and last finding, with "
            "a limit, so that nobody waits for ever). A visit without sufficient access is repeated after two weeks."
        ),
    ),
    (
        N_("The shortest interval that lasts"),
        N_(
            "Counted without a backlog: visits that rules and wishes need in a year against those that are possible. "
            "The courses start from what is overdue today, so it takes a while until an interval is kept."
        ),
    ),
    (
        N_("Who loses"),
        N_(
            "Areas and kinds of control in which more is overdue at the end, or the overdue wait longer, or the next "
            "visit comes later. Who is not reached until the end counts with the day after it, so the days are “at "
            "least”."
        ),
    ),
    (
        N_("What is left out"),
        N_(
            "Ways and routes, the size of a house and how long a visit takes, new cases and closed ones, holidays "
            "and seasons, and what one learns from findings. Which offices a round needs is not recorded: an office "
            "limits the rounds only if you say so. Whether more controls at a house are proportionate is a legal "
            "question that no calculation answers."
        ),
    ),
)


def limits_panel() -> Component:
    """The rules of the model, folded."""
    pairs = [part for name, words in _RULES for part in (html.Dt(_(name)), html.Dd(_(words)))]
    words = html.Dl(pairs, className="planspiel-limits")
    return folding_panel(_("How this is calculated, and what it leaves out"), words, is_open=False)
