"""`qm restore`: a database from a file, compared with what the file promises, before it takes anybody's place.

- The file is restored into a scratch database beside the one in use, in one transaction, and compared there: rows,
  policies, grants, indexes, constraints, functions, triggers, comments. Only then both change names, so whatever is
  wrong with the file, the disk or the server, the database in use is the one from before.
- Roles belong to the whole server and their names begin with the name of the database: a dump names those of its
  source. `--no-owner --no-acl` is no way out, because policies and the owners of functions name roles, too. So
  pg_restore makes SQL text, in which the names of roles are replaced as whole words everywhere but in the rows, and
  psql runs it.
  (Renaming roles and databases for a while instead would take them away from everybody who works there.)
- Afterwards: bootstrap (a dump loses LEAKPROOF marks and settings of the database), missing versions of the tables,
  what was erased since the backup once more, all sessions ended, everything derived anew, and the log told.
- SQL in a backup runs as superuser: restore only files of your own.
"""

import contextlib
import fcntl
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

import psycopg
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from geodata import audit, migrate, records
from geodata.audit import anchors as audit_anchors
from geodata.bootstrap import LEAKPROOF_FUNCTIONS, RoleNames, Superuser, role_names
from geodata.calendar import today
from geodata.cluster import prepare_folder
from geodata.errors import UsageError
from geodata.keeping import backup_catalogue, backup_file, erasure, superuser
from geodata.keeping.backup_file import BackupError, Manifest
from geodata.keeping.erasure_ledger import Ledger
from geodata.keeping.superuser import Server, database_of
from geodata.one_transaction import one_transaction
from geodata.settings import Settings

__all__ = ["Restored", "database_of", "in_scratch", "restore"]

# One restore or drill at a time on a server; the number means nothing else.
ADVISORY_LOCK: Final = 20_260_014
MOST_NAMED: Final = 20
_COPY: Final = re.compile(rb"COPY .* FROM stdin;\n")
# A session knows its account's number of endings. Minutes since 1970 are more than any that a session has seen.
_END_SESSIONS: Final = (
    "update qm.account set sessions_ended = greatest(sessions_ended + 1, extract(epoch from now())::bigint / 60)"
)
# A copy under another name goes on with a log of its own: the anchors of the original are not about it.
_OTHER_LOG: Final = (
    "begin; alter table audit.installation disable trigger refuse_change;"
    " update audit.installation set id = gen_random_uuid();"
    " alter table audit.installation enable trigger refuse_change; commit"
)


@dataclass(frozen=True)
class Restored:
    """What was restored where, and what became of it."""

    database: str
    made_at: datetime
    rows: int
    tables: int
    head: str
    upgraded_from: str | None
    erased_again: Mapping[str, int]
    seconds: float


def restore(settings: Settings, path: Path, *, by: str, into: str | None = None) -> Restored:
    """Replace the database (or make `into`) by what the file holds; BackupError: the database is as it was."""
    started = time.monotonic()
    manifest = backup_file.read(path)
    _refuse_newer(manifest)
    if into is not None and not settings.is_embedded:
        raise UsageError("--into is for the embedded database; the URLs name the one that is used here.")
    database = into or database_of(settings)
    roles = role_names(database)
    with _nobody_serves(settings, database), superuser.open_server(settings) as server:
        _refuse_while_used(server, database)
        server.prepare(database)
        proofs = [*Ledger(settings.data_folder).read(manifest.database), *_proofs_in(server, database)]
        if database != manifest.database:
            proofs += Ledger(settings.data_folder).read(database)
        with (
            in_scratch(server, path, manifest, roles=roles, suffix="restored") as scratch,
            _in_place_of(server, database, scratch),
        ):
            upgraded, again = _finish(server, settings, database, proofs, manifest, by)
    return Restored(
        database=database,
        made_at=manifest.moment,
        rows=sum(manifest.rows.values()),
        tables=len(manifest.rows),
        head=str(migrate.head()),
        upgraded_from=manifest.head if upgraded else None,
        erased_again=again,
        seconds=time.monotonic() - started,
    )


