"""`qm audit verify|anchor|show`: proving the log, noting its end outside of the database, reading it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from geodata.errors import ExitCode
from geodata.settings import load_settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from geodata.audit.chain import LogEntry, Verdict

audit = typer.Typer(help="The log of who did what: prove it, anchor it, show it.", no_args_is_help=True)


@audit.command()
def verify() -> None:
    """Recompute every chain of the log and compare it with its anchors. Exit 0 = unharmed, 1 = at least one is not."""
    from geodata.audit import anchors as audit_anchors
    from geodata.audit import log_number

    with _loader() as connection:
        folder = load_settings().data_folder
        verdicts = audit_anchors.verify_all(connection, folder)
        audit_anchors.note_checked(folder, log_number(connection), verdicts)
    for one in verdicts:
        typer.echo(_said(one))
    if not verdicts:
        typer.echo("Nothing has been logged yet.")
    if not all(one.is_unharmed for one in verdicts):
        raise typer.Exit(ExitCode.REFUSED)


@audit.command()
def anchor() -> None:
    """Note number and hash of the last entry in the data folder; the server does it at its start and once a day."""
    from geodata.audit import anchors as audit_anchors

    with _loader() as connection:
        taken = audit_anchors.take(connection, load_settings().data_folder)
    for one in taken:
        typer.echo(f"{_city(one.municipality)}: entry {one.number}, {one.hash}")
    if not taken:
        typer.echo("Nothing was logged since the last anchor.")


@audit.command()
def show(
    municipality: Annotated[
        str | None, typer.Option(help="Key of the municipality; an empty one is the installation itself [all].")
    ] = None,
    last: Annotated[int, typer.Option(min=1, max=100_000, help="How many entries, the latest.")] = 50,
) -> None:
    """Show the latest entries, the oldest of them first."""
    from geodata.audit import latest

    with _loader() as connection:
        entries = latest(connection, municipality, most=last)
    for one in entries:
        typer.echo(_line(one))
    if not entries:
        typer.echo("Nothing has been logged yet.")


@contextmanager
def _loader() -> Iterator[Connection]:
    """The login that sees every chain; it can add to the log and change nothing in it."""
    from geodata.one_transaction import one_transaction
    from geodata.startup import open_database

    with (
        open_database(load_settings()) as urls,
        # One moment for entries and proofs: a deletion in between would look like a missing entry.
        one_transaction(urls.load, isolation="REPEATABLE READ") as connection,
    ):
        yield connection


def _said(one: Verdict) -> str:
    head = f"{_city(one.municipality)}: "
    if one.problem is not None:
        return f"{head}HARMED at entry {one.wrong_number}. {one.problem}"
    anchors = f"{one.anchors} {'anchor agrees' if one.anchors == 1 else 'anchors agree'}"
    lost = f"; {one.lost} entries were lost by a restore" if one.lost else ""
    entries = "entry" if one.count == 1 else "entries"
    return f"{head}{one.count} {entries}, the last is number {one.last_number}, unharmed; {anchors}{lost}."


def _line(one: LogEntry) -> str:
    details = " ".join(f"{name}={value}" for name, value in sorted(one.details.items()))
    who = one.account or "nobody"
    parts = [f"{one.at:%Y-%m-%d %H:%M:%S} UTC", _city(one.municipality), str(one.number), who, one.action, one.subject]
    return "  ".join([*parts, details]).rstrip()


def _city(key: str) -> str:
    return key or "installation"
