"""Lock 2: whatever takes an asker refuses an empty scope before it touches the connection; found by its signature."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NoReturn
from unittest.mock import MagicMock

import pytest

import geodata
import layers
from geodata.access import ROLES, Asker, Scope
from geodata.errors import NotAllowed
from geodata.figure import Period
from geodata.filters import PropertyFilter
from geodata.properties import Frame
from layers.base import Wish, Words, discover

DAY = date(2026, 6, 30)
EMPTY = [
    Scope("", "staff", "nobody"),
    *(Scope("de-test01", role, "nobody") for role, rights in ROLES.items() if rights.has_areas),
]
# Values where a stand-in would not do; everything else is one, because nothing may be looked at before the scope.
VALUES: dict[Any, Any] = {
    PropertyFilter: PropertyFilter(),
    date: DAY,
    Period: Period(DAY, DAY),
    Frame: Frame((7.0, 51.0, 8.0, 52.0), 12.0),
    int: 1,
    str: "main/A-1",
}
# They read nothing: they say what the asker may, or put columns of a query together.
READS_NOTHING = {
    "geodata.control_figures.round_conditions",
    "geodata.facts.history_columns",
    "geodata.facts.origin_columns",
    "geodata.facts.with_origin",
    "geodata.masking.may_read",
    "geodata.masking.readable",
    "geodata.masking.sees_masked",
    "geodata.measures.queries.in_force",
    "geodata.measures.queries.listed",
    "geodata.measures.queries.query",
}
# Arguments that are looked at before anything else, because they say which permission is needed.
GIVEN: dict[str, dict[str, Any]] = {
    "geodata.edits.facts.withdraw_fact": {"table": "note"},
    "geodata.jobs.ask_for": {"kind": "rules"},
}


class Untouchable:
    """A connection that nobody may use."""

    def __getattr__(self, name: str) -> NoReturn:
        raise AssertionError(f"The connection was asked for {name} before the scope was looked at.")


def askable() -> Iterator[Callable[..., Any]]:
    """Every public function of the floor that takes an asker."""
    for found in pkgutil.walk_packages(geodata.__path__, "geodata."):
        if found.name.startswith("geodata.migrations"):
            continue
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            takes = [one.annotation for one in inspect.signature(function).parameters.values()]
            is_public = function.__module__ == module.__name__ and not name.startswith("_")
            if is_public and Asker in takes and name_of(function) not in READS_NOTHING:
                yield function


def name_of(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__name__}"


def asker_of(scope: Scope) -> Asker:
    return Asker(Untouchable(), scope)  # type: ignore[arg-type]


def arguments(function: Callable[..., Any], asker: Asker) -> inspect.BoundArguments:
    signature = inspect.signature(function)
    values = {
        name: asker if one.annotation is Asker else VALUES.get(one.annotation, MagicMock())
        for name, one in signature.parameters.items()
        if one.default is inspect.Parameter.empty and one.kind is not inspect.Parameter.VAR_KEYWORD
    }
    bound = signature.bind_partial()
    bound.arguments.update(values | GIVEN.get(name_of(function), {}))
    return bound


FUNCTIONS = list(askable())


def test_there_is_something_to_test() -> None:
    modules = {function.__module__ for function in FUNCTIONS}
    assert {"geodata.properties", "geodata.changes", "geodata.cube", "geodata.publishing.publications"} <= modules


@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
def test_a_read_refuses_an_empty_scope(function: Callable[..., Any]) -> None:
    for scope in EMPTY:
        bound = arguments(function, asker_of(scope))
        with pytest.raises(NotAllowed):
            function(*bound.args, **bound.kwargs)


@pytest.mark.parametrize("layer", discover(), ids=lambda layer: layer.key)
def test_a_layer_refuses_an_empty_scope(layer: layers.base.Layer) -> None:
    words = Words(*(lambda *given: "" for _ in range(4)))  # type: ignore[arg-type]
    wish = Wish(PropertyFilter(as_of=DAY), DAY, VALUES[Frame], words)
    ways = [lambda asker: layer.load(asker, wish)]
    ways += [lambda asker: layer.geometry(asker, wish)] if layer.geometry else []
    ways += [lambda asker: layer.table.rows(asker, wish)] if layer.table.rows else []
    ways += [lambda asker: layer.options[1](asker, DAY)] if layer.options else []
    for scope in EMPTY:
        for way in ways:
            with pytest.raises(NotAllowed):
                way(asker_of(scope))


@pytest.mark.parametrize("layer", discover(), ids=lambda layer: layer.key)
def test_a_layer_asks_for_its_permission_itself(layer: layers.base.Layer) -> None:
    """The route asks too; the handout and other callers do not go through it."""
    words = Words(*(lambda *given: "" for _ in range(4)))  # type: ignore[arg-type]
    wish = Wish(PropertyFilter(as_of=DAY), DAY, VALUES[Frame], words)
    lacking = [role for role, rights in ROLES.items() if layer.permission not in rights.permissions]
    for role in lacking:
        with pytest.raises(NotAllowed):
            layer.load(asker_of(Scope("de-test01", role, "somebody", frozenset({1}))), wish)
