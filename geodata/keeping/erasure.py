"""Erasing what somebody may no longer keep: with all versions, a proof, and so that it does not come back.

- One transaction as loader, under the lock of the municipality: the rows go, derived tables are derived anew, the proof
  is written (`qm.erasure`), the line is appended to `erasures.jsonl`, and the log gets its entry. Any error undoes all.
- Neither the proof nor the log says what was erased: the proof has a hash (`erasure_ledger.py`), the log its number.
- A delivery that brings the key again is rejected row by row until the erasure is lifted (`etl/erased.py`).
- `apply_again` is for a restored database: what was erased after its backup is erased once more.
- What was released (`published`) stays: figures of areas that name no property, and projects that an office had
  released by name to that audience. The log keeps keys for its 12 months.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from geodata import audit, records
from geodata.calendar import today
from geodata.errors import UsageError
from geodata.keeping import erasing
from geodata.keeping.erasure_ledger import ErasureError, Ledger, key_hash, new_salt

Kind = Literal["property", "note", "photograph", "owner", "fact"]
_COLUMNS: Final = (
    "municipality",
    "number",
    "kind",
    "what",
    "salt",
    "key_hash",
    "counts",
    "reason",
    "legal_basis",
    "erased_by",
    "erased_at",
    "lifted_at",
    "lifted_by",
    "lift_reason",
)


@dataclass(frozen=True)
class Target:
    """What is to be erased, found in the database: its business key and the ids of its rows.

    `ids` are properties (the first is the one asked for, the others were merged into it) or one photograph.
    """

    kind: Kind
    municipality: str
    key: tuple[str, ...]
    ids: tuple[int, ...] = ()
    what: str | None = None


@dataclass(frozen=True)
class Erased:
    """What was erased: the numbers of the proofs and how many rows of which table."""

    numbers: tuple[UUID, ...]
    counts: Mapping[str, int] = field(default_factory=dict)


def find_property(connection: Connection, municipality: str, register: str, key: str) -> Target:
    """The property with all records that were merged into it; UsageError where there is none."""
    query = text(
        "SELECT id FROM qm.property WHERE municipality = :municipality AND register = :register AND key = :key"
    )
    values = {"municipality": municipality, "register": register, "key": key}
    found = connection.execute(query, values).scalar_one_or_none()
    if found is None:
        raise UsageError(f"There is no property {register}/{key} in {municipality}.")
    ids = erasing.merged_with(connection, found)
    return Target("property", municipality, (register, key), (found, *(one for one in ids if one != found)))


def find_fact(connection: Connection, municipality: str, table: str, fact_id: int) -> Target:
    """The fact of which a row has this id; `table` is one of `erasing.FACTS` or qm.note, with its schema or without."""
    known = {name.partition(".")[2]: name for name in (*erasing.FACTS, "qm.note")}
    name = known.get(table.partition(".")[2] or table)
    if name is None:
        raise UsageError(f"{table} has no facts that are erased one by one.", f"There are {', '.join(sorted(known))}.")
    query = text(f"SELECT key FROM {name} WHERE municipality = :municipality AND id = :id")  # noqa: S608 - names of ours
    key = connection.execute(query, {"municipality": municipality, "id": fact_id}).scalar_one_or_none()
    if key is None:
        raise UsageError(f"There is no {name.partition('.')[2].replace('_', ' ')} {fact_id} in {municipality}.")
    kind: Kind = "note" if name == "qm.note" else "fact"
    return Target(kind, municipality, (str(key),), what=None if kind == "note" else name)


def find_photograph(connection: Connection, municipality: str, photograph_id: int) -> Target:
    """One photograph; it has no key but its number."""
    query = text("SELECT id FROM qm.photograph WHERE municipality = :municipality AND id = :id")
    if connection.execute(query, {"municipality": municipality, "id": photograph_id}).scalar_one_or_none() is None:
        raise UsageError(f"There is no photograph {photograph_id} in {municipality}.")
    return Target("photograph", municipality, (str(photograph_id),), (photograph_id,))


def find_owner(connection: Connection, municipality: str, key: str) -> Target:
    """An owner by the key of its register."""
    query = text("SELECT count(*) FROM owners.owner WHERE municipality = :municipality AND key = :key")
    if not connection.execute(query, {"municipality": municipality, "key": key}).scalar_one():
        raise UsageError(f"There is no such owner in {municipality}.")
    return Target("owner", municipality, (key,))


def count(connection: Connection, target: Target) -> Mapping[str, int]:
    """How many rows would go, by table: all of it is done and taken back."""
    with connection.begin_nested() as savepoint:
        counts = _delete(connection, target)
        savepoint.rollback()
    return {name: number for name, number in counts.items() if number}


def erase(
    connection: Connection,
    target: Target,
    *,
    reason: str,
    by: str,
    ledger: Ledger,
    legal_basis: str | None = None,
) -> Erased:
    """Erase it, in the caller's transaction as loader, which has to be committed at once.

    `reason` is a code of `qm.erasure_reason`, never a text: that would keep what is to go.
    """
    basis = legal_basis_of(connection, reason)
    if target.kind == "property":
        # Before the lock of the municipality: who is entering something on it holds its row and waits for that lock to
        # derive it. What comes later finds no property any more.
        query = text("SELECT id FROM qm.property WHERE id = ANY (:ids) ORDER BY id FOR UPDATE")
        connection.execute(query, {"ids": list(target.ids)})
    records.lock_municipality(connection, target.municipality)
    keys = _keys(connection, target)
    counts = {name: number for name, number in _delete(connection, target).items() if number}
    proofs: list[dict[str, Any]] = []
    for key in keys:
        salt = new_salt()
        proof = {
            "municipality": target.municipality,
            "number": uuid4(),
            "kind": target.kind,
            "what": target.what,
            "salt": salt,
            "key_hash": key_hash(salt, target.kind, target.municipality, *key),
            # What was merged into a property is counted with it.
            "counts": {} if proofs else counts,
            "reason": reason,
            "legal_basis": legal_basis or basis,
            "erased_by": by,
            "erased_at": datetime.now(UTC),
        }
        insert_proof(connection, proof)
        proofs.append(proof)
    details: dict[str, str | int] = {"kind": target.kind, "reason": reason, **counts}
    subject = f"erasure {proofs[0]['number']}"
    audit.append(connection, audit.Entry("erasure", target.municipality, by, subject, details))
    for proof in proofs:
        ledger.append({"line": "erasure", "database": _database(connection), **proof})
    return Erased(tuple(one["number"] for one in proofs), counts)


def commit(connection: Connection, erased: Erased, ledger: Ledger) -> None:
    """Commit an erasure; where that fails, the file is told that it did not happen.

    The line goes to the disk before the commit: after a crash between the two, a line too many erases again what was
    meant to go, where one too few would bring it back with the next restore.
    """
    try:
        connection.commit()
    except BaseException:
        for number in erased.numbers:
            ledger.append({"line": "cancelled", "database": _database(connection), "number": number})
        raise


def lift(
    connection: Connection, municipality: str, target_key: tuple[str, ...], kind: Kind, *, reason: str, by: str,
    ledger: Ledger, what: str | None = None,
) -> int:  # fmt: skip
    """Let deliveries bring an erased key again; returns how many erasures that concerns."""
    query = text(
        "SELECT number, salt, key_hash FROM qm.erasure WHERE municipality = :municipality AND kind = :kind"
        " AND what IS NOT DISTINCT FROM :what AND lifted_at IS NULL"
    )
    rows = connection.execute(query, {"municipality": municipality, "kind": kind, "what": what}).all()
    numbers = [row[0] for row in rows if key_hash(row[1], kind, municipality, *target_key) == row[2]]
    said: dict[str, Any] = {"lifted_at": datetime.now(UTC), "lifted_by": by, "lift_reason": reason}
    for number in numbers:
        _set_lifted(connection, {**said, "number": number})
        ledger.append({"line": "lift", "database": _database(connection), "number": number, **said})
    if numbers:
        details: dict[str, str | int] = {"kind": kind, "reason": reason, "lifted": len(numbers)}
        audit.append(connection, audit.Entry("erasure", municipality, by, f"erasure {numbers[0]}", details))
    return len(numbers)


def apply_again(connection: Connection, proofs: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Erase once more what a restored backup does not know to be erased; counts by kind, `not found` for what was gone.

    `proofs` come from the file and from the table of the database that was replaced. Each is written into the table, so
    that deliveries are refused as before; those that are there already only learn whether they were lifted.
    """
    known = set(connection.execute(text("SELECT number FROM qm.erasure")).scalars())
    done: dict[str, int] = {}
    for proof in proofs:
        number = UUID(str(proof["number"]))
        if number not in known:
            known.add(number)
            targets = [] if proof["kind"] == "retention" else _find_by_hash(connection, proof)
            for target in targets:
                records.lock_municipality(connection, target.municipality)
                _delete(connection, target)
            insert_proof(connection, proof)
            # What a retention took away row by row goes with its next run.
            if proof["kind"] != "retention":
                name = str(proof["kind"]) if targets else "not found"
                done[name] = done.get(name, 0) + 1
        if proof.get("lifted_at"):
            _set_lifted(connection, proof)
    return done


