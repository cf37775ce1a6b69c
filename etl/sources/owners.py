"""Who owns a property: one row for each owner of each property, as a land register or tax register exports it.

The only source that takes over names of persons. They go into the schema `owners` and nowhere else: rejected rows are
kept without their columns, reasons do not quote them (`etl/withheld.py`), and each reading is logged.
"""

import re
from typing import Final

import pandas as pd

from etl.casts import Problem
from etl.source import ADDRESS, PARCEL, PROPERTY_KEY, Field, Kind, Named, Past, Source, source_key
from geodata import codes
from geodata.tables.owners import owner, ownership

_SHARE: Final = re.compile(r"[1-9][0-9]{0,9}/[1-9][0-9]{0,9}")


def _check(frame: pd.DataFrame) -> list[Problem]:
    """Shares are fractions, at most the whole; a register that writes percent needs another column."""
    return [
        Problem(position, "share", "expected a share like 1/2, found something else")
        for position, share in enumerate(frame["share"])
        if not pd.isna(share) and not _is_share(str(share))
    ]


def _is_share(text: str) -> bool:
    part, _, whole = text.partition("/")
    return bool(_SHARE.fullmatch(text)) and int(part) <= int(whole)


SOURCE = Source(
    name="owners",
    doc="Who owns a property",
    table=ownership,
    fields=(
        source_key("register, property and owner"),
        PROPERTY_KEY,
        PARCEL,
        *ADDRESS,
        Field("owner_key", "key of the owner in the register", is_required=True, is_person=True),
        Field(
            "owner_kind",
            "what kind of owner it is",
            Kind.CODE,
            is_required=True,
            is_stored=False,
            codes=codes.OWNERSHIP_FORMS,
        ),
        Field("owner_name", "name of the person or company", is_stored=False, is_person=True),
        Field("owner_address", "address at which papers are served", is_stored=False, is_person=True),
        Field("share", "share as a fraction, as 1/2"),
        Field("owned_since", "date since which the owner owns it", Kind.DATE),
        Field("source", "register or extract that says so", is_free_text=True),
        Field("link_confidence", "how sure the link is", Kind.CODE, codes=codes.LINK_CONFIDENCES),
        Field("link_reason", "how entry and property were matched", is_free_text=True),
    ),
    key_parts=("property_key", "owner_key"),
    past=Past.LASTING,
    is_of_property=True,
    names=Named(
        owner,
        "owner_key",
        {"kind": "owner_kind", "name": "owner_name", "address": "owner_address"},
    ),
    check=_check,
)
