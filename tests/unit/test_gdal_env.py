"""GDAL opens the formats that offices send and nothing else; each test starts a process, because GDAL loads once."""

import os
import subprocess
import sys
from pathlib import Path

from geodata.gdal_env import ALLOWED_DRIVERS

VRT = """<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{path}</SrcDataSource>
<SrcLayer>secret</SrcLayer><GeometryType>wkbNone</GeometryType></OGRVRTLayer></OGRVRTDataSource>"""


def _run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "import geodata.gdal_env\nimport sys, pyogrio\n" + code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_only_the_allowed_drivers_are_left() -> None:
    done = _run("print('\\n'.join(pyogrio.list_drivers()))")
    assert set(done.stdout.split("\n")) - {""} == ALLOWED_DRIVERS
    assert done.stderr == ""


def test_a_vrt_with_the_name_of_a_geojson_opens_no_other_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("name\nGeheimnis\n", encoding="utf-8")
    disguised = tmp_path / "areas.geojson"
    disguised.write_text(VRT.format(path=secret), encoding="utf-8")
    read = "print(pyogrio.raw.read(sys.argv[1]))"
    opened = subprocess.run(
        [sys.executable, "-c", f"import sys, pyogrio\n{read}", str(disguised)],
        env={name: value for name, value in os.environ.items() if name != "GDAL_SKIP"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Geheimnis" in opened.stdout, "without the list GDAL follows the reference; this test would prove nothing"
    closed = _run(read, str(disguised))
    assert closed.returncode != 0
    assert "Geheimnis" not in closed.stdout + closed.stderr


def test_remote_file_names_are_not_followed() -> None:
    done = _run("print(pyogrio.read_info(sys.argv[1]))", "/vsicurl/http://127.0.0.1:9/areas.geojson")
    assert done.returncode != 0
    assert "DataSourceError" in done.stderr
