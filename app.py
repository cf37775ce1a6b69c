"""Composition root: `server` for gunicorn (app:server) and `cli` for the console script qm.

Settings, database, layers and the ETL's functions meet here and nowhere else; nothing imports this module.
"""

from typing import TYPE_CHECKING

import geodata.gdal_env  # noqa: F401 - before everything else: GDAL reads its environment when it loads

if TYPE_CHECKING:
    from flask import Flask

    from geodata.settings import DatabaseUrls


def create_server() -> "Flask":
    """The web application of one worker, made after the fork, on a database that the parent has opened."""
    from dashboard.create_app import create_app
    from dashboard.deps import Deps
    from etl.desk import delivery_functions
    from geodata import jobs, startup
    from geodata.access import Access
    from geodata.credentials import session_key
    from geodata.settings import load_settings
    from layers.base import discover

    settings = load_settings()
    urls = startup.database_urls(settings)
    others = delivery_functions(urls.load, settings.mappings_dir) | {"run_jobs": jobs.in_background(urls.load)}
    return create_app(Deps(settings, Access(urls), session_key(settings), layers=discover(), **others))


def cli() -> None:
    """Run `qm`; each command imports what it needs when it runs, so that `qm load` waits for no dashboard."""
    from dashboard import commands as web
    from etl import commands as etl
    from geodata import commands as floor
    from geodata import figure_commands
    from geodata.audit.commands import audit
    from geodata.keeping import commands as keeping
    from geodata.publishing import commands as publishing

    publish, serve = publishing.publish_command(web.publication_words), web.serve_command(_load_demonstration)
    single = [serve, etl.load, etl.check, floor.refresh, figure_commands.figures, publish, *keeping.COMMANDS]
    groups = {"deliveries": etl.deliveries, "publications": publishing.publications, "db": floor.db}
    floor.run(single, {**groups, "user": web.user, "audit": audit, **keeping.GROUPS})


def _load_demonstration(urls: "DatabaseUrls") -> None:
    from etl.demo.load import load_demonstration

    load_demonstration(urls)


def __getattr__(name: str) -> "Flask":
    """Make `server` when gunicorn asks for it, and only then."""
    if name == "server":
        return create_server()
    raise AttributeError(name)
