"""What every answer by URL shares: an ETag of who asks for what, and words for a link that cannot be read."""

import hashlib
from collections.abc import Mapping
from functools import wraps
from typing import Final

import orjson
from flask import Response, request

from dashboard.auth import signed_in
from dashboard.failures import failure
from dashboard.i18n import gettext as _
from dashboard.i18n import language
from dashboard.wiring import View
from geodata.access import Asker, Scope
from geodata.errors import InvalidFilter
from geodata.municipalities import DataState, data_state

# Rises when the shape of an answer changes, so that a new version of the program is not answered from old caches.
ANSWER_VERSION: Final = 2
START_MAX: Final = 1_000_000_000


def etag(scope: Scope, state: DataState, *, path: str, query: Mapping[str, str], spoken: str) -> str:
    """One name for one answer: scope, data version, refreshed date, path, query (the as-of date among it), language."""
    parts = [
        ANSWER_VERSION, scope.municipality, scope.role, sorted(scope.area_ids), state.data_version,
        str(state.refreshed_as_of), path, sorted(query.items()), spoken,
    ]  # fmt: skip
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()[:32]


def unless_known(asker: Asker) -> Response:
    """An answer with its ETag; 304 when the browser has it already, which is found out before anything is read."""
    # Without an as-of date the link means that of the account, which moves on at midnight.
    query = {"as_of": signed_in().default_as_of.isoformat()} | request.args.to_dict()
    name = etag(asker.scope, data_state(asker), path=request.path, query=query, spoken=language())
    answer = Response(mimetype="application/json")
    answer.set_etag(name)
    answer.headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match.contains_weak(name):
        answer.status_code = 304
    return answer


def in_words(view: View) -> View:
    """Decorator: a part of the link that cannot be read gives 400 and names the part."""

    @wraps(view)
    def guarded(**values: object) -> Response:
        try:
            found: Response = view(**values)
        except InvalidFilter as refused:
            return failure(400, text=_("This part of the link cannot be read: %(part)s.", part=refused.field))
        return found

    return guarded  # type: ignore[return-value]


def whole_number(field: str, given: str, at_least: int, at_most: int) -> int:
    """A whole number of a link; the length is looked at first, because reading a very long number takes long."""
    is_number = given.isascii() and given.isdecimal() and len(given) <= 10
    if not is_number or not at_least <= int(given) <= at_most:
        raise InvalidFilter(field, f"{field} is a whole number from {at_least} to {at_most}.")
    return int(given)
