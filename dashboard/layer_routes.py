"""What the map and its table fetch by URL: columns, outlines, tiles, rows and the sprite.

Every answer carries an ETag of who asks, for what, for which date and in which version of the data, so that a browser
asks again cheaply and never shows one account what another was sent. What a link holds is input from outside: an
unreadable part gives 400 in words.
"""

import gzip
import hashlib
from collections.abc import Callable, Mapping
from functools import wraps
from itertools import product
from typing import Any

import orjson
from flask import Response, request

from dashboard.auth import signed_in
from dashboard.failures import failure
from dashboard.formatting import MISSING, format_date, format_number
from dashboard.i18n import code_label, language
from dashboard.i18n import gettext as _
from dashboard.locks import SESSION
from dashboard.wiring import Wiring
from geodata.access import Asker, Scope
from geodata.areas import read_extent
from geodata.errors import InvalidFilter
from geodata.filters import NOT_ASSESSED, PropertyFilter
from geodata.municipalities import DataState, data_state
from geodata.properties import PAGE_MAX, SORTABLE, Frame, PropertyRow, read_count, read_page
from geodata.selection import Box, parse_box
from geodata.tiles import read_tile
from layers.base import THEMES, Layer, Wish, Words
from layers.symbols import sprite_index, sprite_png

# Rises when the shape of an answer changes, so that a new version of the program is not answered from old caches.
ANSWER_VERSION = 1
ANYWHERE: Box = (-180.0, -85.0, 180.0, 85.0)
TILE_SECONDS = 600
SPRITE_SECONDS = 86_400
ROWS_AT_ONCE = 100
START_MAX = 1_000_000_000

Read = Callable[[Asker, PropertyFilter], Any]


def register(wiring: Wiring) -> None:
    """Routes of every layer that was found, of the table's rows, of the tiles and of the sprite."""
    for layer in wiring.deps.layers:
        _register_layer(wiring, layer)
    _register_rows(wiring)
    _register_tiles(wiring)
    _register_sprite(wiring)


def words() -> Words:
    """The language of the request as layers know it."""
    return Words(code=code_label, message=_, day=format_date, number=format_number)


def etag(scope: Scope, state: DataState, *, path: str, query: Mapping[str, str], spoken: str) -> str:
    """One name for one answer: scope, data version, refreshed date, path, query (the as-of date among it), language."""
    parts = [
        ANSWER_VERSION, scope.municipality, scope.role, sorted(scope.area_ids), state.data_version,
        str(state.refreshed_as_of), path, sorted(query.items()), spoken,
    ]  # fmt: skip
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()[:32]


def row_in_words(row: PropertyRow) -> dict[str, Any]:
    """A row of the table in the language of the request."""
    return {
        "id": row.id,
        "key": row.key,
        "address": row.address or MISSING,
        "state": code_label("state", row.state),
        "state_since_on": format_date(row.state_since_on),
        "colour": code_label("colour", row.colour or NOT_ASSESSED),
        "use_type": code_label("use_type", row.use_type),
        "is_inhabited": code_label("inhabited", {True: "yes", False: "no", None: "unknown"}[row.is_inhabited]),
        "last_inspected_on": format_date(row.last_inspected_on),
        "due_on": format_date(row.due_on),
    }


def wish(asker: Asker, chosen: PropertyFilter, query: Mapping[str, str]) -> Wish:
    """What a link asks of a layer; without a frame all of the city, without an as-of date that of the data."""
    as_of = chosen.as_of or data_state(asker).refreshed_as_of or signed_in().default_as_of
    frame = parse_box(query["frame"], "frame") if query.get("frame") else read_extent(asker, as_of) or ANYWHERE
    return Wish(chosen, as_of, Frame(frame, _zoom(query.get("zoom", ""))), words(), query.get("option") or None)


def _register_layer(wiring: Wiring, layer: Layer) -> None:
    @_answer(wiring, f"/layers/{layer.key}/columns", layer.permission)
    def columns(asker: Asker, chosen: PropertyFilter) -> Any:
        loaded = layer.load(asker, wish(asker, chosen, request.args))
        return {"columns": loaded.columns, "shown": loaded.shown, "summed": loaded.is_summed}

    if layer.geometry:
        outlines = layer.geometry

        @_answer(wiring, f"/layers/{layer.key}/geometry", layer.permission)
        def geometry(asker: Asker, chosen: PropertyFilter) -> Any:
            return outlines(asker, wish(asker, chosen, request.args))


