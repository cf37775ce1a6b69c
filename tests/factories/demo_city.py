"""The demonstration city, built once for all tests that look at it."""

from functools import cache

from etl.demo import DEFAULT_SEED
from etl.demo.city import City, found_city


@cache
def demo_city() -> City:
    """The city of the default seed; nobody changes it."""
    return found_city(DEFAULT_SEED)
