"""What the composition root hands to the dashboard, so that nothing here reaches for the environment or the ETL."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from dashboard.auth import signed_in
from geodata.access import Access, Asker
from geodata.settings import Settings


@dataclass(frozen=True)
class Deps:
    """Everything outside that pages, routes and callbacks use.

    `check_delivery` and `load_delivery` come from the ETL; None where an installation does not take files by upload.
    """

    settings: Settings
    access: Access
    session_key: str = field(repr=False)
    layers: Sequence[Any] = ()
    check_delivery: Callable[..., Any] | None = None
    load_delivery: Callable[..., Any] | None = None

    def asker(self) -> AbstractContextManager[Asker]:
        """A transaction on behalf of whoever signed in; outside of a signed-in request it fails."""
        return self.access.open(signed_in().scope)
