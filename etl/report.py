"""What a delivery did: the report as a value, as JSON, for the eye, and its rejected rows as CSV."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from etl.rows import Rejection
from geodata.csv_safe import csv_line

COUNTS = (
    "read",
    "loaded",
    "unchanged",
    "outdated",
    "rejected",
    "skipped",
    "superseded",
    "repaired",
    "ended",
    "implied",
)
AS_OF_WORDS = {
    "option": "given by --as-of",
    "column": "from a column of the file",
    "file_name": "from the name of the file",
    "today": "today, because nothing says otherwise",
}
SHOWN_REJECTIONS = 20


@dataclass(frozen=True)
class DeliveryReport:
    """A delivery or a check of one. `delivery` is None for a check; `refused` says why nothing was taken over."""

    delivery: int | None
    source: str
    mapping: str
    as_of: date
    as_of_from: str
    counts: Mapping[str, int]
    refused: str | None = None
    seconds: float = 0.0
    rejections: tuple[Rejection, ...] = ()
    remarks: tuple[str, ...] = field(default=())

    @property
    def is_balanced(self) -> bool:
        """Every row that was read has exactly one fate."""
        fates = ("loaded", "unchanged", "outdated", "rejected", "skipped")
        return self.counts["read"] == sum(self.counts[name] for name in fates)

    def to_json(self) -> str:
        """The report as one JSON object, in the order of its fields."""
        content: dict[str, Any] = {
            "delivery": self.delivery,
            "source": self.source,
            "mapping": self.mapping,
            "as_of": self.as_of,
            **{name: self.counts[name] for name in COUNTS},
            "refused": self.refused,
            "seconds": round(self.seconds, 3),
            "rejections": [{"line": one.line, "field": one.field, "reason": one.reason} for one in self.rejections],
        }
        return orjson.dumps(content, option=orjson.OPT_INDENT_2).decode()


def render(report: DeliveryReport) -> RenderableType:
    """The report for a terminal: what happened, the counts, what was recognised, the first rejections."""
    parts: list[RenderableType] = [_headline(report), _count_line(report)]
    parts += [Text(f"· {remark}") for remark in report.remarks]
    if report.rejections:
        parts.append(_rejection_table(report))
    return Group(*parts)


def rejected_csv(rows: Iterable[tuple[int | None, str | None, str, Mapping[str, str | None]]]) -> str:
    """Rejected rows for the office that sent them: line, mapped columns as delivered, all reasons of the row."""
    by_line: dict[int | None, tuple[Mapping[str, str | None], list[str]]] = {}
    for line, name, reason, content in rows:
        _, reasons = by_line.setdefault(line, (content, []))
        reasons.append(f"{name}: {reason}" if name else reason)
    columns = list(dict.fromkeys(name for content, _ in by_line.values() for name in content))
    table: list[list[object]] = [["line", *columns, "reasons"]]
    table += [
        [line, *(content.get(name) for name in columns), " | ".join(reasons)]
        for line, (content, reasons) in by_line.items()
    ]
    return "".join(csv_line(cells) for cells in table)


def _headline(report: DeliveryReport) -> Text:
    name = (
        f"{report.source} by mapping {report.mapping}, as of {report.as_of:%d.%m.%Y} ({AS_OF_WORDS[report.as_of_from]})"
    )
    if report.refused is not None:
        return Text.assemble(("Refused: ", "bold red"), report.refused, f"\n{name}, {report.seconds:.1f} s")
    what = "Checked, nothing written" if report.delivery is None else f"Delivery {report.delivery}"
    return Text.assemble((f"{what}: ", "bold"), f"{name}, {report.seconds:.1f} s")


def _count_line(report: DeliveryReport) -> Text:
    """What is zero is not worth a look, save for the two that everybody asks for."""
    shown = [name for name in COUNTS if report.counts[name] or name in ("read", "loaded")]
    return Text(", ".join(f"{name} {report.counts[name]:,}" for name in shown))


def _rejection_table(report: DeliveryReport) -> Table:
    more = len(report.rejections) - SHOWN_REJECTIONS
    table = Table(box=None, pad_edge=False, caption=f"and {more} more" if more > 0 else None, caption_justify="left")
    table.add_column("line", justify="right")
    table.add_column("field")
    table.add_column("reason", overflow="fold")
    for one in report.rejections[:SHOWN_REJECTIONS]:
        table.add_row("" if one.line is None else str(one.line), one.field or "", Text(one.reason))
    return table
