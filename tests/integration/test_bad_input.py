"""Every bad input that was ever seen, through `qm` itself: a sentence, the right exit code, and nothing else changed.

Exit 2 = the command cannot be carried out (no such file, no such mapping), exit 1 = the delivery is refused, exit 0 =
loaded, with the rejected rows listed. A refused load leaves its own row and its rejections; a check leaves nothing.
"""

import json
import sys
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

import app
from geodata.settings import DatabaseUrls
from tests.factories.files import (
    BOW_TIE,
    SQUARE,
    feature,
    named_crs,
    point,
    write_geojson,
    write_layer,
    write_spreadsheet,
    write_text,
    write_zip,
)

# What a delivery may leave behind when it is refused; the municipality is needed to say whose delivery it was.
REFUSAL_TABLES = {"delivery", "rejected_row", "municipality"}

REGISTER = """
source = "properties"
municipality = "05914000"
municipality_name = "Teststadt"
register = "main"
delimiter = ";"
decimal = ","
crs = "EPSG:25832"
expected_extent = [7.3, 51.2, 7.7, 51.5]

[columns]
key = "Nr"
registered_on = "erfasst"
use_type = "Nutzung"
x = "X"
y = "Y"

[codes.use_type]
"Wohnen" = "residential"
"""

AREAS = """
source = "areas"
municipality = "05914000"
municipality_name = "Teststadt"
expected_extent = [7.3, 51.2, 7.7, 51.5]

[columns]
key = "number"
name = "name"

[constants]
kind = "quartier"
"""

HEADER = "Nr;erfasst;Nutzung;X;Y;Eigentümer"
GOOD = "{};31.12.2024;Wohnen;395000,5;5690000,5;A. Person"


@dataclass(frozen=True)
class Said:
    """What `qm` did: exit code, standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The report of a load with --json: standard output holds nothing else."""
        return dict(json.loads(self.out))


@pytest.fixture
def qm(
    clean_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Said]:
    """Run `qm` in this process on the database of the tests."""
    for name, url in {
        "DATABASE_URL": clean_urls.staff,
        "DATABASE_URL_MANAGER": clean_urls.manager,
        "DATABASE_URL_EXTERNAL": clean_urls.external,
        "DATABASE_URL_POLITICS": clean_urls.politics,
        "DATABASE_URL_ACCOUNTS": clean_urls.accounts,
        "DATABASE_URL_LOAD": clean_urls.load,
        "QM_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    }.items():
        monkeypatch.setenv(name, str(url))
    monkeypatch.delenv("DATABASE_URL_OWNER", raising=False)

    def run(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["qm", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            app.cli()
        captured = capsys.readouterr()
        code = end.value.code
        assert "Traceback" not in captured.err
        return Said(code if isinstance(code, int) else 0, captured.out, captured.err)

    return run


@pytest.fixture
def rows(clean_urls: DatabaseUrls) -> Callable[[], dict[str, int]]:
    """Number of rows in each table of the schema."""

    def count() -> dict[str, int]:
        engine = create_engine(clean_urls.load, poolclass=NullPool)
        with engine.connect() as connection:
            tables = connection.execute(
                text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'qm' ORDER BY 1")
            ).scalars()
            found = {}
            for table in tables.all():
                if connection.scalar(text("SELECT has_table_privilege(:name, 'SELECT')"), {"name": f"qm.{table}"}):
                    found[table] = int(connection.scalar(text(f"SELECT count(*) FROM qm.{table}")) or 0)
        engine.dispose()
        return found

    return count


def mapping(folder: Path, content: str) -> Path:
    """A mapping as a file of one's own."""
    return write_text(folder / "mapping.toml", content)


def register(path: Path, lines: Iterable[str], encoding: str = "utf-8", good_rows: int = 200) -> Path:
    """A register whose given rows start in line 2, with enough good rows behind them not to be refused whole."""
    good = [GOOD.format(f"G{number}") for number in range(good_rows)]
    return write_text(path, "\r\n".join([HEADER, *lines, *good]) + "\r\n", encoding)


def changed(before: dict[str, int], after: dict[str, int]) -> set[str]:
    """Tables whose number of rows is another one."""
    return {table for table in before if before[table] != after[table]}


# --- the command itself: exit 2 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("https://example.org/x.csv", "local file"),
        ("/vsicurl/https://example.org/x.geojson", "local file"),
        ("/vsizip/x.zip", "local file"),
        ("WFS:https://example.org", "local file"),
        ("nowhere.csv", "no such file"),
        (".", "is a folder"),
        ("/dev/null", "device"),
    ],
)
def test_what_is_no_local_file_is_wrong_usage(
    file: str, said: str, tmp_path: Path, qm: Callable[..., Said], rows: Callable[[], dict[str, int]]
) -> None:
    before = rows()
    for command in ("load", "check"):
        result = qm(command, "properties", file, "--mapping", mapping(tmp_path, REGISTER))
        assert result.code == 2
        assert said in result.err
        assert result.out == ""
    assert changed(before, rows()) == set()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("parcels", "x.csv"), "There is no source 'parcels'"),
        (("properties", "x.csv", "--mapping", "hagen/nothing"), "There is no mapping 'hagen/nothing'"),
        (("properties", "x.csv", "--mapping", "hagen/addresses"), "is for addresses, not for properties"),
        (("properties", "x.csv", "--as-of", "31.02.2024"), "--as-of"),
        (("properties", "x.csv"), "No mapping of properties fits"),
    ],
)
def test_arguments_that_make_no_sense_are_wrong_usage(
    arguments: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qm: Callable[..., Said],
    rows: Callable[[], dict[str, int]],
) -> None:
    register(tmp_path / "x.csv", [])
    monkeypatch.chdir(tmp_path)
    before = rows()
    result = qm("load", *arguments)
    assert result.code == 2
    assert said in result.err
    assert changed(before, rows()) == set()


