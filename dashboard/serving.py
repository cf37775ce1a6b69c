"""`qm serve`: database, demonstration, accounts, web server; one process that owns them all and takes them down again.

Gunicorn runs as a child with two workers of its own; each creates the application, and so its database connections,
after the fork. When this process dies, even by kill -9, the kernel ends the child.
"""

import contextlib
import ctypes
import errno
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import structlog
import typer
from sqlalchemy.exc import SQLAlchemyError

from dashboard import logs
from dashboard.demonstration import ensure_accounts
from dashboard.i18n import code_label
from geodata import records
from geodata.access import Access
from geodata.assessment import running
from geodata.audit import anchors as audit_anchors
from geodata.audit.anchors import AnchorError
from geodata.calendar import today
from geodata.cluster import prepare_folder
from geodata.credentials import give_to_service
from geodata.errors import ServerError
from geodata.one_transaction import one_transaction
from geodata.service import drop_root
from geodata.settings import PROJECT_ROOT, DatabaseUrls, Settings
from geodata.startup import open_database

PORTS_TRIED = 50
WORKERS, THREADS = 2, 4
START_SECONDS = 60
GRACE_SECONDS, STOP_SECONDS = 3, 10
PR_SET_PDEATHSIG = 1


def run(settings: Settings, load_demonstration: Callable[[DatabaseUrls], None]) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    logs.configure(settings)
    # Both by name: a job that a shell started in the background has SIGINT ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)  # also where a shell started us with SIGINT ignored
    signal.signal(signal.SIGINT, _interrupt)
    with contextlib.suppress(KeyboardInterrupt), only_one(settings) as note, open_database(settings) as urls:
        port = free_port(settings.host, settings.port)
        staying_root = drop_root()
        if staying_root:
            typer.echo(staying_root, err=True)
        if settings.is_demo:
            load_demonstration(urls)
        refresh(urls)
        anchor_log(urls, settings)
        roles = _example_accounts(urls) if settings.is_demo else []
        address = f"http://{settings.host}:{port}/{settings.url_prefix.strip('/')}".rstrip("/") + "/"
        note(address)
        with web_server(settings, port) as server:
            _wait_until_it_answers(server, settings, port)
            _say(settings, port, address, roles)
            _stay(server, urls, settings)
    typer.echo("\nStopped.")


