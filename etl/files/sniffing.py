"""Which format a file really has: its content has to agree with the end of its name, or it is refused.

GDAL goes by the content alone: a VRT named `x.geojson` opened another file. Here the name says what is expected, the
first bytes say what came, and only a pair that belongs together is read.
"""

import re
import zipfile
from enum import StrEnum
from pathlib import PurePath
from typing import BinaryIO

from geodata.errors import DeliveryRefused

_HEAD_BYTES = 64 * 1024
# A broken export has a zero byte here and there: its rows are rejected one by one. Binary data are full of them.
_TEXT_MAX_SHARE_OF_ZEROS = 0.01
_ROOT_ELEMENT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s>/]")
_XML_PROLOGUE = re.compile(r"<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DOCUMENT_TYPE = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


class Format(StrEnum):
    """The formats that are read; the value is the name for messages."""

    CSV = "CSV"
    XLSX = "Excel (xlsx)"
    XLS = "Excel (xls)"
    ODS = "OpenDocument (ods)"
    GEOJSON = "GeoJSON"
    GEOPACKAGE = "GeoPackage"
    SHAPEFILE = "Shapefile"
    GML = "GML"
    KML = "KML"
    ZIP = "zip archive"


FORMATS_BY_SUFFIX = {
    ".csv": Format.CSV,
    ".txt": Format.CSV,
    ".tsv": Format.CSV,
    ".xlsx": Format.XLSX,
    ".xlsm": Format.XLSX,
    ".xls": Format.XLS,
    ".ods": Format.ODS,
    ".geojson": Format.GEOJSON,
    ".json": Format.GEOJSON,
    ".gpkg": Format.GEOPACKAGE,
    ".shp": Format.SHAPEFILE,
    ".gml": Format.GML,
    ".xml": Format.GML,
    ".kml": Format.KML,
    ".zip": Format.ZIP,
}
SPREADSHEETS = frozenset({Format.XLSX, Format.XLS, Format.ODS})
FEATURES = frozenset({Format.GEOJSON, Format.GEOPACKAGE, Format.SHAPEFILE, Format.GML, Format.KML})


def expected_format(name: str) -> Format:
    """The format that the end of a name promises; DeliveryRefused lists what is read if it promises none."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in FORMATS_BY_SUFFIX:
        known = ", ".join(sorted(FORMATS_BY_SUFFIX))
        raise DeliveryRefused(f"Expected a file ending in one of {known}, but {name} ends in {suffix or 'nothing'}.")
    return FORMATS_BY_SUFFIX[suffix]


def recognise(name: str, stream: BinaryIO) -> Format:
    """The format of an open file, read from its start; the stream can be thrown away afterwards.

    DeliveryRefused: the end of the name is unknown, or the content is something else than the name says.
    """
    expected = expected_format(name)
    head = stream.read(_HEAD_BYTES)
    if not head:
        raise DeliveryRefused(f"Expected {expected}, but {name} is empty (0 bytes).")
    found = _format_of(head, stream)
    if found != expected:
        raise DeliveryRefused(f"Expected {expected} because of the name {name}, but the content is {found}.")
    return expected


def _format_of(head: bytes, stream: BinaryIO) -> Format | str:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _format_of_zip(stream)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Format.XLS
    if head.startswith(b"SQLite format 3\0"):
        return Format.GEOPACKAGE
    if head.startswith(b"\x00\x00\x27\x0a"):
        return Format.SHAPEFILE
    return _format_of_text(head)


def _format_of_zip(stream: BinaryIO) -> Format | str:
    try:
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError):
        return "a damaged zip archive"
    if "xl/workbook.xml" in names:
        return Format.XLSX
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return Format.ODS
    return Format.ZIP


def _format_of_text(head: bytes) -> Format | str:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        # Only tables may come in UTF-16 (Excel's "Unicode text"); the guard of XML reads single bytes.
        return Format.CSV
    if head.count(0) > len(head) * _TEXT_MAX_SHARE_OF_ZEROS:
        return "binary data of an unknown kind"
    text = head.removeprefix(b"\xef\xbb\xbf").decode("latin-1").lstrip()
    if text.startswith(("{", "[")):
        return Format.GEOJSON
    if text.startswith("<"):
        return _format_of_xml(text)
    return Format.CSV


def _format_of_xml(text: str) -> Format | str:
    if document_type := _DOCUMENT_TYPE.search(text):
        return f"XML with {document_type[0]}, which could make a reader open or expand other things"
    root = _ROOT_ELEMENT.match(_XML_PROLOGUE.sub("", text).lstrip())
    if root is None:
        return "XML without a root element at its start"
    if root[1] == "kml":
        return Format.KML
    if root[1] in ("FeatureCollection", "SimpleFeatureCollection") or "http://www.opengis.net/gml" in text:
        return Format.GML
    return f"XML with the root element {root[1]}"
