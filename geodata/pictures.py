"""A photograph as it may be kept: drawn anew from its pixels, so that nothing a camera hid in it is kept.

Cameras write where and when a picture was taken, with what, and often a small copy of the whole picture before it was
cut or blackened (EXIF, XMP, thumbnails, comments). Taking such parts out one by one forgets one; writing the pixels
into a new file keeps none. Orientation is applied first, because it stands in what is dropped.
"""

import io
import re
import threading
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

from geodata.errors import QmError

MAX_BYTES: Final = 20_000_000
MAX_PIXELS: Final = 50_000_000
EDGE_PX: Final = 2_400
PREVIEW_PX: Final = 320
FORMATS: Final = ("JPEG", "PNG", "WEBP")
_QUALITY: Final = 85
# A progressive JPEG comes in about ten scans. Each is drawn over the whole picture, and one of 75 bytes can be repeated
# a quarter of a million times in a file that is not too large: hours for one upload.
_MOST_SCANS: Final = 100
_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
_WITHOUT_LENGTH: Final = (0x01, 0xD8)
# A picture of 50 megapixels takes 150 MB while it is drawn: one at a time in each process.
_turn = threading.Semaphore(1)


@dataclass(frozen=True)
class Picture:
    """Two JPEG files of one picture, and the size of the larger one in pixels."""

    content: bytes
    preview: bytes
    width_px: int
    height_px: int


class UnusablePicture(QmError):
    """A file that is not taken as a photograph; `code` says why: too_large, too_many_pixels, unreadable."""

    def __init__(self, code: str) -> None:
        super().__init__(f"This file cannot be taken as a photograph: {code}.")
        self.code = code


def draw_anew(data: bytes) -> Picture:
    """The picture of a JPEG, PNG or WebP file, at most `EDGE_PX` wide and high, without anything but its pixels."""
    if len(data) > MAX_BYTES:
        raise UnusablePicture("too_large")
    with _turn:
        image = _pixels(data)
        return Picture(_jpeg(image), _jpeg(_within(image, PREVIEW_PX)), image.width, image.height)


def _pixels(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings(category=Image.DecompressionBombWarning, action="error"):
            _check(data)
            return _decoded(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnusablePicture("too_many_pixels") from None
    except UnusablePicture:
        raise
    except Exception:  # decoders of broken files raise whatever they stumble over, and none of it helps the user
        raise UnusablePicture("unreadable") from None


def _check(data: bytes) -> None:
    """Refuse by the head of the file, before a pixel is decoded; `verify` leaves the image unusable."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise UnusablePicture("too_many_pixels")
        if image.format == "JPEG" and _scans(data) > _MOST_SCANS:
            raise UnusablePicture("unreadable")
        image.verify()


def _scans(data: bytes) -> int:
    """How many scans a JPEG has up to its end; cameras put films behind it, in which any bytes may stand."""
    scans, at = 0, 0
    while found := _MARKER.search(data, at):
        kind, at = found[0][1], found.end()
        if kind == _END_OF_IMAGE:
            break
        scans += kind == _START_OF_SCAN
        if kind not in _WITHOUT_LENGTH:
            at += int.from_bytes(data[at : at + 2])
    return scans


def _decoded(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        # A JPEG can be decoded at a half, a quarter or an eighth of its size, which spares most of the memory.
        image.draft("RGB", (EDGE_PX, EDGE_PX))
        upright = ImageOps.exif_transpose(image)
        plain = _opaque(_within(upright, EDGE_PX))
    return Image.frombytes("RGB", plain.size, plain.tobytes())


def _within(image: Image.Image, edge_px: int) -> Image.Image:
    """The picture, or a smaller one: it is never made larger."""
    if max(image.size) <= edge_px:
        return image
    smaller = image if image.mode in ("RGB", "RGBA", "L") else image.convert("RGBA" if _has_holes(image) else "RGB")
    return ImageOps.contain(smaller, (edge_px, edge_px))


def _opaque(image: Image.Image) -> Image.Image:
    """RGB; what is transparent becomes white, because a JPEG would make it black."""
    if not _has_holes(image):
        return image.convert("RGB")
    layer = image.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper


def _has_holes(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()
