"""Grants of the invented city: for demolition projects, for two areas and for the whole city, in all states.

A grant follows its project: the notice comes some weeks after the decision, completed stages are invoiced, and twice a
year the city calls its share of what it paid. Planted beside that: money that was paid in advance and stands unused in
its 15th month because a court stopped the project, a proof of use that is overdue, a window for calls that closes at
the end of the year, a binding period that ends soon, a grant that was paid back because the house is renovated instead,
and a notice that is expected in 14 days.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from etl.demo.dates import AS_OF
from etl.demo.projects import DemoProject, Step
from geodata.calendar import months_later

STATE: Final = "Landesprogramm Problemimmobilien (Beispiel)"
RENEWAL: Final = "Stadterneuerung (Beispiel)"
CASE_MANAGEMENT: Final = "Fallmanagement im Quartier (Beispiel)"
# Terms as a notice of the state would state them; nobody confirmed them, because nobody decided them.
PROGRAMMES: Final = (
    (STATE, "Land (Beispiel)", 0.6, 0.4, 0.8, "Förderrichtlinie (Beispiel)"),
    (RENEWAL, "Land und Bund (Beispiel)", 0.6, 0.4, 0.8, "Jahresprogramm (Beispiel)"),
    (CASE_MANAGEMENT, "Land (Beispiel)", 0.8, 0.5, 0.9, "Aufruf 2024 (Beispiel)"),
)
_SHARES: Final = (0.6, 0.6, 0.8, 0.6, 0.5, 0.7)
_CATEGORIES: Final = {
    "acquisition": "acquisition", "vacating": "vacating", "species_protection": "survey",
    "heritage_and_explosives": "survey", "pollutant_survey": "survey", "disconnection": "demolition",
    "gutting": "demolition", "demolition": "demolition", "gable_wall": "demolition", "proof_of_disposal": "disposal",
    "backfill": "public_space",
}  # fmt: skip
# What a notice leaves to the city alone.
_NOT_ELIGIBLE: Final = frozenset({"heritage_and_explosives"})
_CALL_DAYS: Final = ((6, 15), (11, 30))
_NOTICE_DAYS, _INVOICE_DAYS, _PAYING_DAYS, _ANSWER_DAYS = 50, 12, 21, 38


@dataclass(frozen=True)
class DemoCall:
    """A call, what came on it, and what was paid back."""

    called_on: date
    amount_eur: float
    paid_on: date | None = None
    refunded_on: date | None = None
    refunded_eur: float | None = None


@dataclass(frozen=True)
class DemoCost:
    """An invoice."""

    category: str
    invoiced_on: date
    paid_on: date | None
    amount_eur: float
    is_eligible: bool = True


@dataclass(frozen=True)
class DemoGrant:
    """A grant with its calls and costs; `area` is (kind, key)."""

    key: str
    programme: str
    title: str
    granted_on: date | None
    eligible_eur: float
    share: float
    call_until_on: date | None = None
    proof_due_on: date | None = None
    binding_until_on: date | None = None
    property_key: str | None = None
    project_key: str | None = None
    area: tuple[str, str] | None = None
    expected_on: date | None = None
    goal: str = ""
    proof_sent_on: date | None = None
    proof_result: str = ""
    goal_rating: str = "not_yet"
    goal_note: str = ""
    is_withdrawn: bool = False
    calls: tuple[DemoCall, ...] = ()
    costs: tuple[DemoCost, ...] = ()

    @property
    def granted_eur(self) -> float:
        return round(self.eligible_eur * self.share, 2)


def _workday(on: date) -> date:
    return on - timedelta(days=max(0, on.weekday() - 4))


def grant_money(projects: Sequence[DemoProject]) -> list[DemoGrant]:
    """All grants of the city, those of projects first."""
    funded = [one for one in projects if _is_funded(one)]
    grants = [_of_project(number, one) for number, one in enumerate(funded)]
    return [*_planted(grants, funded), *_AREA_WIDE, _EXPECTED]


def _is_funded(project: DemoProject) -> bool:
    """Of the city's own projects those that go on; nobody funds what has no owner or was given up."""
    if project.decided_on + timedelta(days=_NOTICE_DAYS) > AS_OF:
        return False
    if project.outcome is not None:
        return project.outcome[0] == "renovated"
    if project.programme == STATE:
        return True
    return project.blocked is not None and project.blocked[1] != "acquisition_open"