def _register_rows(wiring: Wiring) -> None:
    @_answer(wiring, "/layers/rows", "property:read")
    def rows(asker: Asker, chosen: PropertyFilter) -> Any:
        sort, start = request.args.get("sort", SORTABLE[0]), request.args.get("start", "0")
        size = request.args.get("size", str(ROWS_AT_ONCE))
        if sort not in SORTABLE:
            raise InvalidFilter("sort", f"The table is sorted by one of {', '.join(SORTABLE)}.")
        first, wanted = _whole("start", start, 0, START_MAX), _whole("size", size, 1, PAGE_MAX)
        found = read_page(asker, chosen, sort=sort, descending="desc" in request.args, start=first, size=wanted)
        return {"rows": [row_in_words(row) for row in found], "total": read_count(asker, chosen).total}


def _register_tiles(wiring: Wiring) -> None:
    @wiring.route("/layers/context/tiles/<int:z>/<int:x>/<int:y>", permission="area:read")
    @_in_words
    def tile(z: int, x: int, y: int) -> Response:
        chosen = PropertyFilter.from_query(request.args.to_dict())
        with wiring.deps.asker() as asker:
            answer = _unless_known(asker)
            if answer.status_code == 304:
                return answer
            as_of = chosen.as_of or signed_in().default_as_of
            answer.set_data(gzip.compress(read_tile(asker, z, x, y, as_of), 5, mtime=0))
        answer.mimetype = "application/vnd.mapbox-vector-tile"
        answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Cache-Control"] = f"private, max-age={TILE_SECONDS}"
        return answer


def _register_sprite(wiring: Wiring) -> None:
    def kept(body: bytes, mimetype: str) -> Response:
        answer = Response(body, mimetype=mimetype)
        answer.headers["Cache-Control"] = f"private, max-age={SPRITE_SECONDS}"
        return answer

    for theme, (suffix, scale) in product(THEMES, (("", 1), ("@2x", 2))):
        wiring.route(f"/layers/sprite-{theme}{suffix}.json", permission=SESSION)(
            lambda scale=scale: kept(sprite_index(scale), "application/json")
        )
        wiring.route(f"/layers/sprite-{theme}{suffix}.png", permission=SESSION)(
            lambda theme=theme, scale=scale: kept(sprite_png(theme, scale), "image/png")
        )


def _answer(wiring: Wiring, rule: str, permission: str) -> Callable[[Read], Read]:
    """Decorator: the read answers `rule` as JSON, for the filter of the link, with an ETag."""

    def register(read: Read) -> Read:
        @wiring.route(rule, permission=permission)
        @_in_words
        def view() -> Response:
            chosen = PropertyFilter.from_query(request.args.to_dict())
            with wiring.deps.asker() as asker:
                answer = _unless_known(asker)
                if answer.status_code != 304:
                    answer.set_data(orjson.dumps(read(asker, chosen), option=orjson.OPT_SERIALIZE_NUMPY))
            return answer

        return read

    return register


def _unless_known(asker: Asker) -> Response:
    """An answer with its ETag; 304 when the browser has it already, which is found out before anything is read."""
    name = etag(asker.scope, data_state(asker), path=request.path, query=request.args.to_dict(), spoken=language())
    answer = Response(mimetype="application/json")
    answer.set_etag(name)
    answer.headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match.contains_weak(name):
        answer.status_code = 304
    return answer


def _in_words(view: Callable[..., Response]) -> Callable[..., Response]:
    @wraps(view)
    def guarded(**values: int) -> Response:
        try:
            return view(**values)
        except InvalidFilter as refused:
            return failure(400, text=_("This part of the link cannot be read: %(part)s.", part=refused.field))

    return guarded


def _whole(field: str, given: str, at_least: int, at_most: int) -> int:
    """A whole number of a link; the length is looked at first, because reading a very long number takes long."""
    is_number = given.isascii() and given.isdecimal() and len(given) <= 10
    if not is_number or not at_least <= int(given) <= at_most:
        raise InvalidFilter(field, f"{field} is a whole number from {at_least} to {at_most}.")
    return int(given)


def _zoom(given: str) -> float:
    try:
        zoom = float(given or 0)
    except ValueError:
        raise InvalidFilter("zoom", f"zoom={given} is not a number.") from None
    return zoom if 0 <= zoom <= 24 else 0.0
