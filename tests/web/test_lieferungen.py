"""The page of deliveries: what staff reads, and the way of a file from the form through check to load."""

import io
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.create_app import create_app
from dashboard.deps import Deps
from dashboard.pages.lieferungen import figures, uploads
from dashboard.pages.lieferungen.uploads import Owner, Uploads, UploadTooLarge, clean_name
from geodata.access import Access
from geodata.csv_safe import csv_lines, safe_cell
from geodata.deliveries import LatestDelivery
from geodata.errors import DeliveryRefused, QmError
from geodata.freshness import USUAL_RHYTHM_DAYS, freshness, level_of
from geodata.settings import DatabaseUrls, Settings
from layers.base import discover
from tests.factories import house as houses
from tests.factories.house import House
from tests.factories.town import KEY, NAMES
from tests.web.conftest import HOST, SECRET, call, show_page

GO_ON = "..lieferungen-job.children...lieferungen-poll.disabled.."
OWNER = Owner("bea", KEY)
COUNTS = {
    "read": 12, "loaded": 9, "unchanged": 1, "outdated": 0, "rejected": 2, "skipped": 0, "superseded": 1, "repaired": 0,
    "ended": 0, "implied": 0,
}  # fmt: skip


class Etl:
    """Stands for the ETL: notes what it was asked, and answers with a report or an error."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str, Path, date | None, str, str]] = []
        self.withdrawn: list[tuple[str, int, str]] = []
        self.answer: dict[str, Any] | Exception = {}
        self.gate = threading.Event()
        self.gate.set()

    def list_mappings(self, municipality: str) -> list[tuple[str, str]]:
        return [("properties", "demo/register"), ("status", "demo/status")] if municipality == KEY else []

    def check(self, *asked: Any, **more: Any) -> dict[str, Any]:
        return self._work("check", *asked, **more)

    def load(self, *asked: Any, **more: Any) -> dict[str, Any]:
        return {**self._work("load", *asked, **more), "delivery": 4711}

    def withdraw(self, municipality: str, delivery_id: int, *, by: str) -> None:
        if isinstance(self.answer, Exception):
            raise self.answer
        self.withdrawn.append((municipality, delivery_id, by))

    def _work(
        self, step: str, source: str, mapping: str, path: Path, as_of: date | None, *, municipality: str, by: str
    ) -> dict[str, Any]:
        self.gate.wait(10)
        self.asked.append((step, source, mapping, path, as_of, municipality, by))
        assert path.read_bytes() == b"Nr;Nutzung\n1;Wohnen\n"
        if isinstance(self.answer, Exception):
            raise self.answer
        rejections = [{"line": 7, "field": "use_type", "reason": "Schloss ist kein Nutzungscode."}]
        report = {"delivery": None, "as_of": "2026-11-15", **COUNTS, "refused": None, "seconds": 1.25}
        return {**report, "rejections": rejections, "remarks": ["Windows-1252"], **self.answer}


@pytest.fixture(scope="module")
def house(make_database: Callable[[str], DatabaseUrls]) -> House:
    return houses.build(make_database("deliveries"))


@pytest.fixture(scope="module")
def desk() -> Etl:
    return Etl()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the server: uploads go below it."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def server(house: House, settings: Settings, desk: Etl, folder: Path) -> Iterator[Flask]:
    access = Access(house.town.urls)
    deps = Deps(
        settings=settings.model_copy(update={"data_dir": folder}),
        access=access,
        session_key=SECRET,
        layers=discover(),
        check_delivery=desk.check,
        load_delivery=desk.load,
        withdraw_delivery=desk.withdraw,
        list_mappings=desk.list_mappings,
    )
    yield create_app(deps)
    access.close()


@pytest.fixture
def etl(desk: Etl, folder: Path) -> Etl:
    """The ETL of the server as if nobody had asked it before."""
    desk.asked.clear()
    desk.withdrawn.clear()
    desk.answer = {}
    desk.gate.set()
    shutil.rmtree(folder / "uploads", ignore_errors=True)
    return desk


@pytest.fixture
def staff(server: Flask, etl: Etl) -> FlaskClient:
    return sign_in(server, "staff")


def sign_in(server: Flask, role: str) -> FlaskClient:
    browser = server.test_client()
    browser.environ_base["HTTP_ORIGIN"] = HOST
    assert browser.post("/anmelden/beispiel", data={"account": NAMES[role]}).status_code == 303  # type: ignore[index]
    return browser


def say(browser: FlaskClient, server: Flask, search: str = "") -> str:
    return json.dumps(show_page(browser, server, "/lieferungen", search)["content"], ensure_ascii=False)


def send(browser: FlaskClient, **changed: Any) -> TestResponse:
    form = {"source": "properties", "mapping": "demo/register", "as_of": "", **changed}
    file = form.pop("file", (io.BytesIO(b"Nr;Nutzung\n1;Wohnen\n"), "Register 2026-11-15.csv"))
    return browser.post("/lieferungen/upload", data={**form, "file": file}, content_type="multipart/form-data")


def wait_for(browser: FlaskClient, server: Flask, token: str, words: str) -> str:
    """What the page says once it says the words; the work runs in a thread, so the browser asks again."""
    said = ""
    for _ in range(200):
        said = say(browser, server, f"?upload={token}")
        if words in said:
            return said
        threading.Event().wait(0.02)
    raise AssertionError(f"{words!r} never came; last: {said}")


def confirm(browser: FlaskClient, server: Flask, token: str) -> TestResponse:
    return call(browser, server, GO_ON, {"lieferungen-load-confirm.n_clicks": 1, "lieferungen-token.data": token})


# --- reading ----------------------------------------------------------------------------------------------------------


def test_the_overview_says_how_fresh_each_source_is_and_lists_what_came(staff: FlaskClient, server: Flask) -> None:
    said = say(staff, server)
    for expected in ("Objektregister", "aktuell", "noch keine Lieferung", "zum Teil übernommen", "abgelehnt",
                     "Die Spalte Straße fehlt.", "Objekte: 4 von 5 mit Punkt (80\u00a0%)", "register.csv"):  # fmt: skip
        assert expected in said, expected


def test_the_list_is_sorted_by_the_address(staff: FlaskClient, server: Flask, house: House) -> None:
    answers = [
        call(staff, server, "lieferungen-list.children", {"shell-location.search": f"?sort=read&dir={direction}"}).text
        for direction in ("asc", "desc")
    ]
    found = [[int(number) for number in re.findall(r"delivery=(\d+)", answer)] for answer in answers]
    assert house.register in found[0]
    assert found[0] == found[1][::-1]
    assert '"aria-sort":"ascending"' in answers[0]


def test_a_delivery_shows_its_report_and_its_rejected_rows(staff: FlaskClient, server: Flask, house: House) -> None:
    said = say(staff, server, f"?delivery={house.register}")
    for expected in ("Windows-1252 erkannt.", "31.02.2026 is not a date.", "Wohnungen", "register.csv", "A-2"):
        assert expected in said, expected
    assert "None" not in said, "an empty cell of the row is left out"
    assert "Lieferung zurückziehen …" in said
    assert "Lieferung zurückziehen …" not in say(staff, server, f"?delivery={house.refused}"), "nothing to withdraw"


@pytest.mark.parametrize("number", ["0", "99999999", "-1", "1.5", "abc", "9" * 30, ""])
def test_a_delivery_that_is_none_is_said_in_words(staff: FlaskClient, server: Flask, number: str) -> None:
    if number:
        assert "Lieferung nicht gefunden" in say(staff, server, f"?delivery={number}")
    assert staff.get(f"/lieferungen/{number or 0}/rejected.csv").status_code == 404


def test_rejected_rows_come_as_csv_that_no_spreadsheet_computes(staff: FlaskClient, house: House) -> None:
    answer = staff.get(f"/lieferungen/{house.register}/rejected.csv")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.data.decode("utf-8-sig")
    assert text.splitlines() == [
        "Zeile;Feld;Grund;Nr;Wohnungen;Bemerkung",
        "2;Wohnungen;31.02.2026 is not a date.;'=1+1;-3;",
        "3;Wohnungen;31.02.2026 is not a date.;A-2;12,5;",
    ]


def test_managers_and_politics_see_no_deliveries_and_send_none(server: Flask, house: House, etl: Etl) -> None:
    for role in ("manager", "politics"):
        browser = sign_in(server, role)
        assert browser.get("/lieferungen", headers={"Accept": "text/html"}).status_code == 403
        assert browser.get(f"/lieferungen/{house.register}/rejected.csv").status_code == 403
        assert send(browser).status_code == 403
        assert confirm(browser, server, "x" * 43).status_code == 403
        withdrawn = {"lieferungen-withdraw-confirm.n_clicks": 1, "lieferungen-delivery-id.data": house.register}
        assert call(browser, server, "lieferungen-detail.children", withdrawn).status_code == 403
    assert etl.asked == []
    assert etl.withdrawn == []


# --- sending ----------------------------------------------------------------------------------------------------------


def test_a_file_is_checked_first_and_loaded_only_when_confirmed(
    staff: FlaskClient, server: Flask, etl: Etl, folder: Path
) -> None:
    token = send(staff, as_of="2026-11-14").get_json()["token"]
    said = wait_for(staff, server, token, "Die Prüfung ist fertig")
    assert "Schloss ist kein Nutzungscode." in said
    assert [asked[0] for asked in etl.asked] == ["check"]
    _step, source, mapping, path, as_of, city, account = etl.asked[0]
    assert (source, mapping, as_of, city, account) == ("properties", "demo/register", date(2026, 11, 14), KEY, "bea")
    assert path.name == "Register 2026-11-15.csv", "a mapping may read the date from the name"
    assert path.parent.parent == folder / "uploads"
    assert path.parent.stat().st_mode & 0o077 == 0, "nobody else may read it"

    assert confirm(staff, server, token).status_code == 200
    said = wait_for(staff, server, token, "Übernommen in 1,3\u00a0s")
    assert "/lieferungen?delivery=4711" in said
    assert [asked[0] for asked in etl.asked] == ["check", "load"]
    assert not path.exists(), "the file is deleted after the load"


def test_a_second_click_does_not_load_twice(staff: FlaskClient, server: Flask, etl: Etl) -> None:
    token = send(staff).get_json()["token"]
    wait_for(staff, server, token, "Die Prüfung ist fertig")
    etl.gate.clear()
    for _ in range(3):
        confirm(staff, server, token)
    etl.gate.set()
    wait_for(staff, server, token, "Übernommen in")
    assert [asked[0] for asked in etl.asked] == ["check", "load"]


def test_while_it_runs_the_page_says_so_and_asks_again(staff: FlaskClient, server: Flask, etl: Etl) -> None:
    etl.gate.clear()
    token = send(staff).get_json()["token"]
    answer = call(staff, server, GO_ON, {"lieferungen-poll.n_intervals": 1, "lieferungen-token.data": token})
    assert json.loads(answer.text)["response"]["lieferungen-poll"]["disabled"] is False
    wait_for(staff, server, token, "Die Datei wird geprüft")
    etl.gate.set()
    wait_for(staff, server, token, "Die Prüfung ist fertig")
    answer = call(staff, server, GO_ON, {"lieferungen-poll.n_intervals": 2, "lieferungen-token.data": token})
    assert json.loads(answer.text)["response"]["lieferungen-poll"]["disabled"] is True


def test_a_refused_check_cannot_be_loaded(staff: FlaskClient, server: Flask, etl: Etl) -> None:
    etl.answer = {"refused": "80 von 80 Zeilen abgelehnt."}
    token = send(staff).get_json()["token"]
    assert "lieferungen-load" not in wait_for(staff, server, token, "80 von 80 Zeilen").partition("Bericht")[0]
    confirm(staff, server, token)
    assert [asked[0] for asked in etl.asked] == ["check"]


def test_what_the_etl_says_is_shown_and_what_it_hides_gets_a_number(
    staff: FlaskClient, server: Flask, etl: Etl
) -> None:
    etl.answer = DeliveryRefused("Die Spalte Straße fehlt.")
    wait_for(staff, server, send(staff).get_json()["token"], "Die Spalte Straße fehlt.")
    etl.answer = RuntimeError("select geheim from tabelle")
    said = wait_for(staff, server, send(staff).get_json()["token"], "Nummer des Fehlers")
    assert "geheim" not in said


def test_an_upload_belongs_to_its_account(server: Flask, staff: FlaskClient, etl: Etl, folder: Path) -> None:
    token = send(staff).get_json()["token"]
    wait_for(staff, server, token, "Die Prüfung ist fertig")
    assert Uploads(folder / "uploads").find(token, OWNER) is not None
    assert Uploads(folder / "uploads").find(token, replace(OWNER, account="eva")) is None
    assert Uploads(folder / "uploads").find(token, replace(OWNER, municipality="de-test02")) is None


@pytest.mark.parametrize("token", ["", "x", "../../../etc/passwd", "x" * 43, "." * 43])
def test_a_token_that_is_none_is_said_in_words(staff: FlaskClient, server: Flask, token: str) -> None:
    assert "Diese Datei ist nicht mehr da" in say(staff, server, f"?upload={token or '-'}")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"mapping": "hagen/addresses"}, "Diese Zuordnung gibt es für Ihre Stadt nicht."),
        ({"mapping": "/etc/mapping.toml"}, "Diese Zuordnung gibt es für Ihre Stadt nicht."),
        ({"source": "status"}, "Diese Zuordnung gibt es für Ihre Stadt nicht."),
        ({"as_of": "31.02.2026"}, "ist kein Datum"),
        ({"file": (io.BytesIO(b""), "")}, "Bitte zuerst eine Datei wählen."),
    ],
)
def test_a_form_that_does_not_fit_is_refused_in_words(
    staff: FlaskClient, etl: Etl, folder: Path, changed: dict[str, Any], words: str
) -> None:
    answer = send(staff, **changed)
    assert answer.status_code == 400
    assert words in answer.get_json()["error"]["message"]
    assert not list((folder / "uploads").glob("*"))


def test_a_form_of_another_site_is_refused(staff: FlaskClient, etl: Etl) -> None:
    staff.environ_base["HTTP_ORIGIN"] = "https://example.org"
    assert send(staff).status_code == 403


def test_a_delivery_is_withdrawn_in_its_own_city_only(
    staff: FlaskClient, server: Flask, etl: Etl, house: House
) -> None:
    def withdraw(delivery_id: Any) -> TestResponse:
        values = {"lieferungen-withdraw-confirm.n_clicks": 1, "lieferungen-delivery-id.data": delivery_id}
        return call(staff, server, "lieferungen-detail.children", values)

    for wrong in (99_999, house.refused, "1 or 1=1", None, -1):
        assert withdraw(wrong).status_code == 200
    assert etl.withdrawn == []
    assert "ist zurückgezogen" in json.dumps(withdraw(house.register).get_json(), ensure_ascii=False)
    assert etl.withdrawn == [(KEY, house.register, "bea")]
    etl.answer = QmError("Eine spätere Lieferung baut darauf auf.")
    assert "baut darauf auf" in json.dumps(withdraw(house.register).get_json(), ensure_ascii=False)


# --- uploads ----------------------------------------------------------------------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def receive(kept: Uploads, content: bytes = b"a;b\n", name: str = "a.csv") -> uploads.Upload:
    return kept.receive(io.BytesIO(content), name, OWNER, source="status", mapping="demo/status", as_of=None)


def test_an_upload_is_forgotten_after_an_hour(tmp_path: Path) -> None:
    clock = Clock()
    kept = Uploads(tmp_path, clock)
    first = receive(kept)
    clock.now += uploads.KEPT_SECONDS
    assert kept.find(first.token, OWNER) == first
    clock.now += 1
    assert kept.find(first.token, OWNER) is None
    second = receive(kept)
    assert [place.name for place in tmp_path.iterdir()] == [second.token], "the next one sweeps"


def test_a_job_whose_process_is_gone_says_that_it_was_interrupted(tmp_path: Path) -> None:
    kept = Uploads(tmp_path)
    upload = receive(kept)
    kept._write(replace(upload, state="running", process=2**22 + 1))
    found = kept.find(upload.token, OWNER)
    assert found is not None
    assert found.state == "interrupted"


def test_too_large_a_file_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_UPLOAD_BYTES", 3)
    with pytest.raises(UploadTooLarge):
        receive(Uploads(tmp_path), b"1234")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Register 2026-11-15.csv", "Register 2026-11-15.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Daten\\Straßen.xlsx", "Straßen.xlsx"),
        (".htaccess", "htaccess"),
        ("a\x00b\nc.csv", "abc.csv"),
        ("upload.json", "datei"),
        ("", "datei"),
        ("..", "datei"),
        ("x" * 300 + ".geojson", "x" * 112 + ".geojson"),
    ],
)
def test_a_name_loses_folders_and_what_nobody_can_type(name: str, clean: str) -> None:
    assert clean_name(name) == clean


# --- figures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"), ("+49 2331", "'+49 2331"), ("-", "'-"), ("@x", "'@x"), ("\tx", "'\tx"), ("\rx", "'\rx"),
        ("\n=x", "'\n=x"), ("\uff1d1+1", "'\uff1d1+1"), ("\uff20x", "'\uff20x"),
        ("-3", "-3"), ("+4,5", "+4,5"), ("-1.234,50", "-1.234,50"), (-7, "-7"), (0, "0"), (None, ""),
        ("Straße", "Straße"), ("-1+2", "'-1+2"), ("-2.5e3", "'-2.5e3"),
    ],
)  # fmt: skip
def test_cells_are_text_or_numbers_and_never_formulas(value: object, cell: str) -> None:
    assert safe_cell(value) == cell


def test_a_csv_quotes_what_would_break_its_lines() -> None:
    assert "".join(csv_lines(["a", "b"], [['x;"y"', "1\n2"]])) == '\ufeffa;b\r\n"x;""y""";"1\n2"\r\n'


