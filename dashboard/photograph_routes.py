"""Photographs by URL: the small ones, the full ones (logged), taking one in and taking one away.

An upload is multipart, because a callback would send it as base64 through JSON; its limit holds for this route alone.
What is wrong with it is said in words: `{"error": {"status", "message"}}`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from flask import Response, abort, jsonify, request

from dashboard.auth import signed_in
from dashboard.deps import Deps
from dashboard.formatting import format_number
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from dashboard.wiring import Wiring
from geodata.edits.order import STATEMENT_SECONDS, Order
from geodata.errors import InvalidEdit
from geodata.photographs import (
    READ,
    WRITE,
    PhotographDraft,
    add_photograph,
    read_full,
    read_preview,
    remove_photograph,
)
from geodata.pictures import MAX_BYTES, MAX_PIXELS, UnusablePicture, draw_anew

FORM_BYTES: Final = 100_000  # the fields beside the file
ID_MAX: Final = 2**63 - 1
_PROBLEMS: Final[Mapping[str, str]] = {
    "too_large": N_("The file is larger than %(megabytes)s MB."),
    "too_many_pixels": N_("The picture has more than %(megapixels)s megapixels."),
    "unreadable": N_("This is no picture that can be read. JPEG, PNG and WebP are taken."),
    "is_checked": N_("Please confirm first that no face, no name plate and no licence plate can be recognised."),
    "taken_on": N_("The date of the photograph lies in the future or too far back."),
    "caption": N_("The caption is too long or holds characters that cannot be kept."),
    "moment": N_("Please say whether the photograph shows the time before, during or after the demolition."),
    "project_key": N_("This demolition project is not known at this property. Load the page again."),
    "property_id": N_("Your account may not add photographs to this property."),
    "submission": N_("This form was sent by another account. Load the page again."),
}


def register(wiring: Wiring) -> None:
    """Routes below /fotos."""

    @wiring.route("/fotos/<int:photograph_id>.jpg", permission=READ)
    def full(photograph_id: int) -> Response:
        with wiring.deps.asker() as asker:
            return _jpeg(read_full(wiring.deps.access, asker, _within(photograph_id)))

    @wiring.route("/fotos/<int:photograph_id>/vorschau.jpg", permission=READ)
    def preview(photograph_id: int) -> Response:
        with wiring.deps.asker() as asker:
            return _jpeg(read_preview(asker, _within(photograph_id)))

    @wiring.route("/fotos", permission=WRITE, methods=["POST"])
    def upload() -> Any:
        return take_upload(wiring.deps)

    @wiring.route("/fotos/<int:photograph_id>/entfernen", permission=WRITE, methods=["POST"])
    def remove(photograph_id: int) -> Any:
        return take_away(wiring.deps, _within(photograph_id))


def take_upload(deps: Deps) -> Any:
    """Take one picture in; drawn anew before the transaction, because that takes a second and an edit holds a lock."""
    request.max_content_length = MAX_BYTES + FORM_BYTES
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _problem(_("Choose a photograph first."), 400)
    form = request.form
    property_id, taken_on = _whole_number(form.get("property", "")), _day(form.get("taken_on", ""))
    draft = PhotographDraft(
        taken_on,
        form.get("caption", ""),
        is_checked=form.get("is_checked") == "yes",
        moment=form.get("moment") or None,
        project_key=form.get("project") or None,
    )
    if not draft.is_checked:
        return _refused({"is_checked": "required"})
    order = Order(_submission(form.get("submission", "")), "photograph")
    try:
        picture = draw_anew(sent.stream.read(MAX_BYTES + 1))
        with deps.access.open(signed_in().scope, statement_seconds=STATEMENT_SECONDS) as asker:
            done = add_photograph(asker, order, property_id, picture, draft)
    except UnusablePicture as refused:
        return _refused({refused.code: refused.code})
    except InvalidEdit as refused:
        return _refused(refused.fields)
    return jsonify({"saved": {"edit": done.edit_id, "message": _("The photograph was added.")}})


def take_away(deps: Deps, photograph_id: int) -> Any:
    """Take a photograph away; 404 where there is none."""
    body = request.get_json(silent=True)
    order = Order(_submission(body.get("submission") if isinstance(body, dict) else None), "photograph_removed")
    try:
        with deps.access.open(signed_in().scope, statement_seconds=STATEMENT_SECONDS) as asker:
            done = remove_photograph(asker, order, photograph_id)
    except InvalidEdit as refused:
        return _refused(refused.fields)
    if done is None:
        abort(404)
    return jsonify({"saved": {"edit": done.edit_id, "message": _("The photograph was taken away.")}})


def _jpeg(content: bytes | None) -> Response:
    if content is None:
        abort(404)
    # `no-store` as for everything of one account: a borrowed device must not show it after signing out.
    return Response(content, mimetype="image/jpeg", headers={"Cache-Control": "private, no-store"})


def _within(photograph_id: int) -> int:
    if photograph_id > ID_MAX:
        abort(404)
    return photograph_id


def _whole_number(given: str) -> int:
    if not (given.isascii() and given.isdecimal() and len(given) < 19):
        abort(400)
    return int(given)


def _day(given: str) -> date | None:
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        abort(400)


def _submission(given: Any) -> UUID:
    try:
        return UUID(given if isinstance(given, str) else "")
    except ValueError:
        abort(400)


def _refused(fields: Mapping[str, str]) -> Any:
    """The first problem in words; what is not known here reads as a plain refusal."""
    message = next((_PROBLEMS[name] for name in fields if name in _PROBLEMS), None)
    if message is None:
        return _problem(_("This photograph cannot be taken over."), 422)
    limits = {"megabytes": format_number(MAX_BYTES // 1_000_000), "megapixels": format_number(MAX_PIXELS // 1_000_000)}
    return _problem(_(message, **{name: value for name, value in limits.items() if f"%({name})s" in message}), 422)


def _problem(message: str, status: int) -> Any:
    return {"error": {"status": status, "message": message}}, status
