"""Checking a password that somebody typed: throttled in all workers together, and without telling who exists.

A name that nobody has costs the same work and gets the same answer as a wrong password. Failures are counted for the
name, so that nobody tries many passwords for one account, and for the network address, so that nobody tries one
password for many; behind one address there may be a whole town hall, so it has more of them free.
"""

import threading
from dataclasses import dataclass
from typing import Final, Literal

from flask import request

from geodata import accounts, audit
from geodata.access import Access
from geodata.accounts import Account, passwords, sign_in
from geodata.audit import Entry
from geodata.calendar import today

Problem = Literal["wrong", "too_many", "busy"]
NAME_FAILURES: Final = 5
ADDRESS_FAILURES: Final = 30
# Each check takes about 0.1 s and 64 MB. One at a time in each of the two workers are two in all; more would starve
# everybody else.
_TURN: Final = threading.BoundedSemaphore(1)
_TURN_SECONDS: Final = 5
# A worker has four threads. Whoever floods the sign-in must leave one to everybody else.
_PLACES: Final = threading.BoundedSemaphore(3)
_BUSY_SECONDS: Final = 5


@dataclass(frozen=True)
class Checked:
    """The account whose password it is, or what stands in the way and for how many seconds."""

    account: Account | None = None
    problem: Problem | None = None
    wait_seconds: int = 0


def prepare() -> None:
    """Make the hash that unknown names are checked against, or the first of them would take twice as long."""
    passwords.decoy_hash()


def check(access: Access, name: str, password: str, *, with_demonstration: bool, is_sign_in: bool = True) -> Checked:
    """Whether the password is that of the account of this name, and the account may be used today.

    A sign-in is logged. So is each failure, without what was typed: people type their password into the wrong field.
    """
    by_name, by_address = f"account:{name.lower()}", f"address:{request.remote_addr}"
    with access.accounts() as connection:
        attempt = sign_in.begin_attempt(connection, {by_name: NAME_FAILURES, by_address: ADDRESS_FAILURES})
        account = accounts.find(connection, name)
        password_hash = accounts.password_hash_of(connection, name if account is None else account.name)
    if not attempt.is_allowed:
        return Checked(problem="too_many", wait_seconds=attempt.wait_seconds)
    fits = _fits(password_hash, password)
    if fits is None:
        with access.accounts() as connection:
            sign_in.forget_attempt(connection, attempt)
        return Checked(problem="busy", wait_seconds=_BUSY_SECONDS)
    may_enter = account is not None and account.may_enter(today(), with_demonstration=with_demonstration)
    with access.accounts() as connection:
        if account is None or not fits or not may_enter:
            city, known = (account.municipality, account.name) if account else (None, "")
            audit.append(connection, Entry("sign_in_failed", city, known, known or "unknown name"))
            return Checked(problem="wrong")
        sign_in.forget_attempt(connection, attempt, subject=by_name)
        if is_sign_in:
            accounts.note_month(connection, account, today())
            audit.append(connection, Entry("sign_in", account.municipality, account.name, account.name))
    return Checked(account)


def _fits(password_hash: str | None, password: str) -> bool | None:
    """Whether it fits; None when so many are being checked that it was not this one's turn."""
    if not _PLACES.acquire(blocking=False):
        return None
    try:
        if not _TURN.acquire(timeout=_TURN_SECONDS):
            return None
        try:
            return passwords.fits(password_hash, password)
        finally:
            _TURN.release()
    finally:
        _PLACES.release()
