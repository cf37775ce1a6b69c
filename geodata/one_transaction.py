"""One transaction on a connection of its own, for commands and for the work of the day, which keep no pool."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, NullPool, create_engine

from geodata.access import Isolation


@contextmanager
def one_transaction(url: str, *, isolation: Isolation = "READ COMMITTED") -> Iterator[Connection]:
    """The connection in a transaction: committed at the end, rolled back on an error, closed either way.

    REPEATABLE READ is for who reads several tables that have to speak of one moment.
    """
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect().execution_options(isolation_level=isolation) as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()
