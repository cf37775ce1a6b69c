"""Hashes made in Python are those of the database: else every row would come back as changed."""

from datetime import date

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Date, MetaData, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, BOOLEAN

from etl.hashing import can_hash, content_hashes
from etl.source import Field, Kind, Source
from etl.staging import stage_columns

CODES = ("waste", "fire_load", "letter_boxes_bells")
SOURCE = Source(
    name="things",
    doc="one field of each kind that can be hashed",
    table=Table(
        "thing",
        MetaData(),
        Column("key", Text),
        Column("note", Text),
        Column("state", Text),
        Column("seen_on", Date),
        Column("number", SmallInteger),
        Column("is_open", BOOLEAN),
        Column("defects", ARRAY(Text)),
    ),
    fields=(
        Field("key", "key"),
        Field("note", "any text"),
        Field("state", "a code", Kind.CODE, codes=CODES),
        Field("seen_on", "a date", Kind.DATE),
        Field("number", "a number", Kind.INTEGER),
        Field("is_open", "yes or no", Kind.BOOLEAN),
        Field("defects", "codes", Kind.CODE_LIST, codes=CODES),
    ),
)
QUERY = text(
    "SELECT md5(row(CAST(:register AS text), CAST(:note AS text), CAST(:state AS text), CAST(:seen_on AS date),"
    " CAST(:number AS smallint), CAST(:is_open AS boolean), CAST(:defects AS text[]))::text)"
)
ODD = ('"', "\\", "(a)", " ", "a,b", "\t", "\v", "\x85", "\xa0", "NULL")
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)
ROWS = st.fixed_dictionaries(
    {
        "register": st.one_of(TEXTS, st.none()),
        "note": st.one_of(st.none(), TEXTS, st.sampled_from(ODD)),
        "state": st.one_of(st.none(), st.sampled_from(CODES)),
        "seen_on": st.one_of(st.none(), st.dates(date(1900, 1, 1), date(9999, 12, 31))),
        "number": st.one_of(st.none(), st.integers(-32_768, 32_767)),
        "is_open": st.one_of(st.none(), st.booleans()),
        "defects": st.lists(st.sampled_from(CODES), unique=True, max_size=3),
    }
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_python_and_database_hash_alike(loader: Connection, row: dict[str, object]) -> None:
    defects = "{" + ",".join(f'"{code}"' for code in row["defects"]) + "}"  # type: ignore[attr-defined]
    frame = pd.DataFrame(
        {
            "note": pd.Series([row["note"]], dtype="str"),
            "state": pd.Series([row["state"]], dtype="str"),
            "seen_on": pd.Series([row["seen_on"]], dtype="datetime64[us]"),
            "number": pd.Series([row["number"]], dtype="Int64"),
            "is_open": pd.Series([row["is_open"]], dtype="boolean"),
            "defects": pd.Series([defects], dtype="str"),
        }
    )
    [found] = content_hashes(frame, SOURCE, stage_columns(SOURCE), row["register"])  # type: ignore[arg-type]
    assert found == loader.execute(QUERY, {**row, "defects": row["defects"]}).scalar_one()


def test_what_has_several_text_forms_is_left_to_the_database() -> None:
    for kind in (Kind.DECIMAL, Kind.TEXT_LIST):
        fields = tuple(Field(one.name, one.doc, kind) if one.name == "note" else one for one in SOURCE.fields)
        other = Source(name="others", doc="", table=SOURCE.table, fields=fields)
        assert not can_hash(other, stage_columns(other))
    assert can_hash(SOURCE, stage_columns(SOURCE))
    odd = tuple(Field(one.name, one.doc, one.kind, codes=("a b",)) for one in SOURCE.fields)
    assert not can_hash(Source(name="odd", doc="", table=SOURCE.table, fields=odd), stage_columns(SOURCE))
