"""What a change of the rules would mean, before it is saved; nothing is written.

The due dates before and after come from the very query that derives them (`sql/due.sql`), asked with the rules as they
are and as the change would leave them. Objects and their areas are those of the as-of date; visits are the known ones:
nobody is visited between it and the dates ahead. Cost: two due queries for the day of the change, and two more for each
stretch of the coming 24 months on which other rules or releases are in force.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from typing import Any, Final

from sqlalchemy import RowMapping, select, text

from geodata import records
from geodata.access import Asker
from geodata.calendar import month_end, months_later
from geodata.rules.changes import StoredRule, after, effect_day, effect_of
from geodata.rules.drafts import AddRule, EndRule, ReplaceRule, RuleChange
from geodata.rules.stored import read_stored
from geodata.tables import interval_release

__all__ = ["AddRule", "EndRule", "Preview", "ReplaceRule", "RuleChange", "preview"]

MONTHS: Final = 24
LOOKED_BACK: Final = timedelta(days=3 * 365)
# Behind every rule that there is: of equal intervals the rule recorded first wins.
_NEW_ID: Final = 2**62


@dataclass(frozen=True)
class Preview:
    """Pairs (property and type of control) of the types that the change concerns, over all that the asker sees.

    Numbers without a course are for the day `on`: the first on which the change is in force, at the earliest the as-of
    date. `objects` are those where a pair changes; visits per house and year and the share without finding (n of m
    controls of these types in the last three years) are theirs. Visits per year are what the intervals ask for.
    """

    pairs_before: int
    pairs_after: int
    pairs_changed: int
    overdue_before: int
    overdue_after: int
    overdue_course: tuple[tuple[date, int, int], ...]
    visits_per_year_before: float
    visits_per_year_after: float
    visits_per_house_and_year_before: float | None
    visits_per_house_and_year_after: float | None
    share_without_finding: tuple[int, int]
    objects: int
    areas: tuple[tuple[int, int, int], ...]
    on: date


def preview(asker: Asker, change: RuleChange, as_of: date) -> Preview:
    """What the change would mean; needs `plan:read`. InvalidEdit for one that could not be made."""
    asker.require("plan:read")
    rules = read_stored(asker)
    changed = after(effect_of(change, rules), rules, _NEW_ID)
    types = {one.draft.control_type for one in set(rules) ^ set(changed)}
    asked = _Asked(asker, as_of, _of_types(rules, types), _of_types(changed, types))
    on = max(as_of, effect_day(change))
    found, late = asked.in_full(on, sorted(types))
    course = _course(asked, on, late, month_ends(as_of))
    return Preview(
        **{name: found[name] for name in _NUMBERS},
        visits_per_house_and_year_before=_per_house(found, "before"),
        visits_per_house_and_year_after=_per_house(found, "after"),
        overdue_course=course,
        share_without_finding=(found["without_finding"], found["controls"]),
        areas=tuple(tuple(one) for one in found["areas"]),
        on=on,
    )


def month_ends(as_of: date, months: int = MONTHS) -> tuple[date, ...]:
    """The last days of the coming months, that of the as-of date's own month first unless it is that day."""
    ends = (month_end(months_later(as_of, count)) for count in range(months + 1))
    return tuple(end for end in ends if end > as_of)[:months]


# --- the two sides ----------------------------------------------------------------------------------------------------

_NUMBERS: Final = (
    "pairs_before", "pairs_after", "pairs_changed", "overdue_before", "overdue_after", "visits_per_year_before",
    "visits_per_year_after", "objects",
)  # fmt: skip
Late = Sequence[tuple[date, int, int]]


