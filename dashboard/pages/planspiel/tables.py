"""The tables of the answer: each area with and without the change, who loses, and what capacity is needed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.formatting import MISSING, format_days, format_number, format_percent, format_share
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.pages.planspiel.question import Asked
from dashboard.pages.planspiel.words import area_name
from geodata.scenario.answer import Answer, HouseVisits, Loser
from geodata.scenario.question import Teams

Rows = list[list[str]]


def area_table(asked: Asked, found: Answer) -> tuple[list[str], Rows]:
    """Each area by name, then the whole city: controls, overdue today and at the end, visits per house and year."""
    visits = {one.area_id: one for one in found.visits_per_house_year}
    ids = [*(area.id for area in sorted(found.baseline.areas, key=lambda area: area.name) if area.id in visits), None]
    is_changed = found.baseline is not found.changed
    head = [code_label("area_kind", asked.scenario.kind), _("Controls"), _("Overdue today")]
    if is_changed:
        head += [
            _("Overdue at the end, without"), _("Overdue at the end, with"), _("Difference"),
            _("Visits per house and year, without"), _("Visits per house and year, with"),
        ]  # fmt: skip
    else:
        head += [_("Overdue at the end"), _("Visits per house and year")]
    return head, [_area_row(asked, found, area_id, visits, is_changed=is_changed) for area_id in ids]


def _area_row(
    asked: Asked, found: Answer, area_id: int | None, visits: Mapping[int | None, HouseVisits], *, is_changed: bool
) -> list[str]:
    before, after = found.baseline.of(area_id), found.changed.of(area_id)
    houses = visits.get(area_id)
    each = (
        [MISSING, MISSING]
        if houses is None
        else [format_number(one, decimals=1) for one in (houses.before, houses.after)]
    )
    row = [area_name(asked, area_id), format_number(before.pairs), format_number(before.overdue[0])]
    if not is_changed:
        return [*row, format_number(after.overdue[-1]), each[1]]
    ends = [before.overdue[-1], after.overdue[-1]]
    return [*row, *[format_number(end) for end in ends], signed(ends[1] - ends[0]), *each]


def signed(difference: int) -> str:
    """+3, −3 with a true minus, 0."""
    sign = "+" if difference > 0 else "\u2212" if difference < 0 else ""
    return f"{sign}{format_number(abs(difference))}"


def loser_table(asked: Asked, losers: Sequence[Loser]) -> tuple[list[str], Rows]:
    """Who pays: what is overdue more, how much longer it waits, and how many are visited later; areas by name."""
    head = [
        _("Kind of control"), _("Controls"), _("Overdue at the end"), _("Average delay of the overdue"),
        _("Visited later"), _("Later by, on average"),
    ]  # fmt: skip
    is_city = all(one.area_id is None for one in losers)
    ordered = losers if is_city else sorted(losers, key=lambda one: area_name(asked, one.area_id))
    rows = [
        [
            *([] if is_city else [area_name(asked, one.area_id)]),
            code_label("control_type", one.control_type),
            format_number(one.pairs),
            _from_to(format_number(one.overdue_before), format_number(one.overdue_after)),
            _from_to(_days(one.mean_delay_before_days), _days(one.mean_delay_after_days)),
            format_share(one.found.later, one.found.pairs) or MISSING,
            _days(one.found.mean_later_days),
        ]
        for one in ordered
    ]
    return ([*([] if is_city else [_("Area")]), *head], rows)


def _from_to(before: str, after: str) -> str:
    return MISSING if before == after == MISSING else f"{before} → {after}"


def _days(days: float | None) -> str:
    return MISSING if days is None else format_days(round(days))


@dataclass(frozen=True)
class OfficeRow:
    """Rounds per week that one side can hold or join, against those needed; `is_scarcest` limits all."""

    name: str
    possible: float
    is_scarcest: bool


def office_rows(asked: Asked, found: Answer) -> Rows:
    """Teams and offices: rounds per week possible, needed by the rules, needed with the wishes, and the share."""
    teams = asked.scenario.teams
    scarcest = found.limits.scarcest_office
    shown = [
        OfficeRow(_("Teams"), teams.teams * teams.rounds_per_team_week, scarcest is None),
        *[
            OfficeRow(code_label("office", office), rounds, office == scarcest)
            for office, rounds in teams.office_rounds_per_week
        ],
    ]
    needed = [
        rounds_needed(teams, each) for each in (found.limits.needed_per_year_before, found.limits.needed_per_year_after)
    ]
    return [
        [
            _("%(name)s (scarcest)", name=one.name) if one.is_scarcest else one.name,
            format_number(one.possible, decimals=2),
            *[MISSING if rounds is None else format_number(rounds, decimals=2) for rounds in needed],
            _share(needed[1], one.possible),
        ]
        for one in shown
    ]


def rounds_needed(teams: Teams, visits_per_year: float) -> float | None:
    """Rounds per working week for so many visits with sufficient access a year; None where no round can make them."""
    if not teams.objects_per_round:
        return None
    per_week = visits_per_year / (1 - teams.failed_share) / teams.working_weeks_per_year
    return max(0.0, per_week - teams.single_visits_per_week) / teams.objects_per_round


def _share(needed: float | None, possible: float) -> str:
    return MISSING if needed is None or not possible else format_percent(needed / possible)
