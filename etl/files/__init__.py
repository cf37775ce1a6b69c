"""Safe opening and reading of files from outside: one function, whatever the format.

    opened = open_source_file(path, options=TableOptions(columns=("STRNAME", "HSNR")), crs=None)

Order of the checks: the path (a local regular file), the content against the end of the name, sizes of an archive from
its directory, document types in XML; only then a reader. GDAL and the spreadsheet reader run in a child process with
limits on memory and time. A refusal is `DeliveryRefused` or, for the path itself, `UsageError`, and says what was
expected, what came and where.
"""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from etl.files import limits
from etl.files.archives import SHAPEFILE_PARTS, Member, check_directory, choose_member, unpack
from etl.files.child import ChildRecords, Task, read_in_child
from etl.files.crs_of_file import choose_crs, given_crs
from etl.files.geojson import GeoJson
from etl.files.limits import megabytes
from etl.files.opened import Chunk, Geometries, Opened, TableOptions
from etl.files.paths import checksum, resolve_local_file
from etl.files.sniffing import FEATURES, FORMATS_BY_SUFFIX, SPREADSHEETS, Format, recognise
from etl.files.tables import DelimitedText
from etl.files.xml_guard import refuse_entities
from geodata.errors import DeliveryRefused

__all__ = ["FORMATS_BY_SUFFIX", "Chunk", "Geometries", "Opened", "TableOptions", "open_source_file"]


def open_source_file(
    path: str | Path, *, options: TableOptions, crs: str | None = None, folder_allowed: Path | None = None
) -> Opened:
    """Recognise a file and open it for reading in chunks.

    `crs` (from the mapping or the command line) wins over what the file says, and the difference is remarked; without
    it the file's own CRS holds (GeoJSON without one is WGS84). UsageError: no such local file, unknown `crs`.
    DeliveryRefused: anything about the content.
    """
    given = None if crs is None else given_crs(crs)
    resolved = resolve_local_file(path, folder_allowed)
    size = resolved.stat().st_size
    if size > limits.FILE_MAX_BYTES:
        raise DeliveryRefused(
            f"Expected at most {megabytes(limits.FILE_MAX_BYTES)}, but {resolved.name} has {megabytes(size)}."
        )
    remarks: list[str] = []
    source = _locate(resolved, remarks)
    content = _read(source, options, remarks)
    return Opened(
        columns=content.columns,
        kind="features" if source.format in FEATURES else "table",
        remarks=remarks,
        chunks=content.chunks,
        crs=choose_crs(resolved.name, given, content.crs, names_crs=content.names_crs, remarks=remarks),
        sha256=checksum(resolved),
        bytes=size,
    )


@dataclass(frozen=True)
class _Located:
    """The thing to read: a file, or a member of an archive."""

    name: str
    format: Format
    path: Path
    member: Member | None
    size_bytes: int

    def open(self) -> BinaryIO:
        return self.path.open("rb") if self.member is None else self.member.open()


@dataclass(frozen=True)
class _Content:
    columns: tuple[str, ...]
    chunks: Iterator[Chunk]
    crs: str | None = None
    names_crs: bool = True


def _locate(path: Path, remarks: list[str]) -> _Located:
    with path.open("rb") as stream:
        found = recognise(path.name, stream)
    if found != Format.ZIP:
        return _Located(path.name, found, path, None, path.stat().st_size)
    member = choose_member(path)
    with member.open() as stream:
        found = recognise(member.name, stream)
    remarks.append(f"Read {member.name} from the archive.")
    size = next(
        info.file_size
        for info in check_directory(path, max_bytes=limits.ARCHIVE_MAX_BYTES)
        if info.filename == member.name
    )
    return _Located(member.name, found, path, member, size)


def _read(source: _Located, options: TableOptions, remarks: list[str]) -> _Content:
    if source.format == Format.CSV:
        text = DelimitedText(source.name, source.open, options, remarks)
        return _Content(text.columns, text.chunks())
    if source.format == Format.GEOJSON:
        collection = GeoJson(source.name, source.open, source.size_bytes, options)
        return _Content(collection.columns, collection.chunks(), collection.crs_name, collection.has_crs)
    records = _read_by_path(source, options)
    remarks.extend(records.remarks)
    return _Content(records.columns, records.chunks(), records.crs)


def _read_by_path(source: _Located, options: TableOptions) -> ChildRecords:
    """Formats whose readers want a path: they get one in a private folder that holds nothing else.

    GDAL writes and reads files beside the one it opens (`.gfs`, `.xsd`, indexes); beside the original they would change
    the office's folder, or change what is read.
    """
    with tempfile.TemporaryDirectory(prefix="qm-file-") as name:
        folder = Path(name)
        private = unpack(source.member, folder) if source.member else _bring(source, folder)
        if source.format in SPREADSHEETS:
            if source.format != Format.XLS:
                check_directory(private, max_bytes=limits.SPREADSHEET_MAX_BYTES)
            return read_in_child("spreadsheet", source.name, private, options, format_name=source.format)
        if source.format == Format.SHAPEFILE:
            _check_shapefile(source, private)
        if source.format in (Format.GML, Format.KML):
            _check_xml(source, private)
        task: Task = "kml" if source.format == Format.KML else "features"
        return read_in_child(task, source.name, private, options, format_name=source.format)


def _bring(source: _Located, folder: Path) -> Path:
    suffix = source.path.suffix.lower()
    # GDAL chooses the driver of XML by the name, too.
    target = folder / f"member{'.gml' if source.format == Format.GML else suffix}"
    if source.format == Format.GEOPACKAGE:
        return _copy_geopackage(source.path, target)
    target.symlink_to(source.path)
    if source.format == Format.SHAPEFILE:
        for part in SHAPEFILE_PARTS:
            beside = _beside(source.path, part)
            if part != ".shp" and beside is not None:
                (folder / f"member{part}").symlink_to(beside)
    return target


def _copy_geopackage(path: Path, target: Path) -> Path:
    """A copy with its log of late changes: SQLite follows links and writes beside the file, even when it only reads."""
    shutil.copyfile(path, target)
    log = path.with_name(path.name + "-wal")
    if log.is_file() and not log.is_symlink():
        shutil.copyfile(log, target.with_name(target.name + "-wal"))
    return target


def _beside(path: Path, suffix: str) -> Path | None:
    candidates = (path.with_suffix(suffix), path.with_suffix(suffix.upper()))
    # A link could lead to a file that the sender may not read; parts of a Shapefile are regular files or not there.
    return next((file for file in candidates if file.is_file() and not file.is_symlink()), None)


def _check_shapefile(source: _Located, private: Path) -> None:
    missing = [part for part in (".shx", ".dbf") if not private.with_suffix(part).exists()]
    if missing:
        raise DeliveryRefused(f"Expected {' and '.join(missing)} beside {source.name}, but they are missing.")


def _check_xml(source: _Located, private: Path) -> None:
    if source.size_bytes > limits.XML_MAX_BYTES:
        raise DeliveryRefused(
            f"Expected {source.format} of at most {megabytes(limits.XML_MAX_BYTES)}, but {source.name} has "
            f"{megabytes(source.size_bytes)}."
        )
    refuse_entities(source.name, private)
