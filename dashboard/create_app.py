"""Putting the web application together. Reads from top to bottom as the start-up order.

The lock comes before Dash on purpose: Flask runs `before_request` functions in the order of their registration.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import flask
import structlog
from dash import Dash
from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.middleware.proxy_fix import ProxyFix

from dashboard import auth, compress, failures, headers, i18n, logged, logs, own_account, router, shell, signin
from dashboard.deps import Deps
from dashboard.locks import SESSION, Locks, require_complete
from dashboard.page import Page, discover, resolve
from dashboard.router import start_path
from dashboard.routes import asset, href, without_prefix
from dashboard.wiring import Wiring

# A callback carries ids and values; only the upload of a delivery is larger and raises the limit for itself.
MAX_CONTENT_BYTES = 1_000_000
# What the sign-in page shows before anybody has a session.
PUBLIC_ASSETS = frozenset({"theme.css", "plain.css", "mark.svg"})
_log = structlog.get_logger("dashboard")


def create_app(deps: Deps) -> Flask:
    """The application as a WSGI server. Create it after a fork: `deps.access` holds connections."""
    logs.configure(deps.settings)
    pages = discover()
    server = _server(deps)
    locks = Locks()
    app = _dash_before_routes(server, deps)
    auth.install(server, app, deps.access, locks, deps.settings)
    app.init_app(server)
    wiring = Wiring(app, server, deps, locks)
    signin.register(wiring)
    own_account.register(wiring)
    app.layout = shell.layout_function(deps, pages)
    shell.register(wiring)
    router.register(wiring, pages)
    for page in pages:
        page.register(wiring)
    _lock_dash_routes(server, app, locks)
    _settle_paths(server, app, pages)
    failures.install(server)
    compress.install(server)
    logged.install(server)
    headers.install(server, deps.settings, app.csp_hashes())
    require_complete(app, server, locks)
    _refuse_open_doors(app)
    server.extensions["quartiermonitor"] = {"app": app, "locks": locks, "pages": pages, "deps": deps}
    return server


class _Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie, marked Secure where the request came over https (as a trusted proxy in front says)."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure

    def get_cookie_name(self, app: Flask) -> str:
        """With the prefix that makes browsers refuse a cookie that another host or an insecure answer has set.

        It asks for https, and `__Host-` for the path / too.
        """
        name = super().get_cookie_name(app)
        if not request.is_secure:
            return name
        return f"__Host-{name}" if app.config["QM_PREFIX"] == "/" else f"__Secure-{name}"

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """No cookie and no `Vary: Cookie` on files of libraries, or the browser would fetch all of them each time."""
        if not headers.is_library(request.path):
            super().save_session(app, session, response)


def _server(deps: Deps) -> Flask:
    server = Flask("dashboard", static_folder=None)
    server.session_interface = _Sessions()
    prefix = "/" + deps.settings.url_prefix.strip("/")
    server.config.update(
        SECRET_KEY=deps.session_key,
        SESSION_COOKIE_NAME="qm_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH=prefix,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(seconds=auth.SESSION_SECONDS),
        TRUSTED_HOSTS=deps.settings.hosts or None,
        MAX_CONTENT_LENGTH=MAX_CONTENT_BYTES,
        QM_PREFIX=prefix.rstrip("/") + "/",
    )
    _trust_proxies(server, deps.settings.trusted_proxies)
    server.before_request(i18n.settle_language)
    server.context_processor(
        lambda: {
            "_": i18n.gettext,
            "code_label": i18n.code_label,
            "asset": asset,
            "href": href,
            "theme": shell.chosen_theme(),
        }
    )
    return server


def _trust_proxies(server: Flask, count: int) -> None:
    """Believe what so many proxies in front say of client, scheme and host; without any, say that one is there.

    A header that everybody can send must not choose the address for which failed sign-ins are counted.
    """
    if count:
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
        return
    said: list[bool] = []

    def warn() -> None:
        if "X-Forwarded-For" in request.headers and not said:
            said.append(True)
            _log.warning("proxy_not_trusted", hint="Set QM_TRUSTED_PROXIES to the number of proxies in front.")

    server.before_request(warn)


def _dash_before_routes(server: Flask, deps: Deps) -> Dash:
    """Dash without its routes yet: they are added by `init_app`, after the lock."""
    prefix = str(server.config["QM_PREFIX"])
    return _ShellDash(
        "dashboard",
        server=False,
        assets_folder="assets",
        url_base_pathname=prefix,
        serve_locally=True,
        # Pages come one at a time, so ids of the others are missing on purpose; a test walks all pages instead.
        suppress_callback_exceptions=True,
        update_title="",
        title="quartiermonitor",
        use_pages=False,
        enable_mcp=False,
        add_log_handler=False,
        compress=False,
    )


class _ShellDash(Dash):
    """Dash whose page carries the language of the request and the chosen theme from its first byte."""

    def interpolate_index(self, **parts: Any) -> str:
        return flask.render_template("index.html", language=i18n.language(), **parts)


def _lock_dash_routes(server: Flask, app: Dash, locks: Locks) -> None:
    """Permissions of the routes that Dash itself adds."""
    prefix = app.config.routes_pathname_prefix
    library = f"{prefix}_dash-component-suites/"
    names = ("", "<path:path>", "_dash-layout", "_dash-dependencies", "_favicon.ico", "_reload-hash")
    accounts_only = {prefix + name for name in (*names, auth.CALLBACK_ROUTE)}
    for rule in server.url_map.iter_rules():
        endpoint = rule.endpoint
        if endpoint in locks.endpoints:
            continue
        if endpoint.endswith(auth.ASSETS_ENDPOINT) or endpoint.startswith(library):
            locks.endpoints[endpoint] = SESSION
        elif endpoint in accounts_only:
            locks.endpoints[endpoint] = "account:self"
    locks.public_assets = PUBLIC_ASSETS


def _settle_paths(server: Flask, app: Dash, pages: Sequence[Page]) -> None:
    """404 for a path that no page has, 403 for a page that the role may not open, and the start page of each role.

    Dash itself answers 200 to all of them.
    """
    index = app.config.routes_pathname_prefix

    def check() -> Any:
        if request.endpoint == index:
            return flask.redirect(href(start_path(auth.signed_in().scope), request.args))
        if request.endpoint != f"{index}<path:path>":
            return None
        found = resolve(pages, without_prefix(request.path))
        if found is None:
            flask.abort(404)
        auth.signed_in().scope.require(found[0].permission)
        return None

    server.before_request(check)


def _refuse_open_doors(app: Dash) -> None:
    """Stop the start when the environment or an installed package has opened routes that nobody here looked at."""
    hooks = {name: app._hooks.get_hooks(name) for name in ("routes", "callback", "layout", "index", "setup")}
    opened = sorted(name for name, found in hooks.items() if found)
    if opened:
        raise RuntimeError(f"An installed package adds {', '.join(opened)} to Dash by its entry point dash_hooks.")
    if app._enable_mcp:
        raise RuntimeError("Dash's MCP server is switched on (DASH_MCP_ENABLED); it would answer without our locks.")
