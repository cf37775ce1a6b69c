"""The generated secrets of the embedded cluster: one JSON file, mode 0600, written once."""

import json
import os
import secrets
from dataclasses import dataclass, field, fields
from pathlib import Path

from geodata.errors import ClusterError
from geodata.service import service_account
from geodata.settings import Settings

FILE_NAME = "credentials.json"


@dataclass(frozen=True)
class Credentials:
    """Passwords by kind of login, the same in every database of the cluster, and the key that signs sessions."""

    superuser: str = field(repr=False)
    owner: str = field(repr=False)
    loader: str = field(repr=False)
    login_staff: str = field(repr=False)
    login_manager: str = field(repr=False)
    login_external: str = field(repr=False)
    login_politics: str = field(repr=False)
    login_accounts: str = field(repr=False)
    secret_key: str = field(repr=False)


def read_or_create(folder: Path) -> Credentials:
    """Read the file of this folder or generate it; the caller holds the cluster's lock, so only one generates."""
    if not (folder / FILE_NAME).exists():
        _write(folder, {})
    return read(folder)


def is_complete(folder: Path) -> bool:
    """Whether the file of this folder holds everything that this program needs; a missing one is nobody's to mend."""
    path = folder / FILE_NAME
    return not path.exists() or _names() <= set(_known(path))


def complete(folder: Path) -> Credentials:
    """Read the file of this folder and add the passwords of logins that an older program did not know."""
    if not is_complete(folder):
        _write(folder, _known(folder / FILE_NAME))
    return read(folder)


def read(folder: Path) -> Credentials:
    """Read the file of this folder; ClusterError says when it is missing, foreign or broken."""
    path = folder / FILE_NAME
    try:
        return Credentials(**_known(path))
    except TypeError:
        raise _unreadable(path) from None


def _names() -> set[str]:
    return {item.name for item in fields(Credentials)}


def _write(folder: Path, known: dict[str, str]) -> None:
    values = {item.name: known.get(item.name) or secrets.token_urlsafe(32) for item in fields(Credentials)}
    write_private(folder / FILE_NAME, json.dumps(values, indent=2) + "\n")


def _known(path: Path) -> dict[str, str]:
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ClusterError(f"{path} is missing, so the embedded database cannot be entered.") from None
    except PermissionError:
        raise ClusterError(
            f"{path} belongs to another user.", "Start as the user who started the database first."
        ) from None
    except ValueError:
        raise _unreadable(path) from None
    if not isinstance(known, dict):
        raise _unreadable(path)
    return known


def _unreadable(path: Path) -> ClusterError:
    return ClusterError(f"{path} cannot be read as the file that was written.", "Restore it from a backup.")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all; as root it belongs to the service account."""
    partial = path.with_name(f"{path.name}.partial-{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    give_to_service(partial)
    partial.replace(path)


def give_to_service(path: Path) -> None:
    """As root, hand a file or folder over to the account that runs cluster and server; else nothing to do."""
    account = service_account()
    if account is not None:
        os.chown(path, account.pw_uid, account.pw_gid)


def session_key(settings: Settings) -> str:
    """The key that signs sessions: QM_SECRET_KEY where set (always on an external server), else the generated one."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    return read(settings.data_folder).secret_key
