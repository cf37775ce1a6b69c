"""Takes away what a test has changed about the rules of a town, so that the next one finds it as it was built."""

from typing import Final

from sqlalchemy import Connection, text

from geodata import records
from tests.factories.town import AS_OF, KEY

# Visits that a test enters carry a key that begins so.
VISIT: Final = "regeln-"
_STATEMENTS: Final = (
    "DELETE FROM qm.job",
    "DELETE FROM qm.interval_release",
    "DELETE FROM qm.property_due WHERE rule_id IN (SELECT id FROM qm.interval_rule WHERE edit_id IS NOT NULL)",
    "DELETE FROM qm.interval_rule WHERE edit_id IS NOT NULL",
    "UPDATE qm.interval_rule SET superseded_at = NULL, is_statutory = false",
    f"DELETE FROM qm.inspection WHERE key LIKE '{VISIT}%'",
    "DELETE FROM qm.edit WHERE kind LIKE 'regel-%' OR kind LIKE '%entlass%' OR kind = 'undo'",
)


def take_back(connection: Connection) -> None:
    """As the loader: rules, releases, jobs, visits and edits of a test, and the due dates that followed from them."""
    for statement in _STATEMENTS:
        connection.execute(text(statement))
    records.refresh(connection, KEY, AS_OF)
