"""The file of a backup: an uncompressed zip of the dump and a manifest that says what must come out of it.

`dump` is pg_dump's custom format (compressed already); `manifest.json` comes last, because it holds its checksum.
A file is written under another name, mode 0600, and gets its own when it is complete; it never replaces one.
"""

import contextlib
import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from geodata.errors import QmError

FORMAT: Final = 1
DUMP, MANIFEST = "dump", "manifest.json"
CHUNK_BYTES: Final = 1 << 20
MOST_MANIFEST_BYTES: Final = 10_000_000
# No clock in the file but the manifest's: zip knows no year before 1980 and no time zone.
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


class BackupError(QmError):
    """A backup cannot be written, read or restored."""


@dataclass(frozen=True)
class Manifest:
    """`rows` by table, `catalogue` by kind and name as hashes, the end of each chain of the `log`."""

    format: int
    program: str
    head: str
    made_at: str
    made_by: str
    database: str
    postgres: int
    rows: Mapping[str, int]
    catalogue: Mapping[str, Mapping[str, str]]
    log: Mapping[str, list[Any]]
    dump_sha256: str
    dump_bytes: int

    @property
    def moment(self) -> datetime:
        """Moment (UTC) of which the backup tells."""
        return datetime.fromisoformat(self.made_at)


class Writer:
    """Takes in the dump and then the manifest."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def dump(self, stream: IO[bytes]) -> tuple[str, int]:
        """Copy the dump from a pipe; returns its checksum and its size in bytes."""
        digest, size = hashlib.sha256(), 0
        with self._archive.open(_member(DUMP), "w", force_zip64=True) as member:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
                member.write(chunk)
                size += len(chunk)
        return digest.hexdigest(), size

    def manifest(self, manifest: Manifest) -> None:
        """Write the manifest, which completes the file."""
        self._archive.writestr(_member(MANIFEST), json.dumps(asdict(manifest), ensure_ascii=False, sort_keys=True))


@contextlib.contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A new file, whole or not at all; BackupError where there is one already or the disk is full."""
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    if path.exists():
        raise BackupError(f"{path} is there already.", "A backup never replaces a file; choose another name.")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
                yield Writer(archive)
            stream.flush()
            os.fsync(stream.fileno())
        # A link refuses to replace a file that came meanwhile, which a rename would do.
        os.link(partial, path)
    except FileExistsError:
        raise BackupError(f"{path} is there already.", "A backup never replaces a file; choose another name.") from None
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror}.", "Nothing is left of it.") from None
    finally:
        partial.unlink(missing_ok=True)


def read(path: Path) -> Manifest:
    """The manifest, after the whole dump was held against its checksum; BackupError in words for anything else."""
    with _archive(path) as archive:
        manifest = _manifest(archive, path)
        digest, size = hashlib.sha256(), 0
        with archive.open(DUMP) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
                size += len(chunk)
    if (digest.hexdigest(), size) != (manifest.dump_sha256, manifest.dump_bytes):
        raise BackupError(f"{path} is damaged: its dump does not have the checksum of its manifest.")
    return manifest


@contextlib.contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The dump as a stream."""
    with _archive(path) as archive, archive.open(DUMP) as stream:
        yield stream


@contextlib.contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.namelist() != [DUMP, MANIFEST]:
                raise BackupError(f"{path} is no backup: it holds something else than a dump and a manifest.")
            yield archive
    except FileNotFoundError:
        raise BackupError(f"There is no file {path}.") from None
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise BackupError(f"{path} is no backup, or it is damaged or cut off ({error}).") from None
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.") from None


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    broken = BackupError(f"{path} is damaged: its manifest cannot be read.")
    if archive.getinfo(MANIFEST).file_size > MOST_MANIFEST_BYTES:
        raise broken
    try:
        found = json.loads(archive.read(MANIFEST))
        version = found["format"]
        if version != FORMAT:
            raise BackupError(f"{path} has the format {version}, but this program reads format {FORMAT}.")
        if not all(isinstance(found[name], dict) for name in ("rows", "catalogue", "log")):
            raise broken
        return Manifest(**{one.name: found[one.name] for one in fields(Manifest)})
    except (ValueError, KeyError, TypeError):
        raise broken from None


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.external_attr = 0o600 << 16
    return info
