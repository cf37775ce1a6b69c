"""`qm user ...`: the accounts of all cities from the command line, by the rules of the administration's page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geodata.errors import UsageError
from geodata.settings import load_settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from geodata.access import Access, Role
    from geodata.accounts import Account

user = typer.Typer(help="Accounts: who may sign in.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Sign-in name.")]
Areas = Annotated[
    list[str] | None,
    typer.Option("--area", help="Area of a manager as kind:key, as quartier:wehringhausen; repeatable."),
]
Until = Annotated[str | None, typer.Option(help="Last day of the account as 2027-06-30; never takes the end away.")]
DisplayName = Annotated[str | None, typer.Option(help="Name in the header [the sign-in name].")]
Generate = Annotated[bool, typer.Option("--generate", help="Make a password and print it once instead of asking.")]
Own = Annotated[bool, typer.Option("--own", help="It is your own account: the password need not be changed again.")]


@user.command()
def add(
    name: Name,
    *,
    role: Annotated[str, typer.Option(help="staff, manager, external_manager, politics or admin.")],
    municipality: Annotated[str, typer.Option(help="Key of the municipality, as 05914000.")],
    display_name: DisplayName = None,
    area: Areas = None,
    until: Until = None,
    generate: Generate = False,
    own: Own = False,
) -> None:
    """Create an account; its password is asked for, and changed at the first sign-in unless it is your own."""
    from geodata import accounts, audit

    with _accounts() as connection:
        city = _known_municipality(connection, municipality)
        draft = accounts.Draft(
            display_name=display_name or name,
            role=_role(role),
            area_ids=_area_ids(connection, city, area or []),
            valid_until=_day(until),
        )
        created = accounts.create(connection, city, name, draft, by=audit.COMMAND_LINE)
        _give_password(connection, created, generate=generate, own=own)
    typer.echo(f"{name} may sign in as {role} of {municipality}{_until_words(draft.valid_until)}.")


@user.command("list")
def list_users(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list for machines.")] = False,
) -> None:
    """List all accounts with role, areas, end and state."""
    from geodata import accounts
    from geodata.calendar import today

    with _accounts() as connection:
        names = _area_names(connection)
        told = [_told(one, names, today()) for one in accounts.list_accounts(connection)]
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for one in told:
        areas = f" for {', '.join(one['areas'])}" if one["areas"] else ""
        end = f", until {one['valid_until']}" if one["valid_until"] else ""
        mark = ", demonstration" if one["is_demonstration"] else ""
        state = "" if one["state"] == "active" else f", {one['state'].replace('_', ' ')}"
        typer.echo(
            f"{one['name']}: {one['display_name']}, {one['role']} of {one['municipality']}{areas}{end}{mark}{state}"
        )
    if not told:
        typer.echo("There is no account yet; `qm user add` makes one.")


@user.command()
def assign(
    name: Name,
    role: Annotated[str | None, typer.Option(help="Another role.")] = None,
    area: Areas = None,
    until: Until = None,
    display_name: DisplayName = None,
) -> None:
    """Give an account another role, all areas that it shall have, or another end; holds from its next request."""
    from geodata import accounts, audit

    if role is None and area is None and until is None and display_name is None:
        raise UsageError("Nothing to change.", "Name it with --role, --area, --until or --display-name.")
    with _accounts() as connection:
        found = _existing(connection, name)
        draft = accounts.Draft(
            display_name=display_name or found.display_name,
            role=found.role if role is None else _role(role),
            area_ids=found.area_ids if area is None else _area_ids(connection, found.municipality, area),
            valid_until=found.valid_until if until is None else _day(until),
        )
        changed = accounts.change(connection, found, draft, by=audit.COMMAND_LINE)
    areas = f" for {len(changed.area_ids)} areas" if changed.area_ids else ""
    typer.echo(f"{name} is {changed.role}{areas}{_until_words(changed.valid_until)} from the next request on.")


@user.command()
def disable(name: Name) -> None:
    """Forbid an account to sign in; its sessions end with their next request."""
    from geodata import accounts, audit

    with _accounts() as connection:
        accounts.disable(connection, _existing(connection, name), by=audit.COMMAND_LINE)
    typer.echo(f"{name} may no longer sign in.")


@user.command()
def enable(name: Name) -> None:
    """Let a disabled account sign in again."""
    from geodata import accounts, audit

    with _accounts() as connection:
        accounts.enable(connection, _existing(connection, name), by=audit.COMMAND_LINE)
    typer.echo(f"{name} may sign in again.")


@user.command()
def password(name: Name, *, generate: Generate = False, own: Own = False) -> None:
    """Give an account a new password and end its sessions."""
    with _accounts() as connection:
        _give_password(connection, _existing(connection, name), generate=generate, own=own)
    typer.echo(f"{name} has a new password and is signed out everywhere.")


@user.command("sign-out")
def sign_out(name: Name) -> None:
    """End all sessions of an account."""
    from geodata import accounts, audit

    with _accounts() as connection:
        accounts.sign_out_everywhere(connection, _existing(connection, name), by=audit.COMMAND_LINE)
    typer.echo(f"{name} is signed out everywhere.")


def _give_password(connection: Connection, account: Account, *, generate: bool, own: bool) -> None:
    from geodata import accounts, audit
    from geodata.accounts import passwords

    if generate:
        chosen = passwords.generate()
        typer.echo(f"Password, shown only now: {chosen}")
    else:
        chosen = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    hashed = passwords.hash_password(chosen, names=(account.name, account.display_name))
    accounts.set_password(connection, account, hashed, by=audit.COMMAND_LINE, is_own=own)


def _told(account: Account, area_names: dict[int, str], day: date) -> dict[str, Any]:
    month = account.last_signed_in_month
    return {
        "name": account.name,
        "display_name": account.display_name,
        "role": account.role,
        "municipality": account.municipality,
        "areas": sorted(area_names[area_id] for area_id in account.area_ids if area_id in area_names),
        "valid_until": account.valid_until.isoformat() if account.valid_until else None,
        "state": account.state(day),
        "last_signed_in_month": month.strftime("%Y-%m") if month else None,
        "is_demonstration": account.is_demonstration,
    }


def _until_words(day: date | None) -> str:
    return f" until {day.isoformat()}" if day else ""


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


def _existing(connection: Connection, name: str) -> Account:
    from geodata import accounts

    found = accounts.find(connection, name)
    if found is None:
        raise UsageError(f"There is no account {name}.", "`qm user list` shows all.")
    return found


def _role(text: str) -> Role:
    from geodata.access import ROLES

    for role in ROLES:
        if role == text:
            return role
    raise UsageError(f"{text} is no role.", f"Roles are {', '.join(ROLES)}.")


def _day(text: str | None) -> date | None:
    """The day that was named; an account that ended before it was made would be a mistake."""
    from geodata.calendar import today

    if text is None or text == "never":
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text} is no date.", "Write it as 2027-06-30.") from None
    if day < today():
        raise UsageError(f"{text} has passed.", "An account that shall not be used any more is disabled.")
    return day


def _known_municipality(connection: Connection, key: str) -> str:
    from sqlalchemy import select

    from geodata.tables import municipality

    keys = list(connection.execute(select(municipality.c.key)).scalars())
    if key not in keys:
        known = f"Known are {', '.join(keys)}." if keys else "None has been loaded yet."
        raise UsageError(f"There is no municipality {key}.", known)
    return key


def _area_names(connection: Connection) -> dict[int, str]:
    """Every area as kind:key by its number."""
    from sqlalchemy import select

    from geodata.tables import area

    return {row.id: f"{row.kind}:{row.key}" for row in connection.execute(select(area.c.id, area.c.kind, area.c.key))}


def _area_ids(connection: Connection, municipality: str, names: list[str]) -> frozenset[int]:
    from sqlalchemy import select

    from geodata.tables import area

    query = select(area.c.kind, area.c.key, area.c.id).where(area.c.municipality == municipality)
    ids = {f"{kind}:{key}": area_id for kind, key, area_id in connection.execute(query)}
    unknown = sorted(set(names) - set(ids))
    if unknown:
        raise UsageError(f"There is no area {', '.join(unknown)} in {municipality}.")
    return frozenset(ids[name] for name in names)