@contextlib.contextmanager
def only_one(settings: Settings) -> Iterator[Callable[[str], None]]:
    """Refuse a second server on the same embedded database in words; gives a function that notes our address."""
    if not settings.is_embedded:
        yield lambda address: None
        return
    path = settings.data_folder / f"serve-{settings.embedded_database}.lock"
    prepare_folder(path.parent)
    with path.open("a+", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServerError(*_already_running(path)) from None
        give_to_service(path)

        def note(address: str) -> None:
            stream.truncate(0)
            stream.write(f"{os.getpid()} {address}\n")
            stream.flush()

        note("")
        yield note


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or the next free one."""
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except PermissionError:
                raise ServerError(f"Port {port} may only be used by root.", "Set PORT to 1024 or more.") from None
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    continue
                reason = f"Cannot listen on {host}: {error.strerror}."
                raise ServerError(reason, "Set HOST to an address of this machine.") from None
            return port
    raise ServerError(f"The ports {wanted} to {wanted + PORTS_TRIED - 1} are taken.", "Set PORT to a free one.")


def refresh(urls: DatabaseUrls) -> date:
    """Derive current state, due dates and assessments for today; due dates pass without a load."""
    day = today()
    with one_transaction(urls.load) as connection:
        records.refresh_all(connection, day)
    running.keep_all_at(urls.load)
    return day


def anchor_log(urls: DatabaseUrls, settings: Settings) -> None:
    """Note the end of the log outside of the database, and in the server's own log lines; a full disk stops nobody."""
    log = structlog.get_logger("audit")
    try:
        for one in audit_anchors.take_at(urls.load, settings.data_folder):
            log.info("log_anchored", municipality=one.municipality, number=one.number, hash=one.hash)
    except AnchorError as error:
        log.error("log_not_anchored", reason=error.message)


def check_log(urls: DatabaseUrls, settings: Settings) -> None:
    """Prove the log once a day; what is wrong with it stands in the server's own log lines."""
    log = structlog.get_logger("audit")
    try:
        for one in audit_anchors.verify_at(urls.load, settings.data_folder):
            if not one.is_unharmed:
                log.error("log_harmed", municipality=one.municipality, number=one.wrong_number, problem=one.problem)
    except AnchorError as error:
        log.error("log_not_checked", reason=error.message)


@contextlib.contextmanager
def web_server(settings: Settings, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Gunicorn as a child, with the rights of this process."""
    command = [
        *(sys.executable, "-m", "gunicorn", "app:server"),
        *(f"--bind={settings.host}:{port}", "--worker-class=gthread"),
        *(f"--workers={WORKERS}", f"--threads={THREADS}", "--timeout=120", f"--graceful-timeout={GRACE_SECONDS}"),
        # A socket in the home folder through which the server could be steered: nobody needs it.
        *("--no-control-socket", "--log-level=warning"),
        # Else a visitor of a proxy on this machine could say by a header under which path the application lies.
        "--forwarder-headers=",
    ]
    child = subprocess.Popen(
        command,
        cwd=PROJECT_ROOT,
        stdin=subprocess.DEVNULL,
        # Ctrl-C reaches this process alone; it stops the child when it has taken everything else into account.
        start_new_session=True,
        preexec_fn=_die_with_parent,  # there are no threads yet
    )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _example_accounts(urls: DatabaseUrls) -> list[str]:
    access = Access(urls)
    try:
        return ensure_accounts(access)
    finally:
        access.close()


def _wait_until_it_answers(server: subprocess.Popen[bytes], settings: Settings, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    path = f"/{settings.url_prefix.strip('/')}/anmelden".replace("//", "/")
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise ServerError("The web server ended while it was starting.", "The lines above say why.")
        connection = http.client.HTTPConnection(settings.host, port, timeout=10)
        try:
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.2)
    raise ServerError(f"The web server did not answer within {START_SECONDS} seconds.")


def _say(settings: Settings, port: int, address: str, roles: list[str]) -> None:
    if port != settings.port:
        typer.echo(f"Port {settings.port} is taken, so this is port {port}.")
    typer.echo(f"\n  quartiermonitor: {address}\n")
    if roles:
        names = ", ".join(code_label("role", role) for role in roles)
        typer.echo(f"  Sign in there with one click, no password: {names}.")
    typer.echo("  Ctrl-C stops everything and loses nothing.\n")


def _stay(server: subprocess.Popen[bytes], urls: DatabaseUrls, settings: Settings) -> None:
    """Wait for the end, derive the state anew when a day has begun, and compute what edits have changed."""
    derived_on = today()
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(30)
            raise ServerError(f"The web server ended by itself (code {server.returncode}).", "The lines above say why.")
        if today() != derived_on:
            derived_on = refresh(urls)
            anchor_log(urls, settings)
            check_log(urls, settings)
        else:
            keep_assessments(urls)


def keep_assessments(urls: DatabaseUrls) -> None:
    """Compute the assessments that edits and deliveries have made out of date; a database that is away stops nobody."""
    try:
        running.keep_all_at(urls.load)
    except SQLAlchemyError as error:
        structlog.get_logger("assessments").error("assessments_not_computed", error=str(error))


def _already_running(path: Path) -> tuple[str, str]:
    pid, _, address = path.read_text(encoding="utf-8").strip().partition(" ")
    where = f" at {address}" if address else ", and is still starting"
    return (
        f"It is running already (process {pid}){where}.",
        "Use that one, or stop it there with Ctrl-C; QM_DATABASE_NAME gives a second one a database of its own.",
    )


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
