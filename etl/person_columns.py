"""Columns that tell of single persons refuse a mapping by name: persons are counts, and nobody's origin is stored."""

import re
from functools import cache
from importlib.resources import files

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@cache
def person_columns() -> frozenset[str]:
    """The names in `person_columns.txt`."""
    lines = (files("etl") / "person_columns.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


def is_person_column(column: str) -> bool:
    """Whether a column of this name tells of a single person; case, umlauts, punctuation and numbers do not count."""
    return re.sub(r"[^a-z]", "", column.lower().translate(_UMLAUTS)) in person_columns()
