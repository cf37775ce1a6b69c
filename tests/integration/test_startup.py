"""The door to a database: embedded or external, what is refused, and what `qm db status` and the commands say."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import NullPool, create_engine, text

from geodata import bootstrap, migrate, startup, status
from geodata import cluster as embedded
from geodata.credentials import read
from geodata.errors import DatabaseAway, MigrationError
from geodata.settings import PROJECT_ROOT, DatabaseUrls, Settings


def external_settings(urls: DatabaseUrls, *, owner: bool = True) -> Settings:
    """Settings of an operator whose server is this database."""
    return Settings(
        database_url=SecretStr(urls.staff),
        database_url_manager=SecretStr(urls.manager),
        database_url_external=SecretStr(urls.external),
        database_url_politics=SecretStr(urls.politics),
        database_url_accounts=SecretStr(urls.accounts),
        database_url_load=SecretStr(urls.load),
        database_url_owner=SecretStr(str(urls.owner)) if owner else None,
        secret_key=SecretStr("0123456789abcdef0123456789abcdef"),
    )


@pytest.fixture(scope="module")
def empty(make_database: Callable[..., DatabaseUrls]) -> DatabaseUrls:
    """A database that an administrator has prepared and nobody has migrated."""
    return make_database("external", migrated=False)


def test_an_external_database_is_migrated_by_its_owner_only(empty: DatabaseUrls) -> None:
    with pytest.raises(MigrationError, match="DATABASE_URL_OWNER"):
        startup.ensure_database(external_settings(empty, owner=False))
    assert startup.ensure_database(external_settings(empty)) == empty
    assert startup.ensure_database(external_settings(empty, owner=False)).owner is None
    assert migrate.version_at(empty.load) == migrate.head()


def test_status_says_that_all_is_well(urls: DatabaseUrls) -> None:
    lines, is_fine = status.describe(external_settings(urls))
    assert is_fine
    assert any("answers" in line for line in lines)


def test_status_says_what_makes_the_map_slow(cluster: embedded.Cluster, urls: DatabaseUrls) -> None:
    with embedded.connect(cluster, urls.database) as superuser:
        superuser.execute("alter function pg_catalog.arrayoverlap(anyarray, anyarray) not leakproof")
    lines, is_fine = status.describe(external_settings(urls))
    bootstrap.apply(cluster, urls.database)
    assert is_fine
    assert [line for line in lines if "arrayoverlap" in line and "slower" in line]


def test_status_of_a_database_that_does_not_answer(urls: DatabaseUrls) -> None:
    away = DatabaseUrls(**{name: url.replace("/socket", "/nosocket") for name, url in vars(urls).items()})
    lines, is_fine = status.describe(external_settings(away))
    assert not is_fine
    assert "does not answer" in lines[-1]
    assert "@" not in "".join(lines)


def test_a_database_that_goes_away_during_work_is_one_sentence(urls: DatabaseUrls) -> None:
    with (
        pytest.raises(DatabaseAway, match="went away"),
        startup.open_database(external_settings(urls)) as opened,
        create_engine(str(opened.owner), poolclass=NullPool).connect() as one,
    ):
        one.execute(text("select pg_terminate_backend(pg_backend_pid())"))


def _qm(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_URL", "QM_"))}
    program = "import app; app.cli()"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=PROJECT_ROOT,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_error_is_one_sentence_and_no_traceback(tmp_path: Path) -> None:
    done = _qm("db", "up", QM_DATA_DIR="/proc/nothing")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("The data folder /proc/nothing cannot be made")
    assert done.stderr.count("\n") == 1


def test_settings_that_contradict_are_wrong_usage() -> None:
    done = _qm("db", "status", DATABASE_URL="postgresql://a:b@c/d")
    assert (done.returncode, done.stdout) == (2, "")
    assert "DATABASE_URL_MANAGER" in done.stderr


def test_a_traceback_comes_on_demand() -> None:
    assert "Traceback" in _qm("db", "up", QM_DATA_DIR="/proc/nothing", QM_DEBUG="1").stderr


def test_the_script_for_an_administrator_names_the_database() -> None:
    done = _qm("db", "bootstrap", "--print-sql", "--database", "city")
    assert done.returncode == 0
    assert "ALTER ROLE city_owner" in done.stdout
    assert ":'owner_password'" in done.stdout


def test_an_external_database_is_not_prepared_without_a_superuser(urls: DatabaseUrls) -> None:
    done = _qm("db", "bootstrap", **_environment(urls))
    assert done.returncode == 2
    assert "DATABASE_URL_ADMIN" in done.stderr


def test_an_external_database_is_prepared_and_migrated_by_two_commands(
    cluster: embedded.Cluster, urls: DatabaseUrls
) -> None:
    name = f"qm_test_{os.getpid()}_own"
    own = {key: str(url).replace(urls.database, name) for key, url in vars(urls).items() if key != "database"}
    given = _environment(DatabaseUrls(**own, database=name))
    admin = f"postgresql://{embedded.SUPERUSER}:{read(cluster.folder).superuser}@/postgres?host={cluster.socket_folder}"
    try:
        prepared = _qm("db", "bootstrap", DATABASE_URL_ADMIN=admin, **given)
        assert (prepared.returncode, prepared.stderr) == (0, "")
        assert _qm("db", "status", **given).returncode == 1
        assert _qm("db", "migrate", **given).returncode == 0
        assert "qm db migrate" not in _qm("db", "status", **given).stdout
    finally:
        bootstrap.drop(cluster, name)


def test_logins_of_other_names_are_refused(urls: DatabaseUrls) -> None:
    given = _environment(urls) | {"DATABASE_URL_MANAGER": urls.manager.replace("_login_manager", "_boss")}
    done = _qm("db", "bootstrap", DATABASE_URL_ADMIN="postgresql://x:y@/postgres", **given)
    assert done.returncode == 1
    assert f"{urls.database}_boss has to be named {urls.database}_login_manager" in done.stderr


def test_an_unknown_command_is_wrong_usage() -> None:
    assert _qm("db", "nothing").returncode == 2


def _environment(urls: DatabaseUrls) -> dict[str, str]:
    """What an operator of this external database sets."""
    return {
        "DATABASE_URL": urls.staff,
        "DATABASE_URL_MANAGER": urls.manager,
        "DATABASE_URL_EXTERNAL": urls.external,
        "DATABASE_URL_POLITICS": urls.politics,
        "DATABASE_URL_ACCOUNTS": urls.accounts,
        "DATABASE_URL_LOAD": urls.load,
        "DATABASE_URL_OWNER": str(urls.owner),
        "QM_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    }
