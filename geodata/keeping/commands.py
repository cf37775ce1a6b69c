"""`qm erase`, `qm retention`, `qm backup` and `qm restore`: what goes for good, and what must not be lost."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from geodata.errors import UsageError
from geodata.settings import load_settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from geodata.keeping.erasure import Target
    from geodata.keeping.erasure_ledger import Ledger
    from geodata.keeping.retention import Due, Rule

Municipality = Annotated[
    str | None, typer.Option(help="Key of the municipality, as 05914000; needed where there are several.")
]
Reason = Annotated[
    str, typer.Option(help="Class: request, not_needed, objection, unlawful, mistake. No words: they would stay.")
]
Basis = Annotated[str | None, typer.Option("--legal-basis", help="Legal basis [that of the class].")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Count, and change nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]

# A row that refers to what goes, a deadlock, a lock or an answer that did not come in time.
IN_THE_WAY: Final = ("23503", "40P01", "55P03", "57014")

erase = typer.Typer(help="Erase for good, with all versions and a proof.", no_args_is_help=True)
retention = typer.Typer(help="How long what is kept, and deleting what is due.")


@erase.command("property")
def erase_property(
    name: Annotated[str, typer.Argument(help="Register and key, as main/A-17.")],
    reason: Reason,
    municipality: Municipality = None,
    legal_basis: Basis = None,
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Erase a property with everything about it, superseded versions and what was merged into it included."""
    from geodata.keeping.erasure import find_property

    register, key = _name_of_property(name)
    _erase(
        lambda one, city: find_property(one, city, register, key),
        reason,
        municipality,
        legal_basis,
        dry_run=dry_run,
        yes=yes,
    )


