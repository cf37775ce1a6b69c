"""A released scenario in the words of the reader: what is asked, and what it would take. Pure."""

from dashboard.formatting import format_date, format_days, format_number
from dashboard.i18n import gettext as _
from dashboard.i18n import ngettext
from dashboard.released import View, said
from geodata.publishing.publication import PublishedScenario, ScenarioWish


def projection_note(view: View) -> str:
    """What the numbers are, and how far they are told."""
    return _(
        "Projections for the end of the period, rounded; fewer than %(k)s is not told more closely. They say what "
        "follows if all else stays as it is.",
        k=view.content.header.k,
    )


def scenario_facts(one: PublishedScenario) -> list[str]:
    """From when, for how long, with how many teams, and what the change would take."""
    return [
        ngettext("Reckoned from %(day)s for %(months)s months with %(count)s team.",
                 "Reckoned from %(day)s for %(months)s months with %(count)s teams.", one.teams,
                 day=format_date(one.as_of), months=one.months, count=one.teams),
        _("Controls with access a year: %(possible)s possible; needed about %(before)s, with the change %(after)s.",
          possible=format_number(one.visits_per_year), before=format_number(one.needed_per_year_before),
          after=format_number(one.needed_per_year_after)),
        teams_words(one),
    ]  # fmt: skip


def teams_words(one: PublishedScenario) -> str:
    """How many teams the change would need so that nobody else pays for it; to keep every rule may take more."""
    if one.teams_needed is None:
        return _("No number of teams is enough for the change.")
    return _("Teams so that nothing is more overdue: %(count)s", count=format_number(one.teams_needed))


def wish_words(wish: ScenarioWish) -> str:
    """Which interval is tried where, and the shortest that can be kept."""
    asked = _("%(place)s, %(type)s: every %(days)s", place=said(wish.place), type=said(wish.control_type_name),
              days=format_days(wish.interval_days))  # fmt: skip
    if wish.shortest_days is None:
        return f"{asked}; {_('no interval can be kept with these teams')}"
    return f"{asked}; {_('shortest that can be kept: %(days)s', days=format_days(wish.shortest_days))}"
