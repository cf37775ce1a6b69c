"""Passwords: which are good enough, how they are kept, and how one is checked without telling who exists.

They are argon2id with the library's current parameters (about 0.1 s and 64 MB each). Before hashing, a password is
brought into the form NFC, because an umlaut that one keyboard sends as a letter and an accent is one letter on another.
"""

import secrets
import unicodedata
from functools import cache
from itertools import pairwise
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from geodata.errors import UsageError

# The parameters that the library recommends at present; a hash says itself with which ones it was made.
HASHER = PasswordHasher()
MIN_LENGTH: Final = 12
# Longer ones would let a stranger make us hash megabytes.
MAX_LENGTH: Final = 1_000
# With fewer different characters a long password is one key held down, or two in turns.
MIN_DISTINCT: Final = 5
# No letters and digits that are read for one another, because a first password is read out or copied by hand.
_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 4, 4

# The commonest that are long enough, in German and English offices, as far as they do not hold a word of the list
# below. Digits and signs at the ends do not make them rare, so they are compared without.
_COMMON: Final = frozenset(
    {
        "abcdefghijkl", "abcdefghijklm", "adminadmin", "administrator", "changemenow", "correcthorsebatterystaple",
        "geheimgeheim", "gutenmorgen", "hallohallo", "herzlichwillkommen", "ichliebedich", "iloveyou", "letmein",
        "masterpassword", "meinpasswort", "mypassword", "passwort", "passwortpasswort", "password", "passwordpassword",
        "qwertyuiop", "qwertzuiop", "schalke", "sommersommer", "startpasswort", "stadtverwaltung", "testtest",
        "unknownpassword", "welcome", "willkommen", "quartiermonitor", "problemimmobilie", "bauaufsicht",
        "quartiersmanagement", "asdfghjkl", "yxcvbnm", "zxcvbnm",
    }
)  # fmt: skip
_LEET: Final = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"})


class WeakPassword(UsageError):
    """A password that is not taken; `code` says why: too_short, too_long, like_name, common."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def require_strong(password: str, *, names: tuple[str, ...] = ()) -> None:
    """Raise `WeakPassword` unless the password is long enough, not among the commonest, and not one of the names."""
    if len(password) < MIN_LENGTH:
        raise WeakPassword("too_short", f"The password has {len(password)} characters, but at least 12 are needed.")
    if len(password) > MAX_LENGTH:
        raise WeakPassword("too_long", f"The password has more than {MAX_LENGTH} characters.")
    bare = _bare(password)
    if any(_is_like(bare, _bare(name)) for name in names):
        raise WeakPassword("like_name", "The password is the name of the account.")
    if len(set(password.lower())) < MIN_DISTINCT or bare in _COMMON or _is_row(password):
        raise WeakPassword("common", "The password is one of those that are tried first.")


def generate() -> str:
    """A first password for somebody else: four groups of four (80 bits), easy to read out."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


def hash_password(password: str, *, names: tuple[str, ...] = ()) -> str:
    """The argon2id hash of a password; `WeakPassword` when it is not good enough."""
    require_strong(password, names=names)
    return HASHER.hash(_normal(password))


def unknown_password_hash() -> str:
    """The hash of a password that nobody knows: nobody can sign in with it."""
    return HASHER.hash(secrets.token_urlsafe(32))


def fits(password_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; None costs the same time and is never right."""
    try:
        HASHER.verify(password_hash or decoy_hash(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def decoy_hash() -> str:
    """What an unknown name is checked against. Ask for it once at start: the first call takes as long as a check."""
    return unknown_password_hash()


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _bare(text: str) -> str:
    """The letters that remain of a text without case, digits at its ends and digits that stand for letters."""
    core = text.lower().strip("0123456789!?.,-_#+*$ ")
    return "".join(letter for letter in core.translate(_LEET) if letter.isalpha())


def _is_like(bare: str, name: str) -> bool:
    """Whether the letters of a password are those of a name, also backwards, turned round or said twice."""
    return bool(bare) and len(name) > 2 and (bare in name * 3 or bare[::-1] in name * 3)


def _is_row(password: str) -> bool:
    """Whether it is a row of digits or letters, up or down, as 123456789012."""
    codes = [ord(letter) for letter in password.lower()]
    # Digits go round: 0 comes after 9.
    steps = {(after - before) % 10 if password.isdigit() else after - before for before, after in pairwise(codes)}
    return steps <= {1} or steps <= {9} or steps <= {-1}
