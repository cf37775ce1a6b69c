"""The generated secrets of the embedded cluster: one JSON file, mode 0600, written once."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field, fields
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
    login_politics: str = field(repr=False)
    secret_key: str = field(repr=False)


def read_or_create(folder: Path) -> Credentials:
    """Read the file of this folder or generate it; the caller holds the cluster's lock, so only one generates."""
    path = folder / FILE_NAME
    if path.exists():
        return read(folder)
    credentials = Credentials(**{item.name: secrets.token_urlsafe(32) for item in fields(Credentials)})
    write_private(path, json.dumps(asdict(credentials), indent=2) + "\n")
    return credentials


def read(folder: Path) -> Credentials:
    """Read the file of this folder; ClusterError says when it is missing, foreign or broken."""
    path = folder / FILE_NAME
    try:
        return Credentials(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ClusterError(f"{path} is missing, so the embedded database cannot be entered.") from None
    except PermissionError:
        raise ClusterError(
            f"{path} belongs to another user.", "Start as the user who started the database first."
        ) from None
    except (ValueError, TypeError):
        raise ClusterError(
            f"{path} cannot be read as the file that was written.", "Restore it from a backup."
        ) from None


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
