"""Rules between the fields of a row that several sources share; each field alone is right already."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from etl.casts import Problem


def earlier_than(frame: pd.DataFrame, start: str, end: str) -> Iterator[Problem]:
    """Rows whose end comes before their start."""
    for at in rows_where(frame[end] < frame[start]):
        day = frame[start].iloc[at]
        yield Problem(at, end, f"expected a date from {start} ({day:%d.%m.%Y}) on, found an earlier one")


def lonely(frame: pd.DataFrame, name: str, other: str) -> Iterator[Problem]:
    """Rows with a value that says nothing without another one."""
    for at in rows_where(frame[name].notna() & frame[other].isna()):
        yield Problem(at, other, f"expected a value beside {name}, found an empty field")


def rows_where(mask: "pd.Series[bool]") -> list[int]:
    """Positions at which a mask holds; unknown is no."""
    return [int(at) for at in np.flatnonzero(mask.fillna(value=False).to_numpy(dtype=bool))]
