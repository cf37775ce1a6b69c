"""What is remembered of an erasure: the hash by which an erased key is known again, and the file beside the database.

A proof holds SHA-256 over random bytes of its own row (the salt) and the business key. The salt stands beside the hash
on purpose. A secret of the installation (HMAC) would keep the key from somebody who has a dump and guesses, but a
secret that gets lost, or differs on a second server, would let the next delivery bring back what was erased, in
silence; and a proof must still speak after the machine has burnt and only a backup and this file are left. What can be
guessed is that a key such as `main/A-17` was erased, which a gap in the register tells as well; nothing of its content.
One salt for each row, so that two proofs of one key cannot be told to belong together without knowing the key.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, text

from geodata.credentials import give_to_service
from geodata.errors import QmError

FILE_NAME: Final = "erasures.jsonl"


class ErasureError(QmError):
    """Something cannot be erased, or the file of erasures cannot be read or written."""


def new_salt() -> str:
    """16 random bytes, hexadecimal."""
    return secrets.token_hex(16)


def key_hash(salt: str, kind: str, municipality: str, *parts: str) -> str:
    """Hash of a business key; every part has its length in front, so that no two keys give the same text."""
    fields = (kind, municipality, *parts)
    content = salt + "".join(f"{len(one.encode())}:{one}" for one in fields)
    return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True)
class ErasedKeys:
    """The keys of one municipality that deliveries may not bring again, as (kind, what, salt, hash, erased on)."""

    municipality: str
    proofs: tuple[tuple[str, str | None, str, str, date], ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was erased, so that nothing needs to be compared."""
        return not self.proofs

    def dates(self, kind: str, keys: Iterable[str], *before: str, what: str | None = None) -> dict[str, date]:
        """Which of these keys were erased, and when; `before` are the parts of the business key in front of it.

        Each different key is hashed once for each erasure of the kind: some hundred proofs and some thousand keys are
        a second, and without a proof it costs nothing.
        """
        proofs = [one for one in self.proofs if one[0] == kind and one[1] == what]
        if not proofs:
            return {}
        found: dict[str, date] = {}
        for key in set(keys):
            for _, _, salt, expected, erased_on in proofs:
                if key_hash(salt, kind, self.municipality, *before, key) == expected:
                    found[key] = erased_on
        return found


def read_erased(connection: Connection, municipality: str) -> ErasedKeys:
    """The erasures of a municipality that are in force; as loader."""
    query = text(
        "SELECT kind, what, salt, key_hash, CAST(erased_at AT TIME ZONE 'Europe/Berlin' AS date) AS erased_on"
        " FROM qm.erasure WHERE municipality = :municipality AND lifted_at IS NULL AND kind <> 'retention'"
    )
    rows = connection.execute(query, {"municipality": municipality})
    return ErasedKeys(municipality, tuple((row[0], row[1], row[2], row[3], row[4]) for row in rows))


@dataclass(frozen=True)
class Ledger:
    """The file `erasures.jsonl` in the data folder: one JSON object a line, only ever appended to, mode 0600.

    It lies outside of the database because a restored backup does not know what was erased after it was made.
    """

    folder: Path

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.folder / FILE_NAME

    def append(self, line: Mapping[str, Any]) -> None:
        """Add a line and wait until it is on the disk."""
        content = json.dumps(line, ensure_ascii=False, default=_as_text, sort_keys=True) + "\n"
        is_new = not self.path.exists()
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise ErasureError(
                f"{self.path} cannot be written ({error.strerror}), so nothing was erased.",
                "A restored backup would bring it back without that file.",
            ) from None
        if is_new:
            give_to_service(self.path)

    def read(self, database: str) -> tuple[dict[str, Any], ...]:
        """The erasures of one database, the earliest first, with what was said of them later; cancelled ones left out.

        A last line that a crash cut off is passed over: what it tells of was not committed either.
        """
        found: dict[str, dict[str, Any]] = {}
        for line in self._lines():
            if line.get("database") != database:
                continue
            number = str(line["number"])
            if line["line"] == "erasure":
                found[number] = {name: value for name, value in line.items() if name not in ("line", "database")}
            elif line["line"] == "lift" and number in found:
                found[number] |= {name: line[name] for name in ("lifted_at", "lifted_by", "lift_reason")}
            elif line["line"] == "cancelled":
                found.pop(number, None)
        return tuple(found.values())

    def _lines(self) -> Iterator[dict[str, Any]]:
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            raise ErasureError(f"{self.path} cannot be read: {type(error).__name__}.") from None
        for at, line in enumerate(lines, start=1):
            try:
                yield json.loads(line)
            except ValueError:
                if at < len(lines):
                    raise ErasureError(f"{self.path} is damaged in line {at}.", "Restore it from a backup.") from None


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
