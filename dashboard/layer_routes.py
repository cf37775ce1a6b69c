"""What the map fetches by URL: columns, outlines, tiles and the sprite; the rows of its table are in `tables.py`.

Every answer carries an ETag of who asks, for what, for which date and in which version of the data, so that a browser
asks again cheaply and never shows one account what another was sent. What a link holds is input from outside: an
unreadable part gives 400 in words.
"""

import gzip
from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import orjson
from flask import Response, request

from dashboard.answers import in_words, unless_known
from dashboard.auth import signed_in
from dashboard.formatting import format_date, format_number
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.locks import SESSION
from dashboard.wiring import Wiring
from geodata.access import Asker
from geodata.areas import read_extent
from geodata.errors import InvalidFilter
from geodata.filters import PropertyFilter
from geodata.municipalities import data_state
from geodata.properties import Frame
from geodata.selection import Box, parse_box
from geodata.tiles import read_tile
from layers.base import THEMES, Layer, Wish, Words
from layers.symbols import sprite_index, sprite_png

ANYWHERE: Box = (-180.0, -85.0, 180.0, 85.0)
TILE_SECONDS = 600
SPRITE_SECONDS = 86_400

Read = Callable[[Asker, PropertyFilter], Any]


def register(wiring: Wiring) -> None:
    """Routes of every layer that was found, of the tiles and of the sprite."""
    for layer in wiring.deps.layers:
        _register_layer(wiring, layer)
    _register_tiles(wiring)
    _register_sprite(wiring)


def words() -> Words:
    """The language of the request as layers know it."""
    return Words(code=code_label, message=_, day=format_date, number=format_number)


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


def _register_tiles(wiring: Wiring) -> None:
    @wiring.route("/layers/context/tiles/<int:z>/<int:x>/<int:y>", permission="area:read")
    @in_words
    def tile(z: int, x: int, y: int) -> Response:
        chosen = PropertyFilter.from_query(request.args.to_dict())
        with wiring.deps.asker() as asker:
            answer = unless_known(asker)
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
        @in_words
        def view() -> Response:
            chosen = PropertyFilter.from_query(request.args.to_dict())
            with wiring.deps.asker() as asker:
                answer = unless_known(asker)
                if answer.status_code != 304:
                    answer.set_data(orjson.dumps(read(asker, chosen), option=orjson.OPT_SERIALIZE_NUMPY))
            return answer

        return read

    return register


def _zoom(given: str) -> float:
    try:
        zoom = float(given or 0)
    except ValueError:
        raise InvalidFilter("zoom", f"zoom={given} is not a number.") from None
    return zoom if 0 <= zoom <= 24 else 0.0
