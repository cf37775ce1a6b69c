"""The table of grants, for the grid and as files."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from dashboard.i18n import N_
from dashboard.pages.foerderung import ids, words
from dashboard.pages.foerderung.shown import wish_of
from dashboard.table import Column, RemoteTable, Slice, TablePage
from geodata.access import Asker
from geodata.areas import read_areas
from geodata.filters import PropertyFilter
from geodata.funding.grants import SORTS, Grant, Sort, select_grants
from geodata.funding.reads import read_grants


def read_rows(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """A slice of the grants of the filter."""
    chosen = PropertyFilter.from_query(query)
    grants = read_grants(asker, chosen)
    sort: Sort = next((name for name in SORTS if name == wanted.sort), "proof_due_on")  # type: ignore[assignment]
    ordered = select_grants(grants, replace(wish_of(query), sort=sort, descending=wanted.descending))
    as_of = grants[0].as_of if grants else chosen.as_of
    areas = {area.id: area for area in read_areas(asker, as_of)} if as_of else {}
    rows = [_row(one, words.place(one, areas)) for one in ordered]
    return TablePage.of(rows, wanted)


def _row(one: Grant, place: str) -> dict[str, Any]:
    names = (
        "programme", "title", "file_reference", "granted_on", "eligible_eur", "share", "called_eur", "paid_eur",
        "spent_eur", "call_until_on", "proof_due_on", "binding_until_on", "goal_rating", "state", "unused_eur",
    )  # fmt: skip
    # What is only expected is in no sum of granted money, so it stands in a column of its own.
    amounts = {
        "granted_eur": one.granted_eur if one.is_granted else None,
        "expected_eur": None if one.is_granted else one.granted_eur,
        "own_share_eur": one.own_share_eur if one.is_granted else None,
    }
    return {name: getattr(one, name) for name in names} | amounts | {"id": one.key, "key": one.key, "place": place}


def say(asker: Asker, query: Mapping[str, str]) -> Sequence[str]:
    """Programme and state of a link in words, for files."""
    return words.filter_parts(query)


GRANTS: Final = RemoteTable(
    key="foerderungen",
    title=N_("Grants"),
    permission="funding:read",
    columns=(
        Column("title", N_("What the money is for"), "link", width=250, is_sortable=True,
               link=f"{ids.PATH}?{ids.GRANT}={{key}}",
               definition=N_("What the money is for.")),
        Column("place", N_("Place"), "text", width=190, is_sortable=True,
               definition=N_("Address of the object, name of the area, or the whole city.")),
        Column("programme", N_("Programme"), "text", width=220, is_sortable=True,
               definition=N_("Funding programme that the notice names.")),
        Column("state", N_("How it stands"), "code", code_list="grant_state", width=190, is_sortable=True,
               definition=N_("Expected, running, or how far its proof of use is.")),
        Column("granted_on", N_("Notice of"), "date", width=116, is_sortable=True,
               definition=N_("Date of the notice; empty where it is only expected.")),
        Column("granted_eur", N_("Granted"), "money", width=122, is_sortable=True,
               definition=N_("Amount of the notice; empty where it is only expected.")),
        Column("expected_eur", N_("Still expected"), "money", width=150,
               definition=N_("What was applied for, until the notice comes.")),
        Column("called_eur", N_("Called"), "money", width=122, is_sortable=True,
               definition=N_("Sum of the calls until the as-of date.")),
        Column("paid_eur", N_("Paid"), "money", width=122, is_sortable=True,
               definition=N_("What came until the as-of date, less what was paid back.")),
        Column("spent_eur", N_("Spent"), "money", width=122, is_sortable=True,
               definition=N_("Invoices that the city paid until the as-of date, those not eligible included.")),
        Column("unused_eur", N_("Unused"), "money", width=122,
               definition=N_("What came and was not used for eligible costs yet.")),
        Column("eligible_eur", N_("Eligible"), "money", width=122,
               definition=N_("Cost of which the grant takes a share.")),
        Column("share", N_("Share"), "percent", width=96, is_sortable=True,
               definition=N_("Share of the eligible cost that is granted.")),
        Column("own_share_eur", N_("Own share"), "money", width=122,
               definition=N_("Eligible cost less the amount granted; empty where the notice is only expected.")),
        Column("call_until_on", N_("Calls until"), "date", width=122, is_sortable=True,
               definition=N_("Last day on which money may be called.")),
        Column("proof_due_on", N_("Proof due on"), "date", width=128, is_sortable=True,
               definition=N_("Last day for the proof of use.")),
        Column("binding_until_on", N_("Bound until"), "date", width=128, is_sortable=True,
               definition=N_("Last day on which what was funded is bound to its purpose.")),
        Column("goal_rating", N_("Goal"), "code", width=150,
               definition=N_("Whether the goal of the notice was reached, as the city rates it.")),
        Column("key", N_("Key"), "text", width=120, definition=N_("Key of the grant.")),
    ),
    read=read_rows,
    default_sort="proof_due_on",
    parameters=ids.RESTRICTING,
    say=say,
)  # fmt: skip
