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
from geodata.errors import DatabaseAway, MigrationError
from geodata.settings import PROJECT_ROOT, DatabaseUrls, Settings


def external_settings(urls: DatabaseUrls, *, owner: bool = True) -> Settings:
    """Settings of an operator whose server is this database."""
    return Settings(
        database_url=SecretStr(urls.staff),
        database_url_manager=SecretStr(urls.manager),
        database_url_politics=SecretStr(urls.politics),
        database_url_load=SecretStr(urls.load),
        database_url_owner=SecretStr(str(urls.owner)) if owner else None,
        secret_key=SecretStr("k" * 32),
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


def test_an_external_database_is_not_bootstrapped_by_us(urls: DatabaseUrls) -> None:
    given = {f"DATABASE_URL{suffix}": url for suffix, url in _by_suffix(urls).items()}
    done = _qm("db", "bootstrap", QM_SECRET_KEY="k" * 32, **given)
    assert done.returncode == 2
    assert "--print-sql" in done.stderr


def test_an_unknown_command_is_wrong_usage() -> None:
    assert _qm("db", "nothing").returncode == 2


def _by_suffix(urls: DatabaseUrls) -> dict[str, str]:
    return {"": urls.staff, "_MANAGER": urls.manager, "_POLITICS": urls.politics, "_LOAD": urls.load}
