"""Uploaded files and what becomes of them: received, checked, loaded, deleted.

Each upload has a folder of its own with a random name below the data folder, readable by the server's user only; the
name is the token by which its owner comes back. The file keeps its own name inside, because a mapping may read the
as-of date from it. A file is deleted after the load and at the latest an hour after it came.

What is going on stands in `upload.json` beside the file and not in memory: another worker process may answer the next
request. Work runs in a thread, one at a time per process; a job whose process is gone says that it was interrupted.
"""

import contextlib
import json
import os
import re
import secrets
import shutil
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import IO, Any, Final, Literal

import structlog

from geodata.errors import QmError

Step = Literal["check", "load"]
State = Literal["received", "waiting", "running", "done", "failed", "interrupted"]
Work = Callable[[Path], Mapping[str, Any]]

MAX_UPLOAD_BYTES: Final = 200_000_000
KEPT_SECONDS: Final = 3_600
_CHUNK_BYTES: Final = 1_048_576
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_NAME_LENGTH: Final = 120
_turn = threading.Semaphore(1)
_log = structlog.get_logger("uploads")


@dataclass(frozen=True)
class Owner:
    """Whose upload it is; nobody else finds it."""

    account: str
    municipality: str


@dataclass(frozen=True)
class Upload:
    """A file that came in, and how far the work on it is. `report` has the fields of the ETL's `--json`."""

    token: str
    owner: Owner
    source: str
    mapping: str
    as_of: date | None
    file_name: str
    file_bytes: int
    received_at: float
    step: Step = "check"
    state: State = "received"
    started_at: float | None = None
    process: int | None = None
    report: dict[str, Any] | None = None
    problem: str | None = None

    @property
    def is_busy(self) -> bool:
        """Whether somebody has to wait for it."""
        return self.state in ("waiting", "running")

    def seconds(self, now: float) -> float:
        """How long the current step has taken so far."""
        return max(0.0, now - (self.started_at or now))


class UploadTooLarge(QmError):
    """The file is larger than what is taken by upload."""


class Uploads:
    """The uploads below one folder. `clock` gives seconds since 1970."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder, self._clock = folder, clock

    def receive(
        self, stream: IO[bytes], name: str, owner: Owner, *, source: str, mapping: str, as_of: date | None
    ) -> Upload:
        """Store a file under a new token; raises UploadTooLarge and keeps nothing when it exceeds the limit."""
        self.sweep()
        token = secrets.token_urlsafe(32)
        place = self._folder / token
        place.mkdir(parents=True, mode=0o700)
        self._folder.chmod(0o700)
        clean = clean_name(name)
        try:
            size = _copy(stream, place / clean)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        upload = Upload(token, owner, source, mapping, as_of, clean, size, received_at=self._clock())
        self._write(upload)
        _forget_later(self, token)
        return upload

    def find(self, token: str, owner: Owner) -> Upload | None:
        """The owner's upload of this token; None = there is none, it is another's, or its hour is over."""
        upload = self._read(token)
        if upload is None or upload.owner != owner or self._is_over(upload):
            return None
        if upload.is_busy and not _is_alive(upload.process):
            return replace(upload, state="interrupted")
        return upload

    def start(self, upload: Upload, step: Step, work: Work) -> Upload:
        """Begin a step in a thread and return at once; a step that was begun already is left alone."""
        if not self._claim(upload.token, step):
            return self._read(upload.token) or upload
        begun = replace(
            upload, step=step, state="waiting", started_at=self._clock(), process=os.getpid(), report=None, problem=None
        )
        self._write(begun)
        threading.Thread(target=self._run, args=(begun, work), name=f"upload-{step}", daemon=True).start()
        return begun

    def sweep(self) -> None:
        """Delete what is older than an hour and not being worked on."""
        if not self._folder.is_dir():
            return
        for place in self._folder.iterdir():
            upload = self._read(place.name)
            born = upload.received_at if upload else place.stat().st_mtime
            is_working = upload is not None and upload.is_busy and _is_alive(upload.process)
            if self._clock() - born > KEPT_SECONDS and not is_working:
                shutil.rmtree(place, ignore_errors=True)

    def _run(self, begun: Upload, work: Work) -> None:
        with _turn:
            running = replace(begun, state="running")
            self._write(running)
            path = self._folder / begun.token / begun.file_name
            worked = _worked(running, work, path)
            # Before it says that it is done: whoever reads that may rely on the file being gone.
            if begun.step == "load":
                path.unlink(missing_ok=True)
            self._write(worked)

    def _claim(self, token: str, step: Step) -> bool:
        """True for the first who asks: two clicks, or two workers, must not load one file twice."""
        try:
            (self._folder / token / f".{step}").touch(exist_ok=False)
        except OSError:
            return False
        return True

    def _is_over(self, upload: Upload) -> bool:
        return self._clock() - upload.received_at > KEPT_SECONDS and not upload.is_busy

    def _read(self, token: str) -> Upload | None:
        if not _TOKEN.fullmatch(token):
            return None
        try:
            stored = json.loads((self._folder / token / "upload.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        as_of = stored["as_of"]
        return Upload(**{
            **stored, "owner": Owner(**stored["owner"]), "as_of": None if as_of is None else date.fromisoformat(as_of),
        })  # fmt: skip

    def _write(self, upload: Upload) -> None:
        """Replace the note in one step, so that nobody reads half of it; gone with its folder once discarded."""
        place = self._folder / upload.token
        text = json.dumps(asdict(upload), default=str, ensure_ascii=False)
        draft = place / f"upload.{threading.get_ident()}.tmp"
        with contextlib.suppress(FileNotFoundError):
            draft.write_text(text, encoding="utf-8")
            draft.replace(place / "upload.json")


def clean_name(name: str) -> str:
    """The bare name of a file: no folders, no control characters, no leading dot, at most 120 letters."""
    bare = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in bare if letter.isprintable()).strip().lstrip(".")
    stem, dot, ending = kept.rpartition(".")
    short = f"{stem[: _NAME_LENGTH - len(ending) - 1]}{dot}{ending}" if dot and len(ending) < 20 else kept
    return short[:_NAME_LENGTH] if short and short != "upload.json" else "datei"


def _copy(stream: IO[bytes], target: Path) -> int:
    size = 0
    with target.open("xb") as out:
        target.chmod(0o600)
        for chunk in _chunks(stream):
            size += len(chunk)
            if size > MAX_UPLOAD_BYTES:
                raise UploadTooLarge(f"The file is larger than {MAX_UPLOAD_BYTES} bytes.")
            out.write(chunk)
    return size


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK_BYTES):
        yield chunk


def _worked(running: Upload, work: Work, path: Path) -> Upload:
    """The upload after its step: with the report, or with a problem in words."""
    try:
        return replace(running, state="done", report=dict(work(path)))
    except QmError as error:
        return replace(running, state="failed", problem=str(error))
    except Exception as error:  # a thread has no caller who could answer; the user gets a number that is in the log
        error_id = secrets.token_hex(4)
        _log.error("upload_failed", id=error_id, step=running.step, kind=type(error).__name__)
        return replace(running, state="failed", problem=f"#{error_id}")


def _is_alive(process: int | None) -> bool:
    return process is not None and (process == os.getpid() or Path(f"/proc/{process}").exists())


def _forget_later(uploads: Uploads, token: str) -> None:
    """Delete the upload when its hour is over, also when nobody comes back; `sweep` does it after a restart."""
    timer = threading.Timer(KEPT_SECONDS + 1, uploads.sweep)
    timer.daemon = True
    timer.name = f"upload-sweep-{token[:6]}"
    timer.start()
