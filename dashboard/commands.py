"""`qm serve` and `qm user ...`. What needs the ETL is handed in by `app.py`, which also starts these commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dashboard.account_commands import user
from geodata.settings import load_settings

if TYPE_CHECKING:
    from geodata.publishing.publication_draft import Words
    from geodata.settings import DatabaseUrls

__all__ = ["publication_words", "serve_command", "user"]


def serve_command(load_demonstration: Callable[[DatabaseUrls], None]) -> Callable[[], None]:
    """The command `serve`; `load_demonstration` fills an empty database through the real ETL."""

    def serve() -> None:
        """Start the database and the web server, fill an empty demonstration, print the address; Ctrl-C stops all."""
        from dashboard.serving import run

        run(load_settings(), load_demonstration)

    return serve


def publication_words() -> Words:
    """The words of the interface for `qm publish`; the catalogues are read when they are needed."""
    from dashboard.publication_words import words

    return words()