def _of_project(number: int, project: DemoProject) -> DemoGrant:
    planned_eur = sum(step.cost_planned_eur or 0 for step in project.steps)
    granted_on = _workday(project.decided_on + timedelta(days=_NOTICE_DAYS))
    call_until_on = date(granted_on.year + 3, 12, 31)
    grant = DemoGrant(
        key=f"FB-{granted_on.year}-{number + 1:02d}",
        programme=STATE if project.programme == STATE else RENEWAL,
        title=f"Rückbau {project.key}",
        granted_on=granted_on,
        eligible_eur=round(planned_eur * 0.9 / 1_000) * 1_000.0,
        share=_SHARES[number % len(_SHARES)],
        call_until_on=call_until_on,
        proof_due_on=months_later(call_until_on, 6),
        binding_until_on=date(call_until_on.year + 10, 12, 31),
        property_key=project.property_key,
        project_key=project.key,
        goal="Gebäude zurückgebaut, Fläche für neue Nutzung vorbereitet",
        costs=tuple(_costs(project.steps, project.outcome[1] if project.outcome else AS_OF)),
    )
    return replace(grant, calls=tuple(_calls(grant)))


def _costs(steps: Iterable[Step], until_on: date) -> Iterator[DemoCost]:
    for step in steps:
        invoiced_on = _workday(step.real[1] + timedelta(days=_INVOICE_DAYS))
        is_known = step.is_required and step.cost_actual_eur and step.stage in _CATEGORIES
        if not is_known or invoiced_on > until_on or step.cost_actual_eur is None:
            continue
        paid_on = _workday(invoiced_on + timedelta(days=_PAYING_DAYS))
        yield DemoCost(
            _CATEGORIES[step.stage],
            invoiced_on,
            paid_on if paid_on <= until_on else None,
            step.cost_actual_eur,
            step.stage not in _NOT_ELIGIBLE,
        )


def _calls(grant: DemoGrant) -> Iterator[DemoCall]:
    """Twice a year the share of what was paid since, in hundreds, until nothing is left of the grant."""
    called = 0.0
    for on in _call_days(grant):
        paid = sum(one.amount_eur for one in grant.costs if one.is_eligible and one.paid_on and one.paid_on <= on)
        amount = min(grant.granted_eur, paid * grant.share) - called
        amount = amount // 100 * 100
        if amount > 0:
            yield _call(on, amount)
            called += amount


def _call_days(grant: DemoGrant) -> Iterator[date]:
    first, last = grant.granted_on or AS_OF, min(grant.call_until_on or AS_OF, AS_OF)
    for year in range(first.year, last.year + 1):
        yield from (day for day in (date(year, *one) for one in _CALL_DAYS) if first < day <= last)


def _call(called_on: date, amount_eur: float) -> DemoCall:
    paid_on = _workday(called_on + timedelta(days=_ANSWER_DAYS))
    return DemoCall(called_on, amount_eur, paid_on if paid_on <= AS_OF else None)


# --- what is planted --------------------------------------------------------------------------------------------------


def _planted(grants: Sequence[DemoGrant], projects: Sequence[DemoProject]) -> list[DemoGrant]:
    """The grants with what a tour shows of them; each thing at the first project that it fits."""
    found = {grant.key: grant for grant in grants}
    done = [grant for grant, project in zip(grants, projects, strict=True) if _is_done(project)]
    for grant, proven in zip(done, (_ending_soon, _proven, _sent, _overdue), strict=False):
        found[grant.key] = proven(grant)
    for grant, project in zip(grants, projects, strict=True):
        blocker = project.blocked[1] if project.blocked else ""
        if project.outcome is not None:
            found[grant.key] = _given_back(grant, project.outcome[1])
        elif blocker == "court_stop":
            found[grant.key] = _unused(grant)
        elif blocker == "tender_without_bids":
            found[grant.key] = replace(grant, call_until_on=date(2026, 12, 31), proof_due_on=date(2027, 6, 30))
    return list(found.values())


def _is_done(project: DemoProject) -> bool:
    accepted = [step for step in project.steps if step.stage == "acceptance" and step.is_required]
    return project.outcome is None and bool(accepted) and accepted[0].real[1] <= AS_OF


def _proven(grant: DemoGrant) -> DemoGrant:
    sent_on = _workday(grant.proof_due_on or AS_OF) - timedelta(days=21)
    return replace(
        grant,
        proof_sent_on=min(sent_on, AS_OF - timedelta(days=90)),
        proof_result="accepted",
        goal_rating="reached",
        goal_note="Fläche ist als Hof und Spielplatz angelegt",
    )


