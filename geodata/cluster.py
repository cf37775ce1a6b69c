"""The embedded PostgreSQL: made, started, recovered and stopped here (`contracts.md` "The embedded cluster").

Layout of the data folder: `postgres/` (the cluster), `socket/` (mode 0700), `credentials.json` (mode 0600),
`postgres.log`, `cluster.lock` (held while something changes), `users.lock` (shared by everybody who needs the cluster
to stay up), `keep` (present after `qm db up`, until `qm db down`). There is no TCP port, and every
login needs a password.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from geodata import postgres_config
from geodata.credentials import (
    Credentials,
    complete,
    give_to_service,
    is_complete,
    read,
    read_or_create,
    write_private,
)
from geodata.errors import ClusterError
from geodata.postgres_programs import Programs, find_programs
from geodata.service import service_account
from geodata.settings import Settings

SUPERUSER = "qm_admin"
PORT = 5432  # names the socket file only; nothing listens on TCP
# sun_path holds 108 bytes with the closing zero; PostgreSQL adds "/.s.PGSQL.5432" to the folder.
SOCKET_PATH_LIMIT = 107
START_SECONDS = 120
RETRY_SECONDS = 30
LOG_LIMIT_BYTES = 10_000_000


@dataclass(frozen=True)
class Cluster:
    """Where one embedded cluster lives."""

    folder: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.folder / "postgres"

    @property
    def log(self) -> Path:
        """PostgreSQL's log."""
        return self.folder / "postgres.log"

    @property
    def keep(self) -> Path:
        """Present while `qm db up` asked for a cluster that outlives the commands."""
        return self.folder / "keep"

    @property
    def socket_folder(self) -> Path:
        """Beside the data where the path is short enough, else a folder of this user in the temporary folder."""
        beside = self.folder / "socket"
        if len(os.fsencode(beside / f".s.PGSQL.{PORT}.lock")) <= SOCKET_PATH_LIMIT:
            return beside
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path("/tmp") / f"quartiermonitor-{digest}"  # noqa: S108 - made 0700 and checked before use

    @property
    def exists(self) -> bool:
        """Whether initdb has finished here; it runs in another folder that is renamed at the end."""
        return (self.data / "PG_VERSION").exists()

    @property
    def major(self) -> int | None:
        """Major version that made the cluster."""
        return int((self.data / "PG_VERSION").read_text(encoding="ascii")) if self.exists else None


def of(settings: Settings) -> Cluster:
    """The cluster of these settings."""
    return Cluster(settings.data_folder)


def ensure_running(settings: Settings) -> Cluster:
    """Make the cluster where there is none, start it where it is down, recover it after a crash; repeatable at will."""
    cluster = of(settings)
    if is_complete(cluster.folder) and is_running(cluster):
        return cluster
    prepare_folder(cluster.folder)
    with _locked(cluster):
        credentials = _credentials(cluster)
        if not is_running(cluster):
            programs = find_programs(cluster.major)
            if not cluster.exists:
                _initialise(cluster, programs, credentials)
            _configure(cluster)
            _start(cluster, programs)
    return cluster


def stop(settings: Settings) -> bool:
    """Stop the cluster and wait for it; False when it was not running. Open transactions are rolled back."""
    cluster = of(settings)
    if not cluster.exists:
        return False
    with _locked(cluster):
        cluster.keep.unlink(missing_ok=True)
        return _stop(cluster)


def keep_running(settings: Settings) -> None:
    """Let the cluster outlive the commands that use it, until `stop`."""
    write_private(of(settings).keep, "qm db up asked for this; qm db down removes it\n")


@contextlib.contextmanager
def lease(settings: Settings) -> Iterator[Cluster]:
    """The running cluster for as long as the block lasts; the last user stops it, unless `qm db up` wants it kept.

    Each user holds a shared file lock, which the kernel drops even after kill -9. So `make test` does not lose its
    database when somebody ends `make run` in the same checkout, and nothing keeps running when both have ended.
    """
    cluster = of(settings)
    prepare_folder(cluster.folder)
    with _lock_file(cluster.folder / "users.lock").open("r+b") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield ensure_running(settings)
        finally:
            _stop_when_last(cluster, users.fileno())


