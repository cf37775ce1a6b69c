"""Headers that every answer carries: what browsers may run, keep and embed."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Flask, Response, request

from dashboard.routes import prefix
from geodata.settings import Settings

_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def is_library(path: str) -> bool:
    """Whether a path is that of a file of Dash or its components: the same for everybody, and kept for a year."""
    return path.startswith(f"{prefix()}_dash-component-suites/")


def content_security_policy(script_hashes: Sequence[str], *, basemap: str | None) -> str:
    """The policy with the hashes of Dash's inline scripts; the host of a raster base map may send pictures.

    Styles stay inline, because Plotly and AG Grid write them; MapLibre starts its worker from a blob.
    """
    tiles = f" {_origin(basemap)}" if basemap else ""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' {' '.join(script_hashes)}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob:{tiles}",
            "font-src 'self' data:",
            f"connect-src 'self'{tiles}",
            "worker-src blob:",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ]
    )


def install(server: Flask, settings: Settings, script_hashes: Sequence[str]) -> None:
    """Add the headers after each request. Call after the last clientside callback: each can add an inline script."""
    policy = content_security_policy(script_hashes, basemap=settings.basemap)

    def add(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        for name, value in _FIXED.items():
            response.headers.setdefault(name, value)
        # Without a word of its own an answer belongs to one account and one moment.
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        if not is_library(request.path):
            response.vary.add("Cookie")
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response

    server.after_request(add)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
