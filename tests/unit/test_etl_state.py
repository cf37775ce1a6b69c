"""Which deliveries derive the current state anew: those whose facts the derivation reads."""

import re
from pathlib import Path

import pytest

import geodata
from etl.source import Source, sources

SQL = Path(geodata.__file__).parent / "sql"
# The derivation of the current state, of due dates and of the cube, and the functions that they call.
READ = " ".join(
    path.read_text(encoding="utf-8")
    for path in sorted(SQL.rglob("*.sql"))
    if path.name in ("derive.sql", "due.sql", "refresh.sql", "default_as_of.sql") or path.parent.name == "functions"
)


@pytest.mark.parametrize(
    "source", [one for one in sources().values() if not one.changes_state], ids=lambda one: one.name
)
def test_what_derives_nothing_is_read_by_no_derivation(source: Source) -> None:
    assert len(READ) > 2_000
    assert not re.search(rf"\bqm\.{source.table.name}\b", READ)
