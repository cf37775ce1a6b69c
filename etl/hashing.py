"""The hash of a row's content, computed before the row is in the database, where it is `md5(row(...)::text)`.

The database needs 2.4 s for the hashes of a million rows, this 0.9 s, and while it still writes the rows before. Only
content whose text form leaves no choice is hashed here: text, codes, dates, whole numbers, yes and no. Rows that come
later are compared with these hashes by the database's own (`sql/judge.sql`), so the two must never differ.
"""

import hashlib
import re
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from etl.source import Field, Kind, Source
from etl.staging import StageColumn

HASH = StageColumn("content_hash", "uuid")
_EXACT_KINDS = (Kind.TEXT, Kind.CODE, Kind.DATE, Kind.INTEGER, Kind.BOOLEAN)
# In an array PostgreSQL writes such a code without quotation marks.
_PLAIN_CODE = re.compile(r"(?!null$)[a-z][a-z0-9_]*")
# record_out puts a value that holds one of these, or nothing, into quotation marks.
_NEEDS_QUOTES = r'^$|["\\(),\t\n\v\f\r ]'


def can_hash(source: Source, columns: tuple[StageColumn, ...]) -> bool:
    """Whether the content of this source has one text form only."""
    return all(one.name in source.by_name and _is_exact(source.by_name[one.name]) for one in columns if one.is_content)


def with_hashes(
    frame: pd.DataFrame, source: Source, columns: tuple[StageColumn, ...], register: str | None
) -> pd.DataFrame:
    """The rows with their hashes in the column `HASH`."""
    return frame.assign(content_hash=content_hashes(frame, source, columns, register))


def content_hashes(
    frame: pd.DataFrame, source: Source, columns: tuple[StageColumn, ...], register: str | None
) -> "pd.Series[Any]":
    """Hexadecimal hashes of the rows, in the order of the content columns, behind the register."""
    if frame.empty:
        return pd.Series([], dtype="str")
    first = pa.repeat(_text(register), len(frame))
    values = [_field(frame[one.name], source.by_name[one.name]) for one in columns if one.is_content]
    parts = [_quoted(first), *values]
    inner = pc.binary_join_element_wise(*parts, _text(","), null_handling="replace", null_replacement="")
    rows = pc.binary_join_element_wise(_text("("), inner, _text(")"), _text("")).cast(pa.large_binary()).to_pylist()
    return pd.Series([hashlib.md5(row, usedforsecurity=False).hexdigest() for row in rows], index=frame.index)


def _is_exact(field: Field) -> bool:
    if field.kind is Kind.CODE_LIST:
        return all(_PLAIN_CODE.fullmatch(code) for code in field.codes)
    return field.kind in _EXACT_KINDS


def _field(values: "pd.Series[Any]", field: Field) -> pa.Array:
    """The values as fields of a row; only texts and lists can need quotation marks."""
    texts = _as_text(values, field.kind)
    is_plain = field.kind not in (Kind.TEXT, Kind.CODE, Kind.CODE_LIST)
    is_plain = is_plain or (field.kind is Kind.CODE and all(_PLAIN_CODE.fullmatch(code) for code in field.codes))
    return texts if is_plain else _quoted(texts)


def _as_text(values: "pd.Series[Any]", kind: Kind) -> pa.Array:
    """How PostgreSQL writes the values of a column."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return pa.array(values.to_numpy(dtype="datetime64[D]")).cast(pa.large_string())
    made = pa.array(values, from_pandas=True)
    made = made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made
    if pa.types.is_boolean(made.type):
        return pc.if_else(made, _text("t"), _text("f"))
    texts = made.cast(pa.large_string())
    # Array literals have quotation marks that plain codes do not need.
    return pc.replace_substring(texts, '"', "") if kind is Kind.CODE_LIST else texts


def _quoted(texts: pa.Array) -> pa.Array:
    """The texts as fields of a row."""
    needs = pc.fill_null(pc.match_substring_regex(texts, _NEEDS_QUOTES), pa.scalar(value=False))
    if not pc.any(needs).as_py():
        return texts
    doubled = pc.replace_substring(pc.replace_substring(texts, "\\", "\\\\"), '"', '""')
    mark = _text('"')
    return pc.if_else(needs, pc.binary_join_element_wise(mark, doubled, mark, _text("")), texts)


def _text(value: str | None) -> pa.Scalar:
    return pa.scalar(value, type=pa.large_string())
