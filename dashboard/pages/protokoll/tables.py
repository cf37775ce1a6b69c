"""The log as a table: one declaration for the grid on the page and for its files.

Ordered by time alone: no column sorts by account, and nothing is counted for each of them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard.i18n import N_
from dashboard.pages.protokoll import words
from dashboard.tables import Column, RemoteTable, Slice, TablePage
from geodata.access import Asker
from geodata.audit.chain import LogEntry
from geodata.audit.reads import FIELDS, LogFilter, count_log, read_log


def read(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """The entries of a slice, in words."""
    chosen = LogFilter.from_query(query)
    found = read_log(asker, chosen, start=wanted.start, size=wanted.size)
    total = count_log(asker, chosen) if wanted.known_total is None else wanted.known_total
    return TablePage([row_values(one) for one in found], total)


def row_values(entry: LogEntry) -> dict[str, Any]:
    """One entry in the columns of the table."""
    return {
        "id": entry.number,
        "moment": words.moment(entry.at),
        "account": words.account(entry.account),
        "action": entry.action,
        "subject": words.subject(entry.subject),
        "details": words.details(entry.details),
        "number": entry.number,
    }


def _say(asker: Asker, query: Mapping[str, str]) -> Sequence[str]:
    return words.filter_in_words(LogFilter.from_query(query))


LOG: Final = RemoteTable(
    key="protokoll",
    title=N_("Log"),
    permission="audit:read",
    columns=(
        Column("moment", N_("Moment"), "text", width=230),
        Column("account", N_("Account"), "text", width=200),
        Column("action", N_("Action"), "code", code_list="audit_action", width=230),
        Column("subject", N_("What it concerned"), "text", width=320),
        Column("details", N_("Details"), "text", width=440),
        Column(
            "number",
            N_("No."),
            "integer",
            width=96,
            definition=N_("Running number within the city, without a gap: a missing one shows."),
        ),
    ),
    read=read,
    parameters=FIELDS,
    say=_say,
    is_versioned=False,
    source=N_("Log of this application"),
    files_for="audit:read",
)
