"""`qm backup`: the whole database in one file, and the drill that proves that such a file brings it back.

pg_dump runs as superuser, because row policies would leave rows out in silence, and on the very snapshot in which the
rows were counted, so that the manifest and the dump speak of the same moment while others go on working.
"""

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from psycopg import IsolationLevel

from geodata import audit, migrate
from geodata.bootstrap import SCHEMAS, Superuser, role_names
from geodata.keeping import backup_catalogue, backup_file, restore, superuser
from geodata.keeping.backup_file import BackupError, Manifest
from geodata.keeping.superuser import Server
from geodata.one_transaction import one_transaction
from geodata.settings import Settings

PROGRAM: Final = "quartiermonitor"


@dataclass(frozen=True)
class Written:
    """A file that was written."""

    path: Path
    size_bytes: int
    head: str
    backup_seconds: float
    manifest: Manifest


@dataclass(frozen=True)
class Drilled:
    """A drill that held: what was compared, and how long both ways took."""

    rows: int
    tables: int
    objects: int
    size_bytes: int
    backup_seconds: float
    restore_seconds: float


def backup(settings: Settings, path: Path, *, by: str) -> Written:
    """Write the database into a new file; the log tells of it. BackupError: nothing is left of the file."""
    with superuser.open_server(settings) as server:
        database = superuser.database_of(settings)
        written = write(server, database, path, by=by)
        if written.head != migrate.head():
            return written  # older tables may have no log yet
        with one_transaction(server.urls(database).load) as connection:
            details: dict[str, str | int] = {"bytes": written.size_bytes, "sha256": written.manifest.dump_sha256}
            audit.append(connection, audit.Entry("backup", None, by, path.name, details))
    return written


def drill(settings: Settings) -> Drilled:
    """Back up, restore into a scratch database, compare, and drop it; BackupError names each difference."""
    with superuser.open_server(settings) as server, tempfile.TemporaryDirectory(prefix="qm-drill-") as folder:
        database = superuser.database_of(settings)
        return drill_on(server, database, Path(folder))


def drill_on(server: Server, database: str, folder: Path) -> Drilled:
    """The drill on one database of a server; `folder` holds the file meanwhile."""
    written = write(server, database, folder / "drill.qmb", by="drill")
    started = time.monotonic()
    with restore.in_scratch(server, written.path, written.manifest, roles=role_names(database), suffix="drill"):
        seconds = time.monotonic() - started
    manifest = written.manifest
    return Drilled(
        rows=sum(manifest.rows.values()),
        tables=len(manifest.rows),
        objects=sum(map(len, manifest.catalogue.values())),
        size_bytes=written.size_bytes,
        backup_seconds=written.backup_seconds,
        restore_seconds=seconds,
    )


def write(server: Server, database: str, path: Path, *, by: str) -> Written:
    """Write the file and nothing else."""
    started = time.monotonic()
    with server.connect(database) as connection, _snapshot(connection) as snapshot:
        described = _describe(connection, database, by)
        with backup_file.writing(path) as writer:
            arguments = [
                "--format=custom",
                f"--snapshot={snapshot}",
                "--no-sync",
                *(f"--schema={one}" for one in SCHEMAS),
            ]
            # The extension belongs to no schema of ours, and a restore needs it first.
            arguments += ["--extension=postgis", f"--dbname={database}"]
            with server.options() as options:
                with subprocess.Popen(
                    server.run("pg_dump", *arguments), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, **options
                ) as program:
                    assert program.stdout is not None  # noqa: S101 - it was asked for
                    digest, size = writer.dump(program.stdout)
                if program.returncode != 0:
                    raise BackupError(f"pg_dump failed: {superuser.said(options['stderr'])}")
            manifest = Manifest(**described, dump_sha256=digest, dump_bytes=size)  # type: ignore[arg-type]
            writer.manifest(manifest)
    return Written(path, path.stat().st_size, manifest.head, time.monotonic() - started, manifest)


@contextlib.contextmanager
def _snapshot(connection: Superuser) -> Iterator[str]:
    """A transaction that sees one moment, and its name for pg_dump."""
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    with connection.transaction():
        row = connection.execute("select pg_export_snapshot()").fetchone()
        yield str(row[0]) if row else ""


def _describe(connection: Superuser, database: str, by: str) -> dict[str, object]:
    """The manifest but for the dump."""
    head = connection.execute("select version_num from qm.alembic_version").fetchone()
    return {
        "format": backup_file.FORMAT,
        "program": PROGRAM,
        "head": str(head[0]) if head else "",
        "made_at": datetime.now(UTC).isoformat(),
        "made_by": by,
        "database": database,
        "postgres": connection.info.server_version,
        "rows": backup_catalogue.count_rows(connection),
        "catalogue": backup_catalogue.read_catalogue(connection, role_names(database)),
        "log": _ends_of_log(connection),
    }


def _ends_of_log(connection: Superuser) -> dict[str, list[object]]:
    """Number and hash at the end of each chain: of its last entry, or where all were deleted of its last proof.

    Tables of a version before the log are backed up, too: that is what one does before an upgrade.
    """
    row = connection.execute("select to_regclass('audit.entry') is not null").fetchone()
    if not row or not row[0]:
        return {}
    ends = connection.execute(
        "select distinct on (municipality) municipality, number, hash from ("
        " select municipality, number, hash from audit.entry"
        " union all select municipality, last_number, last_hash from audit.proof) as e"
        " order by municipality, number desc"
    ).fetchall()
    return {str(city): [number, end] for city, number, end in ends}
