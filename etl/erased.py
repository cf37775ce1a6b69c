"""Rows of what was erased: rejected one by one, and nothing of them is kept.

Without this the register of next week would bring back what was erased today. `geodata/keeping/erasure_ledger.py` says
how a key is known again; `qm erase lift` lets it pass.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from etl.casts import Problem
from etl.mapping import Mapping
from geodata.keeping.erasure_ledger import ErasedKeys

# What is part of another fact, and goes with it: the steps of a proceeding, what became of a closed house.
_BELONGS_TO: Final = {
    "measure_steps": ("measure_key", "qm.measure"),
    "closure_events": ("closure_key", "qm.closure"),
}


def erased_rows(frame: pd.DataFrame, mapping: Mapping, erased: ErasedKeys | None) -> dict[int, list[Problem]]:
    """Position in the chunk -> why the row is rejected, for rows that bring an erased key again."""
    if erased is None or erased.is_empty:
        return {}
    found: dict[int, list[Problem]] = {}
    for field, kind, what in _places(frame, mapping):
        before = (mapping.register or "",) if kind == "property" else ()
        dates = erased.dates(kind, frame[field].dropna().unique(), *before, what=what)
        for position in np.flatnonzero(frame[field].isin(list(dates))):
            reason = f"erased on {dates[frame[field].iloc[position]]:%d.%m.%Y}; the key is not taken over again"
            found[int(position)] = [Problem(int(position), field, reason)]
    return found


def _places(frame: pd.DataFrame, mapping: Mapping) -> Iterator[tuple[str, str, str | None]]:
    """Where an erased key can stand in the rows of a source: field, kind of erasure, table of a fact."""
    source = mapping.source
    if source.name == "properties":
        yield "key", "property", None
    else:
        yield "key", "fact", str(source.table)
    for field, kind in (("property_key", "property"), ("owner_key", "owner")):
        if field in frame:
            yield field, kind, None
    if source.name in _BELONGS_TO:
        field, table = _BELONGS_TO[source.name]
        yield field, "fact", table
