"""The only way to register callbacks and routes: each declares the permission that it asks for, or the start fails.

Every callback of Dash is an HTTP endpoint that anybody can post to, and hiding a button protects nothing. So the table
that is filled here is what the lock in `auth.py` looks into before Dash sees a request; what is not in it is refused.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from dash import ClientsideFunction, Dash
from dash.dependencies import Input, Output, State
from flask import Flask

from dashboard.deps import Deps
from dashboard.locks import PUBLIC, Locks, known_permissions

View = TypeVar("View", bound=Callable[..., Any])
OutputSpec = Output | Sequence[Output] | Mapping[str, Output]


class Wiring:
    """Registers callbacks and routes of one application."""

    def __init__(self, app: Dash, server: Flask, deps: Deps, locks: Locks) -> None:
        self._app = app
        self._server = server
        self._locks = locks
        self.deps = deps

    def callback(
        self,
        output: OutputSpec,
        inputs: Mapping[str, Input],
        state: Mapping[str, State] | None = None,
        *,
        permission: str,
        prevent_initial_call: bool = False,
    ) -> Callable[[View], View]:
        """Decorator for a server callback; the function gets its inputs and state as keyword arguments."""
        _require_known(permission)
        if permission == PUBLIC:
            raise ValueError("A callback cannot be public.")

        def register(function: View) -> View:
            before = set(self._app.callback_map)
            options = {"state": dict(state)} if state else {}
            self._app.callback(
                output=output, inputs=dict(inputs), prevent_initial_call=prevent_initial_call, **options
            )(function)
            for output_id in set(self._app.callback_map) - before:
                self._locks.callbacks[output_id] = permission
            return function

        return register

    def clientside(
        self,
        namespace: str,
        function: str,
        output: OutputSpec,
        inputs: Sequence[Input] | Mapping[str, Input],
        state: Sequence[State] | None = None,
        *,
        prevent_initial_call: bool = False,
    ) -> None:
        """Connect `window.dash_clientside.<namespace>.<function>` of a file in assets; there are no inline scripts."""
        self._app.clientside_callback(
            ClientsideFunction(namespace, function),
            output,
            inputs if isinstance(inputs, Mapping) else list(inputs),
            *([list(state)] if state else []),
            prevent_initial_call=prevent_initial_call,
        )

    def route(self, rule: str, *, permission: str, methods: Sequence[str] = ("GET",)) -> Callable[[View], View]:
        """Decorator for a Flask view under the installation's prefix; `rule` starts with a slash."""
        _require_known(permission)

        def register(view: View) -> View:
            endpoint = f"qm:{rule}:{'+'.join(methods)}"
            prefix = self._app.config.routes_pathname_prefix.rstrip("/")
            self._server.add_url_rule(prefix + rule, endpoint=endpoint, view_func=view, methods=list(methods))
            self._locks.endpoints[endpoint] = permission
            return view

        return register


def _require_known(permission: str) -> None:
    if permission not in known_permissions():
        raise ValueError(f"No role has the permission {permission!r}; the table is geodata.access.PERMISSIONS.")
