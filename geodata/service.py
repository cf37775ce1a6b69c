"""Which account runs the cluster and the web server when we were started as root, and the change to it."""

import os
import pwd
import subprocess
import sys

from geodata.settings import PROJECT_ROOT

ACCOUNT = "postgres"  # made by Debian's PostgreSQL packages; no account of our own has to be added to a machine


def service_account() -> pwd.struct_passwd | None:
    """The account `postgres` when we are root and it exists, else None: whoever is not root stays oneself."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        return None


def drop_root() -> str | None:
    """Go on as the service account for good, before any request is answered; a sentence when we have to stay root.

    To be called after the port is chosen and before threads, pools or workers exist. The account must be able to read
    the project and its Python, which it cannot below /root or in a private temporary folder.
    """
    if os.geteuid() != 0:
        return None
    account = service_account()
    if account is None:
        return f"The server runs as root, because there is no account {ACCOUNT} on this machine."
    if not _can_work_here(account):
        return f"The server runs as root, because {ACCOUNT} cannot read {PROJECT_ROOT} or its Python {sys.executable}."
    os.initgroups(account.pw_name, account.pw_gid)
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    os.umask(0o077)
    os.environ["HOME"] = account.pw_dir
    return None


def _can_work_here(account: pwd.struct_passwd) -> bool:
    """Try it with a process of that account: the rights on every folder of two paths are hard to read off modes."""
    try:
        tried = subprocess.run(
            [sys.executable, "-c", "import psycopg, geodata.settings"],
            cwd=PROJECT_ROOT,
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return tried.returncode == 0
