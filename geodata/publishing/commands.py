"""`qm publish` and `qm publications ...`: releasing a state, listing, showing, and proving that nothing has changed."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geodata.errors import ExitCode
from geodata.settings import load_settings

if TYPE_CHECKING:
    from geodata.access import Access, Scope
    from geodata.publishing.publications import Publication, Released
    from geodata.publishing.words import Words

# All figures of all areas are read anew, at a past date by computing it; nobody waits for a page meanwhile.
STATEMENT_SECONDS = 60
DEFAULT_TITLE = "Released state"

Municipality = Annotated[
    str | None, typer.Option(help="Key of the municipality, as 05914000; needed where there are several.")
]

publications = typer.Typer(help="What was released for politics: list, show, verify.", no_args_is_help=True)


def publish_command(words: Callable[[], Words]) -> Callable[..., None]:
    """`qm publish`; the words come from whoever has the catalogues."""

    def publish(
        audience: Annotated[str, typer.Option(help="public, or council for a non-public body.")],
        as_of: Annotated[str | None, typer.Option(help="Date, as 2026-11-15 [the date that the pages show].")] = None,
        title: Annotated[str | None, typer.Option(help="Title on the first slide [Freigegebener Stand].")] = None,
        municipality: Municipality = None,
        scenario: Annotated[int | None, typer.Option(help="Number of a saved scenario that goes along [none].")] = None,
        *,
        resolutions: Annotated[bool, typer.Option(help="With the resolutions of the council, or without.")] = True,
    ) -> None:
        """Release areas, figures and projects of a date for politics; what is small is held back. Never undone."""
        along = {"with_resolutions": resolutions, "scenario_id": scenario}
        _publish(words(), audience, as_of, title, municipality, along)

    return publish


@publications.command("list")
def list_(municipality: Municipality = None) -> None:
    """List what was released, the latest first."""
    from geodata.publishing.publications import read_publications

    with _access() as access, access.open(_scope(access, municipality)) as asker:
        found = read_publications(asker)
    for one in found:
        typer.echo(_line(one))
    if not found:
        typer.echo("Nothing has been released yet.")


@publications.command()
def show(
    number: Annotated[int, typer.Argument(help="Number of the publication.")], municipality: Municipality = None
) -> None:
    """Show what is in a publication; a dot stands for a number that was held back."""
    from geodata.publishing.publications import read_publication

    with _access() as access, access.open(_scope(access, municipality)) as asker:
        released = read_publication(asker, number)
    for line in _lines(released):
        typer.echo(line)


@publications.command()
def verify(
    number: Annotated[int | None, typer.Argument(help="Number of the publication [all of them].")] = None,
    municipality: Municipality = None,
) -> None:
    """Prove that publications are what was released. Exit 0 = unchanged, 1 = at least one is not."""
    from geodata.publishing.publications import verify as verdicts_of

    with _access() as access, access.open(_scope(access, municipality)) as asker:
        verdicts = verdicts_of(asker, number)
    for one in verdicts:
        typer.echo(f"{_line(one.publication)}: {'unchanged' if one.is_unchanged else 'CHANGED'}")
        for problem in one.problems:
            typer.echo(f"  {problem}")
    if not verdicts:
        typer.echo("Nothing has been released yet.")
    if not all(one.is_unchanged for one in verdicts):
        raise typer.Exit(ExitCode.REFUSED)


def _publish(
    words: Words,
    audience: str,
    as_of: str | None,
    title: str | None,
    municipality: str | None,
    along: Mapping[str, Any],
) -> None:
    from typing import cast

    from geodata.audit import COMMAND_LINE, Entry, record
    from geodata.calendar import today
    from geodata.figure_commands import chosen_as_of
    from geodata.publishing.publication import Audience
    from geodata.publishing.publication_draft import Order
    from geodata.publishing.publications import publish
    from geodata.records import default_as_of

    with _access() as access:
        scope = _scope(access, municipality)
        with access.accounts() as connection:
            default = default_as_of(connection, scope.municipality, today())
        order = Order(
            as_of=chosen_as_of(as_of, default, today()),
            audience=cast("Audience", audience),
            title=words.message("de", DEFAULT_TITLE) if title is None else title,
            k=load_settings().k_politics,
            **along,
        )
        with access.open(scope, isolation="REPEATABLE READ") as asker:
            done = publish(asker, order, words)
            details = {"title": done.title, "as_of": done.as_of.isoformat(), "audience": done.audience}
            subject = f"release {done.id}"
            entry = Entry("publication", scope.municipality, COMMAND_LINE, subject, {**details, "hash": done.hash})
            # Before it is committed: without an entry nothing is released.
            record(access, entry)
    typer.echo(f"Released: {_line(done)}")


@contextmanager
def _access() -> Iterator[Access]:
    from geodata.access import Access
    from geodata.startup import open_database

    with open_database(load_settings()) as urls:
        access = Access(urls, statement_seconds=STATEMENT_SECONDS)
        try:
            yield access
        finally:
            access.close()


def _scope(access: Access, municipality: str | None) -> Scope:
    from sqlalchemy import select

    from geodata.access import Scope
    from geodata.figure_commands import chosen_municipality
    from geodata.tables import municipality as table

    with access.accounts() as connection:
        known = list(connection.execute(select(table.c.key).order_by(table.c.key)).scalars())
    return Scope(municipality=chosen_municipality(known, municipality), role="staff", account=getpass.getuser())


def _line(one: Publication) -> str:
    return (
        f"{one.id}: {one.title}, as of {one.as_of.isoformat()}, {one.audience}, k = {one.k},"
        f" released {one.published_at:%Y-%m-%d %H:%M} UTC, {one.hash}"
    )


def _lines(released: Released) -> Iterator[str]:
    content = released.content
    yield _line(released.publication)
    names = {(area.kind, area.key): area.name for area in content.areas}
    titles = {one.key: one.title[1] for one in content.definitions}
    for one in content.figures:
        place = names.get((one.kind, one.area_key), "whole city")
        shown = "•" if one.is_held_back else "–" if one.value is None else f"{one.value:f}"
        yield f"  {place}: {titles.get(one.key, one.key)}: {shown}"
    for project in content.projects:
        yield f"  project {project.name}: {project.stage_name[1]}"
    for goal in content.resolutions:
        value = f"{goal.value:f} of {goal.target:f}" if goal.value is not None else goal.shown
        yield f"  resolution {goal.reference}, {goal.figure[1]}, {goal.place[1]}: {value}, {goal.state_name[1]}"
    for scenario in content.scenarios:
        yield f"  scenario {scenario.name}, as of {scenario.as_of.isoformat()}, {scenario.months} months"
