"""Demolition projects in the application: begun, planned, reported stage by stage, held up, ended.

- A plan and what really happened are separate facts: a form of the one never touches the other. Each appends a row that
  replaces the one of the same project, stage and aspect; nothing is overwritten, and an edit can be taken back.
- A row keeps the key of the one that it replaces; a new one has the key that a delivery would give it, so that the next
  file of an office replaces it, too, and does not stand beside it.
- `Order.expected` is the id of the row that a form showed (`stage_versions`), 0 = there was none, None = not compared.
- Given up and renovated instead end a project. Nothing more is entered for it then, unless the end is taken back.

Problem codes beside those of `checks`: before_start (dates in the wrong order), ended, exists, not_required (a stage
that the plan leaves out), already_started, already_done, already_blocked, not_blocked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import RowMapping, select

from geodata import codes
from geodata.access import Asker
from geodata.edits.checks import Problems
from geodata.edits.conflicts import refuse_if_changed
from geodata.edits.order import REASON_LIMIT, Change, Edited, Order, carry_out
from geodata.edits.project_drafts import PlanDraft, ProjectDraft, ReportDraft, check_plan, check_report
from geodata.edits.rows import append, require_property, supersede
from geodata.errors import InvalidEdit
from geodata.tables import demolition_stage, property_

__all__ = [
    "PlanDraft",
    "ProjectDraft",
    "ReportDraft",
    "begin_project",
    "block_stage",
    "complete_stage",
    "end_project",
    "plan_stage",
    "report_stage",
    "stage_versions",
    "start_stage",
    "unblock_stage",
]

PERMISSION: Final = "demolition:write"
KEY_LIMIT: Final = 60
PROGRAMME_LIMIT: Final = 120
_OF_PROJECT: Final = ("programme", "decided_on", "released_to")
_KEY_SEPARATOR: Final = "|"


@dataclass
class _Known:
    """What is in force of a project when an edit looks at it: rows by stage and aspect, the latest last."""

    rows: dict[tuple[str, str], list[RowMapping]] = field(default_factory=dict)

    def row(self, stage: str, aspect: str) -> dict[str, Any] | None:
        """The row of a stage; where two offices stated it, what the later one left open is the earlier one's."""
        found: dict[str, Any] = {}
        for one in self.rows.get((stage, aspect), ()):
            found |= {name: value for name, value in one.items() if value is not None or name not in found}
        return found or None

    def ids(self, stage: str, aspect: str) -> list[int]:
        return [one["id"] for one in self.rows.get((stage, aspect), ())]

    @property
    def of_project(self) -> dict[str, Any]:
        """Programme, decision and release, as the plans of its stages state them."""
        plans = [one for (_, aspect), found in self.rows.items() for one in found if aspect == "plan"]
        return {name: next((one[name] for one in plans if one[name] is not None), None) for name in _OF_PROJECT}

    @property
    def is_ended(self) -> bool:
        return any(one["ended_on"] is not None for found in self.rows.values() for one in found)

    @property
    def first_stage(self) -> str:
        return min((stage for stage, _ in self.rows), key=codes.DEMOLITION_STAGES.index)

    def is_required(self, stage: str) -> bool:
        plan = self.row(stage, "plan")
        return plan is None or plan["is_required"] is not False


def stage_versions(asker: Asker, property_id: int, project_key: str) -> Mapping[tuple[str, str], int]:
    """Ids of the rows in force by stage and aspect, for `Order.expected`; 0 stands for what is not there."""
    asker.require("demolition:read")
    fact = demolition_stage.c
    query = select(fact.stage, fact.aspect, fact.id).where(
        fact.municipality == asker.scope.municipality,
        fact.property_id == property_id,
        fact.project_key == project_key,
        fact.superseded_at.is_(None),
    )
    return {(stage, aspect): row_id for stage, aspect, row_id in asker.connection.execute(query.order_by(fact.id))}


# --- the project ------------------------------------------------------------------------------------------------------


