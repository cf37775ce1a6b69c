"""Programmes, grants, calls and costs as people enter them; needs `funding:write`.

Nothing is overwritten: a correction is a new version under the same key, and what is withdrawn stays as such. What does
not fit together is refused by the rules of `geodata/funding/checks.py`, and calls may never exceed what was granted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import RowMapping, Table, select

from geodata import codes
from geodata.access import Asker
from geodata.areas import read_areas
from geodata.calendar import months_later
from geodata.edits import versions
from geodata.edits.checks import Problems
from geodata.edits.order import Change, Edited, Order, carry_out
from geodata.edits.rows import append, require_property
from geodata.errors import InvalidEdit
from geodata.funding.checks import problems_of_call, problems_of_grant, problems_of_programme
from geodata.funding.drafts import CallDraft, CostDraft, GrantDraft, ProgrammeDraft
from geodata.tables import demolition_stage, funding_call, funding_cost, funding_grant, funding_programme

PERMISSION: Final = "funding:write"
NAME_LIMIT: Final = 120
TITLE_LIMIT: Final = 200
REFERENCE_LIMIT: Final = 80
TEXT_LIMIT: Final = 1_000
MOST_EUR: Final = 999_999_999_999
MOST_MONTHS: Final = 120
_BOUND_MONTHS: Final = 600


def set_programme(asker: Asker, order: Order, draft: ProgrammeDraft) -> Edited:
    """Enter a programme, or state its terms anew under its name."""
    found: list[tuple[RowMapping | None, dict[str, Any]]] = []

    def check(change: Change) -> None:
        row = _programme(change, draft)
        now = versions.find(change, funding_programme, row["key"])
        if now is not None and order.expected not in (None, now["id"]):
            raise InvalidEdit({"form": "changed_since"})
        if now is not None and all(now[name] == value for name, value in row.items()):
            raise InvalidEdit({"form": "unchanged"})
        found.append((now, row))

    def write(change: Change) -> None:
        now, row = found[0]
        versions.replace(change, funding_programme, now, row)

    return carry_out(asker, order, PERMISSION, check, write)


def add_grant(asker: Asker, order: Order, draft: GrantDraft) -> Edited:
    """Enter a grant; its key is that of the edit."""
    rows: list[dict[str, Any]] = []

    def check(change: Change) -> int | None:
        rows.append(_grant(change, draft, {}) | {"goal_rating": "not_yet"})
        return draft.property_id

    def write(change: Change) -> None:
        append(change, funding_grant, [{**rows[0], "key": change.fact_key(), "is_withdrawn": False}])

    return carry_out(asker, order, PERMISSION, check, write)


def change_grant(asker: Asker, order: Order, key: str, draft: GrantDraft) -> Edited:
    """State a grant anew; its proof of use and its rating stay as they are."""

    def values(change: Change, now: RowMapping) -> dict[str, Any]:
        row = _grant(change, draft, dict(now))
        _refuse_overdrawn(change, key, row["granted_eur"], field="granted_eur")
        return {**row, "is_withdrawn": False}

    return versions.correct(asker, order, PERMISSION, funding_grant, key, values, _property_of)


def withdraw_grant(asker: Asker, order: Order, key: str) -> Edited:
    """A grant that does not stand: refused, given back, revoked or entered by mistake."""
    return _withdraw(asker, order, funding_grant, key)


def send_proof(asker: Asker, order: Order, key: str, *, sent_on: date | None, result: str | None = None) -> Edited:
    """The proof of use was sent, and what the funder said of it; `sent_on` None takes it back."""

    def values(change: Change, now: RowMapping) -> dict[str, Any]:
        problems = Problems(asker)
        problems.date("proof_sent_on", sent_on, is_required=result is not None)
        problems.code("proof_result", result, codes.PROOF_RESULTS)
        row = {"proof_sent_on": sent_on, "proof_result": result}
        _add(problems, problems_of_grant({**now, **row}), only=(*row, "granted_on"))
        return row

    return versions.correct(asker, order, PERMISSION, funding_grant, key, values, _property_of)


def rate_goal(asker: Asker, order: Order, key: str, *, rating: str, goal: str | None, note: str | None) -> Edited:
    """Whether the goal of a grant was reached, and why it is rated so."""

    def values(change: Change, now: RowMapping) -> dict[str, Any]:
        problems = Problems(asker)
        problems.code("goal_rating", rating or None, codes.GOAL_RATINGS, is_required=True)
        row = {
            "goal_rating": rating,
            "goal": problems.text("goal", goal, TEXT_LIMIT),
            "goal_note": problems.text("goal_note", note, TEXT_LIMIT),
        }
        _add(problems, problems_of_grant({**now, **row}), only=tuple(row))
        return row

    return versions.correct(asker, order, PERMISSION, funding_grant, key, values, _property_of)


def add_call(asker: Asker, order: Order, grant_key: str, draft: CallDraft) -> Edited:
    """Enter a call for money; all calls together may not exceed what was granted."""
    rows: list[dict[str, Any]] = []

    def check(change: Change) -> int | None:
        rows.append(_call(change, grant_key, None, draft))
        return _property_of_grant(change, grant_key)

    return carry_out(asker, order, PERMISSION, check, lambda change: _append(change, funding_call, grant_key, rows))


def change_call(asker: Asker, order: Order, key: str, draft: CallDraft) -> Edited:
    """State a call anew: what was paid on it, what was paid back, or a correction."""

    def values(change: Change, now: RowMapping) -> dict[str, Any]:
        return {**_call(change, now["grant_key"], key, draft), "is_withdrawn": False}

    return versions.correct(asker, order, PERMISSION, funding_call, key, values, _property_of)


def withdraw_call(asker: Asker, order: Order, key: str) -> Edited:
    """A call that does not stand."""
    return _withdraw(asker, order, funding_call, key)


def add_cost(asker: Asker, order: Order, grant_key: str, draft: CostDraft) -> Edited:
    """Enter an invoice; it belongs to the project of its grant where it names no other."""
    rows: list[dict[str, Any]] = []

    def check(change: Change) -> int | None:
        grant = versions.required(change, funding_grant, grant_key)
        row = _cost(change, draft)
        rows.append({**row, "project_key": row["project_key"] or grant["project_key"]})
        found: int | None = grant["property_id"]
        return found

    return carry_out(asker, order, PERMISSION, check, lambda change: _append(change, funding_cost, grant_key, rows))


def change_cost(asker: Asker, order: Order, key: str, draft: CostDraft) -> Edited:
    """State an invoice anew, or when it was paid."""

    def values(change: Change, now: RowMapping) -> dict[str, Any]:
        row = _cost(change, draft)
        return {**row, "project_key": row["project_key"] or now["project_key"], "is_withdrawn": False}

    return versions.correct(asker, order, PERMISSION, funding_cost, key, values, _property_of)


def withdraw_cost(asker: Asker, order: Order, key: str) -> Edited:
    """An invoice that was entered by mistake."""
    return _withdraw(asker, order, funding_cost, key)


# --- what is entered --------------------------------------------------------------------------------------------------


def _programme(change: Change, draft: ProgrammeDraft) -> dict[str, Any]:
    problems = Problems(change.asker)
    row = asdict(draft) | {
        "key": problems.text("key", draft.key, NAME_LIMIT, is_required=True),
        "funder": problems.text("funder", draft.funder, NAME_LIMIT, is_required=True),
        "source": problems.text("source", draft.source, TEXT_LIMIT),
    }
    for name in ("usual_share", "least_share", "most_share"):
        _check_share(problems, row, name)
    _check_months(problems, row)
    _add(problems, problems_of_programme(row))
    return _exact(row)


def _grant(change: Change, draft: GrantDraft, beside: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a draft that fits what stands beside it: proof of use and rating."""
    problems = Problems(change.asker)
    row = asdict(draft) | {
        "programme": problems.text("programme", draft.programme, NAME_LIMIT, is_required=True),
        "title": problems.text("title", draft.title, TITLE_LIMIT, is_required=True),
        "file_reference": problems.text("file_reference", draft.file_reference, REFERENCE_LIMIT),
        "project_key": problems.text("project_key", draft.project_key, REFERENCE_LIMIT),
        "goal": problems.text("goal", draft.goal, TEXT_LIMIT),
    }
    problems.date("granted_on", draft.granted_on, is_required=False)
    for name in ("expected_on", "call_until_on", "proof_due_on"):
        problems.date(name, row[name], is_required=False, is_plan=True)
    # Buildings are bound for decades, longer than anything else is planned.
    if draft.binding_until_on is not None and draft.binding_until_on > months_later(problems.latest_on, _BOUND_MONTHS):
        problems.add("binding_until_on", "future")
    _check_share(problems, row, "share")
    _check_months(problems, row)
    for name in ("eligible_eur", "granted_eur"):
        _check_euros(problems, row, name)
    _check_place(change, problems, row)
    later = {"proof_sent_on": None, "proof_result": None, "goal_rating": None}
    _add(problems, problems_of_grant({**later, **beside, **row}))
    return _exact(row)


