"""`qm db ...` and `qm refresh`: the commands of the floor."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

import typer

from geodata.errors import ExitCode, QmError, UsageError
from geodata.settings import Settings, load_settings

db = typer.Typer(help="The database: start, prepare, migrate, look.", no_args_is_help=True)


@db.command()
def up() -> None:
    """Make, start, prepare and migrate the embedded database; it keeps running until `qm db down`."""
    from geodata import cluster, startup

    settings = _embedded_settings()
    running = cluster.ensure_running(settings)
    cluster.keep_running(settings)
    startup.ensure_database(settings)
    typer.echo(f"PostgreSQL {cluster.version(running)} is running in {running.folder}.")
    typer.echo(f"Database {settings.embedded_database}, socket folder {running.socket_folder}, no TCP port.")


@db.command()
def down() -> None:
    """Stop the embedded database; open transactions are rolled back, nothing else is lost."""
    from geodata import cluster

    was_running = cluster.stop(_embedded_settings())
    typer.echo("Stopped." if was_running else "It was not running.")


@db.command()
def bootstrap(
    *,
    print_sql: Annotated[bool, typer.Option("--print-sql", help="Print it for a database administrator.")] = False,
    database: Annotated[str | None, typer.Option(help="Name of the database in the printed SQL.")] = None,
) -> None:
    """Roles, database, extensions and marks that only a superuser can make; repeatable, also after a restore."""
    from geodata import bootstrap as steps
    from geodata import cluster

    settings = load_settings()
    name = database or (settings.embedded_database if settings.is_embedded else settings.external_urls().database)
    if print_sql:
        typer.echo(steps.script(steps.role_names(name)), nl=False)
        return
    if settings.is_embedded:
        with cluster.lease(settings) as running:
            steps.apply(running, name)
    else:
        steps.apply_external(settings)
    typer.echo(f"Database {name} is prepared.")


@db.command()
def migrate() -> None:
    """Bring the tables to the version of this program, as their owner."""
    from geodata import migrate as migrations
    from geodata import startup

    settings = load_settings()
    if not settings.is_embedded and settings.database_url_owner is None:
        raise UsageError("Migrating needs the login that owns the tables.", "Set DATABASE_URL_OWNER.")
    before = None if settings.is_embedded else migrations.version_at(str(settings.external_urls().owner))
    with startup.open_database(settings):
        typer.echo(f"The tables have version {migrations.head()}." + (f" Before: {before}." if before else ""))


@db.command()
def status() -> None:
    """Say where the database is, whether it answers, its versions, and what is slower than it could be."""
    from geodata import status as report

    settings = load_settings()
    lines, is_fine = report.describe(settings)
    for line in lines:
        typer.echo(line)
    if not is_fine:
        raise typer.Exit(1)


def refresh() -> None:
    """Derive current state, due dates and assessments anew, once a day: due dates pass without a load."""
    from geodata import jobs, records, startup
    from geodata.assessment import running
    from geodata.calendar import today
    from geodata.one_transaction import one_transaction

    with startup.open_database(load_settings()) as urls:
        with one_transaction(urls.load) as connection:
            dates = records.refresh_all(connection, today())
        # After the refresh, which has derived all of a city whose day is new: jobs would do it before for nothing.
        jobs.run_queued(urls.load, with_failed=True)
        running.keep_all_at(urls.load)
    for municipality, as_of in dates.items():
        typer.echo(f"{municipality}: state of {as_of.isoformat()}.")
    if not dates:
        typer.echo("There is no municipality yet; load a delivery first.")


def run(commands: Sequence[Callable[..., None]], groups: Mapping[str, typer.Typer]) -> None:
    """Run `qm`: an error that the user can act on is one sentence on stderr, and the exit code says the rest."""
    qm = typer.Typer(name="qm", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
    for command in commands:
        qm.command()(command)
    for name, group in groups.items():
        qm.add_typer(group, name=name)
    try:
        qm()
    except QmError as error:
        if _shows_tracebacks():
            raise
        typer.echo(error, err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)


def _shows_tracebacks() -> bool:
    try:
        return load_settings().debug
    except QmError:
        return False


def _embedded_settings() -> Settings:
    settings = load_settings()
    if not settings.is_embedded:
        raise UsageError("DATABASE_URL is set, so there is no embedded database to start or stop.")
    return settings
