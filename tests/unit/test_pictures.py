"""A photograph is drawn anew: nothing but its pixels is kept, and files that would fill the memory are refused."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from geodata import pictures
from geodata.pictures import EDGE_PX, PREVIEW_PX, UnusablePicture, draw_anew

ORIENTATION, GPS, MODEL, COMMENT = 0x0112, 0x8825, 0x0110, 0x9286
HIDDEN = (b"Exif", b"http://ns.adobe", b"ICC_PROFILE", b"Kamera Geheim", b"Notiz", b"Photoshop")


def as_file(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def with_everything(size: tuple[int, int] = (60, 40), *, orientation: int = 6) -> bytes:
    """A red picture with a blue corner (upper left), place, camera, comments, profile and a thumbnail."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, 0, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MODEL] = orientation, "Kamera Geheim"
    exif.get_ifd(GPS).update({1: "N", 2: (51.0, 21.0, 36.0), 3: "E", 4: (7.0, 27.0, 0.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">Notiz</x:xmpmeta>'
    return as_file(image, exif=exif, icc_profile=profile, xmp=xmp, comment=b"Notiz: Frau Muster")


def test_nothing_that_the_camera_wrote_is_kept() -> None:
    data = with_everything()
    assert all(word in data for word in HIDDEN[:5])
    picture = draw_anew(data)
    for kept in (picture.content, picture.preview):
        assert [word for word in HIDDEN if word in kept] == []
        image = Image.open(io.BytesIO(kept))
        assert (image.format, image.mode) == ("JPEG", "RGB")
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_it_stands_upright_before_its_orientation_is_dropped() -> None:
    """Orientation 6: the camera was held upright, so what is left in the file belongs on top."""
    picture = draw_anew(with_everything((60, 40), orientation=6))
    assert (picture.width_px, picture.height_px) == (40, 60)
    image = Image.open(io.BytesIO(picture.content))
    red, _, blue = image.getpixel((35, 5))  # type: ignore[misc]
    assert blue > 200 > 100 > red


def test_large_ones_shrink_small_ones_stay() -> None:
    large = draw_anew(as_file(Image.new("RGB", (4_000, 3_000), "grey")))
    assert (large.width_px, large.height_px) == (EDGE_PX, 1_800)
    assert max(Image.open(io.BytesIO(large.preview)).size) == PREVIEW_PX
    small = draw_anew(as_file(Image.new("RGB", (30, 20), "grey"), "WEBP"))
    assert (small.width_px, small.height_px) == (30, 20)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16"])
def test_what_is_transparent_becomes_white_and_every_mode_can_be_drawn(mode: str) -> None:
    picture = draw_anew(as_file(Image.new(mode, (10, 10), 0), "PNG"))
    expected = (255, 255, 255) if mode in ("RGBA", "LA") else (0, 0, 0)
    assert Image.open(io.BytesIO(picture.content)).getpixel((5, 5)) == expected


def test_texts_in_a_png_are_not_kept() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "Notiz: Frau Muster", zip=False)
    data = as_file(Image.new("RGB", (10, 10)), "PNG", pnginfo=notes)
    assert b"Notiz" in data
    assert b"Notiz" not in draw_anew(data).content


def png_of(width: int, height: int) -> bytes:
    """A file of some bytes that says that it is a picture of this size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(8_000, 7_000), (12_000, 12_000), (60_000, 60_000)])
def test_a_bomb_is_refused_by_its_head(size: tuple[int, int]) -> None:
    with pytest.raises(UnusablePicture) as refused:
        draw_anew(png_of(*size))
    assert refused.value.code == "too_many_pixels"


def repeated_scan(times: int) -> bytes:
    """A progressive JPEG whose last scan comes so often; behind its end stands what looks like many more."""
    plain = as_file(Image.new("RGB", (16, 16), "red"), progressive=True)
    at = plain.rindex(b"\xff\xda")
    return plain[:at] + plain[at:-2] * times + b"\xff\xd9" + b"\xff\xda" * 999


def test_a_picture_that_is_drawn_over_and_over_again_is_refused() -> None:
    assert draw_anew(repeated_scan(50)).width_px == 16
    with pytest.raises(UnusablePicture) as refused:
        draw_anew(repeated_scan(200))
    assert refused.value.code == "unreadable"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        with_everything()[:-300],
        as_file(Image.new("RGB", (9, 9)), "GIF"),
        as_file(Image.new("RGB", (9, 9)), "TIFF"),
        png_of(10, 10)[:40],
    ],
    ids=["empty", "svg", "pdf", "cut off", "gif", "tiff", "cut off png"],
)
def test_what_is_no_photograph_is_refused_in_one_word(data: bytes) -> None:
    with pytest.raises(UnusablePicture) as refused:
        draw_anew(data)
    assert refused.value.code == "unreadable"


def test_a_file_that_is_too_large_is_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_BYTES", 10)
    with pytest.raises(UnusablePicture) as refused:
        draw_anew(b"x" * 11)
    assert refused.value.code == "too_large"
