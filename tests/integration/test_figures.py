"""The register of figures over a small town: for whom, for which area and date, and as `qm figures` prints it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from geodata import records
from geodata.access import Scope
from geodata.errors import NotAllowed
from geodata.figure import Period
from geodata.figures import GROUPS, REGISTER, read_figures
from geodata.filters import PropertyFilter
from geodata.settings import PROJECT_ROOT, DatabaseUrls
from tests.conftest import Stage
from tests.factories import facts
from tests.factories import town as towns
from tests.factories.town import AS_OF, KEY, Town

STAFF = Scope(facts.CITY, "staff", "bauaufsicht")


def test_a_part_is_a_part_of_a_figure_that_exists() -> None:
    for one in REGISTER.values():
        assert one.part_of is None or one.part_of in REGISTER, one.key
        assert one.part_of != one.key


def test_figures_of_a_filter(stage: Stage) -> None:
    keys = ("objects", "objects_open", "objects_without_place", "objects_inhabited")
    with stage.as_loader() as loader:
        facts.municipality(loader)
        west = facts.area(loader, key="w", kind="quartier", geom=facts.square(0, 0, 2_000))
        for number, x_m in enumerate((500, 600, 3_000), start=1):
            facts.property_(loader, key=f"P-{number}", geom=facts.point(x_m, 500), is_inhabited=number == 1)
        closed = facts.property_(loader, key="P-4", geom=None, registered_on=date(2025, 1, 1))
        facts.status(loader, closed, "closed", date(2026, 5, 1))
        records.refresh(loader, facts.CITY, AS_OF)
    with stage.ask(STAFF) as asker:

        def values(chosen: PropertyFilter) -> list[Any]:
            return [one.value for one in read_figures(asker, chosen, keys=keys).values()]

        assert values(PropertyFilter(as_of=AS_OF)) == [4, 3, 1, 1]
        assert values(PropertyFilter(as_of=AS_OF, area_ids=(west,))) == [2, 2, 0, 1]
        assert values(PropertyFilter(as_of=date(2024, 12, 31))) == [3, 3, 0, 1]
        assert values(PropertyFilter(as_of=date(2025, 12, 31))) == [4, 4, 1, 1]


def test_whoever_sees_the_city_sees_every_figure_and_politics_none(stage: Stage) -> None:
    with stage.as_loader() as loader:
        facts.municipality(loader)
        west = facts.area(loader, key="w", kind="quartier", geom=facts.square(0, 0, 2_000))
        facts.property_(loader, geom=facts.point(500, 500))
    period = Period(date(2026, 1, 1), AS_OF)
    for scope in (STAFF, Scope(facts.CITY, "manager", "m", frozenset({west}))):
        with stage.ask(scope) as asker:
            found = read_figures(asker, PropertyFilter(as_of=AS_OF), period)
        assert list(found) == list(REGISTER)
        assert {one.as_of for one in found.values()} == {AS_OF}
    with stage.ask(Scope(facts.CITY, "politics", "p")) as asker:
        for group in GROUPS:
            with pytest.raises(NotAllowed):
                asker.require(group.permission)


# --- through the command line -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def town(make_database: Callable[[str], DatabaseUrls]) -> Town:
    """The town of the web tests in a database of its own, committed: the command opens it as an operator would."""
    return towns.build(make_database("figures"))


def qm(town: Town, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `qm figures` as an operator of this database."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_URL", "QM_"))}
    environment = {
        "DATABASE_URL": town.urls.staff,
        "DATABASE_URL_MANAGER": town.urls.manager,
        "DATABASE_URL_EXTERNAL": town.urls.external,
        "DATABASE_URL_POLITICS": town.urls.politics,
        "DATABASE_URL_ACCOUNTS": town.urls.accounts,
        "DATABASE_URL_LOAD": town.urls.load,
        "QM_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    }
    return subprocess.run(
        [sys.executable, "-c", "import app; app.cli()", "figures", *arguments],
        cwd=PROJECT_ROOT,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_prints_every_figure_as_json(town: Town) -> None:
    done = qm(town, "--json", "--area", "w")
    assert (done.returncode, done.stderr) == (0, "")
    printed = json.loads(done.stdout)
    assert [one["key"] for one in printed] == list(REGISTER)
    by_key = {one["key"]: one for one in printed}
    assert (by_key["objects"]["value"], by_key["objects"]["area"]) == (1, "quartier:w")
    for one in printed:
        assert list(one) == ["key", "value", "unit", "area", "as_of", "class", "definition", "basis"]
        assert one["as_of"] == AS_OF.isoformat(), "a demonstration speaks for the date of its latest delivery"
        assert one["definition"]
        assert one["basis"]


def test_the_command_prints_a_table_for_the_eye(town: Town) -> None:
    done = qm(town, "--as-of", "2026-01-01", "--municipality", KEY, "--from", "2025-01-01")
    assert (done.returncode, done.stderr) == (0, "")
    head, first, *rest = done.stdout.splitlines()
    assert head.split() == ["figure", "value", "unit", "of", "definition"]
    assert first.split()[:3] == ["Objects", "2", "objects"]
    assert len(rest) >= len(REGISTER) - 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--area", "nord"), "Known are quartier:o (Ostquartier), quartier:w (Westquartier)"),
        (("--as-of", "2999-01-01"), "lies in the future"),
        (("--as-of", "31.02.2026"), "Expected --as-of as a date"),
        (("--from", "gestern"), "Expected --from as a date"),
        (("--municipality", "05914000"), f"Known are {KEY}"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(town: Town, arguments: tuple[str, ...], said: str) -> None:
    done = qm(town, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
