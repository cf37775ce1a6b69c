"""Finds the PostgreSQL programs on this machine; Debian and Ubuntu keep each major version in a folder of its own."""

from dataclasses import dataclass
from pathlib import Path

from geodata.errors import ClusterError

MINIMUM_MAJOR = 15  # the first with security_invoker views, without which a view bypasses row policies
PROGRAMS_ROOT = Path("/usr/lib/postgresql")
SHARE_ROOT = Path("/usr/share/postgresql")


@dataclass(frozen=True)
class Programs:
    """The programs of one major version."""

    major: int
    folder: Path

    def path(self, name: str) -> str:
        """Full path of one program, as initdb or pg_ctl."""
        return str(self.folder / name)


def find_programs(
    needed_major: int | None, *, programs_root: Path = PROGRAMS_ROOT, share_root: Path = SHARE_ROOT
) -> Programs:
    """The version that an existing cluster needs, else the newest one that has PostGIS; ClusterError names packages."""
    installed = sorted(_installed_majors(programs_root), reverse=True)
    with_postgis = [major for major in installed if has_postgis(major, share_root=share_root)]
    usable = [major for major in with_postgis if major >= MINIMUM_MAJOR]
    if needed_major is not None:
        usable = [major for major in usable if major == needed_major]
    if usable:
        return Programs(usable[0], programs_root / str(usable[0]) / "bin")
    wanted = needed_major or max([major for major in installed if major >= MINIMUM_MAJOR], default=MINIMUM_MAJOR)
    reason = (
        f"The database in the data folder was made by PostgreSQL {needed_major}, which is not installed with PostGIS."
        if needed_major is not None
        else f"PostgreSQL {MINIMUM_MAJOR} or newer with PostGIS is not installed."
    )
    raise ClusterError(
        reason,
        f"Install the packages postgresql-{wanted} and postgresql-{wanted}-postgis-3 "
        "(Debian 12 has 15, Ubuntu 24.04 has 16), or set the DATABASE_URL variables to a server that is there already.",
    )


def has_postgis(major: int, *, share_root: Path = SHARE_ROOT) -> bool:
    """Whether the PostGIS extension is installed for this major version."""
    return (share_root / str(major) / "extension" / "postgis.control").exists()


def _installed_majors(programs_root: Path) -> list[int]:
    found = [path.parent.parent.name for path in programs_root.glob("*/bin/initdb")]
    return [int(name) for name in found if name.isdigit()]
