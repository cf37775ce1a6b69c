"""Zip archives: sizes are added up from the directory before a byte is unpacked, then one member is chosen by its
name."""

import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from etl.files import limits
from etl.files.limits import megabytes
from etl.files.sniffing import FORMATS_BY_SUFFIX, Format
from geodata.errors import DeliveryRefused

# The parts of a Shapefile that are needed for reading; GDAL looks for them beside the .shp.
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_ENCRYPTED = 0x1
# Notes that offices put beside the data; a .txt counts as data only where it is the only candidate.
_NOTES = (".txt",)


@dataclass(frozen=True)
class Member:
    """One file in an archive, fit to be opened."""

    archive: Path
    name: str

    def open(self) -> BinaryIO:
        """A stream over the unpacked bytes; it ends where the directory says, whatever the packed data would yield."""
        archive = zipfile.ZipFile(self.archive)
        try:
            stream = archive.open(self.name)
        finally:
            # The archive's own handle stays open as long as the member's stream needs it.
            archive.close()
        return stream  # type: ignore[return-value]  # ZipExtFile is a BufferedIOBase, which is all that readers need


def check_directory(path: Path, *, max_bytes: int) -> list[zipfile.ZipInfo]:
    """The members of a zip; DeliveryRefused where unpacking it would take too much, or it is encrypted or damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        raise DeliveryRefused(f"Expected a zip archive, but {path.name} is damaged.") from None
    if len(members) > limits.ARCHIVE_MAX_MEMBERS:
        raise DeliveryRefused(
            f"Expected at most {limits.ARCHIVE_MAX_MEMBERS} files in {path.name}, but it holds {len(members)}."
        )
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise DeliveryRefused(f"Expected an archive without a password, but {path.name} is encrypted.")
    _check_sizes(path, sum(member.file_size for member in members), max_bytes)
    return members


def _check_sizes(path: Path, unpacked: int, max_bytes: int) -> None:
    if unpacked > max_bytes:
        raise DeliveryRefused(
            f"Expected at most {megabytes(max_bytes)} after unpacking, but {path.name} says {megabytes(unpacked)}."
        )
    ratio = unpacked / path.stat().st_size
    if unpacked > limits.ARCHIVE_RATIO_COUNTS_FROM_BYTES and ratio > limits.ARCHIVE_MAX_RATIO:
        raise DeliveryRefused(
            f"Expected a file that grows at most {limits.ARCHIVE_MAX_RATIO} times when unpacked, but {path.name} "
            f"grows {ratio:.0f} times to {megabytes(unpacked)}: this is how an archive bomb looks."
        )


def choose_member(path: Path) -> Member:
    """The one file in the archive that can be read; DeliveryRefused names the candidates where there are none or
    several."""
    members = check_directory(path, max_bytes=limits.ARCHIVE_MAX_BYTES)
    names = [member.filename for member in members if not _is_hidden(member.filename)]
    readable = [name for name in names if _suffix(name) in FORMATS_BY_SUFFIX and _is_data(name)]
    candidates = [name for name in readable if _suffix(name) not in _NOTES] or readable
    if len(candidates) != 1:
        found = ", ".join(sorted(candidates or names)) or "nothing"
        raise DeliveryRefused(f"Expected one file with data in {path.name}, but it holds {found}.")
    return Member(path, candidates[0])


def unpack(member: Member, folder: Path) -> Path:
    """Unpack a member (a Shapefile with its parts) into an empty folder under a name of our own; returns its path.

    Names from the archive are never used as paths, so no member can write outside of the folder.
    """
    suffix = _suffix(member.name)
    wanted = {suffix: member.name}
    if FORMATS_BY_SUFFIX[suffix] == Format.SHAPEFILE:
        wanted = _shapefile_parts(member)
    with zipfile.ZipFile(member.archive) as archive:
        for part, name in wanted.items():
            with archive.open(name) as packed, (folder / f"member{part}").open("wb") as target:
                shutil.copyfileobj(packed, target)
    return folder / f"member{suffix}"


def _shapefile_parts(member: Member) -> dict[str, str]:
    stem = member.name[: -len(_suffix(member.name))].lower()
    with zipfile.ZipFile(member.archive) as archive:
        by_lower = {name.lower(): name for name in archive.namelist()}
    return {part: by_lower[stem + part] for part in SHAPEFILE_PARTS if stem + part in by_lower}


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) and part != ".." for part in PurePosixPath(name).parts)


def _is_data(name: str) -> bool:
    # Shapefiles come with a metadata file `x.shp.xml`; an archive in an archive is not followed.
    return not name.lower().endswith((".shp.xml", ".zip"))