def test_an_unknown_crs_is_wrong_usage(tmp_path: Path, qm: Callable[..., Said]) -> None:
    file = register(tmp_path / "x.csv", [])
    result = qm("load", "properties", file, "--mapping", mapping(tmp_path, REGISTER), "--crs", "EPSG:1")
    assert result.code == 2
    assert "Expected a CRS" in result.err


def test_all_mistakes_of_a_mapping_are_said_at_once(tmp_path: Path, qm: Callable[..., Said]) -> None:
    broken = REGISTER.replace('decimal = ","', 'decimal = ";"\ncolour = "red"').replace("residential", "castle")
    result = qm("load", "properties", register(tmp_path / "x.csv", []), "--mapping", mapping(tmp_path, broken))
    assert result.code in (1, 2)
    for mistake in ("decimal", "colour", "castle"):
        assert mistake in result.err


def test_a_mapping_cannot_name_a_column_of_persons(tmp_path: Path, qm: Callable[..., Said]) -> None:
    nosy = REGISTER.replace('use_type = "Nutzung"', 'file_reference = "Eigentümer"')
    nosy = nosy[: nosy.index("[codes")]
    result = qm("load", "properties", register(tmp_path / "x.csv", []), "--mapping", mapping(tmp_path, nosy))
    assert result.code in (1, 2)
    assert "persons" in result.err


# --- refused whole: exit 1 --------------------------------------------------------------------------------------------


