"""What people have entered about a property in the application, as far as a role may see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from geodata.access import Asker
from geodata.edits import EditShown, Versions, read_edits, version_of
from geodata.edits.differences import Difference, read_differences
from geodata.merges import Link, PropertyLink, links_of, merged_into
from geodata.notes import Note, read_notes
from geodata.watching import is_watched

MOST_EDITS = 50


@dataclass(frozen=True)
class Record:
    """Versions to build on, notes, edits with what they changed, links, and whether it is on the own list."""

    versions: Versions
    notes: tuple[Note, ...] = ()
    edits: tuple[EditShown, ...] = ()
    differences: Mapping[int, tuple[Difference, ...]] = field(default_factory=dict)
    links: tuple[PropertyLink, ...] = ()
    merged_into: Link | None = None
    is_watched: bool = False

    def edit(self, edit_id: int | None) -> EditShown | None:
        """The edit that brought a fact; None for a delivery, or where the role may not see who entered what."""
        return next((one for one in self.edits if one.edit_id == edit_id), None)


def read_record(asker: Asker, property_id: int) -> Record:
    """The record of one property in scope."""
    may = asker.scope.allows
    edits = read_edits(asker, property_id, MOST_EDITS) if may("edit:read") else ()
    return Record(
        versions=version_of(asker, property_id),
        notes=read_notes(asker, property_id) if may("note:read") else (),
        edits=edits,
        differences=read_differences(asker, property_id, edits) if edits else {},
        links=links_of(asker, property_id),
        merged_into=merged_into(asker, property_id),
        is_watched=is_watched(asker, property_id) if may("watch:write") else False,
    )
