"""Roles and rights that a superuser makes: what each login is, what it may not do, and that it can be repeated."""

import os
import subprocess
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from geodata import bootstrap
from geodata import cluster as embedded
from geodata.credentials import read
from geodata.errors import BootstrapError
from geodata.postgres_programs import find_programs
from geodata.settings import DatabaseUrls

WEB_LOGINS = ("staff", "manager", "external", "politics", "accounts")
CATALOGUE = """
    select rolname, rolcanlogin, rolinherit, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls,
           array(select g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid
                 where m.member = r.oid and g.rolname::text not like '%%\\_test' order by 1),
           has_database_privilege(rolname, %(database)s, 'connect'),
           has_database_privilege(rolname, %(database)s, 'create'),
           has_database_privilege(rolname, %(database)s, 'temporary')
    from pg_roles r where rolname::text like %(database)s || '\\_%%' and rolname::text not like '%%\\_test' order by 1
"""


@pytest.mark.parametrize("login", WEB_LOGINS)
def test_a_web_login_that_forgot_its_role_sees_nothing(connection: Callable[[str], Connection], login: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        connection(login).execute(text("select count(*) from qm.property"))


FORBIDDEN_ROLES = {
    "politics": ("staff", "manager", "accounts"),
    "manager": ("staff", "accounts", "owner"),
    "staff": ("owner", "loader", "manager", "accounts", "admin"),
    "external": ("staff", "manager", "owners", "accounts"),
    "accounts": ("staff", "manager", "owners", "loader"),
    "load": ("owner", "staff"),
}


@pytest.mark.parametrize(
    ("login", "role"), [(login, role) for login, roles in FORBIDDEN_ROLES.items() for role in roles]
)
def test_a_login_cannot_become_what_it_is_not(
    connection: Callable[[str], Connection], database: str, login: str, role: str
) -> None:
    with pytest.raises(ProgrammingError, match="permission denied to set role"):
        connection(login).execute(text("select set_config('role', :role, true)"), {"role": f"{database}_{role}"})


@pytest.mark.parametrize("login", [*WEB_LOGINS, "load"])
@pytest.mark.parametrize("schema", ["public", "qm", "published", "owners", "audit"])
def test_only_the_owner_makes_objects(connection: Callable[[str], Connection], login: str, schema: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied for schema"):
        connection(login).execute(text(f"create table {schema}.intruder (x int)"))


@pytest.mark.parametrize("login", WEB_LOGINS)
def test_web_logins_make_no_temporary_tables(connection: Callable[[str], Connection], login: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied to create temporary tables"):
        connection(login).execute(text("create temporary table intruder (x int)"))


def test_the_loader_stages_in_temporary_tables(loader: Connection) -> None:
    loader.execute(text("create temporary table staged (x int) on commit drop"))
    assert loader.scalar(text("select count(*) from staged")) == 0


def test_nobody_may_execute_a_new_function_without_a_grant(connection: Callable[[str], Connection]) -> None:
    owner = connection("owner")
    owner.execute(text("create function qm.fresh() returns int language sql as 'select 1'"))
    assert not owner.scalar(text("select has_function_privilege('public', 'qm.fresh()', 'execute')"))


def test_other_logins_of_the_server_cannot_enter(cluster: embedded.Cluster, database: str) -> None:
    with embedded.connect(cluster, database) as superuser:
        row = superuser.execute("select has_database_privilege('public', current_database(), 'connect')").fetchone()
    assert row == (False,)


def test_lost_marks_are_said_and_come_back(cluster: embedded.Cluster, database: str) -> None:
    with embedded.connect(cluster, database) as superuser:
        assert bootstrap.missing_leakproof(superuser) == []
        superuser.execute("alter function public.geometry_overlaps(geometry, geometry) not leakproof")
        assert bootstrap.missing_leakproof(superuser) == [bootstrap.LEAKPROOF_FUNCTIONS[0]]
        bootstrap.apply(cluster, database)
        assert bootstrap.missing_leakproof(superuser) == []


def test_repeating_changes_no_role(cluster: embedded.Cluster, database: str) -> None:
    before = _catalogue(cluster, database)
    assert len(before) == 13
    bootstrap.apply(cluster, database)
    assert _catalogue(cluster, database) == before


@pytest.fixture
def by_hand(cluster: embedded.Cluster) -> Iterator[str]:
    """Name for a database that an administrator makes with the printed script."""
    name = f"qm_test_{os.getpid()}_dba"
    yield name
    bootstrap.drop(cluster, name)


def test_the_printed_script_does_the_same_and_can_be_repeated(
    cluster: embedded.Cluster, urls: DatabaseUrls, by_hand: str
) -> None:
    for _ in range(2):
        _run_script(cluster, bootstrap.script(bootstrap.role_names(by_hand)))
    ours = [(str(role[0]).removeprefix(urls.database), *role[1:]) for role in _named(cluster, urls.database)]
    theirs = [(str(role[0]).removeprefix(by_hand), *role[1:]) for role in _named(cluster, by_hand)]
    assert ours == theirs
    with embedded.connect(cluster, by_hand) as superuser:
        assert bootstrap.missing_leakproof(superuser) == []


@pytest.mark.parametrize("name", ["Name", "na-me", "n; drop role x", "n" * 48, ""])
def test_a_name_that_could_not_stand_in_a_statement_is_refused(name: str) -> None:
    with pytest.raises(BootstrapError, match="database name"):
        bootstrap.role_names(name)


def test_the_longest_name_leaves_room_for_its_roles() -> None:
    assert max(len(role) for role in bootstrap.role_names("n" * 47).all) <= 63


def _catalogue(cluster: embedded.Cluster, database: str) -> list[tuple[object, ...]]:
    with embedded.connect(cluster, "postgres") as superuser:
        return superuser.execute(CATALOGUE.encode(), {"database": database}).fetchall()


def _named(cluster: embedded.Cluster, database: str) -> list[tuple[object, ...]]:
    """The catalogue with the names of groups without the database's name."""
    rows = _catalogue(cluster, database)
    return [(*row[:7], [str(group).removeprefix(database) for group in row[7]], *row[8:]) for row in rows]  # type: ignore[attr-defined]


def _run_script(cluster: embedded.Cluster, script: str) -> None:
    passwords = {f"QM_{kind.upper()}_PASSWORD": "secret" for kind in bootstrap.role_names("x").logins}
    done = subprocess.run(
        [find_programs(cluster.major).path("psql"), "--no-psqlrc", "--quiet", "--dbname=postgres"],
        input=script,
        capture_output=True,
        text=True,
        check=False,
        env={
            **passwords,
            "PGHOST": str(cluster.socket_folder),
            "PGUSER": embedded.SUPERUSER,
            "PGPASSWORD": read(cluster.folder).superuser,
            "PGOPTIONS": "-c client_min_messages=warning",
        },
    )
    assert (done.returncode, done.stderr) == (0, "")
