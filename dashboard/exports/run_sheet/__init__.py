"""The run sheet of a planned round: a tagged PDF with a map and fields to tick by hand, typeset by typst.

Everything that stands on it reaches the typesetter as one JSON value and is placed as text: no address can become
markup, and the template reads nothing but its own file and asks nobody. It holds no owner, no person and no free text.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal

import typst

_TEMPLATE: Final = "sheet.typ"


@dataclass(frozen=True)
class SheetStop:
    """One object on the sheet; everything in words."""

    number: int
    title: str
    key: str
    reason: str
    last: str
    rule: str
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """What stands on a run sheet; `note` is what holds for all of it (invented data), `drawing` an SVG."""

    language: str
    title: str
    subtitle: str
    note: str | None
    facts: tuple[tuple[str, str], ...]
    drawing: str | None
    drawing_label: str
    drawing_words: str
    stops: tuple[SheetStop, ...]
    words: Mapping[str, Any]
    footer: str


def as_pdf(sheet: Sheet) -> bytes:
    """The sheet as a tagged PDF."""
    return _typeset(sheet, "pdf")


def as_picture(sheet: Sheet) -> bytes:
    """The first page as PNG, to look at."""
    made = _typeset(sheet, "png")
    return made[0] if isinstance(made, list) else made


def _typeset(sheet: Sheet, form: Literal["pdf", "png"]) -> Any:
    source = files("dashboard").joinpath("exports", "run_sheet", _TEMPLATE).read_bytes()
    with TemporaryDirectory() as empty:
        # In an empty folder of its own the template could read nothing, and a package that it named would not be there.
        nowhere = str(Path(empty))
        return typst.compile(
            source,
            root=nowhere,
            format=form,
            sys_inputs={"sheet": json.dumps(asdict(sheet), ensure_ascii=False)},
            package_path=nowhere,
            package_cache_path=nowhere,
        )
