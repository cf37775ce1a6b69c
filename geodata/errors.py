"""Every error class of the project: what went wrong in one sentence, and a hint that says the way out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any


class ExitCode(IntEnum):
    """Exit codes of `qm`: 0 = done (also with rejected rows), 1 = refused or failed, 2 = wrong usage, 130 = Ctrl-C."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    INTERRUPTED = 130


class QmError(Exception):
    """Something that the user can understand and act on; shown as one sentence, never as a traceback."""

    exit_code: ExitCode = ExitCode.REFUSED

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message} {self.hint}"


class UsageError(QmError):
    """The command was called with arguments that do not make sense together."""

    exit_code = ExitCode.USAGE


class SettingsError(QmError):
    """Settings are missing, malformed or contradict each other."""

    exit_code = ExitCode.USAGE


class ClusterError(QmError):
    """The embedded PostgreSQL cannot be found, started, stopped or entered."""


class BootstrapError(QmError):
    """Roles, extensions or the database itself could not be made."""


class MigrationError(QmError):
    """The tables of the database do not have the version that this program needs."""


class DatabaseAway(QmError):
    """The database does not answer at the moment; trying again later can help."""


class ServerError(QmError):
    """The web server cannot be started, or it ended by itself."""


class DeliveryRefused(QmError):
    """A delivery was refused whole, and nothing of it is stored."""


class MappingError(QmError):
    """A mapping is malformed; one that does not fit the file refuses the delivery."""

    exit_code = ExitCode.USAGE


class NotAllowed(QmError):
    """Who asks has no permission for what was asked."""


class InvalidFilter(QmError):
    """A filter, as it stands in a link, cannot be read; `field` names the part of the link."""

    exit_code = ExitCode.USAGE

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class InvalidEdit(QmError):
    """What somebody entered cannot become a fact; `fields` names the code of each field's problem.

    Codes: "required", "future", "too_early", "unknown", "not_in_scope", "unchanged", "too_long" and the like; the
    dashboard says them in words.
    """

    def __init__(self, fields: Mapping[str, str]) -> None:
        named = ", ".join(f"{name} ({code})" for name, code in fields.items())
        super().__init__(f"This cannot be entered: {named}.")
        self.fields = dict(fields)


@dataclass(frozen=True)
class FieldChange:
    """One field of a conflict: what it was, what somebody else made of it, and what was to become of it."""

    name: str
    before: Any
    theirs: Any
    yours: Any


class EditConflict(QmError):
    """Somebody else changed meanwhile what this edit was built on; `current` is the version to build on next."""

    def __init__(self, by: str, at: datetime, changes: tuple[FieldChange, ...], current: int) -> None:
        super().__init__(f"{by} has changed this meanwhile.")
        self.by, self.at, self.changes, self.current = by, at, changes, current