def _check_place(change: Change, problems: Problems, row: Mapping[str, Any]) -> None:
    if row["property_id"] is not None and row["area_id"] is not None:
        problems.add("area_id", "one_place")
    if row["property_id"] is not None:
        require_property(change, row["property_id"], field="property_id")
    elif row["project_key"] is not None:
        problems.add("project_key", "no_property")
    if row["area_id"] is not None:
        days = {problems.latest_on, row["granted_on"] or problems.latest_on}
        if row["area_id"] not in {area.id for day in days for area in read_areas(change.asker, day)}:
            problems.add("area_id", "unknown")
    if row["property_id"] is not None and row["project_key"] is not None and not _has_project(change, row):
        problems.add("project_key", "unknown")


def _has_project(change: Change, row: Mapping[str, Any]) -> bool:
    c = demolition_stage.c
    query = select(c.id).where(
        c.property_id == row["property_id"], c.project_key == row["project_key"], c.superseded_at.is_(None)
    )
    return change.asker.connection.execute(query.limit(1)).scalar_one_or_none() is not None


def _call(change: Change, grant_key: str, key: str | None, draft: CallDraft) -> dict[str, Any]:
    grant = versions.required(change, funding_grant, grant_key)
    problems, row = Problems(change.asker), asdict(draft)
    problems.date("called_on", draft.called_on)
    for name in ("paid_on", "refunded_on"):
        problems.date(name, row[name], is_required=False)
    _check_euros(problems, row, "amount_eur")
    for name in ("paid_eur", "refunded_eur"):
        _check_euros(problems, row, name, is_required=False)
    if grant["granted_on"] is None:
        problems.add("called_on", "not_granted")
    elif draft.called_on is not None and draft.called_on < grant["granted_on"]:
        problems.add("called_on", "before_grant")
    if draft.amount_eur is not None and draft.amount_eur + _called(change, grant_key, key) > float(
        grant["granted_eur"]
    ):
        problems.add("amount_eur", "over_granted")
    _add(problems, problems_of_call(row))
    return _exact(row)


