"""Saved scenarios: kept by name with the numbers of the moment, renamed, withdrawn, read.

Each change is an edit (`edits/order.py`) and appends; nobody's numbers are overwritten. What a scenario asks stays as
it was saved: another question is another scenario.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import RowMapping, func, select

from geodata.access import Asker
from geodata.edits.checks import Problems
from geodata.edits.conflicts import refuse_if_changed
from geodata.edits.order import Change, Edited, Order, carry_out
from geodata.edits.rows import append, supersede
from geodata.errors import InvalidEdit
from geodata.scenario.question import Scenario, to_query
from geodata.tables import edit, scenario

NAME_LIMIT: Final = 120
NOTE_LIMIT: Final = 2_000
# More than anybody reads; the page says how to take some away.
MOST_SCENARIOS: Final = 200


@dataclass(frozen=True)
class SavedScenario:
    """One saved scenario; `version` is what a change of it builds on. The summary is that of `summary.summary_of`."""

    id: int
    version: int
    name: str
    note: str | None
    query: Mapping[str, str]
    as_of: date
    summary: Mapping[str, Any]
    saved_at: datetime
    saved_by: str


@dataclass(frozen=True)
class ScenarioEdited:
    """What became of an order about a scenario; `is_repeated`: it had come before, and nothing was written now."""

    edit_id: int
    scenario_id: int
    is_repeated: bool = False


def save_scenario(
    asker: Asker, order: Order, name: str, asked: Scenario, summary: Mapping[str, Any], note: str | None = None
) -> ScenarioEdited:
    """Keep a question with its answer in numbers (`summary_of`) under a name that no other scenario has.

    Raises InvalidEdit (name, note; `form` "too_many" beyond MOST_SCENARIOS) and what `carry_out` raises.
    """

    def check(change: Change) -> None:
        _check_words(change, name, note, number=None)
        if len(_current(change.asker)) >= MOST_SCENARIOS:
            raise InvalidEdit({"form": "too_many"})

    def write(change: Change) -> None:
        row = {"number": change.edit_id, "as_of": asked.as_of, "query": to_query(asked), "saved_at": change.moment}
        append(change, scenario, [row | {"summary": dict(summary)} | _words(name, note)])

    edited = carry_out(asker, order, "scenario:write", check, write)
    # The number is that of the edit, so a form that is sent again finds the scenario that it had saved.
    return ScenarioEdited(edited.edit_id, edited.edit_id, edited.is_repeated)


def rename_scenario(asker: Asker, order: Order, scenario_id: int, name: str, note: str | None = None) -> ScenarioEdited:
    """Give another name and note; the question and its numbers stay. EditConflict when somebody did so meanwhile."""
    found: list[RowMapping] = []

    def check(change: Change) -> None:
        row = _require(change, scenario_id)
        _check_words(change, name, note, number=scenario_id)
        if order.expected not in (None, row["id"]):
            before = dict(_version(change, scenario_id, order.expected))
            refuse_if_changed(change, scenario, row["id"], before=before, theirs=dict(row), yours=_words(name, note))
        if _words(name, note).items() <= dict(row).items():
            raise InvalidEdit({"name": "unchanged"})
        found.append(row)

    def write(change: Change) -> None:
        kept = {column: found[0][column] for column in ("number", "as_of", "query", "summary", "saved_at")}
        supersede(change, scenario, [found[0]["id"]])
        append(change, scenario, [kept | _words(name, note)])

    return _edited(carry_out(asker, order, "scenario:write", check, write), scenario_id)


def withdraw_scenario(asker: Asker, order: Order, scenario_id: int) -> ScenarioEdited:
    """Take a scenario out of the list; its rows stay in the past, and what was released of it stays released."""
    found: list[int] = []

    def check(change: Change) -> None:
        found.append(_require(change, scenario_id)["id"])

    def write(change: Change) -> None:
        supersede(change, scenario, found)

    return _edited(carry_out(asker, order, "scenario:write", check, write), scenario_id)


def read_scenarios(asker: Asker) -> tuple[SavedScenario, ...]:
    """All scenarios in force, the one saved last first."""
    asker.require("scenario:read")
    return tuple(_saved(row) for row in _current(asker))


def read_scenario(asker: Asker, scenario_id: int) -> SavedScenario | None:
    """One scenario in force; None where there is none of that number in this city."""
    asker.require("scenario:read")
    return next((_saved(row) for row in _current(asker, scenario_id)), None)


def _current(asker: Asker, number: int | None = None) -> list[RowMapping]:
    # Who saved it stands in the edit that gave the number; who renamed it did not save its numbers.
    query = (
        select(scenario, func.coalesce(edit.c.account_name, "").label("saved_by"))
        .outerjoin_from(scenario, edit, edit.c.id == scenario.c.number)
        .where(scenario.c.municipality == asker.scope.municipality, scenario.c.superseded_at.is_(None))
        .order_by(scenario.c.saved_at.desc(), scenario.c.number.desc())
    )
    if number is not None:
        query = query.where(scenario.c.number == number)
    return list(asker.connection.execute(query).mappings())


def _require(change: Change, number: int) -> RowMapping:
    found = _current(change.asker, number)
    if not found:
        raise InvalidEdit({"form": "withdrawn"})
    return found[0]


def _version(change: Change, number: int, version: int | None) -> RowMapping:
    query = select(scenario).where(
        scenario.c.municipality == change.municipality, scenario.c.number == number, scenario.c.id == version
    )
    row = change.asker.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise InvalidEdit({"form": "not_in_scope"})
    return row


def _check_words(change: Change, name: str, note: str | None, *, number: int | None) -> None:
    problems = Problems(change.asker)
    clean = problems.text("name", name, NAME_LIMIT, is_required=True)
    problems.text("note", note, NOTE_LIMIT)
    others = [row["name"].casefold() for row in _current(change.asker) if row["number"] != number]
    if clean is not None and clean.casefold() in others:
        problems.add("name", "used")
    problems.raise_if_any()


def _words(name: str, note: str | None) -> dict[str, str | None]:
    return {"name": name.strip(), "note": (note or "").replace("\r\n", "\n").strip() or None}


def _edited(edited: Edited, scenario_id: int) -> ScenarioEdited:
    return ScenarioEdited(edited.edit_id, scenario_id, edited.is_repeated)


def _saved(row: RowMapping) -> SavedScenario:
    return SavedScenario(
        id=row["number"],
        version=row["id"],
        name=row["name"],
        note=row["note"],
        query=row["query"],
        as_of=row["as_of"],
        summary=row["summary"],
        saved_at=row["saved_at"],
        saved_by=row["saved_by"],
    )
