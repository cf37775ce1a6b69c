"""The embedded PostgreSQL in a data folder of the test's own: started, killed, recovered, shared and stopped."""

import os
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from geodata import cluster as embedded
from geodata.cluster import Cluster
from geodata.credentials import FILE_NAME, read, session_key
from geodata.errors import ClusterError
from geodata.settings import Settings


@pytest.fixture(scope="module")
def own() -> Iterator[Settings]:
    """Settings with a data folder of their own; not pytest's, which root's PostgreSQL cannot enter."""
    folder = Path(tempfile.mkdtemp(prefix="qm-test-", dir="/tmp"))
    settings = Settings(data_dir=folder)
    yield settings
    embedded.stop(settings)
    shutil.rmtree(folder)


@pytest.fixture
def running(own: Settings) -> Cluster:
    """A running cluster in that folder."""
    return embedded.ensure_running(own)


def _pid(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def _ask(cluster: Cluster, query: str) -> object:
    with embedded.connect(cluster, "postgres") as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_starting_again_changes_nothing(own: Settings, running: Cluster) -> None:
    before = _pid(running)
    embedded.ensure_running(own)
    assert _pid(running) == before


def test_nothing_listens_on_tcp_and_all_is_private(running: Cluster) -> None:
    assert _ask(running, "select current_setting('listen_addresses')") == ""
    assert _mode(running.folder) == _mode(running.socket_folder) == 0o700
    assert _mode(running.folder / FILE_NAME) == 0o600


@pytest.mark.parametrize("password", [None, "guessed"])
def test_a_login_without_the_right_password_is_refused(running: Cluster, password: str | None) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(
            host=str(running.socket_folder),
            user=embedded.SUPERUSER,
            dbname="postgres",
            password=password,
            passfile="/none",
        )


def test_the_cluster_does_not_run_as_root(running: Cluster) -> None:
    assert Path(f"/proc/{_pid(running)}").stat().st_uid != 0


def test_sessions_are_signed_with_a_key_generated_once(own: Settings, running: Cluster) -> None:
    assert session_key(own) == read(running.folder).secret_key == session_key(own)
    assert len(session_key(own)) >= 32


def test_after_kill_it_starts_again_with_what_was_committed(own: Settings, running: Cluster) -> None:
    with embedded.connect(running, "postgres") as connection:
        connection.execute("create table kept as select 42 as answer")
    killed = _pid(running)
    os.kill(killed, signal.SIGKILL)
    embedded.ensure_running(own)
    assert _pid(running) != killed
    assert _ask(running, "select answer from kept") == 42


def test_it_starts_when_the_number_of_the_killed_server_belongs_to_another_program(
    own: Settings, running: Cluster
) -> None:
    os.kill(_pid(running), signal.SIGKILL)
    _wait_until_gone(running)
    pid_file = running.data / "postmaster.pid"
    _, rest = pid_file.read_text().split("\n", 1)
    pid_file.write_text(f"{os.getpid()}\n{rest}")
    embedded.ensure_running(own)
    assert _pid(running) != os.getpid()


def test_two_starts_at_once_make_one_server(own: Settings, running: Cluster) -> None:
    embedded.stop(own)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: embedded.ensure_running(own), range(2)))
    assert running.log.read_text().count("database system is ready") == _starts(running)


def test_the_last_user_stops_it(own: Settings, running: Cluster) -> None:
    with embedded.lease(own):
        with embedded.lease(own):
            pass
        assert embedded.is_running(running)
    assert not embedded.is_running(running)


def test_it_is_kept_where_somebody_asked_for_that(own: Settings, running: Cluster) -> None:
    embedded.keep_running(own)
    with embedded.lease(own):
        pass
    assert embedded.is_running(running)
    assert embedded.stop(own)
    assert not embedded.stop(own)


def test_the_log_holds_no_data(running: Cluster) -> None:
    with embedded.connect(running, "postgres") as connection:
        connection.execute("create temporary table secret (name text unique)")
        connection.execute("insert into secret values ('Geheimnis')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("insert into secret values ('Geheimnis')")
    said = running.log.read_text()
    assert "duplicate key" in said
    assert "Geheimnis" not in said


def test_a_folder_with_a_long_path_gets_a_short_socket() -> None:
    deep = Cluster(Path("/" + "a" * 120))
    assert len(os.fsencode(deep.socket_folder / f".s.PGSQL.{embedded.PORT}.lock")) <= embedded.SOCKET_PATH_LIMIT
    assert deep.socket_folder != Cluster(Path("/" + "b" * 120)).socket_folder
    assert Cluster(Path("/srv/x")).socket_folder == Path("/srv/x/socket")


def test_a_socket_folder_that_others_can_enter_is_refused(own: Settings, running: Cluster) -> None:
    embedded.stop(own)
    running.socket_folder.chmod(0o755)
    with pytest.raises(ClusterError, match="not a private folder"):
        embedded.ensure_running(own)
    running.socket_folder.chmod(0o700)


def test_lost_passwords_are_said(own: Settings, running: Cluster) -> None:
    path = running.folder / FILE_NAME
    aside = path.rename(path.with_suffix(".aside"))
    try:
        with pytest.raises(ClusterError, match="is missing"):
            embedded.ensure_running(own)
    finally:
        aside.rename(path)


def test_a_data_folder_that_cannot_be_made_is_said() -> None:
    with pytest.raises(ClusterError, match="QM_DATA_DIR"):
        embedded.ensure_running(Settings(data_dir=Path("/proc/nothing")))


def test_a_folder_with_something_in_it_is_never_given_away() -> None:
    folder = Path(tempfile.mkdtemp(prefix="qm-test-", dir="/tmp"))
    (folder / "somebody's").touch()
    folder.chmod(0o500 if os.geteuid() else 0o700)
    try:
        with pytest.raises(ClusterError, match="cannot be used by whoever runs PostgreSQL"):
            embedded.prepare_folder(folder)
        assert folder.stat().st_uid == os.geteuid()
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder)


def _starts(cluster: Cluster) -> int:
    return cluster.log.read_text().count("starting PostgreSQL")


def _wait_until_gone(cluster: Cluster) -> None:
    deadline = time.monotonic() + 30
    while embedded.is_running(cluster) or embedded._works_in(cluster.data):
        assert time.monotonic() < deadline
        time.sleep(0.1)