def is_running(cluster: Cluster) -> bool:
    """Whether the cluster answers a query at this moment."""
    if not cluster.exists:
        return False
    try:
        with connect(cluster, "postgres"):
            return True
    except psycopg.OperationalError:
        return False


def connect(cluster: Cluster, database: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection as superuser in autocommit, for making databases and roles; nobody else can have one."""
    return psycopg.connect(
        host=str(cluster.socket_folder),
        port=PORT,
        user=SUPERUSER,
        password=read(cluster.folder).superuser,
        dbname=database,
        connect_timeout=3,
        autocommit=True,
    )


def version(cluster: Cluster) -> str:
    """Version of the running server, as 15.18."""
    with connect(cluster, "postgres") as connection:
        row = connection.execute("select current_setting('server_version')").fetchone()
    return str(row[0]) if row else ""


def _credentials(cluster: Cluster) -> Credentials:
    # Where there is a cluster, new passwords would not open it: only what an older program did not know is added.
    return complete(cluster.folder) if cluster.exists else read_or_create(cluster.folder)


def prepare_folder(folder: Path) -> None:
    """Make the data folder, private and for the account that runs the cluster; whoever writes there calls it first."""
    if folder.is_dir() and _may_write(folder):
        return
    try:
        _make_parents(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        # A folder with something in it may be anything, /root for example, and is not ours to give away.
        if not any(folder.iterdir()):
            folder.chmod(0o700)
            give_to_service(folder)
    except OSError as error:
        raise ClusterError(
            f"The data folder {folder} cannot be made ({error.strerror}).", "Choose another one with QM_DATA_DIR."
        ) from None
    if not _may_write(folder):
        raise ClusterError(
            f"The data folder {folder} cannot be used by whoever runs PostgreSQL.",
            "Choose another one with QM_DATA_DIR.",
        )


def _may_write(folder: Path) -> bool:
    """Whether whoever runs the cluster can work there; root can everywhere, but its service account cannot."""
    if service_account() is None:
        return os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    return _run(["/usr/bin/test", "-r", str(folder), "-a", "-w", str(folder), "-a", "-x", str(folder)]).returncode == 0


def _make_parents(folder: Path) -> None:
    """Parents that the service account can pass through, whatever root's umask is."""
    if not folder.exists():
        _make_parents(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)


def _lock_file(path: Path) -> Path:
    if not path.exists():
        path.touch(mode=0o600)
        give_to_service(path)
    return path


@contextlib.contextmanager
def _locked(cluster: Cluster) -> Iterator[None]:
    with _lock_file(cluster.folder / "cluster.lock").open("r+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _stop_when_last(cluster: Cluster, users: int) -> None:
    with _locked(cluster):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        if not cluster.keep.exists():
            _stop(cluster)


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a program of PostgreSQL, as the service account when we are root, away from the terminal's signals."""
    account = service_account()
    if account is None and os.geteuid() == 0:
        raise ClusterError("PostgreSQL does not run as root, and there is no user postgres.", "Install postgresql.")
    identity = {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    # The messages go to a file: the server inherits them, and a pipe would stay open as long as it runs.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            umask=0o077,
            start_new_session=True,
            check=False,
            **identity,  # type: ignore[call-overload]
        )
        output.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, output.read(), "")


def _initialise(cluster: Cluster, programs: Programs, credentials: Credentials) -> None:
    """initdb into a folder beside, renamed when it is complete, so that a kill in the middle leaves no half cluster."""
    partial, password = cluster.folder / "postgres.partial", cluster.folder / "superuser.password"
    shutil.rmtree(partial, ignore_errors=True)
    password.unlink(missing_ok=True)
    write_private(password, credentials.superuser + "\n")
    # C.UTF-8 exists everywhere and sorts fast; where people read a list, the query says COLLATE "de-x-icu".
    arguments = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", "--data-checksums"]
    names = [f"--username={SUPERUSER}", f"--pwfile={password}", f"--pgdata={partial}"]
    try:
        result = _run([programs.path("initdb"), *arguments, *names])
    finally:
        password.unlink(missing_ok=True)
    if result.returncode != 0:
        raise ClusterError(f"The embedded database could not be made in {cluster.data}: {_last_line(result.stdout)}")
    write_private(
        partial / "pg_hba.conf", "# Every login by password, through the socket only.\nlocal all all scram-sha-256\n"
    )
    with (partial / "postgresql.conf").open("a", encoding="utf-8") as stream:
        stream.write("\ninclude 'quartiermonitor.conf'\n")
    partial.rename(cluster.data)


def _configure(cluster: Cluster) -> None:
    """Write our part of the configuration anew before each start, so that a moved folder or a new version counts."""
    _make_socket_folder(cluster.socket_folder)
    settings = {"port": PORT, "unix_socket_directories": cluster.socket_folder, **postgres_config.settings()}
    write_private(cluster.data / "quartiermonitor.conf", postgres_config.render(settings))


def _make_socket_folder(folder: Path) -> None:
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        give_to_service(folder)
    status, account = folder.lstat(), service_account()
    owner = os.geteuid() if account is None else account.pw_uid
    # Somebody else on this machine may have put a folder or a link of this name into the temporary folder.
    if folder.is_symlink() or not folder.is_dir() or status.st_uid != owner or status.st_mode & 0o077:
        raise ClusterError(
            f"The socket folder {folder} is not a private folder of our own.",
            "Remove it, or set QM_DATA_DIR to a short path.",
        )


def _start(cluster: Cluster, programs: Programs) -> None:
    """pg_ctl start; after kill -9 the orphans of the old server need a moment before their memory is free."""
    deadline = time.monotonic() + RETRY_SECONDS
    if cluster.log.exists() and cluster.log.stat().st_size > LOG_LIMIT_BYTES:
        cluster.log.replace(cluster.log.with_suffix(".log.1"))
    write_position = cluster.log.stat().st_size if cluster.log.exists() else 0
    while True:
        _remove_stale_pid_files(cluster)
        command = [programs.path("pg_ctl"), "start", "--wait", f"--timeout={START_SECONDS}", "--silent"]
        result = _run([*command, f"--pgdata={cluster.data}", f"--log={cluster.log}"])
        if result.returncode == 0:
            return
        with cluster.log.open(encoding="utf-8", errors="replace") as stream:
            stream.seek(write_position)
            said = stream.read()
        if "pre-existing shared memory block" not in said or time.monotonic() > deadline:
            reason = next((line.split("FATAL:")[1].strip() for line in said.splitlines() if "FATAL:" in line), "")
            raise ClusterError(
                f"The embedded database does not start: {reason or _last_line(result.stdout)}",
                f"Its log is {cluster.log}.",
            )
        time.sleep(1)


def _remove_stale_pid_files(cluster: Cluster) -> None:
    """Remove what a killed server left when its process number belongs to some other program by now.

    PostgreSQL itself copes with a number that nobody has; after a restart of the machine or in a container the number
    is often taken, and it would refuse to start for ever. While any process still works in the data folder the file
    stays: PostgreSQL reads from it which shared memory the orphans hold.
    """
    pid_file = cluster.data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text(encoding="ascii").split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return
    if Path(f"/proc/{pid}").exists() and not _works_in(cluster.data):
        pid_file.unlink(missing_ok=True)
        (cluster.socket_folder / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)


def _works_in(folder: Path) -> bool:
    """Whether some process of ours has this folder as its working folder, as each process of a server has."""
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if link.samefile(folder):
                return True
    return False


def _stop(cluster: Cluster) -> bool:
    if not (cluster.data / "postmaster.pid").exists():
        return False
    programs = find_programs(cluster.major)
    result = _run([programs.path("pg_ctl"), "stop", "--mode=fast", "--wait", "--silent", f"--pgdata={cluster.data}"])
    if result.returncode == 0:
        return True
    if is_running(cluster):
        raise ClusterError(
            f"The embedded database does not stop: {_last_line(result.stdout)}", f"Its log is {cluster.log}."
        )
    return False


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "without a message."
