"""Passwords: which are taken, and how they are kept."""

import subprocess
import sys
import unicodedata

import pytest
from argon2 import PasswordHasher

from geodata.accounts import passwords
from geodata.accounts.passwords import WeakPassword
from geodata.settings import PROJECT_ROOT


@pytest.mark.parametrize(
    "password",
    [
        "kein geheimes Wort",
        "drei Wörter ohne Bezug",
        "Tr0ub4dor&3 Hagen",
        "k7mq-xw3p-9rta-h2ce",
        "Wehringhausen-Nord-7",
    ],
)
def test_a_long_password_that_nobody_tries_first_is_taken(password: str) -> None:
    passwords.require_strong(password, names=("bea", "Bea Beispiel"))


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "too_short"),
        ("elf Zeichen", "too_short"),
        ("x" * 1_001, "too_long"),
        ("aaaaaaaaaaaa", "common"),
        ("ababababababab", "common"),
        ("123456789012", "common"),
        ("098765432109", "common"),
        ("abcdefghijklmnop", "common"),
        ("Passwort1234", "common"),
        ("P4ssw0rt!!!!", "common"),
        ("Willkommen2026!", "common"),
        ("qwertzuiop12", "common"),
        ("Bea Beispiel", "like_name"),
        ("bea.beispiel", "like_name"),
        ("beispielbea2026", "like_name"),
        ("BeaBeispiel!2026", "like_name"),
    ],
)
def test_a_password_that_is_short_common_or_a_name_is_not(password: str, code: str) -> None:
    with pytest.raises(WeakPassword) as weak:
        passwords.require_strong(password, names=("bea", "Bea Beispiel"))
    assert weak.value.code == code
    assert password not in str(weak.value) or not password


def test_a_generated_password_is_good_and_never_the_same() -> None:
    made = {passwords.generate() for _ in range(50)}
    assert len(made) == 50
    for one in made:
        passwords.require_strong(one)
        assert len(one) == 19


def test_a_password_is_kept_as_argon2id_and_fits_however_its_letters_are_composed() -> None:
    hashed = passwords.hash_password("drei Wörter ohne Bezug")
    assert hashed.startswith("$argon2id$")
    assert passwords.fits(hashed, unicodedata.normalize("NFD", "drei Wörter ohne Bezug"))
    assert not passwords.fits(hashed, "drei Wörter ohne bezug")
    assert not passwords.fits(None, "drei Wörter ohne Bezug")
    assert not passwords.fits("!", "!")


def test_the_application_hashes_as_the_library_recommends() -> None:
    """Tests hash cheaply (tests/conftest.py), so a process of its own is asked."""
    program = "from geodata.accounts.passwords import HASHER as h; print(h.memory_cost, h.time_cost, h.parallelism)"
    told = subprocess.run([sys.executable, "-c", program], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    recommended = PasswordHasher()
    assert told.stdout.split() == [
        str(value) for value in (recommended.memory_cost, recommended.time_cost, recommended.parallelism)
    ]
