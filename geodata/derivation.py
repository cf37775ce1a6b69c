"""`qm.derive(ids)`: the derivation of `records.refresh` as a function in the database, for edits.

An edit runs with the rights of whoever makes it, and these see a part of the city; what is derived must follow from all
of it. So the function belongs to the loader (SECURITY DEFINER) and is put together from the very statements that a
refresh runs: a test compares the two after random edits.
"""

import re
from collections.abc import Iterable

from sqlalchemy import Connection, text

from geodata import records

NAME = "qm.derive"
# A parameter `:name` of a statement; `::text` is a cast.
_PARAMETER = re.compile(r"(?<!:):([a-z_]+)")


def derive(connection: Connection, property_ids: Iterable[int]) -> None:
    """Derive the properties anew in the caller's transaction, which has the municipality in its settings."""
    connection.execute(text("SELECT qm.derive(CAST(:ids AS bigint[]))"), {"ids": sorted(set(property_ids))})


def statement() -> str:
    """The CREATE OR REPLACE statement of the function."""
    places = {
        "lock": records.LOCK,
        "default_as_of": records.read_sql("default_as_of.sql"),
        "derivation": str(records.DERIVATION),
        "most_ids": str(records.MOST_IDS_FOR_NESTED_LOOPS),
        "forget_cube": _in_order(
            f"DELETE FROM {one} WHERE municipality = :municipality"  # noqa: S608 - tables of ours
            for one in records.CUBES
        ),
        "add_to_cube": _in_order(records.cube_statements()),
        "refresh": _in_order(records.refresh_statements()),
        "new_version": _in_order([records.read_sql("new_version.sql")]),
    }
    body = records.read_sql("derive.sql")
    for name, content in places.items():
        body = body.replace("{" + name + "}", content)
    return _PARAMETER.sub(r"v_\1", body)


def _in_order(statements: Iterable[str]) -> str:
    return "".join(f"{one.strip()};\n" for one in statements)
