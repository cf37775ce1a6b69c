"""Composition root: `server` for gunicorn (app:server) and `cli` for the console script qm.

Settings, database, layers and the ETL's functions meet here and nowhere else; nothing imports this module.
"""

import sys
from typing import TYPE_CHECKING

import geodata.gdal_env  # noqa: F401 - before everything else: GDAL reads its environment when it loads
from geodata.errors import ExitCode, QmError

if TYPE_CHECKING:
    from flask import Flask
    from typer import Typer

    from geodata.settings import DatabaseUrls


def create_server() -> "Flask":
    """The web application of one worker, made after the fork, on a database that the parent has opened."""
    from dashboard.create_app import create_app
    from dashboard.deps import Deps
    from geodata.access import Access
    from geodata.credentials import session_key
    from geodata.settings import load_settings
    from geodata.startup import database_urls
    from layers.base import discover

    settings = load_settings()
    access = Access(database_urls(settings))
    return create_app(Deps(settings=settings, access=access, session_key=session_key(settings), layers=discover()))


def cli() -> None:
    """Run `qm`: an error that the user can act on is one sentence on stderr, and the exit code says the rest."""
    try:
        _commands()()
    except QmError as error:
        if _shows_tracebacks():
            raise
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)


def _commands() -> "Typer":
    import typer

    from dashboard import commands as web
    from geodata import commands as floor

    qm = typer.Typer(name="qm", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
    qm.add_typer(floor.db, name="db")
    qm.command()(floor.refresh)
    qm.command()(web.serve_command(_load_demonstration))
    qm.add_typer(web.user, name="user")
    return qm


def _load_demonstration(urls: "DatabaseUrls") -> None:
    from etl.demo.load import load_demonstration

    load_demonstration(urls)


def _shows_tracebacks() -> bool:
    from geodata.settings import load_settings

    try:
        return load_settings().debug
    except QmError:
        return False


def __getattr__(name: str) -> "Flask":
    """Make `server` when gunicorn asks for it; `qm load` must not wait for a dashboard."""
    if name == "server":
        return create_server()
    raise AttributeError(name)
