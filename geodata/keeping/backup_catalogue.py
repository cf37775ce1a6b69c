"""What a restored database must have besides its rows: policies, grants, indexes, functions, comments - and how many
rows.

Everything is read as superuser, who sees all rows. Names of roles begin with the name of the database; here they stand
without it, so that a database restored under another name compares equal.
"""

import hashlib
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from psycopg import sql

from geodata.bootstrap import SCHEMAS, RoleNames, Superuser

Catalogue = Mapping[str, Mapping[str, str]]

# Kinds of objects; `geodata/sql/catalogue` has a query for each. Tables come first: what lacks one lacks the rest, too.
KINDS: Final = ("table", "policy", "grant", "index", "constraint", "function", "trigger", "comment")
_SQL: Final = files("geodata") / "sql" / "catalogue"
_TABLES: Final = (
    "SELECT n.nspname, c.relname FROM pg_class AS c INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'r' AND n.nspname = ANY (%s) ORDER BY 1, 2"
)


def read_catalogue(connection: Superuser, roles: RoleNames) -> dict[str, dict[str, str]]:
    """Kind of object -> name -> a short hash of all that defines it."""
    return {kind: _read(connection, kind, roles) for kind in KINDS}


def _read(connection: Superuser, kind: str, roles: RoleNames) -> dict[str, str]:
    schemas = ", ".join(f"'{name}'" for name in SCHEMAS)
    query = (_SQL / f"{kind}.sql").read_text(encoding="utf-8").replace("{schemas}", schemas)
    rows = connection.execute(sql.SQL(query))
    return {str(name): _hash(neutral(str(definition), roles)) for name, definition in rows}


def count_rows(connection: Superuser) -> dict[str, int]:
    """Rows of every table of ours, as who sees all of them."""
    counts: dict[str, int] = {}
    for schema, table in connection.execute(_TABLES, [list(SCHEMAS)]).fetchall():
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(str(schema), str(table)))
        row = connection.execute(query).fetchone()
        counts[f"{schema}.{table}"] = int(str(row[0])) if row else 0
    return counts


def differences(
    before: Catalogue, after: Catalogue, rows: Mapping[str, int], rows_after: Mapping[str, int]
) -> list[str]:
    """What a restored database lacks, has too much or has otherwise, each a sentence."""
    found = []
    for kind, expected in before.items():
        present = after.get(kind, {})
        found += [f"The {kind} {name} is missing." for name in sorted(set(expected) - set(present))]
        found += [f"The {kind} {name} is new." for name in sorted(set(present) - set(expected))]
        changed = (name for name in sorted(expected) if present.get(name, expected[name]) != expected[name])
        found += [f"The {kind} {name} is another one." for name in changed]
    for table in sorted({*rows, *rows_after}):
        if rows.get(table) != rows_after.get(table):
            found.append(f"{table} has {rows_after.get(table, 'no')} rows instead of {rows.get(table, 'none')}.")
    return found


def neutral(text: str, roles: RoleNames) -> str:
    """A definition with the names of our roles without the name of the database."""
    return role_pattern(roles).sub(lambda found: "role:" + found[0].removeprefix(roles.database), text)


def role_pattern(roles: RoleNames) -> re.Pattern[str]:
    """Finds the names of the roles of a database as whole words, the longest first."""
    names = "|".join(re.escape(role) for role in sorted(roles.all, key=len, reverse=True))
    return re.compile(rf"(?<![\w$])(?:{names})(?![\w$])")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
