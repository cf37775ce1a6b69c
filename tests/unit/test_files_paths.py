"""A name from outside is a local regular file, or a sentence; nothing else reaches a reader."""

import os
from pathlib import Path

import pytest

from etl.files import TableOptions, open_source_file
from etl.files.paths import checksum, resolve_local_file
from geodata.errors import DeliveryRefused, UsageError
from tests.factories.files import write_text


@pytest.mark.parametrize(
    "name",
    [
        "http://example.org/x.geojson",
        "http:/example.org/x.geojson",
        "WFS:https://example.org",
        "https://example.org/x.geojson",
        "/vsicurl/http://example.org/x.geojson",
        "/vsizip/x.zip/x.geojson",
        "/vsistdin/",
        "postgresql://user@host/name",
        "x\0.csv",
    ],
)
def test_an_address_is_not_a_file(name: str) -> None:
    with pytest.raises(UsageError, match="local file"):
        resolve_local_file(name)


@pytest.mark.parametrize("name", ["WFS:example.org", "PG:dbname=x", "nowhere.csv", ""])
def test_what_does_not_exist_is_said(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"no such file|is a folder"):
        resolve_local_file(name)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        resolve_local_file(tmp_path)


def test_a_pipe_is_not_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(UsageError, match="pipe"):
        resolve_local_file(tmp_path / "pipe.csv")


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    with pytest.raises(DeliveryRefused, match="empty"):
        open_source_file(write_text(tmp_path / "x.csv", ""), options=TableOptions())


def test_a_link_that_leads_out_of_the_allowed_folder_is_refused(tmp_path: Path) -> None:
    secret = write_text(tmp_path / "secret.csv", "a;b\n1;2\n")
    allowed = tmp_path / "uploads"
    allowed.mkdir()
    (allowed / "x.csv").symlink_to(secret)
    with pytest.raises(UsageError, match="outside"):
        resolve_local_file(allowed / "x.csv", allowed)
    with pytest.raises(UsageError, match="outside"):
        resolve_local_file(allowed / ".." / "secret.csv", allowed)


def test_a_file_in_the_allowed_folder_is_resolved(tmp_path: Path) -> None:
    path = write_text(tmp_path / "x.csv", "a;b\n")
    assert resolve_local_file(tmp_path / "." / "x.csv", tmp_path) == path.resolve()


def test_the_checksum_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = write_text(tmp_path / "x.csv", "abc")
    assert checksum(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
