"""Photographs on a page: one with its words, and the form that takes one more, made for a phone at the house."""

from typing import Any, ClassVar

from dash import html
from dash.development.base_component import Component

from dashboard.formatting import format_date, format_number
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.routes import href
from geodata.calendar import today
from geodata.codes import PHOTOGRAPH_MOMENTS
from geodata.photographs import CAPTION_LENGTH, Photograph
from geodata.pictures import EDGE_PX, MAX_BYTES


class _OfBrowser(Component):
    """A part that `assets/photographs.js` draws."""

    _children_props: ClassVar[list[str]] = []
    _base_nodes: ClassVar[list[str]] = []
    _namespace = "qm_photographs"
    _names: tuple[str, ...] = ()

    def __init__(self, **properties: Any) -> None:
        self._prop_names = list(self._names)
        self._valid_wildcard_attributes: list[str] = []
        self.available_properties = list(self._names)
        self.available_wildcard_properties: list[str] = []
        super().__init__(**properties)


class PhotographForm(_OfBrowser):
    """Choose or take a picture, blacken, confirm, send; afterwards the page is built anew."""

    _type = "PhotographForm"
    _names = (
        "id", "action", "property", "max_bytes", "edge_px", "caption_length", "latest_on", "texts", "project",
        "moments",
    )  # fmt: skip


class RemovePhotograph(_OfBrowser):
    """A button that asks once more before it takes a photograph away."""

    _type = "RemovePhotograph"
    _names = ("id", "action", "label", "texts")


def figure(one: Photograph, *, can_write: bool) -> Component:
    """One photograph with its words; whoever may write can take it away."""
    words = alternative_text(one)
    picture = html.Img(
        src=href(f"/fotos/{one.id}/vorschau.jpg"),
        alt=words,
        width=_shown_size(one)[0],
        height=_shown_size(one)[1],
    )
    link = html.A(picture, href=href(f"/fotos/{one.id}.jpg"), target="_blank", rel="noopener", className="fotos-link")
    lines = [html.Strong(one.caption)] if one.caption else []
    lines.append(html.Span(_origin(one), className="quiet"))
    parts = [link, html.Figcaption(lines)]
    if can_write:
        parts.append(_remove(one, words))
    return html.Figure(parts, className="fotos-figure")


def alternative_text(one: Photograph) -> str:
    """What a screen reader says in place of the picture."""
    if one.caption:
        return _("Photograph: %(caption)s", caption=one.caption)
    if one.taken_on:
        return _("Photograph of %(date)s without a caption", date=format_date(one.taken_on))
    return _("Photograph without date and caption")


def _origin(one: Photograph) -> str:
    taken = format_date(one.taken_on) if one.taken_on else _("without a date")
    return f"{taken} · {one.account_name}" if one.account_name else taken


def _shown_size(one: Photograph) -> tuple[int, int]:
    """The size of the preview, so that the page does not jump when it arrives."""
    share = min(1.0, 320 / max(one.width_px, one.height_px))
    return max(1, round(one.width_px * share)), max(1, round(one.height_px * share))


def _remove(one: Photograph, words: str) -> Component:
    texts = {
        "remove": _("Take away"),
        "ask": _("Take this photograph away? Nobody is shown it any more."),
        "confirm": _("Yes, take away"),
        "cancel": _("Cancel"),
        "failed": _("That did not work. Try again."),
    }
    label = f"{_('Take away')}: {words}"
    return RemovePhotograph(
        id=f"fotos-remove-{one.id}", action=href(f"/fotos/{one.id}/entfernen"), label=label, texts=texts
    )


def upload_form(property_id: int, *, project_key: str = "") -> Component:
    """The form for one more; of a project it also asks which moment it shows."""
    moments = [[code, code_label("photograph_moment", code)] for code in PHOTOGRAPH_MOMENTS] if project_key else []
    return PhotographForm(
        id="fotos-form",
        action=href("/fotos"),
        property=str(property_id),
        max_bytes=MAX_BYTES,
        edge_px=EDGE_PX,
        caption_length=CAPTION_LENGTH,
        latest_on=today().isoformat(),
        texts=_form_texts() | (_moment_texts() if project_key else {}),
        project=project_key,
        moments=moments,
    )


def _form_texts() -> dict[str, str]:
    megabytes = format_number(MAX_BYTES // 1_000_000)
    return {
        "camera": _("Take a photograph"),
        "file": _("Choose a file"),
        "limit": _("JPEG, PNG or WebP, at most %(megabytes)s MB. Place and device are not kept.", megabytes=megabytes),
        "picture": _("The chosen photograph; what you draw on it is blackened"),
        "blacken": _(
            "Faces, name plates or licence plates in the picture? Drag over them with finger or mouse to blacken them."
        ),
        "blackened": _("blackened: %(count)s", count="{count}"),
        "undo": _("Undo the last blackening"),
        "unseen": _("This picture cannot be shown here, and so not be blackened. It is checked when it is sent."),
        "taken_on": _("Taken on"),
        "caption": _("What can be seen"),
        "caption_hint": _("About the building, not about people."),
        "check": _("No faces, no name plates, no licence plates can be recognised."),
        "unchecked": _(
            "Please confirm first that no face, no name plate and no licence plate can be recognised."
        ),
        "send": _("Add the photograph"),
        "cancel": _("Discard"),
        "sending": _("Sending"),
        "received": _("Received, is being drawn anew"),
        "too_large": _("The file is larger than %(megabytes)s MB.", megabytes=megabytes),
        "failed": _("Not sent: no connection. Your entries are kept here; try again."),
        "date_ahead": _("This date lies in the future."),
    }  # fmt: skip


def _moment_texts() -> dict[str, str]:
    return {
        "moment": _("What it shows"),
        "no_moment": _("Please say whether the photograph shows the time before, during or after the demolition."),
    }
