"""The tables of the page, as grids and as files: closed houses, dwellings lost and won, the pool, the survey."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from dashboard.pages.wohnraum import ids
from dashboard.pages.wohnraum.pool_forms import state_words
from dashboard.pages.wohnraum.question import SURVEY_PERMISSION, Question
from dashboard.table import Column, RemoteTable, Slice, TablePage
from geodata.access import Asker
from geodata.housing.reads import Closure, read_changes, read_closures, read_pool_dwellings
from geodata.housing.survey import SurveyRow, read_survey
from geodata.housing.survey_form import COLUMNS, IS_CONFIRMED


def _question(query: Mapping[str, str]) -> Question:
    return Question.from_query(query, date.fromisoformat(query["as_of"]))


def _houses(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """Closed houses, the latest first."""
    return TablePage.of([_house(one) for one in read_closures(asker, _question(query).chosen)], wanted)


def _house(one: Closure) -> dict[str, Any]:
    names = ("key", "property_id", "property_key", "address", "closed_on", "cause", "outcome", "since_on")
    counts = ("affected", "rehoused", "returned", "moved_elsewhere", "not_known")
    return {
        "id": one.key,
        **{name: getattr(one, name) for name in names},
        **{name: getattr(one.households, name) for name in counts},
        "large": one.large_households_affected,
        "measure_key": one.measure_key,
    }


def _changes(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """Dwellings lost and won of the period of the link, the latest first."""
    question = _question(query)
    names = ("property_id", "property_key", "address", "happened_on", "kind", "dwellings_lost", "dwellings_won",
             "large_flats_lost", "large_flats_won", "programme")  # fmt: skip
    found = read_changes(asker, question.chosen, question.period)
    return TablePage.of([{"id": one.key, **{name: getattr(one, name) for name in names}} for one in found], wanted)


def _dwellings(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """What can be had of the pool on the date, free or taken, the smallest first; without an address."""
    as_of = date.fromisoformat(query["as_of"])
    names = ("key", "rooms", "area_m2", "places", "is_barrier_free", "provider", "area_name", "available_from_on",
             "available_until_on", "taken_on", "released_on", "is_large")  # fmt: skip
    found = [
        {"id": one.key, **{name: getattr(one, name) for name in names}, "state": state_words(one, as_of)}
        for one in read_pool_dwellings(asker, as_of)
        if one.is_there(as_of)
    ]
    return TablePage.of(found, wanted)


def _survey(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """The survey of the year of the link."""
    question = _question(query)
    rows = read_survey(asker, question.year, question.chosen)
    return TablePage.of([{"id": f"{row.by}:{row.code}", "row": row_name(row), **row.counts} for row in rows], wanted)


def _say_survey(_asker: Asker, query: Mapping[str, str]) -> Sequence[str]:
    said = [_("Year %(year)s", year=_question(query).year)]
    return said if IS_CONFIRMED else [*said, _("The form of the survey is not confirmed yet.")]


def row_name(row: SurveyRow) -> str:
    """What a row of the survey counts."""
    if row.by == "all":
        return _("All cases")
    if row.by == "owner":
        return _("Form of ownership: %(form)s", form=code_label("ownership_form", row.code))
    return _("Cause: %(cause)s", cause=code_label("measure_cause", row.code))


_OF_OBJECT: Final = (
    Column("address", N_("Address"), "link", width=220, link="/objekt/{property_id}"),
    Column("property_key", N_("Key"), "text", width=110),
)
HOUSES: Final = RemoteTable(
    key="geschlossene_haeuser",
    title=N_("Closed houses"),
    permission="housing:read",
    read=_houses,
    columns=(
        *_OF_OBJECT,
        Column("closed_on", N_("Day of the closing"), "date", width=120),
        Column("cause", N_("Cause"), "code", code_list="closure_cause", width=180),
        Column("outcome", N_("What became of it"), "code", code_list="closure_outcome", width=150),
        Column("since_on", N_("Since"), "date", width=120),
        Column("affected", N_("Households affected"), "integer",
               definition=N_("Households that had to leave; empty = nobody wrote down how many.")),
        Column("large", N_("of these large"), "integer"),
        Column("rehoused", N_("In replacement housing"), "integer"),
        Column("returned", N_("Returned"), "integer"),
        Column("moved_elsewhere", N_("Moved elsewhere"), "integer"),
        Column("not_known", N_("Whereabouts not known"), "integer",
               definition=N_("Affected, less those who are in replacement housing, back, or elsewhere.")),
        Column("measure_key", N_("Proceeding"), "text", permission="proceeding:read"),
    ),
)  # fmt: skip
CHANGES: Final = RemoteTable(
    key="wohnungsbilanz",
    title=N_("Dwellings lost and won"),
    permission="housing:read",
    read=_changes,
    parameters=(ids.SPAN,),
    columns=(
        *_OF_OBJECT,
        Column("happened_on", N_("Day"), "date", width=120),
        Column("kind", N_("By what"), "code", code_list="dwelling_change", width=180),
        Column("dwellings_lost", N_("Lost"), "integer", width=100),
        Column("dwellings_won", N_("Won"), "integer", width=110),
        Column("large_flats_lost", N_("Large ones lost"), "integer", width=140),
        Column("large_flats_won", N_("Large ones won"), "integer", width=140),
        Column("programme", N_("Programme"), "text", width=240),
    ),
)
DWELLINGS: Final = RemoteTable(
    key="ersatzwohnraum",
    title=N_("Replacement dwellings"),
    permission="housing:read",
    read=_dwellings,
    columns=(
        Column("key", N_("Dwelling"), "text", width=110),
        Column("state", N_("State"), "text", width=215),
        Column("rooms", N_("Rooms"), "integer", width=90),
        Column("area_m2", N_("Floor area in m²"), "decimal", width=130),
        Column("is_large", N_("Large"), "yes_no", width=90,
               definition=N_("By the bounds of the city, which may not be confirmed yet.")),
        Column("places", N_("For how many persons"), "integer", width=140),
        Column("is_barrier_free", N_("Can be reached without steps"), "yes_no"),
        Column("provider", N_("Kind of provider"), "code", code_list="dwelling_provider", width=170),
        Column("area_name", N_("Area"), "text"),
        Column("available_from_on", N_("Available from"), "date", width=120),
        Column("available_until_on", N_("Available until"), "date", width=120),
        Column("taken_on", N_("Taken from"), "date", width=120),
        Column("released_on", N_("Free again from"), "date", width=120),
    ),
)  # fmt: skip
SURVEY_TABLE: Final = RemoteTable(
    key="wohnungsaufsicht_erhebung",
    title=N_("Survey of housing law"),
    permission=SURVEY_PERMISSION,
    read=_survey,
    parameters=(ids.YEAR,),
    say=_say_survey,
    columns=(
        Column("row", N_("Breakdown"), "text", width=260),
        *(Column(one.key, one.title, "integer", definition=one.definition) for one in COLUMNS),
    ),
)
TABLES: Final = (HOUSES, CHANGES, DWELLINGS, SURVEY_TABLE)