def begin_project(asker: Asker, order: Order, property_id: int, draft: ProjectDraft) -> Edited:
    """Enter a project with its plan; its decision counts as done on the day that it states."""
    key = draft.key.strip()

    def check(change: Change) -> int:
        require_property(change, property_id)
        problems = Problems(asker)
        problems.text("key", key, KEY_LIMIT, is_required=True)
        problems.text("programme", draft.programme, PROGRAMME_LIMIT)
        problems.date("decided_on", draft.decided_on)
        problems.code("released_to", draft.released_to, codes.AUDIENCES)
        if not draft.stages:
            problems.add("stages", "required")
        for stage, plan in draft.stages.items():
            problems.code("stages", stage, codes.DEMOLITION_STAGES)
            check_plan(problems, plan, prefix=f"{stage}.")
        if _known(change, property_id, key).rows:
            problems.add("key", "exists")
        problems.raise_if_any()
        return property_id

    def write(change: Change) -> None:
        common = {
            "programme": (draft.programme or "").strip() or None,
            "decided_on": draft.decided_on,
            "released_to": draft.released_to,
        }
        for stage, plan in draft.stages.items():
            _append(change, property_id, key, stage, "plan", {**common, **_plan_values(plan)})
        if "decision" in draft.stages and draft.stages["decision"].is_required:
            _append(change, property_id, key, "decision", "actual", {"actual_end_on": draft.decided_on})

    return carry_out(asker, order, PERMISSION, check, write)


def end_project(
    asker: Asker, order: Order, property_id: int, project_key: str, *, outcome: str, ended_on: date | None
) -> Edited:
    """End a project without its demolition: given up, or renovated instead; the reason stands in the order."""

    def row(change: Change, known: _Known) -> tuple[str, dict[str, Any]]:
        problems = Problems(asker)
        problems.code("outcome", outcome or None, codes.DEMOLITION_OUTCOMES, is_required=True)
        problems.date("ended_on", ended_on)
        problems.text("reason", order.reason, REASON_LIMIT, is_required=True)
        decided_on = known.of_project["decided_on"]
        if ended_on is not None and decided_on is not None and ended_on < decided_on:
            problems.add("ended_on", "before_start")
        problems.raise_if_any()
        stage = known.first_stage
        return stage, {**_report_values(known, stage), "outcome": outcome, "ended_on": ended_on}

    return _change(asker, order, property_id, project_key, "actual", row)


# --- its stages -------------------------------------------------------------------------------------------------------


def plan_stage(asker: Asker, order: Order, property_id: int, project_key: str, stage: str, draft: PlanDraft) -> Edited:
    """Plan a stage, move its dates, or say that it is not required."""

    def row(change: Change, known: _Known) -> tuple[str, dict[str, Any]]:
        problems = _stage_problems(asker, stage)
        check_plan(problems, draft)
        actual = known.row(stage, "actual")
        if not draft.is_required and actual is not None and actual["actual_end_on"] is not None:
            problems.add("is_required", "already_done")
        problems.raise_if_any()
        return stage, {**known.of_project, **_plan_values(draft)}

    return _change(asker, order, property_id, project_key, "plan", row)


def report_stage(
    asker: Asker, order: Order, property_id: int, project_key: str, stage: str, draft: ReportDraft
) -> Edited:
    """State as a whole what really happened in a stage: also how something wrong is corrected."""

    def row(change: Change, known: _Known) -> tuple[str, dict[str, Any]]:
        problems = _stage_problems(asker, stage, known)
        check_report(problems, draft)
        problems.raise_if_any()
        return stage, asdict(draft)

    return _change(asker, order, property_id, project_key, "actual", row)


def start_stage(asker: Asker, order: Order, property_id: int, project_key: str, stage: str, on: date | None) -> Edited:
    """A stage has begun."""

    def report(problems: Problems, now: ReportDraft) -> dict[str, Any]:
        problems.date("actual_start_on", on)
        if now.actual_end_on is not None:
            problems.add("stage", "already_done")
        elif now.actual_start_on is not None:
            problems.add("stage", "already_started")
        return {"actual_start_on": on}

    return _report(asker, order, property_id, project_key, stage, report)


