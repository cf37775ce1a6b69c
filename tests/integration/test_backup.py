"""Backup and restore: what came out is what went in, or the database is the one from before."""

import contextlib
import errno
import fcntl
import json
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from psycopg import sql
from sqlalchemy import NullPool, create_engine, text

from geodata import bootstrap
from geodata.access import Access
from geodata.audit import anchors as audit_anchors
from geodata.bootstrap import role_names
from geodata.keeping import backup, backup_file, erasure, restore, superuser
from geodata.keeping.backup_file import BackupError, Manifest
from geodata.keeping.erasure_ledger import Ledger
from geodata.keeping.superuser import Server
from geodata.settings import DatabaseUrls, Settings
from tests.factories import facts
from tests.factories.facts import CITY


@dataclass(frozen=True)
class City:
    """A small database of its own with one backup of it; its data folder is the test's own but for the cluster."""

    server: Server
    urls: DatabaseUrls
    settings: Settings
    written: backup.Written

    @property
    def database(self) -> str:
        return self.urls.database

    def ask(self, query: str) -> list[tuple[object, ...]]:
        with self.server.connect(self.database) as connection:
            return [tuple(row) for row in connection.execute(query.encode())]


@pytest.fixture(scope="module")
def city(
    make_database: Callable[..., DatabaseUrls], settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[City]:
    urls = make_database("keeping")
    engine = create_engine(urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        facts.municipality(connection)
        facts.area(connection)
        for key in ("A-1", "A-2"):
            # A name of a role in a row is a row: it must come back as it was.
            facts.property_(connection, key=key, file_reference=f"Akte {urls.database}_staff")
    engine.dispose()
    folder = tmp_path_factory.mktemp("backup")
    own = settings.model_copy(update={"database_name": urls.database})
    with superuser.open_server(own) as server, pytest.MonkeyPatch.context() as patch:
        # Anchors and erasures of the tests must not stand beside those of whoever works in this checkout.
        patch.setattr(Settings, "data_folder", folder)
        patch.setattr(superuser, "open_server", lambda _: contextlib.nullcontext(server))
        # Only whoever runs the cluster needs to reach its folder.
        for module in (restore, audit_anchors):
            patch.setattr(module, "prepare_folder", lambda _: None)
        yield City(server, urls, own, backup.backup(own, folder / "city.qmb", by="bea"))


def test_the_drill_holds_and_leaves_nothing_behind(city: City, tmp_path: Path) -> None:
    done = backup.drill_on(city.server, city.database, tmp_path)
    assert done.rows > 70
    assert done.objects > 1_000
    assert done.size_bytes > 10_000
    with city.server.connect("postgres") as connection:
        assert not superuser.exists(connection, f"{city.database}_drill")


def test_a_policy_that_gets_lost_on_the_way_fails_the_drill(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = restore.with_roles

    def losing(lines: Iterator[bytes], *roles: object) -> Iterator[bytes]:
        is_lost = False
        for line in real(lines, *roles):  # type: ignore[arg-type]
            is_lost = is_lost or line.startswith(b"CREATE POLICY manager ON qm.note")
            if not is_lost:
                yield line
            is_lost = is_lost and not line.rstrip().endswith(b";")

    monkeypatch.setattr(restore, "with_roles", losing)
    with pytest.raises(BackupError, match=r"The policy manager on qm\.note is missing\.") as raised:
        backup.drill_on(city.server, city.database, tmp_path)
    assert str(raised.value).count("missing") == 1
    with city.server.connect("postgres") as connection:
        assert not superuser.exists(connection, f"{city.database}_drill")


def test_what_the_server_refuses_is_said_and_nothing_stays(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a full disk: one statement fails in the middle, and the one transaction with it."""
    full = b"DO $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device'; END $$;\n"

    def failing(lines: Iterator[bytes], *roles: object) -> Iterator[bytes]:
        deque(lines, maxlen=0)  # pg_restore has said what it has to say
        yield from (b"CREATE SCHEMA qm;\n", full, b"SELECT 1;\n")

    monkeypatch.setattr(restore, "with_roles", failing)
    before = city.ask("SELECT oid FROM pg_database WHERE datname = current_database()")
    with pytest.raises(BackupError, match=r"could not be restored: could not extend file: No space left on device"):
        restore.restore(city.settings, city.written.path, by="bea")
    assert city.ask("SELECT oid FROM pg_database WHERE datname = current_database()") == before
    with city.server.connect("postgres") as connection:
        assert not superuser.exists(connection, f"{city.database}_restored")


# What somebody, or a restore, could take away or add, and what the drill says of it.
HARMS = [
    ("DROP POLICY staff ON qm.note", "The policy staff on qm.note is missing."),
    ("REVOKE SELECT ON qm.note FROM {staff}", "The grant on qm.note is another one."),
    ("GRANT SELECT (name) ON owners.owner TO {staff}", "The grant on owners.owner.name is new."),
    (
        "DROP INDEX qm.status_event_property_idx",
        "The index status_event_property_idx on qm.status_event is missing.",
    ),
    ("ALTER TABLE qm.note NO FORCE ROW LEVEL SECURITY", "The table qm.note is another one."),
    (
        "ALTER FUNCTION qm.set_indexes_aside(text) SECURITY INVOKER",
        "The function qm.set_indexes_aside(text) is another one.",
    ),
    ("COMMENT ON TABLE qm.note IS NULL", "The comment on qm.note.0 is missing."),
    (
        "ALTER TABLE audit.entry DISABLE TRIGGER refuse_change",
        "The trigger refuse_change on audit.entry is another one.",
    ),
    (
        "ALTER TABLE qm.note DROP CONSTRAINT note_body_check",
        "The constraint note_body_check on qm.note is missing.",
    ),
    ("DELETE FROM qm.property_address", "qm.property_address has 0 rows instead of 2."),
    ("CREATE TABLE qm.extra ()", "The table qm.extra is new."),
]


def test_whatever_is_missing_is_named(city: City) -> None:
    """One connection and one manifest for all of them: a catalogue takes longer to read than to harm."""
    roles, manifest = role_names(city.database), manifest_of(city)
    with city.server.connect(city.database) as connection:
        assert restore.differences(connection, manifest, roles) == []
        for harm, told in HARMS:
            with connection.transaction(force_rollback=True):
                connection.execute(harm.format(staff=roles.staff).encode())
                found = restore.differences(connection, manifest, roles)
            assert told in found
            assert len(found) <= 3


def manifest_of(city: City) -> Manifest:
    """What the city has now; the log of a test before this one has more entries than the file knows."""
    with city.server.connect(city.database) as connection, backup._snapshot(connection):
        described = backup._describe(connection, city.database, "bea")
    return Manifest(**described, dump_sha256="", dump_bytes=0)  # type: ignore[arg-type]


def test_a_restore_brings_back_what_was_there_and_erases_again(city: City) -> None:
    engine = create_engine(city.urls.load, poolclass=NullPool)
    ledger = Ledger(city.settings.data_folder)
    with engine.connect() as connection:
        target = erasure.find_property(connection, CITY, "main", "A-2")
        erasure.commit(connection, erasure.erase(connection, target, reason="request", by="bea", ledger=ledger), ledger)
        facts.property_(connection, key="A-3")
        connection.commit()
        numbers = connection.execute(text("SELECT number FROM qm.erasure")).scalars().all()
    engine.dispose()
    [(endings,)] = city.ask("SELECT coalesce(max(sessions_ended), 0) FROM qm.account") or [(0,)]
    done = restore.restore(city.settings, city.written.path, by="bea")
    assert (done.database, done.erased_again, done.upgraded_from) == (city.database, {"property": 1}, None)
    # A-3 came after the backup, A-2 was erased after it.
    rows = city.ask(
        "SELECT p.key, v.file_reference FROM qm.property AS p JOIN qm.property_version AS v ON v.property_id = p.id"
    )
    assert rows == [("A-1", f"Akte {city.database}_staff")]
    assert city.ask("SELECT number FROM qm.erasure") == [(one,) for one in numbers]
    assert city.ask("SELECT objects FROM qm.figure_cube WHERE area_id IS NULL") == [(1,)]
    assert city.ask("SELECT action FROM audit.entry WHERE municipality = '' ORDER BY number DESC LIMIT 1") == [
        ("restore",)
    ]
    assert all((row[0] or 0) > endings for row in city.ask("SELECT sessions_ended FROM qm.account"))  # type: ignore[operator]
    with city.server.connect(city.database) as connection:
        assert bootstrap.missing_leakproof(connection) == []
    access = Access(city.urls)
    with access.accounts() as connection:
        assert connection.execute(text("SELECT count(*) FROM qm.municipality")).scalar_one() == 1
    access.close()
    engine = create_engine(city.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        verdicts = audit_anchors.verify_all(connection, city.settings.data_folder)
    engine.dispose()
    assert verdicts
    assert all(one.is_unharmed for one in verdicts)


def test_roles_are_replaced_as_whole_words_and_rows_left_alone() -> None:
    source, target = role_names("qm_a"), role_names("qm_b")
    lines = [
        b"CREATE POLICY staff ON qm.note TO qm_a_staff USING (x);\n",
        b"ALTER TABLE qm.note OWNER TO qm_a_owner; -- qm_a_owner_x, xqm_a_owner, qm_a\n",
        b"GRANT SELECT ON qm.note TO qm_a_login_staff,qm_a_owners;\n",
        b"COPY qm.note (id, body) FROM stdin;\n",
        b"1\tqm_a_staff\n",
        b"\\.\n",
        b"GRANT ALL ON qm.note TO qm_a_loader;\n",
    ]
    assert list(restore.with_roles(lines, source, target)) == [
        b"CREATE POLICY staff ON qm.note TO qm_b_staff USING (x);\n",
        b"ALTER TABLE qm.note OWNER TO qm_b_owner; -- qm_a_owner_x, xqm_a_owner, qm_a\n",
        b"GRANT SELECT ON qm.note TO qm_b_login_staff,qm_b_owners;\n",
        b"COPY qm.note (id, body) FROM stdin;\n",
        b"1\tqm_a_staff\n",
        b"\\.\n",
        b"GRANT ALL ON qm.note TO qm_b_loader;\n",
    ]


def test_a_backup_under_another_name_has_roles_of_its_own(city: City, database: str) -> None:
    """Those of the session's database stand for another city's; its own rows are of no interest."""
    manifest = backup_file.read(city.written.path)
    with (
        restore.in_scratch(
            city.server, city.written.path, manifest, roles=role_names(database), suffix="restored"
        ) as scratch,
        city.server.connect(scratch) as connection,
    ):
        owner = connection.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'note'").fetchone()
        texts = connection.execute("SELECT DISTINCT file_reference FROM qm.property_version").fetchall()
    assert owner == (f"{database}_owner",)
    assert texts == [(f"Akte {city.database}_staff",)]


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda content: content[: len(content) // 2], "no backup, or it is damaged or cut off"),
        (lambda content: b"PGDMP" + content[5:1000], "no backup, or it is damaged or cut off"),
        (lambda content: b"", "no backup, or it is damaged or cut off"),
        (lambda content: content[:5_000] + bytes([content[5_000] ^ 1]) + content[5_001:], "damaged"),
    ],
    ids=["cut off", "another file", "empty", "one bit"],
)
def test_a_harmed_file_touches_nothing(city: City, tmp_path: Path, damage: Callable[[bytes], bytes], told: str) -> None:
    path = tmp_path / "harmed.qmb"
    path.write_bytes(damage(city.written.path.read_bytes()))
    before = city.ask("SELECT oid FROM pg_database WHERE datname = current_database()")
    with pytest.raises(BackupError, match=told):
        restore.restore(city.settings, path, by="bea")
    assert city.ask("SELECT oid FROM pg_database WHERE datname = current_database()") == before


def rewritten(city: City, path: Path, **changed: object) -> Path:
    """The backup with another manifest."""
    with zipfile.ZipFile(city.written.path) as old, zipfile.ZipFile(path, "w") as new:
        new.writestr("dump", old.read("dump"))
        new.writestr("manifest.json", json.dumps(json.loads(old.read("manifest.json")) | changed))
    return path


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"head": "9999"}, "version 9999, which this program does not know"),
        ({"format": 2}, "format 2, but this program reads format 1"),
        ({"dump_sha256": "0" * 64}, "does not have the checksum of its manifest"),
        ({"rows": None, "catalogue": []}, "its manifest cannot be read"),
    ],
)
def test_a_backup_of_another_program_is_refused_in_words(
    city: City, tmp_path: Path, changed: dict[str, object], told: str
) -> None:
    with pytest.raises(BackupError, match=told):
        restore.restore(city.settings, rewritten(city, tmp_path / "other.qmb", **changed), by="bea")


def test_it_refuses_while_somebody_uses_the_database(city: City) -> None:
    with city.server.connect(city.database), pytest.raises(BackupError, match=r"in use \(1 connections\)"):
        restore.restore(city.settings, city.written.path, by="bea")
    with (city.settings.data_folder / f"serve-{city.database}.lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        with pytest.raises(BackupError, match="A server is running on"):
            restore.restore(city.settings, city.written.path, by="bea")


def test_a_restored_database_that_does_not_work_gives_way_to_the_one_before(city: City) -> None:
    names = [f"{city.database}_{suffix}" for suffix in ("used", "scratch", "used_before")]
    with city.server.connect("postgres") as connection:
        for name in names[:2]:
            superuser.create(connection, name)
        oids = "SELECT datname, oid FROM pg_database WHERE datname LIKE %s AND datname = ANY (%s)"
        before = dict(connection.execute(oids, ["qm_%", names]).fetchall())
        with pytest.raises(BackupError, match="It does not work"), restore._in_place_of(city.server, *names[:2]):  # noqa: PT012
            swapped = dict(connection.execute(oids, ["qm_%", names]).fetchall())
            assert (swapped[names[0]], swapped[names[2]]) == (before[names[1]], before[names[0]])
            raise BackupError("It does not work.")
        assert dict(connection.execute(oids, ["qm_%", names]).fetchall()) == {names[0]: before[names[0]]}
        superuser.drop(connection, names[0])


def test_a_file_is_private_whole_and_never_replaced(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert city.written.path.stat().st_mode & 0o777 == 0o600
    before = city.written.path.read_bytes()
    with pytest.raises(BackupError, match="is there already"):
        backup.write(city.server, city.database, city.written.path, by="bea")
    assert city.written.path.read_bytes() == before

    def full(self: object, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zipfile._ZipWriteFile, "write", full)  # type: ignore[attr-defined]
    with pytest.raises(BackupError, match="cannot be written: No space left on device"):
        backup.write(city.server, city.database, tmp_path / "full.qmb", by="bea")
    assert list(tmp_path.iterdir()) == []


def test_a_program_that_fails_says_why(city: City, tmp_path: Path) -> None:
    broken = replace(city.server, environment={**city.server.environment, "PGPASSWORD": "wrong"})
    with pytest.raises(BackupError, match=r"pg_dump failed: .*password authentication failed"):
        backup.write(broken, city.database, tmp_path / "x.qmb", by="bea")
    assert list(tmp_path.iterdir()) == []


def test_an_identifier_of_ours_stays_one(city: City) -> None:
    with city.server.connect("postgres") as connection, pytest.raises(Exception, match="does not exist"):
        superuser.rename(connection, 'x"; DROP DATABASE postgres; --', "y")
    assert sql.Identifier('x"y').as_string(None) == '"x""y"'
