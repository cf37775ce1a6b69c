"""`qm load`, `qm check` and `qm deliveries ...`: thin over `pipeline`, `report` and `withdraw`."""

from __future__ import annotations

import contextlib
import getpass
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geodata.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from etl.pipeline import Progress

SHOW_PROGRESS_AFTER_SECONDS = 2.0
WIDTH_OF_PIPES = 160

Source = Annotated[str, typer.Argument(help="Kind of rows: areas, addresses, properties, inspections, ...")]
File = Annotated[Path, typer.Argument(help="The file as it came.")]
MappingName = Annotated[str | None, typer.Option("--mapping", help="Name (hagen/addresses) or path of a mapping.")]
Crs = Annotated[str | None, typer.Option("--crs", help="CRS of the coordinates, as EPSG:25832.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Date for which the delivery speaks, as 2025-12-24.")]
Json = Annotated[bool, typer.Option("--json", help="Print the report as JSON and nothing else.")]

deliveries = typer.Typer(help="What came, what became of it, and taking it back.", no_args_is_help=True)


def load(
    source: Source,
    file: File,
    mapping: MappingName = None,
    crs: Crs = None,
    as_of: AsOf = None,
    *,
    as_json: Json = False,
) -> None:
    """Load a delivery. Exit 0 = loaded (also with rejected rows), 1 = refused, 2 = wrong usage."""
    _run(source, file, mapping, crs, as_of, as_json=as_json, write=True)


def check(
    source: Source,
    file: File,
    mapping: MappingName = None,
    crs: Crs = None,
    as_of: AsOf = None,
    *,
    as_json: Json = False,
) -> None:
    """Do everything that load does, say what would happen, and write nothing."""
    _run(source, file, mapping, crs, as_of, as_json=as_json, write=False)


@deliveries.command("list")
def list_() -> None:
    """List all deliveries, the latest first."""
    from etl.deliveries_shown import delivery_list

    _print_from_database(delivery_list)


@deliveries.command()
def show(number: Annotated[int, typer.Argument(help="Number of the delivery.")]) -> None:
    """Show the report of a delivery."""
    from etl.deliveries_shown import delivery_details

    _print_from_database(lambda url: delivery_details(url, number))


@deliveries.command()
def rejected(number: Annotated[int, typer.Argument(help="Number of the delivery.")]) -> None:
    """Print the rejected rows as CSV: line, mapped columns, reasons."""
    from etl.deliveries_shown import delivery_rejections

    with _load_url() as url:
        typer.echo(delivery_rejections(url, number), nl=False)


@deliveries.command()
def withdraw(number: Annotated[int, typer.Argument(help="Number of the delivery.")]) -> None:
    """Take back what a delivery brought and revive what it had superseded."""
    from etl.withdraw import withdraw as take_back

    with _load_url() as url:
        done = take_back(url, number)
    typer.echo(f"Delivery {number} is withdrawn: {done.superseded} rows taken back, {done.revived} revived.")


def _run(
    source: str, file: Path, mapping: str | None, crs: str | None, as_of: str | None, *, as_json: bool, write: bool
) -> None:
    from etl.pipeline import Order
    from etl.pipeline import load as load_delivery
    from etl.report import render
    from geodata.settings import load_settings

    order = Order(
        source,
        file,
        mapping=mapping,
        crs=crs,
        as_of=_date(as_of),
        own_mappings=load_settings().mappings_dir,
        delivered_by=getpass.getuser(),
    )
    with _load_url() as url, _progress_bar() as progress:
        report = load_delivery(url, order, write=write, progress=progress)
    if as_json:
        typer.echo(report.to_json())
    else:
        _console().print(render(report))
    raise typer.Exit(ExitCode.DONE if report.refused is None else ExitCode.REFUSED)


def _date(value: str | None) -> date | None:
    if value is None:
        return None
    for layout in ("%Y-%m-%d", "%d.%m.%Y"):
        with contextlib.suppress(ValueError):
            return datetime.strptime(value, layout).date()  # noqa: DTZ007 - a business date has no time zone
    raise UsageError(f"Expected --as-of as a date like 2025-12-24, found {value!r}.")


@contextlib.contextmanager
def _load_url() -> Iterator[str]:
    from geodata.settings import load_settings
    from geodata.startup import open_database

    with open_database(load_settings()) as urls:
        yield urls.load


def _print_from_database(look: object) -> None:
    with _load_url() as url:
        _console().print(look(url))  # type: ignore[operator]


def _console() -> Console:
    from rich.console import Console

    console = Console(highlight=False)
    # Into a file or a pipe nothing is folded at 80 characters.
    return console if console.is_terminal else Console(highlight=False, width=WIDTH_OF_PIPES)


@contextlib.contextmanager
def _progress_bar() -> Iterator[Progress]:
    """A bar on standard error for whatever takes longer than two seconds; nothing where nobody looks."""
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    started = time.monotonic()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    bar = Bar(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("starting")

    def tell(what: str, rows: int) -> None:
        bar.update(task, description=f"{what}, {rows:,} rows" if rows else what)
        if not bar.live.is_started and time.monotonic() - started > SHOW_PROGRESS_AFTER_SECONDS:
            bar.start()

    try:
        yield tell
    finally:
        # Stopping a bar that never came to sight would print an empty line.
        if bar.live.is_started:
            bar.stop()
