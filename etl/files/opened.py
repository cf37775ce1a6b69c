"""What the rest of the ETL gets from a file, whatever format it had.

A file is read in chunks, so that a million rows never lie in memory at once. Only the columns that a mapping names
leave this package: everything else in the file (names of owners, remarks) is never returned.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj

Kind = Literal["table", "features"]
Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True)
class TableOptions:
    """How to read a file: what the mapping says about its form, and the columns that may leave this package.

    `columns` None returns every column; only tools that look into a file use that, a mapping always names its columns.
    `header` names the columns of a file without a header line (gebref.txt). `sheet` is the sheet of a spreadsheet or
    the layer of a file with several layers. `decimal` is the sign in which numbers are *returned* where the file holds
    typed numbers (spreadsheets, features), so that casts read the same text as from a CSV of the same office.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    columns: tuple[str, ...] | None = None
    header: tuple[str, ...] | None = None
    decimal: str = "."


@dataclass(frozen=True)
class Chunk:
    """Some records of a file, in their order.

    `lines` holds for each row of `frame` the physical line on which its record starts (CSV), the row of the sheet, or
    the number of the feature from 1. `frame` has the requested columns that the file has, in its order, of pandas dtype
    `str`: text as written, not stripped; an empty field is missing (`isna()`). Typed values (spreadsheets, features)
    come as text: dates as `2024-03-31` (with a time: `2024-03-31T08:12:00`), truth values as `true` and `false`, whole
    numbers without a decimal sign, others with `TableOptions.decimal`. `geometry` is raw, in the CRS and with the
    dimensions of the file; None where a feature has none. `broken` are records that could not be read at all (number of
    fields, geometry), with the reason.
    """

    lines: list[int]
    frame: pd.DataFrame
    geometry: Geometries | None = None
    broken: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Opened:
    """A file that was recognised and can be read.

    `columns` are all names that the file really has, in their order; columns that were requested but are missing are
    simply not in the frames, so the caller compares first and can say everything at once. `remarks` says in words what
    was recognised (encoding, CRS, left-out empty rows); some of them are known only after the last chunk, so read it
    then. `crs` is the CRS that was given by the caller, else the file's own, else None. `chunks` can be iterated once.
    """

    columns: tuple[str, ...]
    kind: Kind
    remarks: list[str]
    chunks: Iterator[Chunk]
    crs: pyproj.CRS | None
    sha256: str
    bytes: int
