"""The table of permissions that `Wiring` fills and `auth` looks into: what is not in it is refused."""

from dataclasses import dataclass, field

from dash import Dash
from flask import Flask

from geodata.access import PERMISSIONS

PUBLIC = "public"  # no sign-in needed: the sign-in page itself and what it shows
SESSION = "session"  # a valid session cookie is enough: files of libraries, the same for everybody


@dataclass
class Locks:
    """The permission of each callback (by Dash's output id) and of each route (by Flask's endpoint)."""

    callbacks: dict[str, str] = field(default_factory=dict)
    endpoints: dict[str, str] = field(default_factory=dict)
    public_assets: frozenset[str] = frozenset()


def known_permissions() -> frozenset[str]:
    """All permissions that some role has, and the two that need none."""
    return frozenset().union(*PERMISSIONS.values()) | {PUBLIC, SESSION}


def require_complete(app: Dash, server: Flask, locks: Locks) -> None:
    """Stop the start when a callback or route has no permission: somebody registered it past the wiring."""
    served = {key for key, spec in app.callback_map.items() if "callback" in spec}
    bare = sorted(served - set(locks.callbacks))
    bare += sorted({rule.endpoint for rule in server.url_map.iter_rules()} - set(locks.endpoints))
    if bare:
        raise RuntimeError(f"Without a permission: {', '.join(bare)}. Register through Wiring.")
