"""An invented office that sends files: a test writes what it is about, the rest is a valid default."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from etl.pipeline import Order, load
from etl.report import DeliveryReport
from geodata.settings import DatabaseUrls

CITY = "de-test01"
_HEAD = f'municipality = "{CITY}"\nmunicipality_name = "Musterstadt"\n'

# The columns of a file are named as the fields; coordinates are metres in EPSG:25832, dates as 24.12.2025.
MAPPINGS = {
    "addresses": 'crs = "EPSG:25832"\n[columns]\nstreet = "street"\nhouse_number = "house_number"\nx = "x"\ny = "y"\n',
    "properties": (
        'register = "main"\ncrs = "EPSG:25832"\n[columns]\nkey = "key"\nregistered_on = "registered_on"\n'
        'use_type = "use_type"\ndwellings = "dwellings"\naddress = "address"\nx = "x"\ny = "y"\n'
    ),
    "inspections": (
        'register = "main"\n[columns]\nkey = "key"\nproperty_key = "property_key"\ninspected_on = "inspected_on"\n'
        'result = "result"\n[constants]\ncontrol_type = "joint_control"\naccess_reached = "flat"\n'
    ),
    "areas": '[columns]\nkey = "key"\nname = "name"\n[constants]\nkind = "quartier"\n',
}


@dataclass(frozen=True)
class Office:
    """Writes files into a folder and loads them as the login of the ETL."""

    urls: DatabaseUrls
    folder: Path

    def mapping(self, source: str, content: str | None = None) -> Path:
        """The mapping of a source; `content` instead of the default one."""
        path = self.folder / f"{source}.toml"
        path.write_text(f'source = "{source}"\n{_HEAD}{MAPPINGS[source] if content is None else content}', "utf-8")
        return path

    def order(self, source: str, rows: str | Path, as_of: str, mapping: str | None = None) -> Order:
        """An order for a file; `rows` is a file, or the text of a CSV file with semicolons."""
        path = rows if isinstance(rows, Path) else self.folder / f"{source}.csv"
        if isinstance(rows, str):
            path.write_text("\n".join(line.strip() for line in rows.strip().splitlines()) + "\n", "utf-8")
        return Order(source, path, str(self.mapping(source, mapping)), as_of=date.fromisoformat(as_of))

    def sends(
        self,
        source: str,
        rows: str | Path,
        as_of: str = "2026-03-01",
        *,
        mapping: str | None = None,
        write: bool = True,
    ) -> DeliveryReport:
        """Load a file; every report must be balanced."""
        report = load(self.urls.load, self.order(source, rows, as_of, mapping), write=write)
        assert report.refused is not None or report.is_balanced
        return report

    def ask(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """Rows of a query; the loader sees all of them."""
        return self._run(query, values, write=False)

    def edit(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """What somebody does in the application meanwhile."""
        return self._run(statement, values, write=True)

    def _run(self, statement: str, values: dict[str, Any], *, write: bool) -> list[tuple[Any, ...]]:
        engine = create_engine(self.urls.load, poolclass=NullPool)
        with engine.connect() as connection:
            result = connection.execute(text(statement), values)
            rows = [tuple(row) for row in result] if result.returns_rows else []
            if write:
                connection.commit()
        engine.dispose()
        return rows


def said(report: DeliveryReport) -> dict[str, int]:
    """The counts of a report that are not zero."""
    return {name: count for name, count in report.counts.items() if count}


def reasons(report: DeliveryReport) -> list[tuple[int | None, str | None, str]]:
    """Line, field and reason of every rejection."""
    return [(one.line, one.field, one.reason) for one in report.rejections]
