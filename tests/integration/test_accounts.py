"""Accounts: what an administration may do with those of its city, what the database refuses it, and `qm user`."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from typer.testing import CliRunner

from dashboard import account_commands
from geodata import accounts
from geodata.access import Asker, Scope
from geodata.accounts import AccountRefused, Draft, passwords, sign_in
from geodata.calendar import today
from geodata.errors import UsageError
from tests.conftest import Stage
from tests.factories import facts

CITY, ELSEWHERE = "de-konto1", "de-konto2"
ADMIN = Scope(municipality=CITY, role="admin", account="anna", account_name="Anna Admin")
PASSWORD = "drei Wörter ohne Bezug"
HASHED = passwords.hash_password(PASSWORD)


@pytest.fixture
def sign_in_role(stage: Stage) -> Callable[[], "Iterator[Connection]"]:
    """`with sign_in_role() as connection`: the rights of `Access.accounts()`."""

    @contextmanager
    def opened() -> Iterator[Connection]:
        with stage._settings({"role": f"{stage._database}_accounts"}):
            yield stage._connection

    return opened  # type: ignore[return-value]


@pytest.fixture
def city(stage: Stage, sign_in_role: Callable[[], Iterator[Connection]]) -> int:
    """Two cities with an administration each, and a quarter in the first; gives the number of the quarter."""
    with stage.as_loader() as loader:
        for key in (CITY, ELSEWHERE):
            facts.municipality(loader, key, name=key)
        quarter = facts.area(loader, key="w", kind="quartier", city=CITY, name="West", geom=facts.square(0, 0, 100))
    with sign_in_role() as connection:
        for name, key in (("anna", CITY), ("egon", ELSEWHERE)):
            scope = Scope(municipality=key, role="admin", account=name)
            accounts.put(connection, scope, display_name=name.title(), password_hash=HASHED)
    return quarter


def _create(asker: Asker, name: str, draft: Draft) -> accounts.Account:
    return accounts.create(asker.connection, CITY, name, draft, by=asker.scope.account)


def test_an_administration_keeps_the_accounts_of_its_city_and_sees_no_other(stage: Stage, city: int) -> None:
    with stage.ask(ADMIN) as asker:
        created = _create(
            asker, "nuri", Draft("Nuri  Neutral", "external_manager", frozenset({city}), date(2099, 6, 30))
        )
        assert (created.display_name, created.area_ids, created.created_by) == ("Nuri Neutral", {city}, "anna")
        assert created.state(today()) == "no_password"
        assert [one.name for one in accounts.list_accounts(asker.connection)] == ["anna", "nuri"]
        with_password = accounts.set_password(asker.connection, created, HASHED, by="anna", is_own=False)
        assert with_password.state(today()) == "first_password"
        assert with_password.sessions_ended == created.sessions_ended + 1
        changed = accounts.change(asker.connection, created, Draft("Nuri", "politics", frozenset({city})), by="anna")
        assert (changed.role, changed.area_ids, changed.valid_until) == ("politics", frozenset(), None)
        accounts.disable(asker.connection, changed, by="anna")
        found = accounts.by_number(asker.connection, created.number)
        assert found is not None
        assert found.state(today()) == "disabled"
        assert accounts.find(asker.connection, "egon") is None


def test_each_change_stands_in_the_log_without_a_name_of_a_person_or_a_password(stage: Stage, city: int) -> None:
    with stage.ask(ADMIN) as asker:
        created = _create(asker, "nuri", Draft("Nuri Neutral", "manager", frozenset({city})))
        accounts.set_password(asker.connection, created, HASHED, by="anna", is_own=False)
        accounts.sign_out_everywhere(asker.connection, created, by="anna")
        query = text("SELECT account, subject, details FROM audit.entry WHERE action = 'account' ORDER BY number")
        rows = asker.connection.execute(query).all()
    assert [(row.account, row.subject, row.details["change"]) for row in rows] == [
        ("anna", "nuri", "created"),
        ("anna", "nuri", "first password"),
        ("anna", "nuri", "signed out everywhere"),
    ]
    assert rows[0].details == {"change": "created", "role": "manager", "areas": str(city)}
    assert "Neutral" not in str(rows)
    assert "argon2" not in str(rows)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT password_hash FROM qm.account",
        "SELECT * FROM qm.account",
        "UPDATE qm.account SET display_name = password_hash",
        "UPDATE qm.account SET municipality = 'de-konto2'",
        "UPDATE qm.account SET is_demonstration = true",
        "UPDATE qm.account SET name = 'x'",
        "DELETE FROM qm.account",
        "SELECT key FROM qm.property",
        "SELECT geom FROM qm.area_version",
    ],
)
def test_what_an_administration_has_no_right_to(stage: Stage, city: int, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), stage.ask(ADMIN) as asker:
        asker.connection.execute(text(statement))


def test_no_administration_makes_an_account_of_another_city(stage: Stage, city: int) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), stage.ask(ADMIN) as asker:
        accounts.create(asker.connection, ELSEWHERE, "spion", Draft("Spion", "staff"), by="anna")


def test_a_name_is_free_in_all_cities_or_taken(stage: Stage, city: int) -> None:
    with stage.ask(ADMIN) as asker:
        for name in ("anna", "egon"):
            with pytest.raises(AccountRefused) as refused:
                _create(asker, name, Draft("X", "staff"))
            assert (refused.value.field, refused.value.code) == ("name", "taken")


@pytest.mark.parametrize("name", ["", "a", "Anna B", "ANNA", "jürgen", "a" * 65, "a\0b", "a/b", "-a"])
def test_a_name_that_would_be_mistyped_is_refused(stage: Stage, city: int, name: str) -> None:
    with stage.ask(ADMIN) as asker, pytest.raises(AccountRefused) as refused:
        _create(asker, name, Draft("X", "staff"))
    assert refused.value.code == "name_form"


def test_a_manager_without_areas_is_refused(stage: Stage, city: int) -> None:
    with stage.ask(ADMIN) as asker, pytest.raises(AccountRefused) as refused:
        _create(asker, "quirin", Draft("Quirin", "manager"))
    assert (refused.value.field, refused.value.code) == ("areas", "required")


def test_the_last_administration_stays(stage: Stage, city: int) -> None:
    """Neither disabled nor made something else nor given an end, until there is another one that can sign in."""
    with stage.ask(ADMIN) as asker:
        connection = asker.connection
        anna = accounts.find(connection, "anna")
        assert anna is not None

        def refused(attempt: Callable[[], object]) -> None:
            nested = connection.begin_nested()
            with pytest.raises(AccountRefused, match="last account"):
                attempt()
            nested.rollback()

        def all_refused() -> None:
            refused(lambda: accounts.disable(connection, anna, by="anna"))
            refused(lambda: accounts.change(connection, anna, Draft("Anna", "staff"), by="anna"))
            soon = today() + timedelta(days=30)
            refused(lambda: accounts.change(connection, anna, Draft("Anna", "admin", valid_until=soon), by="anna"))

        all_refused()
        other = _create(asker, "otto", Draft("Otto", "admin"))
        all_refused()  # nobody knows Otto's password yet
        accounts.set_password(connection, other, HASHED, by="anna", is_own=False)
        accounts.change(connection, anna, Draft("Anna", "staff"), by="anna")
        otto = accounts.find(connection, "otto")
        assert otto is not None
        refused(lambda: accounts.disable(connection, otto, by="otto"))


def test_the_month_of_a_sign_in_is_all_that_is_kept(
    sign_in_role: Callable[[], Iterator[Connection]], city: int
) -> None:
    with sign_in_role() as connection:  # type: ignore[attr-defined]
        anna = accounts.find(connection, "ANNA")
        assert anna is not None
        accounts.note_month(connection, anna, date(2026, 11, 22))
        again = accounts.find(connection, "anna")
        assert again is not None
        assert again.last_signed_in_month == date(2026, 11, 1)
        nested = connection.begin_nested()
        with pytest.raises(IntegrityError, match="last_signed_in_month"):
            connection.execute(text("UPDATE qm.account SET last_signed_in_month = '2026-11-22'"))
        nested.rollback()


def test_a_session_is_that_of_an_account_until_it_is_signed_out(
    sign_in_role: Callable[[], Iterator[Connection]], city: int
) -> None:
    with sign_in_role() as connection:  # type: ignore[attr-defined]
        assert accounts.in_session(connection, "anna", "one") is not None
        sign_in.end_session(connection, "one", kept_seconds=60)
        assert accounts.in_session(connection, "anna", "one") is None
        assert accounts.in_session(connection, "anna", "two") is not None


def test_the_wait_grows_with_each_failure_and_a_success_forgets_those_of_the_name(
    sign_in_role: Callable[[], Iterator[Connection]], urls: object
) -> None:
    with sign_in_role() as connection:  # type: ignore[attr-defined]
        limits = {"account:x": 2, "address:y": 4}
        for _ in range(2):
            noted = sign_in.begin_attempt(connection, limits)
            assert noted.is_allowed
        assert 59 <= sign_in.begin_attempt(connection, limits).wait_seconds <= 61
        assert sign_in.begin_attempt(connection, {"address:y": 4}).is_allowed, "another name from there goes on"
        sign_in.forget_attempt(connection, noted, subject="account:x")
        assert sign_in.begin_attempt(connection, limits).is_allowed


def test_waits_double_and_end_at_a_quarter_of_an_hour() -> None:
    assert [sign_in.wait_seconds(failures, 5) for failures in (0, 4, 5, 6, 7, 8, 9, 500)] == [
        *(0, 0),
        *(60, 120, 240, 480, 900, 900),
    ]


# --- qm user ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def qm_user(
    sign_in_role: Callable[[], Iterator[Connection]], city: int, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """`qm_user("list", "--json")` gives what the command prints; what it refuses is raised as it was."""
    monkeypatch.setattr(account_commands, "_accounts", sign_in_role)

    def run(*arguments: str, typed: str = "") -> str:
        result = CliRunner().invoke(account_commands.user, list(arguments), input=typed)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return run


def test_the_command_line_keeps_accounts_by_the_same_rules(qm_user: Callable[..., str]) -> None:
    said = qm_user(
        *("add", "nuri", "--role", "external_manager", "--municipality", CITY, "--area", "quartier:w"),
        *("--until", "2099-06-30", "--generate"),
    )
    assert "shown only now" in said
    assert "nuri may sign in as external_manager of de-konto1 until 2099-06-30." in said
    listed = {one["name"]: one for one in json.loads(qm_user("list", "--json"))}
    assert listed["nuri"] == {
        "name": "nuri",
        "display_name": "nuri",
        "role": "external_manager",
        "municipality": CITY,
        "areas": ["quartier:w"],
        "valid_until": "2099-06-30",
        "state": "first_password",
        "last_signed_in_month": None,
        "is_demonstration": False,
    }
    assert "politics until" not in qm_user("assign", "nuri", "--role", "politics", "--until", "never")
    assert "nuri: nuri, politics of de-konto1, first password" in qm_user("list")
    assert "signed out everywhere" in qm_user("password", "nuri", "--own", typed=f"{PASSWORD}\n{PASSWORD}\n")
    qm_user("disable", "nuri")
    assert "nuri: nuri, politics of de-konto1, disabled" in qm_user("list")
    qm_user("enable", "nuri")
    assert "signed out everywhere" in qm_user("sign-out", "nuri")
    assert "nuri: nuri, politics of de-konto1\n" in qm_user("list")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "x", "--role", "king", "--municipality", CITY], "king is no role"),
        (["add", "xy", "--role", "staff", "--municipality", "de-none"], "no municipality de-none"),
        (["add", "xy", "--role", "manager", "--municipality", CITY], "at least one area"),
        (["add", "xy", "--role", "manager", "--municipality", CITY, "--area", "quartier:z"], "no area quartier:z"),
        (["add", "xy", "--role", "staff", "--municipality", CITY, "--until", "2020-01-01"], "has passed"),
        (["add", "xy", "--role", "staff", "--municipality", CITY, "--until", "soon"], "is no date"),
        (["add", "anna", "--role", "staff", "--municipality", CITY], "There is an account anna already"),
        (["assign", "anna"], "Nothing to change"),
        (["assign", "anna", "--role", "staff"], "last account of the administration"),
        (["disable", "anna"], "last account of the administration"),
        (["disable", "niemand"], "no account niemand"),
        (["password", "anna"], "has 4 characters"),
    ],
)
def test_what_the_command_line_refuses_is_one_sentence(
    qm_user: Callable[..., str], arguments: list[str], said: str
) -> None:
    with pytest.raises((UsageError, AccountRefused), match=said):
        qm_user(*arguments, typed="kurz\nkurz\n")
