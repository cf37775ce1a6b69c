"""A town in which everything that is not for everybody carries a word of its own: whoever finds it in an answer knows
what came out.

Two houses, one in the west (assigned to both managers) and one in the east. Each canary names what it stands for and
which roles may read it; dates and numbers are canaries too, in every form in which the application writes them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, NullPool, create_engine, text

from geodata import records
from geodata.access import Access, Role, Scope
from geodata.edits import Order
from geodata.edits.resolutions import ResolutionDraft, add_resolution
from geodata.scenario.answer import answer
from geodata.scenario.defaults import read_defaults
from geodata.scenario.question import Scenario
from geodata.scenario.saved import save_scenario
from geodata.scenario.start import read_start
from geodata.scenario.summary import summary_of
from geodata.settings import DatabaseUrls
from tests.factories import facts, housing
from tests.factories import town as towns
from tests.factories.town import AS_OF, KEY, Town

CASE_WORKERS: Final[frozenset[Role]] = frozenset({"staff"})
OFFICES: Final[frozenset[Role]] = frozenset({"staff", "manager"})
OF_AREA: Final[frozenset[Role]] = frozenset({"staff", "manager", "external_manager"})


@dataclass(frozen=True)
class Canary:
    """What was planted, the forms in which it would show, and who may read it."""

    what: str
    forms: tuple[str, ...]
    readers: frozenset[Role]
    # Shown only when somebody asks for it by a click, so that walking the pages does not meet it.
    is_on_request: bool = False


@dataclass(frozen=True)
class CanaryTown:
    """The town, the two houses and everything planted in them."""

    town: Town
    west: int
    east: int
    canaries: tuple[Canary, ...]


def build(urls: DatabaseUrls) -> CanaryTown:
    """Plant it, committed."""
    town = towns.build(urls)
    engine = create_engine(urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        west, found_west = _house(connection, "West", 1_200, is_assigned=True)
        east, found_east = _house(connection, "Ost", 3_200, is_assigned=False)
        found_city = _of_the_city(connection)
        records.refresh(connection, KEY, AS_OF)
    engine.dispose()
    found_city += _decided(urls)
    return CanaryTown(town, west, east, (*found_west, *found_east, *found_city))


def _house(connection: Connection, side: str, x_m: int, *, is_assigned: bool) -> tuple[int, list[Canary]]:
    """A house with a word in every text that the database holds about it."""
    reminder_on = date(2031, 3, 7) if is_assigned else date(2032, 5, 9)
    house = facts.property_(
        connection, key=f"KANARIE-{side}-SCHLUESSEL", city=KEY, geom=facts.point(x_m, 1_000),
        addresses=((f"Kanariengasse{side}", 4_711),), file_reference=f"KANARIE-{side}-AKTE",
        next_step=f"KANARIE-{side}-SCHRITT", reminder_on=reminder_on, lead_office="trade_supervision",
        parcels=[f"KANARIE-{side}-FLURSTUECK"],
    )  # fmt: skip
    facts.status(connection, house, "recorded", date(2024, 3, 1), reason=f"KANARIE-{side}-GRUND")
    facts.status(connection, house, "procedure_regulatory", date(2025, 2, 1), reason=f"KANARIE-{side}-VERFAHREN")
    facts.assessment(connection, house, date(2025, 5, 5), source=f"KANARIE-{side}-BEWERTUNG")
    facts.inspection(connection, house, date(2025, 6, 1), result="finding", defects=["sewage"])
    facts.release(
        connection, house, "R-KANARIE", date(2026, 1, 5), until_on=_days_ahead(is_assigned=is_assigned)[1],
        reason=f"KANARIE-{side}-FREISTELLUNG", edit_id=facts.edit(connection, city=KEY),
    )  # fmt: skip
    facts.plan(
        connection, [house], _days_ahead(is_assigned=is_assigned)[0], city=KEY, number=house,
        start_name=f"KANARIE-{side}-STARTPUNKT", offices=["customs"], geom=facts.point(x_m, 900),
    )  # fmt: skip
    project = f"KANARIE-{side}-PROJEKT"
    facts.demolition(
        connection, house, "demolition", project=project, programme=f"KANARIE-{side}-PROGRAMM",
        decided_on=date(2025, 1, 1), planned_start_on=date(2033, 7, 1 if is_assigned else 2),
        planned_end_on=date(2033, 8, 1 if is_assigned else 2),
    )  # fmt: skip
    _proceedings(connection, house, side, is_assigned=is_assigned)
    housing.closure(connection, house, date(2025, 4, 1), measure_key=f"KANARIE-{side}-SCHLIESSUNG")
    housing.dwelling_change(connection, house, date(2025, 4, 2), programme=f"KANARIE-{side}-WOHNPROGRAMM")
    edit_id = _edit(connection, house, f"KANARIE-{side}-ANLASS")
    for note_class, word in (("case", "FALLNOTIZ"), ("area", "QUARTIERSNOTIZ")):
        _note(connection, house, edit_id, note_class, f"KANARIE-{side}-{word}")
    _owner(connection, house, f"KANARIE-{side}-EIGENTUM")
    return house, _canaries_of(side, reminder_on, is_assigned=is_assigned)


def _proceedings(connection: Connection, house: int, side: str, *, is_assigned: bool) -> None:
    """A clearance with a step, and a cut of supply, each with a word in every text."""
    key = facts.measure(
        connection, house, "clearance", file_reference=f"KANARIE-{side}-BESCHEIDAKTE",
        note=f"KANARIE-{side}-FALLWISSEN",
        milder_means=["talks"], milder_means_note=f"KANARIE-{side}-ABWAEGUNG", decided_by=f"KANARIE-{side}-GREMIUM",
        next_check_on=date(2033, 9, 1 if is_assigned else 2),
    )  # fmt: skip
    facts.measure_step(
        connection, house, key, "hearing", date(2026, 4, 1), note=f"KANARIE-{side}-ZUSTELLNOTIZ",
        due_on=date(2033, 10, 4 if is_assigned else 5),
    )  # fmt: skip
    facts.supply_cut(connection, house, note=f"KANARIE-{side}-SPERRNOTIZ")


def _canaries_of(side: str, reminder_on: date, *, is_assigned: bool) -> list[Canary]:
    def readers(roles: Iterable[Role]) -> frozenset[Role]:
        return frozenset(roles) if is_assigned else frozenset(roles) & CASE_WORKERS

    def word(what: str, roles: Iterable[Role], *, is_on_request: bool = False) -> Canary:
        return Canary(f"{side}: {what}", (f"KANARIE-{side}-{what}",), readers(roles), is_on_request)

    return [
        Canary(f"{side}: address", (f"Kanariengasse{side}",), readers(OF_AREA)),
        word("SCHLUESSEL", OF_AREA),
        word("FLURSTUECK", OF_AREA),
        word("AKTE", OFFICES),
        word("SCHRITT", CASE_WORKERS),
        word("GRUND", CASE_WORKERS),
        word("VERFAHREN", CASE_WORKERS),
        word("BEWERTUNG", OFFICES),
        word("PROJEKT", OFFICES),
        word("PROGRAMM", OFFICES),
        word("SCHLIESSUNG", OFFICES),
        word("WOHNPROGRAMM", OFFICES),
        word("ANLASS", CASE_WORKERS),
        word("FALLNOTIZ", CASE_WORKERS),
        word("QUARTIERSNOTIZ", OFFICES),
        word("EIGENTUM", CASE_WORKERS, is_on_request=True),
        word("FREISTELLUNG", CASE_WORKERS),
        word("BESCHEIDAKTE", OFFICES),
        word("FALLWISSEN", CASE_WORKERS),
        word("ABWAEGUNG", CASE_WORKERS, is_on_request=True),
        word("GREMIUM", OFFICES),
        word("ZUSTELLNOTIZ", CASE_WORKERS),
        word("SPERRNOTIZ", CASE_WORKERS, is_on_request=True),
        Canary(f"{side}: follow-up", _forms_of(date(2033, 9, 1 if is_assigned else 2)), readers(OFFICES)),
        Canary(f"{side}: deadline of a step", _forms_of(date(2033, 10, 4 if is_assigned else 5)), readers(OFFICES)),
        word("STARTPUNKT", CASE_WORKERS),
        Canary(f"{side}: planned round", _forms_of(_days_ahead(is_assigned=is_assigned)[0]), readers(OFFICES)),
        Canary(f"{side}: end of the release", _forms_of(_days_ahead(is_assigned=is_assigned)[1]), readers(OFFICES)),
        Canary(f"{side}: reminder", _forms_of(reminder_on), readers(OFFICES)),
        Canary(f"{side}: planned start", _forms_of(date(2033, 7, 1 if is_assigned else 2)), readers(OFFICES)),
    ]


def _of_the_city(connection: Connection) -> list[Canary]:
    """Counts of persons stand on the round, for case workers alone."""
    connection.execute(
        text(
            "INSERT INTO qm.inspection_round (municipality, key, held_on, kind, persons_registered, persons_met)"
            " VALUES (:city, 'R-1', '2025-06-01', 'joint_control', 86413, 75309)"
        ),
        {"city": KEY},
    )
    rule = {"key": "R-KANARIE", "reason": "KANARIE-REGELGRUND", "decided_by": "KANARIE-REGELGREMIUM"}
    facts.rule(connection, city=KEY, control_type="housing_control", **rule)
    connection.execute(
        text(
            "INSERT INTO qm.job (municipality, kind, state, asked_by, problem, edit_id)"
            " VALUES (:city, 'rules', 'failed', 'bea', 'KANARIE-FEHLSCHLAG', :edit)"
        ),
        {"city": KEY, "edit": facts.edit(connection, city=KEY)},
    )
    return [
        Canary("persons of a round", ("86413", "86.413", "75309", "75.309"), CASE_WORKERS, is_on_request=True),
        Canary("reason of a rule", ("KANARIE-REGELGRUND",), OFFICES),
        Canary("who decided a rule", ("KANARIE-REGELGREMIUM",), OFFICES),
        Canary("problem of a job", ("KANARIE-FEHLSCHLAG",), CASE_WORKERS),
    ]


def _decided(urls: DatabaseUrls) -> list[Canary]:
    """A saved scenario and a resolution, made as building control makes them."""
    access = Access(urls)
    with access.open(Scope(KEY, "staff", "bea", account_name="Bea Beispiel")) as asker:
        asked = Scenario(AS_OF, 12, read_defaults(asker, AS_OF).teams, kind="quartier")
        summary = summary_of((), answer(read_start(asker, AS_OF, "quartier"), asked, asked.teams))
        save_scenario(asker, _order(), "KANARIE-PLANSPIELNAME", asked, summary, "KANARIE-PLANSPIELNOTIZ")
        target = {"direction": "at_least", "target": 7, "until_on": date(2030, 1, 1), "control_type": None}
        draft = ResolutionDraft(
            number="B-1", decided_on=date(2026, 1, 1), body="Rat", title="KANARIE-BESCHLUSS", link_text=None,
            figure="controls_on_time", is_share=False, area_id=None, **target,
        )  # fmt: skip
        add_resolution(asker, _order(), draft)
    access.close()
    return [
        Canary("name of a scenario", ("KANARIE-PLANSPIELNAME",), CASE_WORKERS),
        Canary("note of a scenario", ("KANARIE-PLANSPIELNOTIZ",), CASE_WORKERS, is_on_request=True),
        Canary("title of a resolution", ("KANARIE-BESCHLUSS",), OFFICES),
    ]


def _order() -> Order:
    return Order(uuid4(), "test")


def _days_ahead(*, is_assigned: bool) -> tuple[date, date]:
    """The day of the planned round and the end of the release."""
    return (date(2034, 4, 3), date(2035, 2, 6)) if is_assigned else (date(2036, 4, 5), date(2037, 2, 8))


def _forms_of(day: date) -> tuple[str, ...]:
    return (day.isoformat(), f"{day:%d.%m.%Y}", f"{day.day}.{day.month}.{day.year}")


def _edit(connection: Connection, house: int, reason: str) -> int:
    query = text(
        "INSERT INTO qm.edit (municipality, submission, kind, account, account_name, property_id, reason)"
        " VALUES (:city, gen_random_uuid(), 'note', 'bea', 'Bea Beispiel', :house, :reason) RETURNING id"
    )
    return int(connection.execute(query, {"city": KEY, "house": house, "reason": reason}).scalar_one())


def _note(connection: Connection, house: int, edit_id: int, note_class: str, body: str) -> None:
    query = text(
        "INSERT INTO qm.note (municipality, property_id, key, note_class, written_on, body, edit_id)"
        " VALUES (:city, :house, gen_random_uuid(), :class, '2025-07-01', :body, :edit)"
    )
    values = {"city": KEY, "house": house, "class": note_class, "body": body, "edit": edit_id}
    connection.execute(query, values)


def _owner(connection: Connection, house: int, name: str) -> None:
    values = {"city": KEY, "house": house, "name": name, "key": f"E-{house}"}
    for query in (
        "INSERT INTO owners.owner (municipality, key, kind, name, address, delivery_id)"
        " SELECT :city, :key, 'person', :name, :name || '-ANSCHRIFT', min(id) FROM qm.delivery",
        "INSERT INTO owners.ownership (municipality, property_id, key, owner_key, valid_from, source, delivery_id)"
        " SELECT :city, :house, :key, :key, '2025-01-01', :name || '-QUELLE', min(id) FROM qm.delivery",
    ):
        connection.execute(text(query), values)
