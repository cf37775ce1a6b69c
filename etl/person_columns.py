"""Columns that tell of single persons refuse a file, or at least a mapping, by their name.

Persons are counts here, and nobody's birth or origin is stored. An allowlist alone would keep such a column out of the
database; but the file itself has then left its office with it, and lies where uploads and deliveries lie.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def is_person_column(column: str) -> bool:
    """Whether no mapping may name a column of this name; case, umlauts, punctuation and numbers do not count."""
    return refuses_file(column) or _plain(column) in _listed()["mapping"]


def refuses_file(column: str) -> bool:
    """Whether a file with a column of this name is not taken at all."""
    name = _plain(column)
    return name in _listed()["file"] or any(word in name for word in _listed()["inside"])


def refusing_columns(columns: Iterable[str], allowed: frozenset[str]) -> list[str]:
    """The columns of a file for which it is refused, in their order; `allowed` are those of the source for owners."""
    return [column for column in columns if column not in allowed and refuses_file(column)]


@cache
def _listed() -> dict[str, frozenset[str]]:
    """The words of `person_columns.txt` by section."""
    found: dict[str, set[str]] = {}
    section = ""
    for line in (files("etl") / "person_columns.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            found.setdefault(section, set()).update(line.split())
    return {name: frozenset(words) for name, words in found.items()}


def _plain(column: str) -> str:
    return re.sub(r"[^a-z]", "", column.lower().translate(_UMLAUTS))
