"""Which PostgreSQL is used where several or none are installed."""

from pathlib import Path

import pytest

from geodata.errors import ClusterError
from geodata.postgres_programs import Programs, find_programs


class Machine:
    """Folders as Debian's packages make them."""

    def __init__(self, root: Path) -> None:
        self.programs, self.share = root / "lib", root / "share"
        self.programs.mkdir()

    def install(self, major: int, *, postgis: bool) -> None:
        folder = self.programs / str(major) / "bin"
        folder.mkdir(parents=True)
        (folder / "initdb").touch()
        if postgis:
            extension = self.share / str(major) / "extension"
            extension.mkdir(parents=True)
            (extension / "postgis.control").touch()

    def find(self, needed_major: int | None = None) -> Programs:
        return find_programs(needed_major, programs_root=self.programs, share_root=self.share)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_newest_with_postgis_is_used(machine: Machine) -> None:
    machine.install(15, postgis=True)
    machine.install(16, postgis=True)
    machine.install(17, postgis=False)
    assert machine.find().major == 16


def test_an_existing_cluster_keeps_its_version(machine: Machine) -> None:
    machine.install(15, postgis=True)
    machine.install(16, postgis=True)
    assert machine.find(15).path("pg_ctl") == str(machine.programs / "15" / "bin" / "pg_ctl")


def test_no_postgresql_names_the_packages(machine: Machine) -> None:
    with pytest.raises(ClusterError, match="postgresql-15 and postgresql-15-postgis-3"):
        machine.find()


def test_postgresql_without_postgis_names_its_package(machine: Machine) -> None:
    machine.install(17, postgis=False)
    with pytest.raises(ClusterError, match="postgresql-17-postgis-3"):
        machine.find()


def test_an_old_postgresql_does_not_do(machine: Machine) -> None:
    machine.install(14, postgis=True)
    with pytest.raises(ClusterError, match="15 or newer"):
        machine.find()


def test_a_cluster_of_a_version_that_is_gone_says_which(machine: Machine) -> None:
    machine.install(16, postgis=True)
    with pytest.raises(ClusterError, match="made by PostgreSQL 15"):
        machine.find(15)
