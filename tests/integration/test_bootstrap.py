"""Roles and rights that a superuser makes: what each login is and what it may not do."""

import pytest
from psycopg import errors
from sqlalchemy import text

from geodata import bootstrap, cluster


def test_bootstrap_can_be_repeated_on_a_filled_database(cluster: cluster.Cluster, database: str) -> None:
    bootstrap.apply(cluster, database)
    bootstrap.apply(cluster, database)
