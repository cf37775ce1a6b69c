"""Parts of a page that are read one by one, so that one that takes too long does not take the others along."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from dash.development.base_component import Component
from sqlalchemy.exc import DBAPIError

from dashboard.auth import signed_in
from dashboard.components import notice, panel
from dashboard.deps import Deps
from dashboard.i18n import gettext as _
from geodata.access import Asker

Part = tuple[str, Callable[[Asker], Component]]
Found = TypeVar("Found")
# What the database answers when a statement took longer than the web allows.
_OUT_OF_TIME: Final = "57014"


def in_time(deps: Deps, parts: Sequence[Part]) -> list[Component]:
    """Each part (title, how it is read) in a transaction of its own; after one that took too long, words for the rest.

    A past date is computed and not stored: for a very large city that takes longer than a page may wait.
    """
    shown: list[Component] = []
    is_late = False
    for title, part in parts:
        found = None if is_late else read_in_time(deps, part)
        is_late = found is None
        shown.append(panel(title, _too_slow()) if found is None else found)
    return shown


def read_in_time(deps: Deps, read: Callable[[Asker], Found], *, statement_seconds: int | None = None) -> Found | None:
    """What one read gives in a transaction of its own; None where it took longer than the web, or this, allows."""
    try:
        with deps.access.open(signed_in().scope, statement_seconds=statement_seconds) as asker:
            return read(asker)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _OUT_OF_TIME:
            raise
        return None


def _too_slow() -> Component:
    words = _("This takes longer than a page can wait. Choose fewer objects, for example one area, or the usual date.")
    return notice(words, kind="bad")