def insert_proof(connection: Connection, proof: Mapping[str, Any]) -> None:
    """Write the proof of an erasure into the table."""
    names = ", ".join(_COLUMNS)
    places = ", ".join("CAST(:counts AS jsonb)" if name == "counts" else f":{name}" for name in _COLUMNS)
    values = {name: proof.get(name) for name in _COLUMNS} | {"counts": json.dumps(proof["counts"])}
    connection.execute(text(f"INSERT INTO qm.erasure ({names}) VALUES ({places})"), values)  # noqa: S608 - columns of ours


def read_proofs(connection: Connection) -> tuple[dict[str, Any], ...]:
    """All proofs of a database, for the one that replaces it."""
    query = text(f"SELECT {', '.join(_COLUMNS)} FROM qm.erasure ORDER BY id")  # noqa: S608 - columns of ours
    return tuple(dict(row) for row in connection.execute(query).mappings())


def _keys(connection: Connection, target: Target) -> list[tuple[str, ...]]:
    """The business keys that deliveries may not bring again: of a property also those merged into it."""
    if target.kind != "property":
        return [target.key]
    query = text("SELECT id, register, key FROM qm.property WHERE id = ANY (:ids)")
    found = {row.id: (row.register, row.key) for row in connection.execute(query, {"ids": list(target.ids)})}
    return [found[one] for one in target.ids]


