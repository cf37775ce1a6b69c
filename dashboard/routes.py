"""Links inside the application. Every href goes through here, so that an installation under a path works."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from flask import current_app, has_app_context


def prefix() -> str:
    """The path under which the application is offered; starts and ends with a slash."""
    return str(current_app.config["QM_PREFIX"]) if has_app_context() else "/"


def href(path: str, query: Mapping[str, object] | None = None) -> str:
    """The link to a path of the application (`/karte`), with query values; None values are left out."""
    given = {key: value for key, value in (query or {}).items() if value is not None}
    return prefix() + path.lstrip("/") + (f"?{urlencode(given)}" if given else "")


def proceeding_href(key: str, query: Mapping[str, object] | None = None) -> str:
    """The link to one proceeding; its key is whatever an office calls it, slashes included."""
    return href(f"/verfahren/{quote(key, safe='')}", query)


def asset(name: str) -> str:
    """The link to a file in `dashboard/assets`."""
    return href(f"assets/{name}")


def without_prefix(path: str) -> str:
    """The path as pages know it: without the installation's prefix."""
    return "/" + path.removeprefix(prefix().rstrip("/")).strip("/")
