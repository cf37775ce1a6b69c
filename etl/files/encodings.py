"""Which encoding a text file has: BOM, else UTF-8 if every byte fits, else Windows-1252; and it is said."""

import codecs
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from geodata.errors import DeliveryRefused

_BLOCK_BYTES = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Encoding:
    """A Python codec and the sentence about how it was found (None where the mapping said so and was right)."""

    codec: str
    remark: str | None


def recognise_encoding(name: str, open_stream: Callable[[], BinaryIO], declared: str | None) -> Encoding:
    """The encoding of a text file; the whole file is read once, because one late umlaut decides.

    A mapping that says Windows-1252 is overruled where the file is UTF-8 with umlauts or has a BOM: the other way round
    `Straße` would become `StraÃŸe` without any error. DeliveryRefused: the file does not fit the declared encoding, or
    no encoding fits; the message names line and byte.
    """
    if declared is not None:
        _check_known(declared)
    with open_stream() as stream:
        head = stream.read(4)
    bom = next((codec for mark, codec in _BOMS if head.startswith(mark)), None)
    if bom is not None:
        problem = _first_problem(open_stream, bom)
        if problem is not None:
            raise DeliveryRefused(f"Expected {bom.removesuffix('-sig')} because of the BOM of {name}, but {problem}.")
        return Encoding(bom, _remark(bom, "it starts with a byte order mark", declared))
    is_utf8, is_ascii = _utf8_and_ascii(open_stream)
    if is_utf8 and (declared is None or not is_ascii):
        reason = "every byte fits" if not is_ascii else "all characters are plain ASCII"
        return Encoding("utf-8", _remark("utf-8", reason, declared))
    codec = declared or "windows-1252"
    problem = _first_problem(open_stream, codec)
    if problem is not None:
        raise DeliveryRefused(f"Expected text in {codec}, but in {name} {problem}.")
    return Encoding(codec, None if declared else _remark(codec, "it is not valid UTF-8", declared))


def _check_known(declared: str) -> None:
    try:
        codecs.lookup(declared)
    except LookupError:
        raise DeliveryRefused(
            f"Expected the name of an encoding, as utf-8 or windows-1252, but got {declared!r}."
        ) from None


def _remark(codec: str, reason: str, declared: str | None) -> str | None:
    plain = codec.removesuffix("-sig")
    if declared is None:
        return f"Read as {plain}: {reason}."
    if codecs.lookup(declared).name == codecs.lookup(plain).name or declared.lower().startswith(plain):
        return None
    return f"The mapping says {declared}, but the file is {plain} ({reason}); read as {plain}."


def _utf8_and_ascii(open_stream: Callable[[], BinaryIO]) -> tuple[bool, bool]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_ascii = True
    with open_stream() as stream:
        try:
            while block := stream.read(_BLOCK_BYTES):
                is_ascii = is_ascii and block.isascii()
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False, False
    return True, is_ascii


def _first_problem(open_stream: Callable[[], BinaryIO], codec: str) -> str | None:
    with open_stream() as stream:
        text = io.TextIOWrapper(stream, encoding=codec, newline="\n")
        try:
            for _ in text:
                pass
        except UnicodeError:
            # The reader decodes in blocks, so the exact line is found by decoding the lines one by one.
            return _locate(open_stream, codec) or "it holds bytes that do not fit"
    return None


def _locate(open_stream: Callable[[], BinaryIO], codec: str) -> str | None:
    with open_stream() as stream:
        for number, line in enumerate(stream, start=1):
            try:
                line.decode(codec)
            except UnicodeDecodeError as error:
                return f"line {number} holds the byte 0x{line[error.start]:02X}"
    return None