@pytest.mark.parametrize(
    ("age_days", "level"), [(0, "fresh"), (31, "fresh"), (32, "ageing"), (62, "ageing"), (63, "old")]
)
def test_freshness_follows_the_usual_rhythm(age_days: int, level: str) -> None:
    assert level_of(age_days, 31) == level


def test_every_source_is_listed_also_one_that_nobody_knew() -> None:
    latest = [LatestDelivery("waste", 3, date(2026, 11, 1), 1)]
    found = freshness(latest, date(2026, 11, 15))
    assert {fresh.source for fresh in found} == {*USUAL_RHYTHM_DAYS, "waste"}
    assert found[-1].age_days == 14
    assert {fresh.level for fresh in found[:-1]} == {"never"}


@pytest.mark.parametrize(
    ("query", "view"),
    [
        ({}, ("id", True, 1)),
        ({"sort": "as_of", "dir": "asc", "page": "3"}, ("as_of", False, 3)),
        ({"sort": "password", "dir": "asc"}, ("id", True, 1)),
        ({"sort": "read", "dir": "up", "page": "-2"}, ("read", True, 1)),
        ({"page": "٣"}, ("id", True, 1)),
        ({"page": "9" * 40}, ("id", True, 1)),
    ],
)
def test_an_address_that_cannot_be_read_gives_the_default_view(query: dict[str, str], view: tuple[Any, ...]) -> None:
    found = figures.delivery_view(query)
    assert (found.sort, found.descending, found.page) == view


def test_a_heading_turns_the_direction_and_forgets_the_page() -> None:
    query = {"sort": "read", "dir": "desc", "page": "4", "as_of": "2026-01-01"}
    view = figures.delivery_view(query)
    assert figures.sort_query(query, view, "read") == {"sort": "read", "dir": "asc", "as_of": "2026-01-01"}
    assert figures.sort_query(query, view, "source")["dir"] == "asc"
    assert figures.sort_query(query, view, "loaded")["dir"] == "desc"
