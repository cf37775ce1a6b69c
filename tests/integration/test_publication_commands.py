"""`qm publish` and `qm publications`: what they print, and the exit codes that scripts rely on."""

from collections.abc import Callable

import pytest
import typer
from typer.testing import CliRunner

from dashboard.publication_words import words
from geodata import cluster as embedded
from geodata.cluster import Cluster
from geodata.errors import UsageError
from geodata.publishing.commands import publications, publish_command
from geodata.settings import DatabaseUrls
from tests.factories import released


@pytest.fixture(scope="module")
def own(make_database: Callable[[str], DatabaseUrls]) -> DatabaseUrls:
    urls = make_database("publication_commands")
    released.build(urls)
    return urls


@pytest.fixture
def qm(own: DatabaseUrls, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """`qm("publish", "--audience", "public")` gives exit code and output; an error in words is raised."""
    monkeypatch.setenv("QM_DATABASE_NAME", own.database)
    app = typer.Typer()
    app.command()(publish_command(words))
    app.add_typer(publications, name="publications")

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, list(arguments))
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.output

    return run


def test_publishing_listing_showing_and_verifying(
    qm: Callable[..., tuple[int, str]], own: DatabaseUrls, cluster: Cluster
) -> None:
    assert qm("publications", "list") == (0, "Nothing has been released yet.\n")
    assert qm("publications", "verify") == (0, "Nothing has been released yet.\n")
    code, said = qm("publish", "--audience", "public")
    assert code == 0
    assert said.startswith("Released: 1: Freigegebener Stand, as of 2026-11-15, public, k = 5")
    assert qm("publish", "--audience", "council", "--as-of", "2026-06-30", "--title", "Sommer")[0] == 0
    code, listed = qm("publications", "list")
    assert [line.partition(",")[0] for line in listed.splitlines()] == ["2: Sommer", "1: Freigegebener Stand"]
    shown = qm("publications", "show", "1")[1]
    assert "Kleinquartier: Open objects: •" in shown
    assert "whole city: Open objects: 33" in shown
    assert "project Musterallee 2: completed" in shown
    code, verdict = qm("publications", "verify")
    assert (code, verdict.count(": unchanged\n")) == (0, 2)
    with embedded.connect(cluster, own.database) as superuser, superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute("UPDATE published.publication SET title = 'Anders' WHERE id = 1")
    code, verdict = qm("publications", "verify")
    assert code == 1
    assert "Anders" in verdict.splitlines()[0]
    assert verdict.splitlines()[0].endswith("CHANGED")
    assert qm("publications", "verify", "2")[0] == 0


def test_wishes_that_make_no_sense(qm: Callable[..., tuple[int, str]]) -> None:
    for arguments in (
        ("publish", "--audience", "press"),
        ("publish", "--audience", "public", "--as-of", "2031-01-01"),
        ("publish", "--audience", "public", "--as-of", "gestern"),
        ("publish", "--audience", "public", "--municipality", "nowhere"),
    ):
        with pytest.raises(UsageError):
            qm(*arguments)
    assert qm("publish")[0] == 2
    for arguments in (("publications", "show", "99"), ("publications", "verify", "99")):
        with pytest.raises(UsageError):
            qm(*arguments)
