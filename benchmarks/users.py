"""Fifty people at once on the served application: the mix of a morning, each with a pause after every answer."""

import contextlib
import http.client
import os
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from unittest import mock
from urllib.parse import urlencode

import orjson

from benchmarks.reads import STAFF, City, page_request
from dashboard.serving import free_port, web_server

HOST = "127.0.0.1"
FIRST_PORT = 8950
START_SECONDS = 60


@dataclass
class Crowd:
    """What all users met: seconds of each answer and the status of those that were none."""

    users: int
    pause_seconds: float
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lasted_seconds: float = 0.0


def meet(city: City, *, users: int = 50, lasting_seconds: float = 30.0, pause_seconds: float = 3.0) -> Crowd:
    """Serve the city with gunicorn as `qm serve` does, let the users ask for a while, and stop."""
    crowd = Crowd(users, pause_seconds)
    with _served(city) as port:
        cookie = _sign_in(port)
        until = time.monotonic() + lasting_seconds
        started = time.monotonic()
        people = [
            threading.Thread(target=_one, args=(city, port, cookie, number, until, crowd)) for number in range(users)
        ]
        for person in people:
            person.start()
        for person in people:
            person.join()
        crowd.lasted_seconds = time.monotonic() - started
    return crowd


@contextlib.contextmanager
def _served(city: City) -> Iterator[int]:
    settings = city.scale.settings
    # The workers read their settings from the environment, like those of every other server.
    named = {"QM_DATABASE_NAME": settings.embedded_database}
    with mock.patch.dict(os.environ, named), web_server(settings, port := free_port(HOST, FIRST_PORT)):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                connection = http.client.HTTPConnection(HOST, port, timeout=10)
                connection.request("GET", "/anmelden")
                if connection.getresponse().status < 500:
                    break
            time.sleep(0.2)
        yield port


def _sign_in(port: int) -> str:
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    origin = f"http://{HOST}:{port}"
    headers = {"Origin": origin, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/anmelden/beispiel", urlencode({"account": STAFF.account}), headers)
    answer = connection.getresponse()
    assert answer.status == 303, answer.status
    return str(answer.headers["Set-Cookie"]).split(";")[0]


def _one(city: City, port: int, cookie: str, number: int, until: float, crowd: Crowd) -> None:
    chance = random.Random(number)  # noqa: S311 - the same mix in every run
    headers = {"Cookie": cookie, "Accept-Encoding": "gzip", "Origin": f"http://{HOST}:{port}"}
    # Nobody starts in the same instant.
    time.sleep(chance.uniform(0, crowd.pause_seconds))
    while time.monotonic() < until:
        method, path, body = _next(city, chance)
        started = time.monotonic()
        # A connection for each question: the server closes one that was silent for two seconds, and browsers open anew.
        connection = http.client.HTTPConnection(HOST, port, timeout=30)
        try:
            connection.request(method, path, body, headers | ({"Content-Type": "application/json"} if body else {}))
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                crowd.errors.append(f"{answer.status} {path.split('?')[0]}")
        except OSError as error:
            crowd.errors.append(type(error).__name__)
        finally:
            connection.close()
        crowd.seconds.append(time.monotonic() - started)
        time.sleep(chance.expovariate(1 / crowd.pause_seconds))


def _next(city: City, chance: random.Random) -> tuple[str, str, bytes | None]:
    """Half of it moves the map, a fifth reads a property, the rest pages through tables and areas."""
    width_km, zoom = chance.choice(((22.0, 11), (5.0, 13), (city.street_km, 16)))
    frame = ",".join(f"{value:.5f}" for value in city.box(chance, width_km))
    asked: tuple[tuple[int, str, str, dict[str, str]], ...] = (
        (50, "GET", "/layers/state/columns", {"frame": frame, "zoom": str(zoom)}),
        (20, "POST", f"/objekt/{chance.choice(city.property_ids)}", {}),
        (20, "GET", "/tables/objekte/rows", {"start": str(100 * chance.randrange(20))}),
        (10, "GET", "/layers/areas/columns", {"option": "stadtbezirk"}),
    )
    [(_, method, path, query)] = chance.choices(asked, [weight for weight, *_ in asked])
    if method == "POST":
        return method, "/_dash-update-component", orjson.dumps(page_request(path))
    return method, f"{path}?{urlencode(query)}", None
