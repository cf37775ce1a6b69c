"""A scenario in a few numbers: what is kept of it when it is saved, and what a slide shows of it later. Pure.

Plain JSON. `before` is without the change, `after` with it; `*_end_*` is the end of the months looked ahead. Names of
areas are those of the day of saving. `city` has the fields of an area, without kind, key and name.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from geodata.areas import Area
from geodata.scenario.answer import Answer

Summary = Mapping[str, Any]
_DECIMALS = 3


def summary_of(areas: Sequence[Area], found: Answer) -> dict[str, Any]:
    """The numbers; `areas` are all that the city has, because a wish may speak of one of another kind."""
    limits, names = found.limits, {area.id: area.name for area in areas}
    visits = {one.area_id: one for one in found.visits_per_house_year}
    shown = [area for area in found.baseline.areas if area.id in visits]
    return {
        "months": found.scenario.months,
        "visits_per_year": _rounded(limits.visits_per_year),
        "effective_visits_per_year": _rounded(limits.effective_visits_per_year),
        "needed_per_year_before": _rounded(limits.needed_per_year_before),
        "needed_per_year_after": _rounded(limits.needed_per_year_after),
        "utilisation": _rounded(limits.utilisation_after),
        "scarcest_office": limits.scarcest_office,
        "shortest_sustainable_days": [one.shortest_sustainable_days for one in found.wishes.values()],
        "teams_needed": found.teams_needed,
        "teams_to_keep_all": found.teams_to_keep_all,
        "wishes": list(_wishes(found, names)),
        "areas": [
            {"kind": area.kind, "key": area.key, "name": area.name} | _row(found, area.id, visits) for area in shown
        ],
        "city": _row(found, None, visits),
        "found_later_share": _rounded(found.others.later_share),
        "found_later_days": _rounded(found.others.mean_later_days),
    }


def _wishes(found: Answer, names: Mapping[int, str]) -> Iterable[dict[str, Any]]:
    for wish, told in found.wishes.items():
        yield {
            "area": None if wish.area_id is None else names.get(wish.area_id, ""),
            "control_type": wish.control_type,
            "interval_days": wish.interval_days,
            "pairs": told.pairs,
            "shortest_sustainable_days": told.shortest_sustainable_days,
            "shortest_alone_days": told.shortest_alone_days,
            "overdue_now": told.overdue_now,
            "overdue_end_before": told.overdue_before,
            "overdue_end_after": told.overdue_after,
        }


def _row(found: Answer, area_id: int | None, visits: Mapping[int | None, Any]) -> dict[str, Any]:
    before, after = found.baseline.of(area_id), found.changed.of(area_id)
    houses = visits.get(area_id)
    return {
        "pairs": before.pairs,
        "overdue_now": before.overdue[0],
        "overdue_end_before": before.overdue[-1],
        "overdue_end_after": after.overdue[-1],
        "visits_per_house_year_before": _rounded(houses.before if houses else None),
        "visits_per_house_year_after": _rounded(houses.after if houses else None),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DECIMALS)