def complete_stage(
    asker: Asker,
    order: Order,
    property_id: int,
    project_key: str,
    stage: str,
    on: date | None,
    *,
    cost_actual_eur: float | None = None,
) -> Edited:
    """A stage is done, at this cost; what held it up is over by that day."""

    def report(problems: Problems, now: ReportDraft) -> dict[str, Any]:
        problems.date("actual_end_on", on)
        if now.actual_end_on is not None:
            problems.add("stage", "already_done")
        is_held_up = now.blocker is not None and now.blocked_since_on is not None and now.blocked_until_on is None
        over = {"blocked_until_on": on} if is_held_up else {}
        cost = {} if cost_actual_eur is None else {"cost_actual_eur": cost_actual_eur}
        return {"actual_end_on": on, **over, **cost}

    return _report(asker, order, property_id, project_key, stage, report)


def block_stage(
    asker: Asker, order: Order, property_id: int, project_key: str, stage: str, *, blocker: str, since_on: date | None
) -> Edited:
    """Something holds a stage up since a day."""

    def report(problems: Problems, now: ReportDraft) -> dict[str, Any]:
        problems.code("blocker", blocker or None, codes.DEMOLITION_BLOCKERS, is_required=True)
        problems.date("blocked_since_on", since_on)
        if now.actual_end_on is not None:
            problems.add("stage", "already_done")
        elif now.blocker is not None and now.blocked_until_on is None:
            problems.add("stage", "already_blocked")
        return {"blocker": blocker, "blocked_since_on": since_on, "blocked_until_on": None}

    return _report(asker, order, property_id, project_key, stage, report)


def unblock_stage(
    asker: Asker, order: Order, property_id: int, project_key: str, stage: str, until_on: date | None
) -> Edited:
    """What held a stage up is over: it goes on from this day."""

    def report(problems: Problems, now: ReportDraft) -> dict[str, Any]:
        problems.date("blocked_until_on", until_on)
        if now.blocker is None or now.blocked_until_on is not None:
            problems.add("stage", "not_blocked")
        return {"blocked_until_on": until_on}

    return _report(asker, order, property_id, project_key, stage, report)


def _report(
    asker: Asker,
    order: Order,
    property_id: int,
    project_key: str,
    stage: str,
    report: Callable[[Problems, ReportDraft], dict[str, Any]],
) -> Edited:
    """Change some of what is known of a stage and keep the rest."""

    def row(change: Change, known: _Known) -> tuple[str, dict[str, Any]]:
        problems = _stage_problems(asker, stage, known)
        now = ReportDraft(**_report_values(known, stage))
        said = report(problems, now)
        problems.raise_if_any()  # what was stated wrongly; what follows from it would only confuse
        check_report(problems, ReportDraft(**{**asdict(now), **said}))
        problems.raise_if_any()
        return stage, {**asdict(now), **said}

    return _change(asker, order, property_id, project_key, "actual", row)


# --- how it is written ------------------------------------------------------------------------------------------------


def _change(
    asker: Asker,
    order: Order,
    property_id: int,
    project_key: str,
    aspect: str,
    row: Callable[[Change, _Known], tuple[str, dict[str, Any]]],
) -> Edited:
    """Replace the row of one stage under one aspect; `row` gives the stage and all content columns of the new one."""
    found: list[tuple[str, dict[str, Any], _Known]] = []

    def check(change: Change) -> int:
        require_property(change, property_id)
        known = _known(change, property_id, project_key)
        if not known.rows:
            raise InvalidEdit({"project_key": "unknown"})
        if known.is_ended:
            raise InvalidEdit({"project_key": "ended"})
        stage, values = row(change, known)
        now = known.row(stage, aspect)
        _refuse_if_changed(change, now, values, known.ids(stage, aspect))
        if now is not None and all(_is_same(now[name], value) for name, value in values.items()):
            raise InvalidEdit({"form": "unchanged"})
        found.append((stage, values, known))
        return property_id

    def write(change: Change) -> None:
        stage, values, known = found[0]
        now = known.row(stage, aspect)
        supersede(change, demolition_stage, known.ids(stage, aspect))
        _append(change, property_id, project_key, stage, aspect, values, key=None if now is None else now["key"])

    return carry_out(asker, order, PERMISSION, check, write)


