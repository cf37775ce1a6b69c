"""`qm serve` around the web server: one at a time, a port that is free, and words when that is not possible."""

import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.demonstration import EXAMPLES, ensure_accounts
from dashboard.serving import free_port, only_one
from geodata import accounts
from geodata.access import Access
from geodata.errors import ServerError
from geodata.settings import Settings
from tests.factories.town import Town


@pytest.fixture
def own_folder(settings: Settings) -> Iterator[Settings]:
    """Settings with a data folder of this test; not pytest's, which root's service account cannot enter."""
    with tempfile.TemporaryDirectory(prefix="qm-test-", dir="/tmp") as folder:
        yield settings.model_copy(update={"data_dir": Path(folder)})


def test_a_second_start_is_told_where_the_first_one_is(own_folder: Settings) -> None:
    with only_one(own_folder) as note:
        note("http://127.0.0.1:8050/")
        with pytest.raises(ServerError, match=r"running already \(process \d+\) at http://127.0.0.1:8050/"):
            only_one(own_folder).__enter__()
    with only_one(own_folder):
        pass


def test_a_second_start_while_the_first_one_is_starting_says_so(own_folder: Settings) -> None:
    with only_one(own_folder), pytest.raises(ServerError, match="still starting"):
        only_one(own_folder).__enter__()


def test_another_database_of_the_same_folder_may_be_served_too(own_folder: Settings) -> None:
    other = own_folder.model_copy(update={"database_name": "another"})
    with only_one(own_folder), only_one(other):
        pass


def test_a_taken_port_gives_the_next_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < free_port("127.0.0.1", port) < port + 50


def test_an_address_of_another_machine_is_refused_in_words() -> None:
    with pytest.raises(ServerError, match=r"Cannot listen on 192\.0\.2\.1"):
        free_port("192.0.2.1", 8050)


def test_example_accounts_are_made_once_and_keep_their_sessions(town: Town) -> None:
    access = Access(town.urls)
    try:
        assert ensure_accounts(access) == ["staff", "manager", "external_manager", "politics", "admin"]
        with access.accounts() as connection:
            before = [accounts.find(connection, example.name) for example in EXAMPLES]
        ensure_accounts(access)
        with access.accounts() as connection:
            after = [accounts.find(connection, example.name) for example in EXAMPLES]
            for found in after:
                assert found is not None
                accounts.disable(connection, found, by="")
    finally:
        access.close()
    assert before == after
    assert all(account and account.is_demonstration for account in after)