@contextlib.contextmanager
def in_scratch(server: Server, path: Path, manifest: Manifest, *, roles: RoleNames, suffix: str) -> Iterator[str]:
    """Name of a database with the content of the file, compared with its manifest; dropped at the end unless renamed.

    `roles` are those that own and read it; they have to be there. BackupError names each difference.
    """
    scratch = f"{roles.database}_{suffix}"
    with server.alone(ADVISORY_LOCK) as maintenance:
        superuser.drop(maintenance, scratch)  # of a restore that was killed
        try:
            superuser.create(maintenance, scratch)
            with backup_file.opened(path) as dump:
                _pour(server, dump, scratch, role_names(manifest.database), roles)
            with server.connect(scratch) as inside:
                for function in LEAKPROOF_FUNCTIONS:
                    inside.execute(f"ALTER FUNCTION {function} LEAKPROOF".encode())
                found = differences(inside, manifest, roles)
            if found:
                raise BackupError(_told(found))
            yield scratch
        except psycopg.Error as error:
            raise BackupError(f"The backup could not be restored: {str(error).splitlines()[0]}.") from error
        finally:
            superuser.drop(maintenance, scratch)


def differences(connection: Superuser, manifest: Manifest, roles: RoleNames) -> list[str]:
    """What a database has otherwise than its manifest says, each a sentence."""
    return backup_catalogue.differences(
        manifest.catalogue,
        backup_catalogue.read_catalogue(connection, roles),
        manifest.rows,
        backup_catalogue.count_rows(connection),
    )


def with_roles(lines: Iterable[bytes], source: RoleNames, target: RoleNames) -> Iterator[bytes]:
    """The SQL text of a dump with the names of the source's roles replaced as whole words, rows left as they are."""
    pattern = re.compile(backup_catalogue.role_pattern(source).pattern.encode())
    names = {old.encode(): new.encode() for old, new in zip(source.all, target.all, strict=True)}
    is_row = False
    for line in lines:
        if is_row or source == target:
            is_row = is_row and line != b"\\.\n"
            yield line
            continue
        is_row = _COPY.fullmatch(line) is not None
        yield pattern.sub(lambda found: names[found[0]], line)


