"""What people enter in the application: each function makes one edit with the rights of who asks, see `order.py`."""

from geodata.edits.drafts import AddressDraft, InspectionDraft, PropertyDraft, RoundDraft
from geodata.edits.facts import (
    add_note,
    add_status_event,
    correct_inspection,
    correct_note,
    correct_status_event,
    record_inspection,
    withdraw_fact,
)
from geodata.edits.merges import merge, split
from geodata.edits.order import STATEMENT_SECONDS, Edited, Order
from geodata.edits.properties import correct_property, create_property, set_next_step
from geodata.edits.reads import (
    Duplicate,
    EditShown,
    Versions,
    possible_duplicates,
    read_edits,
    version_of,
)
from geodata.edits.rounds import record_round
from geodata.edits.undo import undo

__all__ = [
    "STATEMENT_SECONDS",
    "AddressDraft",
    "Duplicate",
    "EditShown",
    "Edited",
    "InspectionDraft",
    "Order",
    "PropertyDraft",
    "RoundDraft",
    "Versions",
    "add_note",
    "add_status_event",
    "correct_inspection",
    "correct_note",
    "correct_property",
    "correct_status_event",
    "create_property",
    "merge",
    "possible_duplicates",
    "read_edits",
    "record_inspection",
    "record_round",
    "set_next_step",
    "split",
    "undo",
    "version_of",
    "withdraw_fact",
]
