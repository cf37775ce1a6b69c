"""`qm figures`: every figure of the register for one filter, as a table for the eye or as JSON for a machine.

It asks on behalf of building control of the municipality, through the same login, row policies and reads as the pages,
so that a number on the command line is the number on the screen. Titles and definitions are printed in English.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geodata.errors import UsageError
from geodata.settings import load_settings

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from sqlalchemy import Connection

    from geodata.access import Access
    from geodata.areas import Area
    from geodata.figure import FigureValue, Period, Value

# A past date is computed and not stored; who asks on the command line waits longer for it than a page may.
STATEMENT_SECONDS = 60
WIDTH_OF_PIPES = 160
MOST_CANDIDATES = 20


@dataclass(frozen=True)
class Wish:
    """What the options say, as text."""

    as_of: str | None
    area: str | None
    municipality: str | None
    from_: str | None


def figures(
    as_of: Annotated[str | None, typer.Option(help="Date, as 2026-11-15 [the date that the pages show].")] = None,
    area: Annotated[
        str | None, typer.Option(help="Area as kind:key, or its key where only one kind has it [the whole city].")
    ] = None,
    municipality: Annotated[
        str | None, typer.Option(help="Key of the municipality, as 05914000; needed where there are several.")
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", help="First day of what is counted over a period [twelve months up to the date]."),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list and nothing else.")] = False,
) -> None:
    """Print every figure of the pages with its unit and definition."""
    from geodata.access import Access
    from geodata.startup import open_database

    wish = Wish(as_of, area, municipality, from_)
    with open_database(load_settings()) as urls:
        access = Access(urls, statement_seconds=STATEMENT_SECONDS)
        try:
            values, name = read(access, wish)
        finally:
            access.close()
    if as_json:
        typer.echo(figures_json(values, name))
    else:
        _console().print(figures_table(values))


def figures_json(values: Iterable[FigureValue], area: str | None) -> str:
    """The figures as a JSON list in the order of the register; `area` is "kind:key", None = the whole city."""
    import json

    return json.dumps([record(one, area) for one in values], ensure_ascii=False, indent=2)


def record(one: FigureValue, area: str | None) -> dict[str, Any]:
    """One figure as a machine reads it; dates are ISO 8601, a value that does not exist is null."""
    return {
        "key": one.figure.key,
        "value": one.value.isoformat() if isinstance(one.value, date) else one.value,
        "unit": one.figure.unit,
        "area": area,
        "as_of": one.as_of.isoformat(),
        "class": one.figure.klass,
        "definition": one.figure.definition,
        "basis": one.figure.basis,
    }


def figures_table(values: Sequence[FigureValue]) -> RenderableType:
    """The figures for a terminal: title, value, unit, the whole of which it is a part, definition."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for title, justify in (("figure", "left"), ("value", "right"), ("unit", "left"), ("of", "right")):
        table.add_column(title, justify=justify, no_wrap=title != "figure")  # type: ignore[arg-type]
    table.add_column("definition", min_width=30)
    by_key = {one.figure.key: one.value for one in values}
    for one in values:
        whole = _shown(by_key.get(one.figure.part_of)) if one.figure.part_of else ""
        table.add_row(one.figure.title, _shown(one.value), one.figure.unit, whole, one.figure.definition)
    return table


def chosen_area(areas: Sequence[Area], wanted: str) -> Area:
    """The area that `kind:key`, or a key that only one kind has, names; UsageError lists what it could have been."""
    found = [one for one in areas if wanted in (area_name(one), one.key)]
    if len(found) == 1:
        return found[0]
    listed = [f"{area_name(one)} ({one.name})" for one in found or areas]
    more = f" and {len(listed) - MOST_CANDIDATES} more" if len(listed) > MOST_CANDIDATES else ""
    candidates = ", ".join(listed[:MOST_CANDIDATES]) + more
    if found:
        raise UsageError(f"{wanted} is the key of several areas.", f"Name one of {candidates}.")
    known = f"Known are {candidates}." if listed else "The city has no area on that date."
    raise UsageError(f"There is no area {wanted}.", known)


def area_name(area: Area) -> str:
    """Kind and key, which together name an area of a city."""
    return f"{area.kind}:{area.key}"


def chosen_municipality(known: Sequence[str], wanted: str | None) -> str:
    """The municipality that is meant; UsageError where it is unknown, or where none is named and there are several."""
    if not known:
        raise UsageError("There is no municipality yet.", "Load a delivery first.")
    if wanted is None and len(known) > 1:
        raise UsageError("There are several municipalities.", f"Name one of {', '.join(known)} with --municipality.")
    if wanted is not None and wanted not in known:
        raise UsageError(f"There is no municipality {wanted}.", f"Known are {', '.join(known)}.")
    return wanted or known[0]


def chosen_period(from_: str | None, as_of: date) -> Period | None:
    """The days of what is counted over a period; None = those that the register takes by itself."""
    from geodata.figure import Period

    first_on = _day("--from", from_)
    if first_on is None:
        return None
    if first_on > as_of:
        raise UsageError(f"--from {first_on.isoformat()} is later than the date {as_of.isoformat()}.")
    return Period(first_on, as_of)


def chosen_as_of(as_of: str | None, default: date, today: date) -> date:
    """The as-of date; UsageError where it cannot be read or lies in the future, about which nothing is known."""
    day = _day("--as-of", as_of) or default
    # The demonstration speaks for the date of its files, whatever the clock of the machine says.
    if day > max(today, default):
        raise UsageError(f"--as-of {day.isoformat()} lies in the future.", f"The latest date is {max(today, default)}.")
    return day


# --- reading ----------------------------------------------------------------------------------------------------------


def read(access: Access, wish: Wish) -> tuple[list[FigureValue], str | None]:
    """The figures of a wish, and the name of the area for which they were asked (None = the whole city)."""
    from geodata.access import Scope
    from geodata.areas import read_areas
    from geodata.calendar import today
    from geodata.figures import read_figures
    from geodata.filters import PropertyFilter
    from geodata.records import default_as_of

    with access.accounts() as connection:
        city = chosen_municipality(_municipalities(connection), wish.municipality)
        as_of = chosen_as_of(wish.as_of, default_as_of(connection, city, today()), today())
    period = chosen_period(wish.from_, as_of)
    with access.open(Scope(municipality=city, role="staff", account="qm figures")) as asker:
        area = chosen_area(read_areas(asker, as_of), wish.area) if wish.area is not None else None
        chosen = PropertyFilter(area_ids=(area.id,) if area else (), as_of=as_of)
        values: Mapping[str, FigureValue] = read_figures(asker, chosen, period)
    return list(values.values()), area_name(area) if area else None


def _municipalities(connection: Connection) -> list[str]:
    from sqlalchemy import select

    from geodata.tables import municipality

    return list(connection.execute(select(municipality.c.key).order_by(municipality.c.key)).scalars())


def _day(option: str, given: str | None) -> date | None:
    if given is None:
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise UsageError(f"Expected {option} as a date like 2026-11-15, found {given!r}.") from None
    if day.year < 1900:
        raise UsageError(f"{option} {given} lies before 1900.")
    return day


# --- for the eye ------------------------------------------------------------------------------------------------------


def _shown(value: Value) -> str:
    if value is None:
        return "–"
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def _console() -> Console:
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    # Into a file or a pipe nothing is folded at 80 characters.
    return console if console.is_terminal else Console(highlight=False, markup=False, width=WIDTH_OF_PIPES)