def _pour(server: Server, dump: IO[bytes], database: str, source: RoleNames, target: RoleNames) -> None:
    """Dump -> pg_restore (makes text) -> roles replaced -> psql (one transaction, stops at the first error)."""
    reading = server.run("pg_restore", "--file=-")
    writing = server.run("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
    writing += ["--file=-", "--output=/dev/null", f"--dbname={database}"]
    with server.options() as making, server.options() as running:
        with (
            subprocess.Popen(reading, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **making) as maker,
            subprocess.Popen(writing, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, **running) as runner,
        ):
            assert maker.stdin is not None  # noqa: S101 - it was asked for
            assert maker.stdout is not None  # noqa: S101 - as above
            feeder = threading.Thread(target=_feed, args=(dump, maker.stdin), name="restore-feed")
            feeder.start()
            _send(with_roles(maker.stdout, source, target), runner, maker)
            feeder.join()
        for program, options in ((runner, running), (maker, making)):
            if program.returncode != 0:
                said = superuser.said(options["stderr"])
                raise BackupError(f"The backup could not be restored: {said}", "The database is as it was.")


def _feed(dump: IO[bytes], pipe: IO[bytes]) -> None:
    """Whoever reads the pipe may stop early; its exit code tells why."""
    with contextlib.suppress(BrokenPipeError), pipe:
        shutil.copyfileobj(dump, pipe, backup_file.CHUNK_BYTES)


def _send(lines: Iterator[bytes], runner: "subprocess.Popen[bytes]", maker: "subprocess.Popen[bytes]") -> None:
    """Send the text; where it ends too early psql is killed, or else it would commit the first half."""
    assert runner.stdin is not None  # noqa: S101 - it was asked for
    try:
        for line in lines:
            runner.stdin.write(line)
    except BrokenPipeError:
        maker.kill()
    # Nobody reads on: where pg_restore is not done, it ends here instead of waiting for a reader.
    if maker.stdout is not None:
        maker.stdout.close()
    if maker.wait() != 0:
        runner.kill()
    with contextlib.suppress(BrokenPipeError):
        runner.stdin.close()


@contextlib.contextmanager
def _in_place_of(server: Server, database: str, scratch: str) -> Iterator[None]:
    """Let the scratch database take the place of the one in use; an error within the block takes that back."""
    aside = f"{database}_before"
    with server.connect("postgres") as maintenance:
        superuser.drop(maintenance, aside)
        superuser.rename(maintenance, database, aside)
        superuser.rename(maintenance, scratch, database)
        try:
            yield
        except BaseException:
            superuser.drop(maintenance, database)
            superuser.rename(maintenance, aside, database)
            raise
        superuser.drop(maintenance, aside)


def _finish(
    server: Server, settings: Settings, database: str, proofs: Sequence[Mapping[str, Any]], manifest: Manifest, by: str
) -> tuple[bool, dict[str, int]]:
    """All that a dump does not bring along; whether the tables were older, and what was erased again."""
    server.prepare(database)
    urls = server.urls(database)
    try:
        upgraded = urls.owner is not None and migrate.upgrade(urls.owner)
        migrate.require_head(urls.load)
        with server.connect(database) as connection:
            connection.execute(_END_SESSIONS.encode())
            if database != manifest.database:
                connection.execute(_OTHER_LOG.encode())
        with one_transaction(urls.load) as loader:
            again = erasure.apply_again(loader, proofs)
            records.refresh_all(loader, today())
            details: dict[str, str | int] = {"backup_of": manifest.made_at, "erased_again": sum(again.values())}
            audit.append(loader, audit.Entry("restore", None, by, f"backup of {manifest.database}", details))
        with one_transaction(urls.load) as loader:
            # The log now ends earlier than its last anchor says: known from here on, and no tampering.
            audit_anchors.take(loader, settings.data_folder, is_restore=True)
    except SQLAlchemyError as error:
        raise BackupError(f"The restored database does not work: {type(error).__name__}. {error}") from error
    return upgraded, again


def _proofs_in(server: Server, database: str) -> tuple[dict[str, Any], ...]:
    """The erasures that the database knows which is about to be replaced; none where it is empty or older."""
    try:
        with one_transaction(server.urls(database).load) as connection:
            return erasure.read_proofs(connection)
    except SQLAlchemyError:
        return ()


def _refuse_newer(manifest: Manifest) -> None:
    config = migrate._config(None)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if manifest.head not in known:
        raise BackupError(
            f"The backup has version {manifest.head or 'none'}, which this program does not know; it knows"
            f" {migrate.head()} and older ones.",
            "Restore it with the program that wrote it, or a newer one.",
        )


def _refuse_while_used(server: Server, database: str) -> None:
    query = (
        "select count(*) from pg_stat_activity where datname = %s and pid <> pg_backend_pid()"
        " and backend_type = 'client backend'"
    )
    with server.connect("postgres") as connection:
        row = connection.execute(query, [database]).fetchone()
    if row and row[0]:
        raise BackupError(
            f"The database {database} is in use ({row[0]} connections).", "Stop the server and whatever else uses it."
        )


@contextlib.contextmanager
def _nobody_serves(settings: Settings, database: str) -> Iterator[None]:
    """Hold the lock that an embedded server holds, so that none runs and none starts meanwhile."""
    if not settings.is_embedded:
        yield
        return
    prepare_folder(settings.data_folder)
    with (settings.data_folder / f"serve-{database}.lock").open("a+", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"A server is running on {database}.", "Stop it first, with Ctrl-C.") from None
        yield


def _told(found: Sequence[str]) -> str:
    more = f" And {len(found) - MOST_NAMED} more." if len(found) > MOST_NAMED else ""
    return f"What came out of the backup is not what went in. {' '.join(found[:MOST_NAMED])}{more}"