@erase.command("note")
def erase_note(
    number: Annotated[int, typer.Argument(help="Number of the note.")],
    reason: Reason,
    municipality: Municipality = None,
    legal_basis: Basis = None,
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Erase a note with what it said before it was corrected."""
    from geodata.keeping.erasure import find_fact

    _erase(
        lambda one, city: find_fact(one, city, "note", number),
        reason,
        municipality,
        legal_basis,
        dry_run=dry_run,
        yes=yes,
    )


@erase.command("photograph")
def erase_photograph(
    number: Annotated[int, typer.Argument(help="Number of the photograph.")],
    reason: Reason,
    municipality: Municipality = None,
    legal_basis: Basis = None,
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Erase a photograph with its preview."""
    from geodata.keeping.erasure import find_photograph

    _erase(
        lambda one, city: find_photograph(one, city, number),
        reason,
        municipality,
        legal_basis,
        dry_run=dry_run,
        yes=yes,
    )


@erase.command("owner")
def erase_owner(
    key: Annotated[str, typer.Argument(help="Key of the owner in its register.")],
    reason: Reason,
    municipality: Municipality = None,
    legal_basis: Basis = None,
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Erase an owner with earlier names and addresses, and with what it owned."""
    from geodata.keeping.erasure import find_owner

    _erase(lambda one, city: find_owner(one, city, key), reason, municipality, legal_basis, dry_run=dry_run, yes=yes)


@erase.command("fact")
def erase_fact(
    table: Annotated[str, typer.Argument(help="Table, as inspection or status_event.")],
    number: Annotated[int, typer.Argument(help="Number of one of its rows.")],
    reason: Reason,
    municipality: Municipality = None,
    legal_basis: Basis = None,
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Erase one fact with all its versions."""
    from geodata.keeping.erasure import find_fact

    _erase(
        lambda one, city: find_fact(one, city, table, number),
        reason,
        municipality,
        legal_basis,
        dry_run=dry_run,
        yes=yes,
    )


@erase.command("lift")
def lift(
    name: Annotated[str, typer.Argument(help="Register and key of the property, as main/A-17; else the key.")],
    reason: Annotated[str, typer.Option(help="mistake, or new_case.")],
    kind: Annotated[str, typer.Option(help="property or owner.")] = "property",
    municipality: Municipality = None,
) -> None:
    """Let deliveries bring an erased key again; what was erased stays erased."""
    from geodata import codes
    from geodata.keeping.erasure import lift as lift_erasure

    if reason not in codes.LIFT_REASONS or kind not in ("property", "owner"):
        raise UsageError("A reason is mistake or new_case, a kind is property or owner.")
    key = _name_of_property(name) if kind == "property" else (name,)
    with _loader() as (connection, ledger):
        city = _city(connection, municipality)
        lifted = lift_erasure(connection, city, key, kind, reason=reason, by=_by(), ledger=ledger)  # type: ignore[arg-type]
        connection.commit()
    if not lifted:
        raise UsageError(f"No erasure in force in {city} means that key.")
    typer.echo("Deliveries may bring the key again.")


@retention.callback(invoke_without_command=True)
def run_retention(
    context: typer.Context,
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Delete what its class does not keep any longer; nothing does so by itself, except for what is said so here."""
    from geodata.calendar import today
    from geodata.keeping.retention import apply, find_due

    if context.invoked_subcommand is not None:
        return
    with _loader() as (connection, ledger):
        found = find_due(connection, today())
        connection.rollback()
        for one in found:
            typer.echo(_due_line(one))
        rules = [one.rule for one in found if one.rows]
        if dry_run or not rules:
            typer.echo("Nothing was changed." if rules else "Nothing is due.")
            return
        if not yes:
            typer.confirm("Delete this for good?", abort=True)
        for rule in rules:
            # Each class is a transaction: what one of them cannot delete does not hold up the others.
            counts = apply(connection, rule, today(), by=_by(), ledger=ledger)
            connection.commit()
            typer.echo(f"{rule.record_class}: {_counted(counts)}")


@retention.command("set")
def set_rule(
    record_class: Annotated[str, typer.Argument(help="Class of records, as note.")],
    kept: Annotated[int, typer.Argument(min=1, help="How many.")],
    unit: Annotated[str, typer.Argument(help="days, months or years.")],
    decided_by: Annotated[str, typer.Option(help="Office that decided it.")],
    legal_basis: Annotated[str | None, typer.Option(help="Legal basis [as it was].")] = None,
) -> None:
    """Decide how long a class of records is kept, which confirms the rule."""
    from geodata import codes
    from geodata.calendar import today
    from geodata.keeping.retention import change_rule

    if unit not in codes.PERIOD_UNITS:
        raise UsageError(f"{unit} is no unit.", f"There are {', '.join(codes.PERIOD_UNITS)}.")
    with _loader() as (connection, _):
        decided = {"decided_by": decided_by, "decided_on": today(), "basis": legal_basis}
        rule = change_rule(connection, record_class, kept, unit, **decided)  # type: ignore[arg-type]
        connection.commit()
    typer.echo(f"{rule.record_class}: {_period(rule)}, decided by {rule.decided_by}.")


def backup(
    file: Annotated[
        Path | None, typer.Argument(help="File to be written, as city.qmb; it must not be there yet.")
    ] = None,
    *,
    drill: Annotated[
        bool, typer.Option("--drill", help="Back up, restore into a scratch database, compare, drop it.")
    ] = False,
) -> None:
    """Write the whole database into one file, complete or not at all; it holds everything, so keep it locked away."""
    from geodata.keeping import backup as backups

    if (file is None) != drill:
        raise UsageError("Name a file to be written, or --drill without one.")
    if file is None:
        done = backups.drill(load_settings())
        typer.echo(
            f"The drill held: {done.rows} rows in {done.tables} tables, {done.objects} policies, grants, indexes,"
            f" functions and comments are the same. Backup {done.backup_seconds:.1f} s, {done.size_bytes:,} bytes;"
            f" restore {done.restore_seconds:.1f} s."
        )
        return
    written = backups.backup(load_settings(), file, by=_by())
    typer.echo(f"{file}: {written.size_bytes:,} bytes in {written.backup_seconds:.1f} s, version {written.head}.")


def restore(
    file: Annotated[Path, typer.Argument(help="File that qm backup wrote.")],
    into: Annotated[str | None, typer.Option(help="Embedded database to be made or replaced [the one in use].")] = None,
    *,
    yes: Yes = False,
) -> None:
    """Replace the database by a backup; everything is checked first, and what was erased since is erased again."""
    from geodata.keeping import restore as restores

    settings = load_settings()
    if not yes:
        typer.confirm(f"Replace everything in {into or restores.database_of(settings)}?", abort=True)
    done = restores.restore(settings, file, into=into, by=_by())
    typer.echo(
        f"{done.database} holds the backup of {done.made_at:%Y-%m-%d %H:%M} UTC: {done.rows} rows in {done.tables}"
        f" tables, in {done.seconds:.1f} s."
    )
    if done.upgraded_from is not None:
        typer.echo(f"The tables were brought from version {done.upgraded_from} to {done.head}.")
    typer.echo(
        f"Erased again: {_counted(done.erased_again)}." if done.erased_again else "Nothing was to be erased again."
    )
    typer.echo("All sessions have ended; accounts and passwords are those of the backup.")


COMMANDS: Final[tuple[Callable[..., None], ...]] = (backup, restore)
GROUPS: Final = {"erase": erase, "retention": retention}


def _erase(
    find: Callable[[Connection, str], Target],
    reason: str,
    municipality: str | None,
    legal_basis: str | None,
    *,
    dry_run: bool,
    yes: bool,
) -> None:
    from sqlalchemy.exc import IntegrityError, OperationalError

    from geodata.keeping import erasure
    from geodata.keeping.erasure_ledger import ErasureError

    with _loader() as (connection, ledger):
        erasure.legal_basis_of(connection, reason)
        target = find(connection, _city(connection, municipality))
        counts = erasure.count(connection, target)
        connection.rollback()
        typer.echo(f"{'Would go' if dry_run else 'Will go'}: {_counted(counts)}.")
        typer.echo("Released states stay: they hold figures of areas and what was released by name.")
        if dry_run:
            return
        if not yes:
            typer.confirm("Erase this for good, in every version?", abort=True)
        try:
            erased = erasure.erase(connection, target, reason=reason, by=_by(), ledger=ledger, legal_basis=legal_basis)
            erasure.commit(connection, erased, ledger)
        except (IntegrityError, OperationalError) as error:
            if getattr(error.orig, "sqlstate", None) not in IN_THE_WAY:
                raise
            raise ErasureError(
                "Somebody was writing about it at this moment, so nothing was erased.", "Try again."
            ) from None
    typer.echo(f"Erased: {_counted(erased.counts)}. Proof {erased.numbers[0]}.")


@contextmanager
def _loader() -> Iterator[tuple[Connection, Ledger]]:
    """The login that sees every row, and the file of erasures; the caller commits."""
    from sqlalchemy import NullPool, create_engine

    from geodata.keeping.erasure_ledger import Ledger
    from geodata.startup import open_database

    settings = load_settings()
    with open_database(settings) as urls:
        engine = create_engine(urls.load, poolclass=NullPool)
        with engine.connect() as connection:
            yield connection, Ledger(settings.data_folder)
        engine.dispose()


def _city(connection: Connection, municipality: str | None) -> str:
    from sqlalchemy import select

    from geodata.figure_commands import chosen_municipality
    from geodata.tables import municipality as table

    known = list(connection.execute(select(table.c.key).order_by(table.c.key)).scalars())
    return chosen_municipality(known, municipality)


def _name_of_property(name: str) -> tuple[str, str]:
    register, found, key = name.partition("/")
    if not (found and register and key):
        raise UsageError(f"{name!r} is no property.", "Write register and key, as main/A-17.")
    return register, key


def _by() -> str:
    return f"command line ({getpass.getuser()})"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items()) or "nothing"


def _due_line(one: Due) -> str:
    rule = one.rule
    if rule.kept is None:
        return f"{rule.record_class}: no period. {rule.reason}"
    mark = "" if rule.is_confirmed else ", check"
    if one.rows is None:
        return f"{rule.record_class}: {_period(rule)} from {rule.counted_from}{mark}; the program deletes it by itself."
    since = "" if one.oldest is None else f", the oldest of {one.oldest.isoformat()}"
    return f"{rule.record_class}: {_period(rule)} from {rule.counted_from}{mark}; due: {one.rows}{since}."


def _period(rule: Rule) -> str:
    return f"{rule.kept} {rule.unit}"
