"""A city of any size for benchmarks, as plain CSV: for each property its place, state, assessment and ten inspections.

Written with arrays and pyarrow, because a million properties have ten million inspections.
"""

from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from etl.demo import german_columns, words
from etl.demo.buildings import Ints
from etl.demo.city import City
from etl.demo.drawing import Floats
from etl.demo.files import ENCODING

INSPECTIONS_EACH: Final = 10
_CHUNK_PROPERTIES: Final = 100_000
_DAYS: Final = 3650
_JITTER_M: Final = 40.0
_CLOSED_SHARE: Final = 0.15


def write_bulk_properties(folder: Path, city: City, seed: int, size: int, on: date) -> Path:
    """The register with coordinates instead of addresses: near the houses of the city, many at each."""
    path = folder / f"register_problemimmobilien_{on}.csv"
    rng = np.random.default_rng([seed, 900])
    xy = _points(city, size, rng)
    table = pa.table(
        {
            "Objekt-Nr.": _keys(np.arange(size)),
            "Aufnahme": _days(on, rng.integers(_DAYS, 2 * _DAYS, size)),
            "Aktenzeichen": _keys(np.arange(size), "63.1/"),
            "Nutzung": _choice(list(words.USE_TYPES.values()), rng.integers(0, 4, size)),
            "Wohnungen": pa.array(rng.integers(1, 20, size)),
            "bewohnt": _choice(["ja", "nein"], (rng.random(size) < 0.25).astype(int)),
            "Rechtswert": _metres(xy[:, 0]),
            "Hochwert": _metres(xy[:, 1]),
        }
    )
    path.write_bytes(_csv(table))
    return path


def write_bulk_status(folder: Path, seed: int, size: int, on: date) -> Path:
    """One event for each property, the one that gives its state of today."""
    path = folder / f"status_{on}.csv"
    rng = np.random.default_rng([seed, 902])
    is_closed = (names := list(words.STATES)).index("closed")
    states = np.where(rng.random(size) < _CLOSED_SHARE, is_closed, rng.integers(2, is_closed, size))
    values = (
        _keys(np.arange(size)),
        _choice([words.STATES[name] for name in names], states),
        _days(on, rng.integers(0, _DAYS, size)),
        pa.array(np.ones(size, dtype=np.int64)),
        pa.nulls(size, pa.string()),
    )
    path.write_bytes(_csv(pa.table(dict(zip(german_columns.STATUS, values, strict=True)))))
    return path


def write_bulk_assessments(folder: Path, seed: int, size: int, on: date) -> Path:
    """An assessment for every other property."""
    path = folder / f"bewertungen_{on}.csv"
    rng = np.random.default_rng([seed, 903])
    assessed = np.arange(0, size, 2)
    values = (
        _keys(assessed),
        _days(on, rng.integers(0, _DAYS, len(assessed))),
        pa.array(rng.integers(0, 4, len(assessed))),
        pa.array(rng.integers(0, 4, len(assessed))),
        pa.nulls(len(assessed), pa.string()),
    )
    path.write_bytes(_csv(pa.table(dict(zip(german_columns.ASSESSMENTS, values, strict=True)))))
    return path


def write_bulk_inspections(folder: Path, seed: int, size: int, on: date) -> Path:
    """Ten inspections for each property, in the columns of the usual export, at most one a day for each property."""
    path = folder / f"kontrollen_{on}.csv"
    with path.open("wb") as stream:
        for first in range(0, size, _CHUNK_PROPERTIES):
            table = _inspections(seed, first, min(first + _CHUNK_PROPERTIES, size), on)
            stream.write(_csv(table, include_header=first == 0))
    return path


def _inspections(seed: int, first: int, stop: int, on: date) -> pa.Table:
    rng = np.random.default_rng([seed, 901, first])
    rows = (stop - first) * INSPECTIONS_EACH
    nth = np.tile(np.arange(INSPECTIONS_EACH), stop - first)
    # Each of the ten lies in a year of its own, so no day comes twice.
    ago = nth * (_DAYS // INSPECTIONS_EACH) + rng.integers(0, _DAYS // INSPECTIONS_EACH, rows)
    access = rng.choice(4, rows, p=(0.1, 0.2, 0.3, 0.4))
    has_finding = (access > 0) & (rng.random(rows) < 0.55)
    result = np.where(access == 0, 2, has_finding.astype(int))
    defects = np.where(has_finding, rng.integers(1, len(words.DEFECTS) + 1, rows), 0)
    values = (
        _keys(np.repeat(np.arange(first, stop), INSPECTIONS_EACH)),
        _days(on, ago),
        _choice(
            list(words.CONTROL_TYPES.values()), rng.choice(8, rows, p=(0.6, 0.15, 0.05, 0.03, 0.07, 0.02, 0.05, 0.03))
        ),
        pa.nulls(rows, pa.string()),
        _choice(list(words.ACCESS.values()), access),
        _choice(list(words.RESULTS.values()), result),
        _choice(["", *words.DEFECTS.values()], defects),
        pa.nulls(rows, pa.string()),
    )
    return pa.table(dict(zip(german_columns.INSPECTIONS, values, strict=True)))


def _points(city: City, size: int, rng: np.random.Generator) -> Floats:
    houses = city.addresses.xy
    moved = rng.normal(0, _JITTER_M / 2, (size, 2)).clip(-_JITTER_M, _JITTER_M)
    return np.asarray(houses[rng.integers(0, len(houses), size)] + moved)


def _keys(numbers: Ints, prefix: str = "PI-") -> pa.Array:
    return pc.binary_join_element_wise(prefix, pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), 7, "0"), "")


def _days(on: date, ago: Ints) -> pa.Array:
    days = pa.array(np.datetime64(on) - ago.astype("timedelta64[D]"))
    return pc.strftime(days, format="%d.%m.%Y")


def _metres(values: Floats) -> pa.Array:
    return pc.replace_substring(pc.cast(pa.array(np.round(values, 2)), pa.string()), ".", ",")


def _choice(texts: list[str], indices: Ints) -> pa.Array:
    return pc.take(pa.array(texts), pa.array(indices))


def _csv(table: pa.Table, *, include_header: bool = True) -> bytes:
    """The table as offices export it: semicolons, and Windows-1252, which pyarrow cannot write itself."""
    options = pa_csv.WriteOptions(include_header=include_header, delimiter=";", quoting_style="none")
    content = pa.BufferOutputStream()
    pa_csv.write_csv(table, content, options)
    # No value holds a quotation mark; pyarrow quotes the header whatever the style.
    text: str = content.getvalue().to_pybytes().decode()
    return text.replace('"', "").encode(ENCODING)
