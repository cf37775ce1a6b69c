"""What may be entered, field by field: the problem codes of `InvalidEdit`, which the dashboard says in words.

required, unknown (no such code), future (later than tomorrow), too_early (before 1900), too_long, not_text (control
characters), out_of_range, outside (a place beyond the city), not_in_scope, merged, unchanged, not_allowed (to this
role), fixed (no longer to be changed), used, same.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from geodata.access import Asker
from geodata.calendar import today
from geodata.errors import InvalidEdit
from geodata.records import derived_as_of

EARLIEST_ON: Final = date(1900, 1, 1)
PLANNED_AHEAD: Final = timedelta(days=3_653)
# Tabs and line breaks are text; the rest of the control characters PostgreSQL refuses or nobody sees.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Problems:
    """Gathers what is wrong with the fields of one edit; `raise_if_any` refuses with all of it at once."""

    def __init__(self, asker: Asker) -> None:
        self.found: dict[str, str] = {}
        known = derived_as_of(asker.connection, asker.scope.municipality)
        # A fact may be dated one day ahead of the as-of date, which is today unless the data's own date is later.
        self.latest_on = max(today(), known or today()) + timedelta(days=1)

    def add(self, name: str, code: str) -> None:
        """Note a problem; the first one of a field stays."""
        self.found.setdefault(name, code)

    def date(self, name: str, value: date | None, *, is_required: bool = True, is_plan: bool = False) -> None:
        """A date of a fact, or of a plan, which may lie up to ten years ahead."""
        if value is None:
            if is_required:
                self.add(name, "required")
        elif value < EARLIEST_ON:
            self.add(name, "too_early")
        elif value > self.latest_on + (PLANNED_AHEAD if is_plan else timedelta(0)):
            self.add(name, "future")

    def code(self, name: str, value: str | None, known: Sequence[str], *, is_required: bool = False) -> None:
        """A code of a closed list."""
        if value is None and is_required:
            self.add(name, "required")
        elif value is not None and value not in known:
            self.add(name, "unknown")

    def codes(self, name: str, values: Iterable[str], known: Sequence[str]) -> None:
        """Several codes of a closed list."""
        if not set(values) <= set(known):
            self.add(name, "unknown")

    def number(self, name: str, value: int | None, least: int, most: int) -> None:
        """A whole number within limits; None = not stated."""
        if value is not None and not least <= value <= most:
            self.add(name, "out_of_range")

    def text(self, name: str, value: str | None, most: int, *, is_required: bool = False) -> str | None:
        """The text without blanks around it, None where nothing is left."""
        clean = (value or "").replace("\r\n", "\n").strip() or None
        if clean is None:
            if is_required:
                self.add(name, "required")
        elif len(clean) > most:
            self.add(name, "too_long")
        elif _CONTROL.search(clean):
            self.add(name, "not_text")
        return clean

    def raise_if_any(self) -> None:
        """Refuse the edit with everything that is wrong with it."""
        if self.found:
            raise InvalidEdit(self.found)


def prefixed(prefix: str, problems: Mapping[str, str]) -> dict[str, str]:
    """Problems of one of several rows of a form: `inspections.2.result`."""
    return {f"{prefix}.{name}": code for name, code in problems.items()}
