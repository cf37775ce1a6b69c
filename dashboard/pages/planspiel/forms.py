"""The forms of saved scenarios: save what the link asks, rename, withdraw.

A form says by its `about` what it is about, in pieces of at most PIECE letters, because a question with many wishes is
longer than one value may be. The numbers are computed anew from it: what a browser sends is no number of ours.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode

from dashboard.auth import signed_in
from dashboard.deps import Deps
from dashboard.form import Form, FormField, FormProblem, MalformedForm, Saved, Submission
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from dashboard.pages.planspiel.run import answered, asked_of, read_stock
from dashboard.routes import href
from geodata.access import Asker
from geodata.calendar import today
from geodata.edits import STATEMENT_SECONDS, Order
from geodata.errors import InvalidEdit, InvalidFilter
from geodata.scenario.question import Scenario, to_query
from geodata.scenario.saved import NAME_LIMIT, NOTE_LIMIT, rename_scenario, save_scenario, withdraw_scenario
from geodata.scenario.summary import summary_of

PIECE: Final = 180
_PERMISSION: Final = "scenario:write"
_PIECES: Final = 11


def about(scenario: Scenario) -> dict[str, str]:
    """What the form to save is about."""
    text = urlencode(to_query(scenario), safe=":,")
    return {f"q{number}": text[at : at + PIECE] for number, at in enumerate(range(0, len(text), PIECE))}


def asked_query(sent: Mapping[str, str]) -> dict[str, str]:
    """The parts of the link of which `about` spoke."""
    return dict(parse_qsl("".join(sent.get(f"q{number}", "") for number in range(_PIECES))))


def save(deps: Deps, submission: Submission) -> Saved:
    """Compute outside of the transaction of the edit, then keep question and numbers."""
    scope, query = signed_in().scope, asked_query(submission.about)
    scope.require(_PERMISSION)
    with deps.access.open(scope, statement_seconds=STATEMENT_SECONDS) as asker:
        stock = read_stock(asker, query, today())
    try:
        scenario = asked_of(stock, query)
    except InvalidFilter as refused:
        raise MalformedForm(str(refused)) from refused
    summary = summary_of(stock.areas, answered(stock, scenario))
    name, note = submission.values["name"], submission.values["note"]
    with deps.access.open(scope, statement_seconds=STATEMENT_SECONDS) as asker:
        try:
            saved = save_scenario(asker, Order(submission.id, SAVE.key), name, scenario, summary, note)
        except InvalidEdit as refused:
            raise _too_many(refused) from refused
    # The date that pages show unasked can move on with what was entered; the answer must not change under one's eyes.
    day = None if scenario.as_of == today() else scenario.as_of.isoformat()
    return Saved(_("The scenario was saved."), href("/planspiel", {"scenario": saved.scenario_id, "as_of": day}))


def _too_many(refused: InvalidEdit) -> Exception:
    if refused.fields.get("form") != "too_many":
        return refused
    return FormProblem(message=_("There are too many saved scenarios already. Please withdraw some of them first."))


def rename(asker: Asker, submission: Submission) -> Saved:
    """Another name and note; the numbers stay."""
    number = submission.number("scenario")
    order = Order(submission.id, RENAME.key, expected=submission.expected)
    rename_scenario(asker, order, number, submission.values["name"], submission.values["note"])
    return Saved(_("The scenario has its new name."), href("/planspiel", {"scenario": number}))


def withdraw(asker: Asker, submission: Submission) -> Saved:
    """Out of the list; what was released stays released."""
    withdraw_scenario(asker, Order(submission.id, WITHDRAW.key), submission.number("scenario"))
    return Saved(_("The scenario was withdrawn."), href("/planspiel"))


_WORDS: Final = (
    FormField(
        "name", N_("Name"), "text", is_required=True, max_length=NAME_LIMIT,
        hint=N_("Under which your colleagues find it."),
    ),
    FormField(
        "note", N_("Note"), "lines", max_length=NOTE_LIMIT,
        hint=N_("What it is for. No names and nothing about single objects."),
    ),
)  # fmt: skip
SAVE: Final = Form(
    key="planspiel-speichern", title=N_("Save this scenario"), permission=_PERMISSION, fields=_WORDS,
    submit=N_("Save the scenario"), save=save, opens="none",
)  # fmt: skip
RENAME: Final = Form(
    key="planspiel-umbenennen", title=N_("Rename"), permission=_PERMISSION, fields=_WORDS,
    submit=N_("Save the name"), save=rename,
)  # fmt: skip
WITHDRAW: Final = Form(
    key="planspiel-zurueckziehen",
    title=N_("Withdraw"),
    permission=_PERMISSION,
    submit=N_("Withdraw the scenario"),
    save=withdraw,
    fields=(
        FormField(
            "confirmed", N_("Confirmation"), "choices", is_required=True,
            options=(("withdraw", N_("Take this scenario out of the list.")),),
            hint=N_("Links to it will find nothing. What was released of it stays released."),
        ),
    ),
)  # fmt: skip