def _vrt(folder: Path) -> Path:
    secret = write_text(folder / "secret.csv", "name;number\nroot;1\n")
    layer = f'<OGRVRTLayer name="x"><SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer>'
    return write_text(folder / "x.geojson", f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>")


def _entities(folder: Path) -> Path:
    return write_text(folder / "x.gml", '<!DOCTYPE x [<!ENTITY a "b">]><FeatureCollection>&a;</FeatureCollection>')


def _bomb(folder: Path) -> Path:
    path = folder / "x.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"<row/>" * 4_000_000)
    return path


def _without_crs(folder: Path) -> Path:
    write_layer(folder / "x.shp", "ESRI Shapefile")
    (folder / "x.prj").unlink()
    return folder / "x.shp"


def _wrong_crs(folder: Path) -> Path:
    features = [feature({"number": 1, "name": "Süd"}, SQUARE)]
    return write_geojson(folder / "x.geojson", features, crs=named_crs("EPSG:3857"))


def _lines(folder: Path) -> Path:
    line = {"type": "LineString", "coordinates": [[7.5, 51.3], [7.6, 51.4]]}
    return write_geojson(folder / "x.geojson", [feature({"number": 1, "name": "Süd"}, line)])


REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "an empty file": (lambda folder: write_text(folder / "x.csv", ""), "empty (0 bytes)"),
    "a VRT under another name": (_vrt, "OGRVRTDataSource"),
    "entities in XML": (_entities, "<!DOCTYPE"),
    "a spreadsheet bomb": (_bomb, "bomb"),
    "a damaged archive": (lambda folder: write_text(folder / "x.zip", "PK\x03\x04 not really"), "damaged zip"),
    "an archive of nothing": (lambda folder: write_zip(folder / "x.zip", {"a.pdf": b"x"}), "a.pdf"),
    "an unknown kind of file": (lambda folder: write_text(folder / "x.docx", "x"), ".docx"),
    "JSON that breaks off": (lambda folder: write_text(folder / "x.geojson", '{"type": "Feat'), "breaks off"),
    "no CRS": (_without_crs, "CRS"),
    "a CRS that does not fit": (_wrong_crs, "as EPSG:25832 they would lie inside"),
    "lines where outlines are expected": (_lines, "all 1 rows are rejected"),
    "other columns": (
        lambda folder: write_layer(folder / "x.gpkg", "GPKG", id=[1, 2], name=["a", "b"]),
        "does not have: number",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_delivery_that_is_refused_leaves_its_refusal_only(
    what: str, tmp_path: Path, qm: Callable[..., Said], rows: Callable[[], dict[str, int]]
) -> None:
    make, said = REFUSED[what]
    file, plan = make(tmp_path), mapping(tmp_path, AREAS)
    before = rows()
    checked = qm("check", "areas", file, "--mapping", plan, "--json")
    assert (checked.code, changed(before, rows())) == (1, set())
    assert said in checked.report["refused"]
    loaded = qm("load", "areas", file, "--mapping", plan, "--json")
    assert loaded.code == 1
    assert said in loaded.report["refused"]
    assert "secret" not in loaded.out + loaded.err
    assert "delivery" in changed(before, rows()) <= REFUSAL_TABLES


def test_a_missing_column_is_answered_with_the_columns_that_the_file_has(
    tmp_path: Path, qm: Callable[..., Said]
) -> None:
    file = write_text(tmp_path / "x.csv", "Nummer;erfasst;X;Y\n1;31.12.2024;1;2\n")
    result = qm("load", "properties", file, "--mapping", mapping(tmp_path, REGISTER), "--json")
    assert result.code == 1
    assert "Nr, Nutzung" in result.report["refused"]
    assert "Nummer, erfasst, X, Y" in result.report["refused"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "no rows"),
        (["1;31.12.2024;Burg;395000,5;5690000,5;"], "all 1 rows are rejected"),
        ([f"{number};kein Datum;Wohnen;395000,5;5690000,5;" for number in range(30)], "30 rows are rejected"),
    ],
)
def test_a_register_of_which_nothing_would_be_loaded_is_refused(
    lines: list[str], said: str, tmp_path: Path, qm: Callable[..., Said], rows: Callable[[], dict[str, int]]
) -> None:
    before = rows()
    file = register(tmp_path / "x.csv", lines, good_rows=0)
    result = qm("load", "properties", file, "--mapping", mapping(tmp_path, REGISTER), "--json")
    assert result.code == 1
    assert said in result.report["refused"]
    assert result.report["loaded"] == 0
    assert changed(before, rows()) <= REFUSAL_TABLES


