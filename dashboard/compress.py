"""Answers travel compressed: text as gzip, kept in memory for the files of libraries, which are large and fixed."""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

from dashboard.headers import is_library

MINIMUM_BYTES = 1_000
_TYPES = ("text/", "application/javascript", "application/json", "application/geo+json", "image/svg+xml")


def install(server: Flask) -> None:
    """Compress what the browser accepts compressed; already encoded and streamed answers stay as they are."""

    def compress(response: Response) -> Response:
        if response.status_code == 304:
            # Nothing of the file is sent, and a browser that goes away just then would leave it open.
            _close(response.response)
        if not _is_worth_it(response):
            return response
        # Files arrive as pass-through streams; reading them is what compressing needs.
        response.direct_passthrough = False
        source = response.response
        body = response.get_data()
        # Not only at the end of the answer: a browser that goes away in the middle would leave the file open.
        _close(source)
        if len(body) < MINIMUM_BYTES:
            return response
        packed = _compressed_library(body) if is_library(request.path) else gzip.compress(body, 5, mtime=0)
        response.set_data(packed)
        response.headers["Content-Encoding"] = "gzip"
        etag, _ = response.get_etag()
        if etag:
            response.set_etag(etag, weak=True)
        return response

    server.after_request(compress)


def _close(source: object) -> None:
    """Close what a body was read from, where it can be closed."""
    close = getattr(source, "close", None)
    if close is not None:
        close()


def _is_worth_it(response: Response) -> bool:
    response.vary.add("Accept-Encoding")
    return (
        response.status_code == 200
        and "gzip" in request.headers.get("Accept-Encoding", "")
        and "Content-Encoding" not in response.headers
        and (response.mimetype or "").startswith(_TYPES)
        # A download of unknown length is streamed on purpose.
        and (response.is_sequence or response.direct_passthrough)
    )


@lru_cache(maxsize=64)
def _compressed_library(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)