def _append(
    change: Change,
    property_id: int,
    project_key: str,
    stage: str,
    aspect: str,
    values: Mapping[str, Any],
    *,
    key: str | None = None,
) -> None:
    named = {"property_id": property_id, "project_key": project_key, "stage": stage, "aspect": aspect}
    named["key"] = key or _new_key(change, property_id, (project_key, stage, aspect))
    append(change, demolition_stage, [{**named, **values}])
    change.touched.add(property_id)


def _new_key(change: Change, property_id: int, parts: Sequence[str]) -> str:
    """The key that a delivery of this stage would have; where another fact has it already, one of the application."""
    query = select(property_.c.register, property_.c.key).where(property_.c.id == property_id)
    register, property_key = change.asker.connection.execute(query).one()
    key = _KEY_SEPARATOR.join((register, property_key, *parts))
    fact = demolition_stage.c
    is_taken = select(fact.id).where(
        fact.municipality == change.municipality, fact.key == key, fact.superseded_at.is_(None)
    )
    if change.asker.connection.execute(is_taken).first() is not None:
        return change.fact_key(codes.DEMOLITION_STAGES.index(parts[1]) + 1)
    return key


def _known(change: Change, property_id: int, project_key: str) -> _Known:
    fact = demolition_stage.c
    query = select(demolition_stage).where(
        fact.municipality == change.municipality,
        fact.property_id == property_id,
        fact.project_key == project_key,
        fact.superseded_at.is_(None),
    )
    known = _Known()
    for row in change.asker.connection.execute(query.order_by(fact.id)).mappings():
        known.rows.setdefault((row["stage"], row["aspect"]), []).append(row)
    return known


def _refuse_if_changed(
    change: Change, now: Mapping[str, Any] | None, yours: Mapping[str, Any], ids: Sequence[int]
) -> None:
    expected = change.order.expected
    if expected is None or expected in ids or (now is None and expected == 0):
        return
    if now is None:
        raise InvalidEdit({"form": "changed_since"})
    fact = demolition_stage.c
    query = select(demolition_stage).where(fact.municipality == change.municipality, fact.id == expected)
    shown = change.asker.connection.execute(query).mappings().one_or_none()
    if shown is not None and (shown["project_key"], shown["stage"]) != (now["project_key"], now["stage"]):
        raise InvalidEdit({"form": "not_in_scope"})
    refuse_if_changed(change, demolition_stage, ids[-1], before=dict(shown or {}), theirs=dict(now), yours=yours)


def _report_values(known: _Known, stage: str) -> dict[str, Any]:
    now = known.row(stage, "actual") or {}
    return {name: now.get(name) for name in ReportDraft.__dataclass_fields__}


def _plan_values(draft: PlanDraft) -> dict[str, Any]:
    return asdict(draft if draft.is_required else PlanDraft(is_required=False))


def _is_same(now: Any, value: Any) -> bool:
    # Money comes back as a decimal number, which no fraction of a float equals.
    return bool(float(now) == value) if isinstance(now, Decimal) and value is not None else bool(now == value)


def _stage_problems(asker: Asker, stage: str, known: _Known | None = None) -> Problems:
    problems = Problems(asker)
    problems.code("stage", stage or None, codes.DEMOLITION_STAGES, is_required=True)
    if known is not None and not known.is_required(stage):
        problems.add("stage", "not_required")
    return problems