def test_more_than_five_per_cent_and_more_than_five_rows_refuse_the_whole(
    tmp_path: Path, qm: Callable[..., Said], rows: Callable[[], dict[str, int]]
) -> None:
    bad = [f"B{number};31.02.2024;Wohnen;395000,5;5690000,5;" for number in range(6)]
    before = rows()
    few = register(tmp_path / "few.csv", bad, good_rows=50)
    result = qm("load", "properties", few, "--mapping", mapping(tmp_path, REGISTER), "--json")
    assert (result.code, result.report["rejected"]) == (1, 6)
    assert changed(before, rows()) <= REFUSAL_TABLES
    many = register(tmp_path / "many.csv", bad, good_rows=200)
    result = qm("load", "properties", many, "--mapping", mapping(tmp_path, REGISTER), "--json")
    assert (result.code, result.report["rejected"], result.report["loaded"]) == (0, 6, 200)


# --- rejected rows, each with line and reason: exit 0 -----------------------------------------------------------------


BAD_ROWS = {
    "31.02.2024": ("A;31.02.2024;Wohnen;395000,5;5690000,5;", "registered_on", "31.02.2024"),
    "the year 202": ("A;01.03.0202;Wohnen;395000,5;5690000,5;", "registered_on", "0202"),
    "a date in the future": ("A;01.01.2999;Wohnen;395000,5;5690000,5;", "registered_on", "as-of date"),
    "an unknown code": ("A;01.03.2024;Burg;395000,5;5690000,5;", "use_type", "Burg"),
    "a coordinate that is no number": ("A;01.03.2024;Wohnen;NaN;5690000,5;", "x", "NaN"),
    "a decimal point for a comma": ("A;01.03.2024;Wohnen;395000.5;5690000,5;", "x", "comma"),
    "a point outside of the city": ("A;01.03.2024;Wohnen;295000,5;5690000,5;", "geometry", "outside"),
    "an empty key": (";01.03.2024;Wohnen;395000,5;5690000,5;x", "key", "empty"),
    "too few fields": ("A;01.03.2024;Wohnen", None, "expected 6 fields, but 3 came"),
    "a zero byte": ("A\0B;01.03.2024;Wohnen;395000,5;5690000,5;", "key", "zero byte"),
}


@pytest.mark.parametrize("what", BAD_ROWS)
def test_a_bad_row_is_rejected_with_its_line_and_reason(what: str, tmp_path: Path, qm: Callable[..., Said]) -> None:
    row, field, said = BAD_ROWS[what]
    file = register(tmp_path / "x.csv", [GOOD.format("FIRST"), row])
    result = qm("load", "properties", file, "--mapping", mapping(tmp_path, REGISTER), "--json")
    assert result.code == 0
    assert (result.report["loaded"], result.report["rejected"]) == (201, 1)
    rejections = result.report["rejections"]
    assert {rejection["line"] for rejection in rejections} == {3}
    assert rejections[0]["field"] == field
    assert said in rejections[0]["reason"]


def test_identical_duplicates_and_contradictions_are_told_apart(tmp_path: Path, qm: Callable[..., Said]) -> None:
    twin, one, other = GOOD.format("TWIN"), GOOD.format("E"), GOOD.format("E").replace("395000,5", "395001,5")
    file = register(tmp_path / "x.csv", [twin, twin, one, other])
    result = qm("load", "properties", file, "--mapping", mapping(tmp_path, REGISTER), "--json")
    assert (result.code, result.report["loaded"], result.report["rejected"]) == (0, 201, 3)
    reasons = {rejection["line"]: rejection["reason"] for rejection in result.report["rejections"]}
    assert reasons.keys() == {3, 4, 5}
    assert "duplicate of line 2" in reasons[3]


def test_rejected_rows_keep_mapped_columns_only(
    tmp_path: Path, qm: Callable[..., Said], clean_urls: DatabaseUrls
) -> None:
    file = register(tmp_path / "x.csv", ["A;31.02.2024;Wohnen;395000,5;5690000,5;B. Person"])
    assert qm("load", "properties", file, "--mapping", mapping(tmp_path, REGISTER), "--json").code == 0
    engine = create_engine(clean_urls.load, poolclass=NullPool)
    with engine.connect() as connection:
        (kept,) = connection.execute(text("SELECT row FROM qm.rejected_row")).scalars().all()
    engine.dispose()
    assert kept == {"Nr": "A", "erfasst": "31.02.2024", "Nutzung": "Wohnen", "X": "395000,5", "Y": "5690000,5"}


