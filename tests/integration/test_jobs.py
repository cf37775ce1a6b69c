"""Jobs: readers see the old state until the work is done, progress is seen at once, and no job is lost or run twice."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import NullPool, create_engine, text

from geodata import jobs, records
from geodata.access import Access, Asker, Scope
from geodata.edits import Order
from geodata.errors import QmError
from geodata.jobs import Runner, read_job, read_jobs, run_queued
from geodata.one_transaction import one_transaction
from geodata.rules.drafts import RuleDraft
from geodata.rules.edits import RuleEdited, add_rule
from geodata.settings import DatabaseUrls
from tests.factories import facts

AS_OF = date(2026, 11, 15)
DRAFT = RuleDraft("joint_control", None, None, 60, "common_areas", None, None, "Beschluss", None, "Rat", AS_OF)


@pytest.fixture
def city(clean_urls: DatabaseUrls) -> DatabaseUrls:
    """Five houses under a yearly rule."""
    with one_transaction(clean_urls.load) as connection:
        facts.municipality(connection)
        facts.area(connection)
        facts.rule(connection)
        for number in range(5):
            facts.property_(connection, key=f"P-{number}")
        records.refresh(connection, facts.CITY, AS_OF)
    return clean_urls


@contextmanager
def bea(urls: DatabaseUrls) -> Iterator[Asker]:
    access = Access(urls)
    try:
        with access.open(Scope(facts.CITY, "staff", "bea", account_name="Bea")) as asker:
            yield asker
    finally:
        access.close()


def change(urls: DatabaseUrls, days: int = 60) -> RuleEdited:
    with bea(urls) as asker:
        return add_rule(asker, Order(uuid4(), "test"), replace(DRAFT, interval_days=days))


def job_of(urls: DatabaseUrls, job_id: int) -> jobs.Job:
    with bea(urls) as asker:
        found = read_job(asker, job_id)
    assert found is not None
    return found


def intervals(urls: DatabaseUrls) -> set[int]:
    with one_transaction(urls.load) as connection:
        return set(connection.execute(text("SELECT DISTINCT interval_days FROM qm.property_due")).scalars())


def set_back(urls: DatabaseUrls, state: str, silent_for: timedelta) -> None:
    """As a process leaves it that died."""
    statement = text("UPDATE qm.job SET state = :state, heartbeat_at = now() - :silent_for")
    with one_transaction(urls.load) as connection:
        connection.execute(statement, {"state": state, "silent_for": silent_for})


def test_readers_see_the_old_state_and_the_progress_until_it_is_done(
    city: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "PORTION", 2)
    edited = change(city)
    seen: list[tuple[str, int, int, set[int]]] = []

    def look(_done: int, _total: int) -> None:
        job = job_of(city, edited.job_id)
        seen.append((job.state, job.done, job.total, intervals(city)))

    assert run_queued(city.load, look) == 1
    assert [one[1] for one in seen[:4]] == [0, 2, 4, 5]
    assert {(one[0], one[2], frozenset(one[3])) for one in seen} == {("running", 5, frozenset({365}))}
    done = job_of(city, edited.job_id)
    assert (done.state, done.done, done.total, done.problem, intervals(city)) == ("done", 5, 5, None, {60})
    assert done.finished_at is not None
    assert run_queued(city.load) == 0


def test_what_waits_is_done_by_one_run(city: DatabaseUrls) -> None:
    for days in (60, 50, 40):
        change(city, days)
    with one_transaction(city.load) as connection:
        before = connection.execute(text("SELECT data_version FROM qm.refresh")).scalar_one()
    assert run_queued(city.load) == 3
    assert intervals(city) == {40}
    with one_transaction(city.load) as connection:
        assert connection.execute(text("SELECT data_version FROM qm.refresh")).scalar_one() == before + 1


def test_two_processes_do_not_run_one_job_and_none_is_left_between_them(city: DatabaseUrls) -> None:
    edited = change(city)
    others: list[int] = []

    def meanwhile(done: int, _total: int) -> None:
        if done:
            return
        others.append(run_queued(city.load))  # another process looks in the middle of it
        change_without_lock(city)  # and somebody asks for another one

    def change_without_lock(urls: DatabaseUrls) -> None:
        # An edit waits for the lock of the municipality; asked for a moment before, it is seen by who runs.
        with one_transaction(urls.load) as connection:
            row = "SELECT municipality, kind, asked_by, edit_id FROM qm.job WHERE id = :id"
            insert = text(f"INSERT INTO qm.job (municipality, kind, asked_by, edit_id) {row}")
            connection.execute(insert, {"id": edited.job_id})

    looked = iter([meanwhile])
    assert run_queued(city.load, lambda done, total: next(looked, lambda *_: None)(done, total)) == 2
    assert others == [0]
    with bea(city) as asker:
        assert [one.state for one in read_jobs(asker)] == ["done", "done"]


def test_a_job_whose_process_died_is_told_of_and_run_again(city: DatabaseUrls) -> None:
    edited = change(city)
    set_back(city, "running", timedelta(seconds=5))
    assert job_of(city, edited.job_id).state == "running"
    other = create_engine(city.load, poolclass=NullPool)
    with other.connect() as process:  # as long as its connection lives, the job is its own
        process.execute(text("SELECT pg_advisory_lock(hashtext('qm.job'), hashtext(:city))"), {"city": facts.CITY})
        assert run_queued(city.load) == 0
    other.dispose()
    set_back(city, "running", timedelta(hours=1))
    interrupted = job_of(city, edited.job_id)
    assert (interrupted.state, interrupted.is_open) == ("interrupted", True)
    assert run_queued(city.load) == 1
    assert (job_of(city, edited.job_id).state, intervals(city)) == ("done", {60})


def test_what_fails_says_why_changes_nothing_and_can_be_run_again(
    city: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = change(city)
    with monkeypatch.context() as broken:
        broken.setattr(records, "cube_statements", fail)
        assert run_queued(city.load) == 0
    failed = job_of(city, edited.job_id)
    assert (failed.state, failed.problem, intervals(city)) == ("failed", "There is no room left.", {365})
    assert run_queued(city.load) == 0
    assert run_queued(city.load, with_failed=True) == 1
    assert (job_of(city, edited.job_id).state, intervals(city)) == ("done", {60})
    assert run_queued(city.load, with_failed=True) == 0


def fail(*_: object) -> list[str]:
    raise QmError("There is no room left.")


def test_a_delivery_under_way_is_waited_for(city: DatabaseUrls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_WAIT_SECONDS", 0.01)
    edited = change(city)
    engine = create_engine(city.load, poolclass=NullPool)
    runner = Runner(city.load)
    with engine.begin() as delivery:
        records.lock_municipality(delivery, facts.CITY)
        runner.start()
        until(lambda: job_of(city, edited.job_id).state == "running")
        assert intervals(city) == {365}
    runner.wait(20)
    engine.dispose()
    assert (job_of(city, edited.job_id).state, intervals(city)) == ("done", {60})


def test_a_runner_that_is_called_while_it_works_looks_once_more(city: DatabaseUrls) -> None:
    runner = Runner(city.load)
    for days in (60, 50, 40):
        change(city, days)
        runner.start()
    runner.wait(20)
    assert intervals(city) == {40}
    with bea(city) as asker:
        assert {one.state for one in read_jobs(asker)} == {"done"}


def until(is_so: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for what another thread brings about."""
    stop = threading.Event()
    for _ in range(int(seconds / 0.02)):
        if is_so():
            return
        stop.wait(0.02)
    raise AssertionError("It did not come.")
