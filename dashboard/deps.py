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

    The functions about deliveries come from the ETL; None where an installation does not take files by upload:

    - `list_mappings(municipality)` gives (source, name of the mapping) for what that city can deliver.
    - `check_delivery(source, mapping, path, as_of, municipality=..., by=account)` and `load_delivery(...)` give the
      report as a mapping with the fields of `qm load --json` and `remarks`; `as_of` None = as the mapping says. A
      QmError says in words what went wrong.
    - `withdraw_delivery(municipality, delivery_id, by=account)` supersedes what a delivery brought.

    `run_jobs()` runs what edits have asked for (`geodata/jobs.py`) beside the pages and returns at once; call it after
    the transaction of the edit. With `with_failed=True` what failed is tried again. None where nothing runs in the
    background.
    """

    settings: Settings
    access: Access
    session_key: str = field(repr=False)
    layers: Sequence[Any] = ()
    check_delivery: Callable[..., Any] | None = None
    load_delivery: Callable[..., Any] | None = None
    withdraw_delivery: Callable[..., Any] | None = None
    list_mappings: Callable[[str], Sequence[tuple[str, str]]] | None = None
    run_jobs: Callable[..., None] | None = None

    def asker(self) -> AbstractContextManager[Asker]:
        """A transaction on behalf of whoever signed in; outside of a signed-in request it fails."""
        return self.access.open(signed_in().scope)