# --- recognised and said: exit 0 --------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
def test_a_register_in_any_usual_encoding_is_loaded_and_the_encoding_said(
    encoding: str, tmp_path: Path, qm: Callable[..., Said]
) -> None:
    plan = mapping(tmp_path, REGISTER)
    file = register(tmp_path / "x.csv", [GOOD.format("Grüner Weg 1")], encoding)
    assert qm("load", "properties", file, "--mapping", plan, "--json").report["loaded"] == 201
    said = qm("check", "properties", file, "--mapping", plan)
    assert said.code == 0
    assert f"Read as {encoding.removesuffix('-sig')}" in " ".join(said.out.split())


def test_a_spreadsheet_with_formulas_is_read_as_values(tmp_path: Path, qm: Callable[..., Said]) -> None:
    cells = [HEADER.split(";"), *([f"G{n}", "31.12.2024", "Wohnen", 395000.5, 5690000.5, "x"] for n in range(5))]
    cells.append(['=CMD("calc")', "31.12.2024", "Wohnen", 395000.5, 5690000.5, "x"])
    file = write_spreadsheet(tmp_path / "x.xlsx", cells)
    result = qm("load", "properties", file, "--mapping", mapping(tmp_path, REGISTER), "--json")
    # The formula was never computed by anybody, so its cell has no value; the formula itself is not taken for one.
    assert (result.code, result.report["loaded"], result.report["rejected"]) == (0, 5, 1)
    assert "CMD" not in result.out


def test_swapped_axes_heights_and_crossing_rings_are_mended_and_said(tmp_path: Path, qm: Callable[..., Said]) -> None:
    def turned(shape: Any) -> dict[str, Any]:
        ring = [[y, x, 107.5] for x, y in shape.exterior.coords]
        return {"type": "Polygon", "coordinates": [ring]}

    features = [
        feature({"number": 1, "name": "Süd"}, turned(SQUARE)),
        feature({"number": 2, "name": "Acht"}, turned(BOW_TIE)),
    ]
    file = write_geojson(tmp_path / "x.geojson", features, crs=named_crs("EPSG:25832"))
    plan = mapping(tmp_path, AREAS)
    said = " ".join(qm("check", "areas", file, "--mapping", plan).out.split())
    assert "axes are swapped" in said
    assert "2 of 2 geometries have heights" in said
    report = qm("load", "areas", file, "--mapping", plan, "--json").report
    assert (report["loaded"], report["repaired"]) == (2, 1)


def test_features_without_a_place_are_rejected_with_their_number(tmp_path: Path, qm: Callable[..., Said]) -> None:
    good = [feature({"number": n, "name": "x"}, shape) for n, shape in enumerate([SQUARE, SQUARE.buffer(-10)])]
    bad = [
        feature({"number": 90, "name": "none"}),
        feature(
            {"number": 91, "name": "NaN"}, {"type": "Polygon", "coordinates": [[[float("nan"), 1], [2, 3], [4, 5]]]}
        ),
        feature({"number": 92, "name": "far"}, SQUARE.buffer(200_000)),
        feature({"number": 93, "name": "point"}, point(395_000, 5_690_000)),
    ]
    file = write_geojson(tmp_path / "x.geojson", [*good, *bad], crs=named_crs("EPSG:25832"))
    report = qm("load", "areas", file, "--mapping", mapping(tmp_path, AREAS), "--json").report
    assert (report["loaded"], report["rejected"], report["refused"]) == (2, 4, None)
    assert sorted(rejection["line"] for rejection in report["rejections"]) == [3, 4, 5, 6]
    assert all(rejection["reason"] for rejection in report["rejections"])


def test_nothing_of_the_shell_is_needed(tmp_path: Path, qm: Callable[..., Said]) -> None:
    """A file name is a name, whatever it looks like."""
    file = register(tmp_path / "$(touch x); --json.csv", [])
    assert qm("load", "properties", file, "--mapping", mapping(tmp_path, REGISTER), "--json").code == 0
    assert {one.name for one in tmp_path.iterdir()} == {file.name, "mapping.toml"}