def _ending_soon(grant: DemoGrant) -> DemoGrant:
    rated = _proven(grant)
    note = "Fläche geräumt; die geplante Nachnutzung kam ein Jahr später"
    return replace(rated, binding_until_on=date(2027, 2, 28), goal_rating="partly", goal_note=note)


def _sent(grant: DemoGrant) -> DemoGrant:
    return replace(grant, proof_sent_on=date(2026, 10, 15), proof_due_on=date(2026, 10, 31))


def _overdue(grant: DemoGrant) -> DemoGrant:
    return replace(grant, proof_due_on=date(2026, 8, 31), call_until_on=date(2026, 2, 28))


def _unused(grant: DemoGrant) -> DemoGrant:
    """Paid in advance for vacating and gutting, which the court stopped; month 15 on the date of the data."""
    advance = DemoCall(date(2025, 8, 18), grant.granted_eur // 1_000 * 900.0, date(2025, 9, 8))
    return replace(grant, calls=(advance,))


def _given_back(grant: DemoGrant, ended_on: date) -> DemoGrant:
    """The house is renovated instead: what had come was paid back, and the notice was revoked."""
    came = DemoCall(ended_on - timedelta(days=160), 24_000.0, ended_on - timedelta(days=120))
    refunded = replace(came, refunded_on=ended_on + timedelta(days=30), refunded_eur=came.amount_eur)
    return replace(grant, calls=(refunded,), is_withdrawn=True, costs=())


def _half_years(first_on: date, number: int, amount_eur: float) -> tuple[DemoCall, ...]:
    return tuple(_call(months_later(first_on, 6 * at), amount_eur) for at in range(number))


def _staff_costs(first_on: date, number: int, amount_eur: float) -> tuple[DemoCost, ...]:
    days = [months_later(first_on, 6 * at) for at in range(number)]
    return tuple(DemoCost("staff", day, day + timedelta(days=14), amount_eur) for day in days)


_AREA_WIDE: Final = (
    DemoGrant(
        "FB-2024-91", CASE_MANAGEMENT, "Fachkraft Fallmanagement Wehringhausen, 2025 und 2026 (eine Stelle)",
        date(2024, 11, 20), 140_000.0, 0.8, date(2026, 12, 31), date(2027, 3, 31),
        area=("quartier", "wehringhausen"), goal="300 Beratungen im Jahr, feste Sprechstunde im Quartier",
        calls=_half_years(date(2025, 3, 3), 3, 28_000.0), costs=_staff_costs(date(2025, 6, 30), 3, 35_000.0),
    ),
    DemoGrant(
        "FB-2024-92", RENEWAL, "Hof- und Fassadenprogramm Bahnhofsviertel",
        date(2024, 5, 14), 250_000.0, 0.6, date(2027, 12, 31), date(2028, 6, 30), date(2038, 12, 31),
        area=("custom", "bahnhofsviertel"), goal="25 Fassaden und 10 Höfe erneuert",
        calls=(_call(date(2024, 11, 29), 24_000.0), _call(date(2025, 11, 28), 51_000.0)),
        costs=(
            DemoCost("renovation", date(2024, 10, 15), date(2024, 11, 5), 41_300.0),
            DemoCost("renovation", date(2025, 9, 22), date(2025, 10, 13), 66_850.5),
            DemoCost("public_space", date(2026, 6, 9), date(2026, 6, 30), 12_480.0),
            DemoCost("planning", date(2026, 10, 26), None, 4_165.0),
        ),
    ),
    DemoGrant(
        "FB-2025-93", RENEWAL, "Beratung zur Modernisierung, ganze Stadt",
        date(2025, 4, 8), 60_000.0, 0.5, date(2027, 6, 30), date(2027, 12, 31),
        goal="Jährlich 60 Erstberatungen", calls=(_call(date(2025, 11, 28), 9_500.0),),
        costs=(DemoCost("planning", date(2025, 10, 6), date(2025, 10, 27), 19_040.0),),
    ),
)  # fmt: skip
# The planted story of PI-0003 (`stories.py`): its notice was announced for the 29th.
_EXPECTED: Final = DemoGrant(
    "FB-2026-94", RENEWAL, "Modernisierung eines angekauften Hauses (acht Wohnungen)", None, 640_000.0, 0.6,
    date(2029, 12, 31), date(2030, 6, 30), date(2049, 12, 31), property_key="PI-0003", expected_on=date(2026, 11, 29),
    goal="Acht Wohnungen modernisiert, davon drei für große Haushalte",
)  # fmt: skip
