"""The answer in sentences: what is possible, what falls overdue, what it would take, who loses. Pure, no request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dashboard.formatting import MISSING, format_date, format_days, format_number, format_percent
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _
from dashboard.pages.planspiel.question import Asked
from geodata.scenario import capacity
from geodata.scenario.answer import Answer, HouseVisits, WishAnswer
from geodata.scenario.defaults import Defaults
from geodata.scenario.question import TEAMS_MOST, Wish


@dataclass(frozen=True)
class Outside:
    """Pairs that no wish speaks of: how many, and how many of them are overdue."""

    pairs: int
    now: int
    before: int
    after: int


def outside_of(asked: Asked, found: Answer) -> Outside:
    """What happens where no wish is."""
    start = asked.stock.start
    meant = ~start.of_wishes(asked.wishes)
    late = [(course.due_day < course.horizon_days) & meant for course in (found.baseline, found.changed)]
    return Outside(int(meant.sum()), int(((start.due_day < 0) & meant).sum()), *(int(one.sum()) for one in late))


# --- words for parts --------------------------------------------------------------------------------------------------


def area_name(asked: Asked, area_id: int | None) -> str:
    """The name of an area; the whole city where none is meant."""
    names = {area.id: area.name for area in asked.areas}
    return _("Whole city") if area_id is None else names.get(area_id, MISSING)


def asked_words(asked: Asked) -> str:
    """The question in short: Wehringhausen every 60 days; 2 teams."""
    wishes = [
        _("%(area)s every %(days)s", area=area_name(asked, wish.area_id), days=format_days(wish.interval_days))
        for wish in asked.wishes
    ] or [_("rules as they are")]
    return "; ".join([*wishes, teams_words(asked.scenario.teams.teams)])


def teams_words(teams: int) -> str:
    """2 teams."""
    return ngettext("%(count)s team", "%(count)s teams", teams, count=format_number(teams))


def _of(part: int, whole: int) -> str:
    return _("%(part)s of %(all)s", part=format_number(part), all=format_number(whole))


def _after(asked: Asked) -> str:
    return _("after %(count)s months", count=format_number(asked.scenario.months))


# --- the answer -------------------------------------------------------------------------------------------------------


def headlines(asked: Asked, found: Answer) -> list[str]:
    """The first sentence, or one for each wish."""
    if not asked.wishes:
        return [_as_it_is(asked, found)]
    return [_headline(asked, found, wish, told) for wish, told in found.wishes.items()]


def _as_it_is(asked: Asked, found: Answer) -> str:
    city = found.changed.of(None)
    values = {
        "after": _after(asked), "late": _of(city.overdue[-1], city.pairs), "now": format_number(city.overdue[0]),
        "teams": teams_words(asked.scenario.teams.teams), "before": format_number(found.baseline.of(None).overdue[-1]),
    }  # fmt: skip
    if asked.has_other_teams:
        return _(
            "With this capacity (%(teams)s) and the rules in force, %(late)s controls are overdue %(after)s; "
            "today %(now)s, without the change %(before)s.",
            **values,
        )
    return _("If all stays as it is, %(late)s controls are overdue %(after)s; today it is %(now)s.", **values)


def _headline(asked: Asked, found: Answer, wish: Wish, told: WishAnswer) -> str:
    teams = teams_words(asked.scenario.teams.teams)
    values = {
        "teams": teams, "days": format_days(wish.interval_days), "area": area_name(asked, wish.area_id),
        "type": code_label("control_type", wish.control_type),
    }  # fmt: skip
    if not told.pairs:
        return _("In %(area)s no rule asks for “%(type)s” of any object, so this wish changes nothing.", **values)
    shortest = told.shortest_sustainable_days
    if shortest is None:
        return _(
            "%(area)s, %(type)s every %(days)s: cannot be kept with %(teams)s, and no other interval either as long as "
            "all other rules are to be kept, too: they alone need more than is possible.",
            **values,
        )
    if shortest <= wish.interval_days:
        return _(
            "%(area)s, %(type)s every %(days)s: can be kept with %(teams)s; the shortest interval that lasts is "
            "%(shortest)s.",
            shortest=format_days(shortest),
            **values,
        )
    return _(
        "%(area)s, %(type)s every %(days)s: cannot be kept with %(teams)s; the shortest interval that lasts is "
        "%(shortest)s.",
        shortest=format_days(shortest),
        **values,
    )


def sentences(asked: Asked, found: Answer) -> list[str]:
    """What follows, most important first; nothing that does not apply."""
    return [
        *[_of_wish(asked, wish, told) for wish, told in found.wishes.items() if told.pairs],
        *_elsewhere(asked, found),
        *what_it_takes(asked, found),
        need_words(found),
        *[line for wish, told in found.wishes.items() for line in _alone(asked, wish, told)],
        *_visits(asked, found),
    ]


def _of_wish(asked: Asked, wish: Wish, told: WishAnswer) -> str:
    return _(
        "%(area)s: %(late)s controls of this kind are overdue %(after)s (today %(now)s, without the change "
        "%(before)s).",
        area=area_name(asked, wish.area_id),
        after=_after(asked),
        late=_of(told.overdue_after, told.pairs),
        now=format_number(told.overdue_now),
        before=format_number(told.overdue_before),
    )


def _alone(asked: Asked, wish: Wish, told: WishAnswer) -> list[str]:
    """The utmost, where the wish cannot be kept."""
    alone, shortest = told.shortest_alone_days, told.shortest_sustainable_days
    if alone is None or (shortest is not None and shortest <= wish.interval_days):
        return []
    return [
        _(
            "%(area)s: if nobody went anywhere else in the city, every %(days)s would be possible.",
            area=area_name(asked, wish.area_id),
            days=format_days(alone),
        )
    ]


def _elsewhere(asked: Asked, found: Answer) -> list[str]:
    if not asked.wishes:
        return []
    rest, others = outside_of(asked, found), found.others
    if not rest.pairs:
        return []
    lines = [
        _(
            "All other controls of the city: %(late)s are overdue then (today %(now)s, without the change %(before)s).",
            late=_of(rest.after, rest.pairs), now=format_number(rest.now), before=format_number(rest.before),
        )
    ]  # fmt: skip
    if others.later and others.mean_later_days is not None and others.later > others.sooner:
        lines.append(
            _(
                "%(share)s of the other cases would be visited later than without the change, by %(days)s on average.",
                share=format_percent(others.later_share),
                days=format_days(round(others.mean_later_days)),
            )
        )
    return lines


def _visits(asked: Asked, found: Answer) -> list[str]:
    """Visits per house and year, of the areas of the wishes where the tables show them, else of the city."""
    by_area = {one.area_id: one for one in found.visits_per_house_year}
    wished = list(dict.fromkeys(wish.area_id for wish in asked.wishes if wish.area_id in by_area)) or [None]
    return [_visits_of(area_name(asked, one), by_area[one], found) for one in wished if one in by_area]


def _visits_of(area: str, houses: HouseVisits, found: Answer) -> str:
    after, before = (format_number(one, decimals=1) for one in (houses.after, houses.before))
    if found.baseline is found.changed:
        return _("Visits per house and year in %(area)s: %(after)s.", area=area, after=after)
    return _(
        "Visits per house and year in %(area)s: %(after)s, without the change %(before)s.",
        area=area,
        after=after,
        before=before,
    )


def need_words(found: Answer) -> str:
    """What the rules need in a year against what is possible."""
    limits = found.limits
    return _(
        "To stay on time, rules and wishes need %(needed)s controls with sufficient access a year; %(possible)s are "
        "possible (%(visits)s visits, less those without sufficient access).",
        needed=format_number(limits.needed_per_year_after),
        possible=format_number(limits.effective_visits_per_year),
        visits=format_number(limits.visits_per_year),
    )


def what_it_takes(asked: Asked, found: Answer) -> list[str]:
    """How many teams, or why no number of teams is enough."""
    if found.teams_to_keep_all is None and found.teams_needed is None:
        return [_impossible(asked)]
    lines = []
    if asked.wishes and found.teams_needed is not None:
        lines.append(
            _(
                "So that nothing is more overdue than without the change it takes %(teams)s (here: %(asked)s).",
                teams=teams_words(found.teams_needed),
                asked=format_number(asked.scenario.teams.teams),
            )
        )
    if found.teams_to_keep_all is None:
        lines.append(_impossible(asked))
    else:
        lines.append(
            _(
                "To keep every rule and wish in the long run it takes %(teams)s.",
                teams=teams_words(found.teams_to_keep_all),
            )
        )
    return lines


def _impossible(asked: Asked) -> str:
    teams = asked.scenario.teams
    office = capacity.scarcest_office(replace(teams, teams=TEAMS_MOST))
    if office is not None:
        rounds = dict(teams.office_rounds_per_week)[office]
        return _(
            "No number of teams keeps all rules and wishes, because this office can join only %(rounds)s rounds a "
            "week: %(office)s.",
            office=code_label("office", office),
            rounds=format_number(rounds, decimals=2),
        )
    if not teams.rounds_per_team_week or not teams.objects_per_round:
        return _("No number of teams is enough: without rounds, or without objects in them, nobody is visited.")
    return _("Not even %(count)s teams are enough to keep all rules and wishes.", count=format_number(TEAMS_MOST))


# --- origin of the numbers --------------------------------------------------------------------------------------------


def origin_words(asked: Asked) -> str:
    """Where the numbers come from that nobody has set."""
    measured, teams = asked.stock.measured, asked.stock.defaults.teams
    counted, sources = measured.counted, measured.sources
    parts = []
    if sources["rounds_per_team_week"] == "measured":
        parts.append(
            _(
                "%(rounds)s rounds, %(rate)s per working week and team",
                rounds=format_number(counted.rounds),
                rate=format_number(teams.rounds_per_team_week, decimals=2),
            )
        )
    if sources["objects_per_round"] == "measured":
        parts.append(_("%(objects)s objects per round", objects=format_number(teams.objects_per_round, decimals=1)))
    if sources["single_visits_per_week"] == "measured" and counted.single_visits:
        parts.append(_("%(visits)s visits outside of rounds", visits=format_number(counted.single_visits)))
    if sources["failed_share"] == "measured":
        parts.append(
            _(
                "%(share)s of %(visits)s visits without sufficient access",
                share=format_percent(teams.failed_share),
                visits=format_number(counted.visits),
            )
        )
    if sources["teams"] == "measured":
        parts.append(
            _("as many teams as rounds usually go out on one day: %(teams)s", teams=format_number(teams.teams))
        )
    return " ".join(filter(None, (_measured(asked, parts), _assumed(measured))))


def _measured(asked: Asked, parts: Sequence[str]) -> str:
    counted = asked.stock.measured.counted
    if not parts:
        return _("Nothing could be measured in the last twelve months; please set your own numbers.")
    return _(
        "Measured from %(first)s to %(last)s: %(parts)s.",
        first=format_date(counted.first_on),
        last=format_date(counted.last_on),
        parts="; ".join(parts),
    )


def _assumed(measured: Defaults) -> str:
    labels: Mapping[str, str] = {
        "teams": _("teams"),
        "rounds_per_team_week": _("rounds per team and week"),
        "objects_per_round": _("objects per round"),
        "failed_share": _("share without sufficient access"),
        "working_weeks_per_year": _("46 working weeks a year"),
    }
    named = [label for field, label in labels.items() if measured.sources[field] == "assumed"]
    return _("Assumed: %(parts)s.", parts=", ".join(named)) if named else ""


def rule_hint(asked: Asked, wish: Wish) -> str:
    """Which interval holds today where a wish speaks of."""
    start = asked.stock.start
    intervals = np.unique(start.interval_days[start.of_wish(wish)])
    if not intervals.size:
        return _("No rule asks for this there today.")
    days = format_days(int(intervals[0]))
    if intervals.size > 1:
        days = _(
            "%(first)s to %(last)s days",
            first=format_number(int(intervals[0])),
            last=format_number(int(intervals[-1])),
        )
    return _("In force today in %(area)s: %(days)s", area=area_name(asked, wish.area_id), days=days)