def _delete(connection: Connection, target: Target) -> dict[str, int]:
    """Delete the rows and derive what depends on them."""
    touched: Sequence[int] = target.ids
    if target.kind == "property":
        counts = erasing.delete_properties(connection, target.municipality, target.ids)
    elif target.kind == "photograph":
        counts, touched = erasing.delete_photograph(connection, target.ids[0])
    elif target.kind == "owner":
        counts, touched = erasing.delete_owner(connection, target.municipality, target.key[0])
    else:
        table, key = target.what or "qm.note", target.key[0]
        wanted: object = UUID(key) if table == "qm.note" else key
        counts, touched = erasing.delete_versions(connection, table, target.municipality, wanted)
    if touched and target.what != "owners.ownership":
        refresh(connection, target.municipality, touched)
    return counts


def refresh(connection: Connection, municipality: str, property_ids: Sequence[int]) -> None:
    """Derive these properties anew: those without facts leave the derived tables and the cube."""
    as_of = records.default_as_of(connection, municipality, today())
    records.refresh(connection, municipality, as_of, property_ids=property_ids)


def _find_by_hash(connection: Connection, proof: Mapping[str, Any]) -> list[Target]:
    """What an erasure meant, in a database that still has it: every key of the kind is hashed with its salt."""
    municipality, kind = str(proof["municipality"]), str(proof["kind"])
    table = {"property": "qm.property", "note": "qm.note", "photograph": "qm.photograph", "owner": "owners.owner"}
    name = table.get(kind) or str(proof["what"])
    if name not in (*table.values(), *erasing.FACTS):
        raise ErasureError(f"An erasure names the table {name}, which this program does not know.")
    columns = {"property": "id, register, key", "photograph": "id, CAST(id AS text)"}.get(kind, "0, CAST(key AS text)")
    query = text(f"SELECT DISTINCT {columns} FROM {name} WHERE municipality = :municipality")  # noqa: S608 - names of ours
    return [
        Target(kind, municipality, tuple(row[1:]), (row[0],) if row[0] else (), proof.get("what"))  # type: ignore[arg-type]
        for row in connection.execute(query, {"municipality": municipality})
        if key_hash(str(proof["salt"]), kind, municipality, *row[1:]) == proof["key_hash"]
    ]


def _database(connection: Connection) -> str:
    return str(connection.engine.url.database)


def _set_lifted(connection: Connection, said: Mapping[str, Any]) -> None:
    statement = text(
        "UPDATE qm.erasure SET lifted_at = :lifted_at, lifted_by = :lifted_by, lift_reason = :lift_reason"
        " WHERE number = :number"
    )
    connection.execute(
        statement, {name: said.get(name) for name in ("lifted_at", "lifted_by", "lift_reason", "number")}
    )


def legal_basis_of(connection: Connection, reason: str) -> str | None:
    """Legal basis of a class of reasons; UsageError for what is none."""
    rows = connection.execute(text("SELECT code, legal_basis FROM qm.erasure_reason ORDER BY sort"))
    found = {row.code: row.legal_basis for row in rows}
    if reason not in found:
        raise UsageError(
            f"{reason!r} is no class of reasons.",
            f"There are {', '.join(found)}; a reason in words would keep what is to go.",
        )
    basis: str | None = found[reason]
    return basis
