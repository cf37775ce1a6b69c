"""How every edit runs: permission, lock, repeated submissions, check, number, facts, derivation, log.

An edit is one transaction with the rights of who makes it. It holds the lock of the municipality from before its checks
to its end, so that nothing changes between what was compared and what is written, and two forms with one submission
number count once. All its rows have one moment, and what they replace is superseded at that very moment: by it an edit
can be taken back. Open the asker with `statement_seconds=STATEMENT_SECONDS`: an edit waits for a delivery that is being
applied.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError

from geodata import audit, derivation, records
from geodata.access import Asker
from geodata.errors import DatabaseAway, InvalidEdit
from geodata.tables import edit, property_

STATEMENT_SECONDS: Final = 10
KIND_LIMIT: Final = 100
REASON_LIMIT: Final = 2_000


@dataclass(frozen=True)
class Order:
    """What a form sends beside its fields.

    `submission` stays the same when a form is sent again; `kind` is the key of the form; `expected` is the version
    (`version_of`) of what the form showed, None = nothing is compared.
    """

    submission: UUID
    kind: str
    reason: str | None = None
    expected: int | None = None


@dataclass(frozen=True)
class Edited:
    """What became of an order; `is_repeated`: it had come before, and nothing was written now."""

    edit_id: int
    property_id: int | None
    is_repeated: bool = False


@dataclass
class Change:
    """An edit under way. `touched` are the properties to derive anew; `outcome` is kept for who asks again."""

    asker: Asker
    order: Order
    moment: datetime
    edit_id: int = 0
    property_id: int | None = None
    touched: set[int] = field(default_factory=set)
    outcome: dict[str, Any] = field(default_factory=dict)

    @property
    def municipality(self) -> str:
        return self.asker.scope.municipality

    def fact_key(self, number: int = 1) -> str:
        """Business key of a fact entered here, which no delivery has."""
        return f"app:{self.edit_id}:{number}"


def carry_out(
    asker: Asker,
    order: Order,
    permission: str,
    check: Callable[[Change], int | None],
    write: Callable[[Change], None],
) -> Edited:
    """Make an edit: `check` refuses or returns the property concerned, `write` appends the facts.

    Raises NotAllowed, DatabaseAway while a delivery is applied for longer than the asker may wait, and what the two
    raise (InvalidEdit, EditConflict); nothing is written then, if the caller lets the error end the transaction.
    """
    asker.require(permission)
    _lock(asker)
    earlier = _earlier(asker, order)
    if earlier is not None:
        return earlier
    if order.reason is not None and len(order.reason) > REASON_LIMIT:
        raise InvalidEdit({"reason": "too_long"})
    change = Change(asker, order, _moment(asker))
    change.property_id = check(change)
    change.edit_id = _insert(change)
    write(change)
    derivation.derive(asker.connection, change.touched)
    _log(change)
    return Edited(change.edit_id, change.property_id)


def _lock(asker: Asker) -> None:
    try:
        records.lock_municipality(asker.connection, asker.scope.municipality)
    except OperationalError as error:
        raise DatabaseAway("A delivery is being applied at the moment.", "Try again in a minute.") from error


def _earlier(asker: Asker, order: Order) -> Edited | None:
    """The outcome of the same submission; a number that somebody else has used is refused."""
    query = select(edit.c.id, edit.c.property_id, edit.c.account).where(
        edit.c.municipality == asker.scope.municipality, edit.c.submission == order.submission
    )
    found = asker.connection.execute(query).one_or_none()
    if found is None:
        return None
    if found.account != asker.scope.account:
        raise InvalidEdit({"submission": "used"})
    return Edited(found.id, found.property_id, is_repeated=True)


def _moment(asker: Asker) -> datetime:
    # Not now(): the transaction may have begun before the one that held the lock, and its rows must not be older.
    moment: datetime = asker.connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment


def _insert(change: Change) -> int:
    scope, order = change.asker.scope, change.order
    row = {
        "municipality": scope.municipality,
        "submission": order.submission,
        "kind": order.kind[:KIND_LIMIT],
        "account": scope.account,
        "account_name": scope.account_name or scope.account,
        "property_id": change.property_id,
        "reason": (order.reason or "").replace("\0", "").strip() or None,
        "made_at": change.moment,
        "outcome": change.outcome,
    }
    # The lock lets one submission through at a time, but one of an object that this account does not see was not found
    # by `_earlier`; the unique index knows it.
    statement = insert(edit).values(row).on_conflict_do_nothing(index_elements=["municipality", "submission"])
    found: int | None = change.asker.connection.execute(statement.returning(edit.c.id)).scalar_one_or_none()
    if found is None:
        raise InvalidEdit({"submission": "used"})
    return found


def _log(change: Change) -> None:
    scope = change.asker.scope
    details: dict[str, str | int] = {"kind": change.order.kind, "edit": change.edit_id}
    entry = audit.Entry("edit", scope.municipality, scope.account, _subject(change), details)
    audit.append(change.asker.connection, entry)


def _subject(change: Change) -> str:
    """The property as `register/key`; an edit of several is named by its number."""
    if change.property_id is None:
        return f"edit {change.edit_id}"
    query = select(property_.c.register, property_.c.key).where(property_.c.id == change.property_id)
    row = change.asker.connection.execute(query).one_or_none()
    return f"edit {change.edit_id}" if row is None else f"{row.register}/{row.key}"