@dataclass(frozen=True)
class _Asked:
    """The question: who asks, for which state of the objects, with which rules before and after."""

    asker: Asker
    as_of: date
    before: Sequence[StoredRule]
    after: Sequence[StoredRule]

    def in_full(self, on: date, types: Sequence[str]) -> tuple[RowMapping, Late]:
        """Numbers of one day, and how many pairs were due on which day, before and after."""
        values = {"types": types, "since": on - LOOKED_BACK}
        row = self._execute("rule_preview.sql", on, values).mappings().one()
        return row, [(date.fromisoformat(day), *counts) for day, *counts in row["due"]]

    def late(self, on: date) -> Late:
        """How many pairs are due on which day by the rules of a day ahead, before and after."""
        return [(row.due_on, row.before, row.after) for row in self._execute("rule_preview_course.sql", on, {})]

    def stretches(self) -> list[date]:
        """Days from which on other rules or releases may be in force than before."""
        release = interval_release.c
        query = select(release.since_on, release.until_on).where(
            release.municipality == self.asker.scope.municipality, release.superseded_at.is_(None)
        )
        periods: list[tuple[date | None, date | None]] = [
            *((one.draft.valid_from, one.draft.valid_to) for one in (*self.before, *self.after)),
            *((row.since_on, row.until_on) for row in self.asker.connection.execute(query)),
        ]
        return sorted({day for period in periods for day in period if day is not None})

    def _execute(self, name: str, on: date, values: Mapping[str, Any]) -> Any:
        # As for every question about a whole city: with nested loops the planner's guess can cost minutes.
        records.allow_nested_loops(self.asker.connection, is_allowed=False)
        given = {
            "municipality": self.asker.scope.municipality,
            "as_of": self.as_of,
            "on": on,
            "rules_before": _as_json(self.before, self.asker.scope.municipality),
            "rules_after": _as_json(self.after, self.asker.scope.municipality),
            **values,
        }
        is_current = records.derived_as_of(self.asker.connection, self.asker.scope.municipality) == self.as_of
        return self.asker.connection.execute(text(_statement(name, is_current=is_current)), given)


def _course(asked: _Asked, on: date, late: Late, days: Sequence[date]) -> tuple[tuple[date, int, int], ...]:
    stretches = asked.stretches()
    known = {bisect_right(stretches, on): late}
    course = []
    for stretch, group in groupby(days, lambda day: bisect_right(stretches, day)):
        same = list(group)
        due = known[stretch] if stretch in known else asked.late(same[0])
        course += [(day, *_overdue(due, day)) for day in same]
    return tuple(course)


def _overdue(late: Late, on: date) -> tuple[int, int]:
    past = [(before, behind) for day, before, behind in late if day < on]
    return sum(before for before, _ in past), sum(behind for _, behind in past)


def _per_house(found: RowMapping, side: str) -> float | None:
    objects: int = found["objects"]
    visits: float = found[f"visits_of_objects_{side}"]
    return visits / objects if objects else None


def _of_types(rules: Iterable[StoredRule], types: set[str]) -> tuple[StoredRule, ...]:
    return tuple(one for one in rules if one.draft.control_type in types)


def _as_json(rules: Iterable[StoredRule], municipality: str) -> str:
    # The id is that of the first version, by which of equal intervals the rule recorded first wins.
    rows = [
        {**asdict(one.draft), "id": one.first_id, "key": one.key, "is_statutory": one.is_statutory}
        | {"municipality": municipality, "superseded_at": None}
        for one in rules
    ]
    return json.dumps(rows, default=str)


@cache
def _statement(name: str, *, is_current: bool) -> str:
    monitored = "qm.property_current" if is_current else "qm.property_at(:municipality, CAST(:as_of AS date))"
    columns = (
        "id bigint, municipality text, key text, control_type text, area_id integer, use_type text, "
        "interval_days integer, access_required text, access_required_if_empty text, is_statutory boolean, "
        "valid_from date, valid_to date, superseded_at timestamptz"
    )
    sides = {
        side: records.due_query(
            monitored=monitored,
            municipality=":municipality",
            as_of="CAST(:on AS date)",
            property_ids="CAST(NULL AS bigint[])",
            rules=f"(SELECT * FROM jsonb_to_recordset(CAST(:rules_{side} AS jsonb)) AS j ({columns}))",  # noqa: S608 - text of ours
        )
        for side in ("before", "after")
    }
    return records.read_sql(name).format(monitored=monitored, **sides)
