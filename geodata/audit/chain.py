"""The chain of the log, checked without the database's own functions: a second writing of the rule of migration 0011.

Each entry carries the hash of the one before it, so that a changed, deleted, inserted or exchanged one breaks the chain
after it. What a chain cannot tell is that its end is missing, or that all of it was computed anew: for that there are
*anchors*, the number and hash of the last entry, kept outside of the database. The oldest entries are deleted at the
end of their time; a *proof* says up to where, and the next entry follows its hash.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True)
class LogEntry:
    """One entry as it is stored; `at` in UTC."""

    municipality: str
    number: int
    at: datetime
    account: str
    action: str
    subject: str
    details: Mapping[str, str | int]
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class Proof:
    """That the entries from `first_number` to `last_number` were deleted, of which entry `entry_number` tells."""

    first_number: int
    last_number: int
    last_hash: str
    entry_number: int


@dataclass(frozen=True)
class Anchor:
    """Number and hash of the last entry at some moment; `is_restore` = taken right after a backup came back."""

    municipality: str
    number: int
    hash: str
    is_restore: bool = False


@dataclass(frozen=True)
class Verdict:
    """What came out for one chain: how many entries there are, up to which number, and the first thing wrong.

    `wrong_number` is the entry at which it shows, `problem` says it in English; both None = unharmed. `lost` counts
    entries that a restore has cost, which anchors from before it still know.
    """

    municipality: str
    count: int
    last_number: int
    last_hash: str
    anchors: int
    lost: int = 0
    wrong_number: int | None = None
    problem: str | None = None

    @property
    def is_unharmed(self) -> bool:
        """True = every entry follows the one before it, and all anchors and proofs agree."""
        return self.problem is None


@dataclass
class _Walk:
    """Where a walk along the chain stands."""

    number: int = 0
    hash: str = ""
    count: int = 0
    anchored: dict[int, set[str]] = field(default_factory=dict)
    told: dict[int, Proof] = field(default_factory=dict)


def entry_hash(entry: LogEntry) -> str:
    """SHA-256 in hex over all fields of an entry but the hash itself, each with its length in bytes in front."""
    microseconds = (entry.at - _EPOCH) // _MICROSECOND
    fields = [
        entry.municipality,
        str(entry.number),
        str(microseconds),
        entry.account,
        entry.action,
        entry.subject,
        str(len(entry.details)),
    ]
    for key in sorted(entry.details, key=lambda one: one.encode()):
        value = entry.details[key]
        fields += [key, "string" if isinstance(value, str) else "number", str(value)]
    fields.append(entry.previous_hash)
    return hashlib.sha256(b"".join(_with_length(one) for one in fields)).hexdigest()


def check(
    municipality: str, entries: Iterable[LogEntry], proofs: Sequence[Proof], anchors: Sequence[Anchor]
) -> Verdict:
    """The verdict on one chain: its entries by rising number, its proofs likewise, its anchors in the order taken."""
    held, lost = _held(anchors)
    walk = _Walk()
    for anchor in held:
        walk.anchored.setdefault(anchor.number, set()).add(anchor.hash)
    wrong = next(_problems(walk, entries, proofs), None)
    return Verdict(
        municipality=municipality,
        count=walk.count,
        last_number=walk.number,
        last_hash=walk.hash,
        anchors=len(held),
        lost=lost,
        wrong_number=wrong[0] if wrong else None,
        problem=wrong[1] if wrong else None,
    )


def _held(anchors: Sequence[Anchor]) -> tuple[list[Anchor], int]:
    """The anchors that bind, and how many entries a restore has cost: later numbers than the restored end are void."""
    held: list[Anchor] = []
    lost = 0
    for anchor in anchors:
        if anchor.is_restore:
            lost += max([one.number - anchor.number for one in held if one.number > anchor.number], default=0)
            held = [one for one in held if one.number <= anchor.number]
        held.append(anchor)
    return held, lost


def _problems(walk: _Walk, entries: Iterable[LogEntry], proofs: Sequence[Proof]) -> Iterator[tuple[int, str]]:
    yield from _problems_of_proofs(walk, proofs)
    for entry in entries:
        yield from _problems_of_entry(walk, entry)
        walk.number, walk.hash, walk.count = entry.number, entry.hash, walk.count + 1
    missing = [number for number in walk.told if number > walk.number]
    if missing:
        yield min(missing), f"Entry {min(missing)} is missing, which told of a deletion."
    beyond = [number for number in walk.anchored if number > walk.number]
    if beyond:
        yield walk.number + 1, f"Entries {walk.number + 1} to {max(beyond)} are missing: an anchor knows them."


def _problems_of_proofs(walk: _Walk, proofs: Sequence[Proof]) -> Iterator[tuple[int, str]]:
    for proof in proofs:
        if proof.first_number != walk.number + 1 or proof.last_number < proof.first_number:
            yield walk.number + 1, f"No proof tells how entry {walk.number + 1} was deleted."
        walk.number, walk.hash = proof.last_number, proof.last_hash
        yield from _anchored_problem(walk)
        walk.told[proof.entry_number] = proof
    between = [number for number in walk.anchored if number < walk.number]
    for number in between:
        # The hashes of entries that were deleted in the middle of a span are known to nobody any more.
        del walk.anchored[number]
    walk.told = {number: proof for number, proof in walk.told.items() if number > walk.number}


def _problems_of_entry(walk: _Walk, entry: LogEntry) -> Iterator[tuple[int, str]]:
    expected = walk.number + 1
    if entry.number != expected:
        said = f"Entry {expected} is missing" if entry.number > expected else f"Entry {entry.number} stands twice"
        yield min(entry.number, expected), f"{said}, and no proof tells of it."
    if entry.previous_hash != walk.hash:
        yield entry.number, f"Entry {entry.number} does not follow the one before it."
    if entry_hash(entry) != entry.hash:
        yield entry.number, f"Entry {entry.number} was changed: its content does not have its hash."
    if walk.anchored.get(entry.number, {entry.hash}) != {entry.hash}:
        yield entry.number, f"Entry {entry.number} is not the one that an anchor knows."
    proof = walk.told.get(entry.number)
    if proof is not None and (entry.action != "retention" or dict(entry.details) != _told_of(proof)):
        yield entry.number, f"Entry {entry.number} does not tell of the deletion as its proof does."


def _anchored_problem(walk: _Walk) -> Iterator[tuple[int, str]]:
    if walk.anchored.get(walk.number, {walk.hash}) != {walk.hash}:
        yield walk.number, f"The proof of the deletion up to entry {walk.number} is not what an anchor knows."


def _told_of(proof: Proof) -> dict[str, str | int]:
    return {"first": proof.first_number, "last": proof.last_number, "last_hash": proof.last_hash}


def _with_length(value: str) -> bytes:
    encoded = value.encode()
    return str(len(encoded)).encode() + b":" + encoded
