"""Whether the log of the city is unharmed: what the last check said, and a check on demand."""

from datetime import UTC, datetime

from dash.development.base_component import Component

from dashboard.auth import signed_in
from dashboard.components import notice
from dashboard.deps import Deps
from dashboard.formatting import format_moment, format_number
from dashboard.i18n import gettext as _
from dashboard.i18n import ngettext
from geodata import audit
from geodata.access import Asker
from geodata.audit import anchors as audit_anchors
from geodata.audit.anchors import AnchorError, Checked


def last_checked(deps: Deps, asker: Asker) -> Component:
    """What the last check said, whoever made it."""
    log = audit.log_number(asker.connection)
    found = audit_anchors.read_checked(deps.settings.data_folder, log, asker.scope.municipality)
    if found is None:
        return notice(_("Not checked yet. The server checks the log once a day, and you can do it now."))
    return said(found)


def checked_now(deps: Deps) -> Component:
    """Recompute the whole chain of the city and compare it with its anchors."""
    folder = deps.settings.data_folder
    # One moment for entries and proofs: a deletion in between would look like a missing entry.
    with deps.access.open(signed_in().scope, isolation="REPEATABLE READ") as asker:
        asker.require("audit:read")
        log = audit.log_number(asker.connection)
        try:
            anchors = audit_anchors.read(folder, log).own
            verdict = audit.verify(asker.connection, asker.scope.municipality, anchors)
            audit_anchors.note_checked(folder, log, [verdict])
        except AnchorError:
            words = _("The notes outside of the database cannot be read. The command qm audit verify says why.")
            return notice(words, kind="bad")
    now = datetime.now(UTC)
    return said(Checked(now, verdict.count, verdict.last_number, verdict.anchors, verdict.wrong_number))


def said(found: Checked) -> Component:
    """The outcome of a check in words."""
    when = format_moment(found.at)
    if found.wrong_number is not None:
        words = _(
            "Harmed from entry %(number)s on (checked %(moment)s): something was changed or is missing. Leave the "
            "database as it is, and let the command qm audit verify say what is wrong.",
            number=format_number(found.wrong_number), moment=when,
        )  # fmt: skip
        return notice(words, kind="bad")
    entries = ngettext("%(count)s entry", "%(count)s entries", found.count, count=format_number(found.count))
    anchors = ngettext(
        "%(count)s note outside of the database agrees", "%(count)s notes outside of the database agree", found.anchors,
        count=format_number(found.anchors),
    )  # fmt: skip
    words = _(
        "Unharmed: %(entries)s, the last is no. %(number)s; %(anchors)s. Last checked %(moment)s.",
        entries=entries, number=format_number(found.last_number), anchors=anchors, moment=when,
    )  # fmt: skip
    return notice(words, kind="good")
