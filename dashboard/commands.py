"""`qm serve` and `qm user ...`. What needs the ETL is handed in by `app.py`, which also starts these commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from geodata.errors import UsageError
from geodata.settings import load_settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from geodata.access import Access
    from geodata.publication_draft import Words
    from geodata.settings import DatabaseUrls

user = typer.Typer(help="Accounts: who may sign in.", no_args_is_help=True)


def serve_command(load_demonstration: Callable[[DatabaseUrls], None]) -> Callable[[], None]:
    """The command `serve`; `load_demonstration` fills an empty database through the real ETL."""

    def serve() -> None:
        """Start the database and the web server, fill an empty demonstration, print the address; Ctrl-C stops all."""
        from dashboard.serving import run

        run(load_settings(), load_demonstration)

    return serve


@user.command()
def add(
    name: Annotated[str, typer.Argument(help="Sign-in name.")],
    role: Annotated[str, typer.Option(help="staff, manager or politics.")],
    municipality: Annotated[str, typer.Option(help="Key of the municipality, as 05914000.")],
    display_name: Annotated[str | None, typer.Option(help="Name in the header [the sign-in name].")] = None,
    area: Annotated[
        list[str] | None, typer.Option(help="Area of a manager as kind:key, as quartier:wehringhausen; repeatable.")
    ] = None,
) -> None:
    """Create an account or give it a new role, new areas and a new password, which is asked for."""
    from geodata import accounts
    from geodata.access import Scope

    with _accounts() as connection:
        scope = Scope(
            municipality=_known_municipality(connection, municipality),
            role=_role(role),
            account=name,
            area_ids=_area_ids(connection, municipality, area or []),
        )
        if scope.is_empty:
            raise UsageError("A manager needs at least one area.", "Name it with --area kind:key.")
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        hashed = accounts.hash_password(password)
        accounts.put(connection, scope, display_name=display_name or name, password_hash=hashed)
    typer.echo(f"{name} may sign in as {role} of {municipality}.")


@user.command("list")
def list_users() -> None:
    """List all accounts."""
    from geodata import accounts

    with _accounts() as connection:
        for one in accounts.list_accounts(connection):
            areas = f", {len(one.area_ids)} areas" if one.area_ids else ""
            marks = (", demonstration" if one.is_demonstration else "") + (", disabled" if one.is_disabled else "")
            typer.echo(f"{one.name}: {one.display_name}, {one.role} of {one.municipality}{areas}{marks}")


@user.command()
def disable(name: Annotated[str, typer.Argument(help="Sign-in name.")]) -> None:
    """Forbid an account to sign in; its sessions end within seconds."""
    from geodata import accounts

    with _accounts() as connection:
        if not accounts.disable(connection, name):
            raise UsageError(f"There is no account {name}.", "`qm user list` shows all.")
    typer.echo(f"{name} may no longer sign in.")


def publication_words() -> Words:
    """The words of the interface for `qm publish`; the catalogues are read when they are needed."""
    from dashboard.publication_words import words

    return words()


@contextmanager
def _accounts() -> Iterator[Connection]:
    from geodata.access import Access
    from geodata.startup import open_database

    with open_database(load_settings()) as urls:
        access: Access = Access(urls)
        try:
            with access.accounts() as connection:
                yield connection
        finally:
            access.close()


def _role(text: str) -> str:
    from geodata.codes import ROLES

    if text not in ROLES:
        raise UsageError(f"{text} is no role.", f"Roles are {', '.join(ROLES)}.")
    return text


def _known_municipality(connection: Connection, key: str) -> str:
    from sqlalchemy import select

    from geodata.tables import municipality

    keys = list(connection.execute(select(municipality.c.key)).scalars())
    if key not in keys:
        known = f"Known are {', '.join(keys)}." if keys else "None has been loaded yet."
        raise UsageError(f"There is no municipality {key}.", known)
    return key


def _area_ids(connection: Connection, municipality: str, names: list[str]) -> frozenset[int]:
    from sqlalchemy import select

    from geodata.tables import area

    query = select(area.c.kind, area.c.key, area.c.id).where(area.c.municipality == municipality)
    ids = {f"{kind}:{key}": area_id for kind, key, area_id in connection.execute(query)}
    unknown = sorted(set(names) - set(ids))
    if unknown:
        raise UsageError(f"There is no area {', '.join(unknown)} in {municipality}.")
    return frozenset(ids[name] for name in names)
