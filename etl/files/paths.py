"""A name from outside becomes an existing local file, or a sentence.

GDAL reads `/vsicurl/...`, `http://...`, `WFS:...` and many more as file names; so nothing reaches it but a resolved
path to a regular file that is really there.
"""

import hashlib
import re
import stat
from pathlib import Path

from geodata.errors import UsageError

_HASH_BLOCK_BYTES = 1 << 20
# `https://...`, also after pathlib has made one slash of two, and what GDAL takes for a service, as `WFS:https://...`.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:.*/")


def resolve_local_file(path: str | Path, folder_allowed: Path | None = None) -> Path:
    """The absolute path of an existing, regular local file, links followed.

    With `folder_allowed` the file has to lie under it after links were followed. UsageError: no such file, a folder, an
    address of the network, outside the allowed folder.
    """
    text = str(path)
    if _ADDRESS.match(text) or text.startswith("/vsi") or "\0" in text:
        raise UsageError(f"Expected the name of a local file, but got {text!r}: nothing is fetched from elsewhere.")
    try:
        resolved = Path(text).resolve(strict=True)
        mode = resolved.stat().st_mode
    except (OSError, RuntimeError) as error:
        reason = "it cannot be read" if isinstance(error, PermissionError) else "there is no such file"
        raise UsageError(f"Expected a file at {text}, but {reason}.") from None
    if stat.S_ISDIR(mode):
        raise UsageError(f"Expected a file, but {text} is a folder; name one file in it.")
    if not stat.S_ISREG(mode):
        raise UsageError(f"Expected a regular file, but {text} is a device, pipe or socket.")
    if folder_allowed is not None and not resolved.is_relative_to(folder_allowed.resolve()):
        raise UsageError(f"Expected a file in {folder_allowed}, but {text} lies outside of it.")
    return resolved


def checksum(path: Path) -> str:
    """SHA-256 of the file as hexadecimal text."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_HASH_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
