"""The CRS of a file: what the caller gives wins over what the file says, and a difference is remarked."""

import re
from typing import Final

import pyproj
import pyproj.exceptions

from geodata.errors import DeliveryRefused, UsageError

# PROJ takes many more texts for a CRS, among them such that make it open a file (`+init=...`).
_CODE: Final = re.compile(
    r"(?:[A-Za-z]{2,10}:[A-Za-z0-9]{1,12}|EPSG:\d{4,6}\+\d{4,6}|urn:ogc:def:crs:[\w.:-]+|https?://www\.opengis\.net/[\w./#-]+)"
)
_WKT: Final = re.compile(r"(?:PROJ|GEOG|GEOD|COMPOUND|BOUND|COMPD_|GEOC|LOCAL_|ENG)[A-Z]*\[")


def known_crs(text: str) -> pyproj.CRS | None:
    """The CRS that a code or a WKT names, None where it is none."""
    try:
        if _WKT.match(text):
            return pyproj.CRS.from_wkt(text)
        return pyproj.CRS.from_user_input(text) if _CODE.fullmatch(text) else None
    except pyproj.exceptions.CRSError:
        return None


def given_crs(text: str) -> pyproj.CRS:
    """The CRS that a mapping or the command line names; UsageError where it is none."""
    crs = known_crs(text)
    if crs is None:
        raise UsageError(f"Expected a CRS as EPSG:25832, but got {text!r}.")
    return crs


def choose_crs(
    name: str, given: pyproj.CRS | None, own_text: str | None, *, names_crs: bool, remarks: list[str]
) -> pyproj.CRS | None:
    """The CRS by which the coordinates of the file `name` are read; None where nobody names one.

    `names_crs` is False where `own_text` is only the standard's default. DeliveryRefused: the file names an unknown
    CRS, and none is given.
    """
    if own_text is None:
        return given
    own = known_crs(own_text)
    if own is None:
        if given is None:
            raise DeliveryRefused(
                f"Expected a known CRS, but {name} names {own_text[:80]!r}; the mapping or --crs can name another."
            )
        remarks.append(f"The file names the CRS {own_text[:80]!r}, which is not known; read as {given.name}.")
        return given
    if given is None:
        if not names_crs:
            remarks.append(f"The file names no CRS; read as {own.name}, as the GeoJSON standard says.")
        return own
    if names_crs and not own.equals(given, ignore_axis_order=True):
        remarks.append(f"The file names the CRS {_label(own)}, but {_label(given)} was given and holds.")
    return given


def _label(crs: pyproj.CRS) -> str:
    """Code and name: two CRS can have one name."""
    code = crs.to_authority()
    return crs.name if code is None else f"{':'.join(code)} ({crs.name})"
