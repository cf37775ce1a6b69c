"""What XML from outside may not contain: document types and entities, which make a parser read or expand other
things."""

import re
from pathlib import Path

from geodata.errors import DeliveryRefused

_BLOCK_BYTES = 1 << 20
_FORBIDDEN = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_OVERLAP_BYTES = len(b"<!DOCTYPE")
_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# In these every ASCII character is one byte of the same value, so that a search in bytes sees what the parser will see.
_ENCODINGS = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252"})


def refuse_entities(name: str, path: Path) -> None:
    """DeliveryRefused where the file holds DOCTYPE or ENTITY, or has an encoding in which they could hide."""
    with path.open("rb") as stream:
        head = stream.read(1024).removeprefix(b"\xef\xbb\xbf")
        declared = _ENCODING.match(head)
        encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
        if encoding not in _ENCODINGS or b"\0" in head:
            raise DeliveryRefused(
                f"Expected XML in UTF-8, but {name} is in {encoding if declared else 'another encoding'}."
            )
        stream.seek(0)
        tail = b""
        while block := stream.read(_BLOCK_BYTES):
            found = _FORBIDDEN.search(tail + block)
            if found:
                what = found[1].decode().upper()
                raise DeliveryRefused(f"Expected XML without document type and entities, but {name} holds <!{what}.")
            tail = block[-_OVERLAP_BYTES:]