def _cost(change: Change, draft: CostDraft) -> dict[str, Any]:
    problems, row = Problems(change.asker), asdict(draft)
    problems.code("category", draft.category or None, codes.COST_CATEGORIES, is_required=True)
    problems.date("invoiced_on", draft.invoiced_on)
    problems.date("paid_on", draft.paid_on, is_required=False)
    _check_euros(problems, row, "amount_eur")
    row["project_key"] = problems.text("project_key", draft.project_key, REFERENCE_LIMIT)
    problems.raise_if_any()
    return _exact(row)


def _exact(row: dict[str, Any]) -> dict[str, Any]:
    """Amounts and shares as the columns hold them, so that what is unchanged compares as equal."""
    digits = {name: 2 if name.endswith("_eur") else 4 for name in row if name.endswith(("_eur", "share"))}
    return row | {name: None if row[name] is None else Decimal(f"{row[name]:.{digits[name]}f}") for name in digits}


def _check_share(problems: Problems, row: Mapping[str, Any], name: str) -> None:
    if row[name] is not None and not 0 <= row[name] <= 1:
        problems.add(name, "out_of_range")


def _check_months(problems: Problems, row: Mapping[str, Any]) -> None:
    for name in ("interest_from_month", "checked_after_months"):
        problems.number(name, row[name], 1, MOST_MONTHS)


def _check_euros(problems: Problems, row: Mapping[str, Any], name: str, *, is_required: bool = True) -> None:
    if row[name] is None:
        if is_required:
            problems.add(name, "required")
    elif not 0 <= row[name] <= MOST_EUR:
        problems.add(name, "out_of_range")


def _add(problems: Problems, found: Mapping[str, str], *, only: Sequence[str] | None = None) -> None:
    """Take over what does not fit together, and refuse with all of it; `only` of these columns."""
    for name, code in found.items():
        if only is None or name in only:
            problems.add(name, code)
    problems.raise_if_any()


# --- what it belongs to -----------------------------------------------------------------------------------------------


def _append(change: Change, table: Table, grant_key: str, rows: Sequence[Mapping[str, Any]]) -> None:
    common = {"key": change.fact_key(), "grant_key": grant_key, "is_withdrawn": False}
    append(change, table, [{**row, **common} for row in rows])


def _withdraw(asker: Asker, order: Order, table: Table, key: str) -> Edited:
    def values(change: Change, now: RowMapping) -> dict[str, Any]:
        if now["is_withdrawn"]:
            raise InvalidEdit({"form": "withdrawn"})
        versions.refuse_version(change, now)
        return {"is_withdrawn": True}

    return versions.correct(asker, order, PERMISSION, table, key, values, _property_of)


def _property_of(change: Change, row: Mapping[str, Any]) -> int | None:
    """The property for the list of edits: that of the grant itself, or of the grant that a row names."""
    if "grant_key" in row:
        return _property_of_grant(change, str(row["grant_key"]))
    found: int | None = row["property_id"]
    return found


def _property_of_grant(change: Change, grant_key: str) -> int | None:
    found: int | None = versions.required(change, funding_grant, grant_key)["property_id"]
    return found


def _called(change: Change, grant_key: str, without: str | None = None) -> float:
    """What was called of a grant, the call `without` left out."""
    c = funding_call.c
    query = select(c.key, c.amount_eur).where(
        c.municipality == change.municipality,
        c.grant_key == grant_key,
        c.superseded_at.is_(None),
        c.is_withdrawn.is_(False),
    )
    return sum(float(row.amount_eur) for row in change.asker.connection.execute(query) if row.key != without)


def _refuse_overdrawn(change: Change, grant_key: str, granted_eur: float, *, field: str) -> None:
    if _called(change, grant_key) > granted_eur:
        raise InvalidEdit({field: "below_called"})
