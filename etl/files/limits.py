"""How much of this machine a file from outside may use; beyond, it is refused with the numbers."""

from dataclasses import dataclass
from typing import Final

MIB: Final = 1 << 20

# The largest delivery in sight is a state's house coordinates with a few hundred MB; GeoJSON needs about ten times its
# size in memory, so it has a limit of its own (as GeoPackage the same data has none but the worker's).
FILE_MAX_BYTES: Final = 4096 * MIB
GEOJSON_MAX_BYTES: Final = 300 * MIB
XML_MAX_BYTES: Final = 600 * MIB

# A spreadsheet of 568 kB became 141 MB in the reader (ratio 248). Honest ones have 5 to 40, GeoJSON in a zip 10 to 40.
ARCHIVE_MAX_RATIO: Final = 100
ARCHIVE_RATIO_COUNTS_FROM_BYTES: Final = 10 * MIB
ARCHIVE_MAX_BYTES: Final = 1024 * MIB
ARCHIVE_MAX_MEMBERS: Final = 1000
SPREADSHEET_MAX_BYTES: Final = 300 * MIB

CHUNK_ROWS: Final = 50_000
# A field longer than this is an unclosed quotation mark, not a text.
FIELD_MAX_CHARACTERS: Final = 1_000_000


@dataclass(frozen=True)
class WorkerLimits:
    """What the child process may use that runs GDAL or a spreadsheet reader."""

    memory_bytes: int = 3072 * MIB
    output_bytes: int = 4096 * MIB
    seconds: int = 180


WORKER_LIMITS: Final = WorkerLimits()


def megabytes(size_bytes: int) -> str:
    """A size for a sentence: `300 MB`."""
    return f"{size_bytes / MIB:,.0f} MB"
