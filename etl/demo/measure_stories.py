"""The proceedings and cuts of supply of the eight planted stories, written by hand as their lives are."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from etl.demo.proceeding import Cut, Proceeding, Safeguards, Step

_HOUSING: Final = "housing_supervision"
_BUILDING: Final = "building_control"
_HEAD: Final = {_HOUSING: "Leitung der Wohnungsaufsicht", _BUILDING: "Leitung der Bauaufsicht"}
# The day for which the utility has announced its cut, and what it would cut off.
CUT_PLANNED_ON: Final = date(2026, 11, 24)


def tell() -> Iterator[Proceeding]:
    """The proceedings of the stories."""
    yield from _three_failed_visits()
    yield from _stopped_by_a_court()
    yield from _bought()
    yield from _agreed()
    yield from _without_replacement()
    yield from _threatened_cut()
    yield from _reopened()


def tell_cuts() -> list[Cut]:
    """Gas and water are to be cut off on one day because the landlord owes money."""
    return [
        Cut(
            "PI-0006", utility, "debts_of_landlord", 10, announced_on=date(2026, 11, 3), planned_on=CUT_PLANNED_ON,
            note="Zahlungsplan nicht eingehalten; Gespräch mit Versorger und Eigentum angesetzt",
        )
        for utility in ("gas", "water")
    ]  # fmt: skip


def _three_failed_visits() -> Iterator[Proceeding]:
    yield Proceeding(
        "PI-0001:order", "PI-0001", "housing_order", _HOUSING,
        (
            Step("hearing", date(2025, 2, 11), date(2025, 2, 14), date(2025, 3, 7)),
            Step("order", date(2025, 11, 4), date(2025, 11, 7), date(2025, 12, 12),
            note="Zutritt zu allen Wohnungen zu dulden"),
            Step("final", date(2025, 12, 9)),
        ),
        causes=("smoke_detectors", "damp_mould"), decided_by=_HEAD[_HOUSING], next_check_on=date(2026, 11, 18),
    )  # fmt: skip
    yield Proceeding(
        "PI-0001:fine", "PI-0001", "coercive_fine", _HOUSING,
        (Step("threat", date(2026, 10, 20), date(2026, 10, 23), date(2026, 11, 23), amount_eur=1_000.0),),
        follows="PI-0001:order",
    )  # fmt: skip


def _stopped_by_a_court() -> Iterator[Proceeding]:
    """The order rests, the fine does not: a court action suspends the order and not the coercive step."""
    yield Proceeding(
        "PI-0002:order", "PI-0002", "building_order", _BUILDING,
        (
            Step("hearing", date(2022, 4, 5), date(2022, 4, 8), date(2022, 5, 2)),
            Step("statement", date(2022, 4, 28)),
            Step("order", date(2025, 3, 11), date(2025, 3, 14), date(2025, 9, 15),
            note="Zweiten Rettungsweg herstellen"),
            Step("court_action", date(2025, 4, 9)),
            Step("court_decision", date(2025, 7, 15), note="Vollzug bis zur Entscheidung ausgesetzt"),
        ),
        causes=("second_escape_route", "fire_load"), decided_by=_HEAD[_BUILDING],
        court=((date(2025, 4, 9), "action_pending"), (date(2025, 7, 15), "suspended")),
        next_check_on=date(2026, 12, 15),
    )  # fmt: skip
    yield Proceeding(
        "PI-0002:fine", "PI-0002", "coercive_fine", _BUILDING,
        (
            Step("threat", date(2025, 5, 6), date(2025, 5, 9), date(2025, 6, 10), amount_eur=5_000.0),
            Step("fixing", date(2026, 10, 27), date(2026, 10, 30), date(2026, 11, 30), amount_eur=5_000.0),
        ),
        follows="PI-0002:order",
    )  # fmt: skip


def _bought() -> Iterator[Proceeding]:
    yield Proceeding(
        "PI-0003:acquisition", "PI-0003", "purchase", _BUILDING,
        (
            Step("talk", date(2021, 9, 14)),
            Step("offer", date(2022, 3, 8), date(2022, 3, 11), date(2022, 4, 29), amount_eur=184_000.0),
            Step("council_decision", date(2022, 9, 22)),
            Step("contract", date(2022, 11, 17), amount_eur=179_000.0),
            Step("transfer", date(2023, 2, 14)),
        ),
        closed_on=date(2023, 2, 14), outcome="acquired", causes=("vacancy", "facade"),
        decided_by="Rat der Beispielstadt",
    )  # fmt: skip


def _agreed() -> Iterator[Proceeding]:
    yield Proceeding(
        "PI-0004:talks", "PI-0004", "talks", _HOUSING,
        (Step("talk", date(2024, 3, 19)), Step("talk", date(2026, 9, 8), due_on=date(2027, 1, 12))),
        causes=("waste",),
    )  # fmt: skip
    yield Proceeding(
        "PI-0008:talks", "PI-0008", "talks", _HOUSING,
        (Step("invitation", date(2024, 8, 20), date(2024, 8, 23)),
        Step("talk", date(2024, 9, 10), due_on=date(2025, 3, 14), met_on=date(2025, 3, 11))),
        causes=("waste", "pests"),
    )  # fmt: skip


def _without_replacement() -> Iterator[Proceeding]:
    """Nothing may be cleared while no dwelling is there to offer: the safeguards say so."""
    yield Proceeding(
        "PI-0005:order", "PI-0005", "housing_order", _HOUSING,
        (
            Step("hearing", date(2024, 2, 6), date(2024, 2, 9), date(2024, 3, 4)),
            Step("order", date(2024, 4, 9), date(2024, 4, 12), date(2024, 10, 14),
            note="Elektroanlage und Decken instand setzen"),
            Step("final", date(2024, 5, 14)),
        ),
        causes=("electricity", "building_other"), decided_by=_HEAD[_HOUSING],
    )  # fmt: skip
    yield Proceeding(
        "PI-0005:closed", "PI-0005", "uninhabitable", _HOUSING,
        (Step("hearing", date(2026, 8, 18), date(2026, 8, 21), date(2026, 9, 18)),
        Step("statement", date(2026, 9, 15))),
        follows="PI-0005:order", causes=("electricity", "building_other", "damp_mould"), decided_by=_HEAD[_HOUSING],
        safeguards=Safeguards(
            ("talks", "order_to_repair", "partial_use_ban"), 0, 0, _HEAD[_HOUSING],
            "Teilsperrung geprüft: Leitungen laufen durch alle Geschosse. Ersatzwohnraum für 6 Wohnungen fehlt noch.",
        ),
        next_check_on=date(2026, 11, 20),
    )  # fmt: skip


def _threatened_cut() -> Iterator[Proceeding]:
    yield Proceeding(
        "PI-0006:agreement", "PI-0006", "agreement", _HOUSING,
        (Step("agreement_signed", date(2023, 5, 9), due_on=date(2026, 9, 30), note="Zahlungsplan mit dem Versorger"),
        Step("ended", date(2026, 11, 3))),
        closed_on=date(2026, 11, 3), outcome="replaced", causes=("gas_or_water",),
    )  # fmt: skip
    yield Proceeding(
        "PI-0006:order", "PI-0006", "housing_order", _HOUSING,
        (Step("hearing", date(2026, 11, 3), date(2026, 11, 6), date(2026, 11, 17)),),
        follows="PI-0006:agreement", causes=("supply_cut", "gas_or_water"), next_check_on=date(2026, 11, 17),
    )  # fmt: skip


def _reopened() -> Iterator[Proceeding]:
    yield Proceeding(
        "PI-0007:agreement", "PI-0007", "agreement", _HOUSING,
        (Step("agreement_signed", date(2018, 6, 12), due_on=date(2021, 6, 30)), Step("fulfilled", date(2021, 11, 9))),
        closed_on=date(2021, 11, 9), outcome="amicable", causes=("facade", "damp_mould"),
    )  # fmt: skip
    yield Proceeding(
        "PI-0007:talks", "PI-0007", "talks", _HOUSING,
        (Step("invitation", date(2025, 9, 23), date(2025, 9, 26)),
        Step("talk", date(2025, 10, 14), due_on=date(2026, 12, 8))),
        causes=("damp_mould", "pests"), next_check_on=date(2026, 12, 8),
    )  # fmt: skip
