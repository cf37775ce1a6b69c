"""The forms: a grant with its calls, costs, proof of use and rating, and the programmes.

`about` of each holds the key of what it speaks of ("grant", "call", "cost"), "expected" (the version that was shown)
and "back", the query of this page to which it leads.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from dashboard.form import Form, FormProblem, FormWarning, Saved, Submission
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from dashboard.pages.foerderung import fields, ids
from dashboard.routes import href
from geodata.access import Asker
from geodata.edits.order import Order
from geodata.funding import edits
from geodata.funding.drafts import CallDraft, CostDraft, GrantDraft, ProgrammeDraft

PERMISSION: Final = "funding:write"
CITY: Final = "city"
_CONFIRM: Final = "withdraw"
_MOST_DIGITS: Final = 18


def add_grant(asker: Asker, submission: Submission) -> Saved:
    """A new grant; leads to it."""
    edited = edits.add_grant(asker, _order(submission, "foerderung-neu"), _grant(submission.values))
    return Saved(_("The grant was entered."), _back(submission, **{ids.GRANT: f"app:{edited.edit_id}:1"}))


def change_grant(asker: Asker, submission: Submission) -> Saved:
    """The facts of the notice anew."""
    draft = _grant(submission.values)
    edits.change_grant(asker, _order(submission, "foerderung-aendern"), _about(submission, ids.GRANT), draft)
    return _saved(submission, _("The grant was changed. The earlier version stays."))


def withdraw_grant(asker: Asker, submission: Submission) -> Saved:
    """Out of the lists and sums, after a question."""
    if _CONFIRM not in submission.confirmed:
        raise FormWarning(_CONFIRM, _("It leaves all lists and sums with its calls and costs. Its versions stay."))
    edits.withdraw_grant(asker, _order(submission, "foerderung-zurueckziehen"), _about(submission, ids.GRANT))
    return Saved(_("The grant was withdrawn."), _back(submission))


def send_proof(asker: Asker, submission: Submission) -> Saved:
    """When the proof of use was sent, and what came of it."""
    values = submission.values
    order = _order(submission, "foerderung-nachweis")
    key, sent_on, result = _about(submission, ids.GRANT), values["proof_sent_on"], values["proof_result"]
    edits.send_proof(asker, order, key, sent_on=sent_on, result=result)
    return _saved(submission, _("The proof of use was entered."))


def rate_goal(asker: Asker, submission: Submission) -> Saved:
    """Whether the goal was reached."""
    values, order = submission.values, _order(submission, "foerderung-ziel")
    rating, goal, note = values["goal_rating"] or "", values["goal"], values["goal_note"]
    edits.rate_goal(asker, order, _about(submission, ids.GRANT), rating=rating, goal=goal, note=note)
    return _saved(submission, _("The rating was saved."))


def add_call(asker: Asker, submission: Submission) -> Saved:
    """A new call."""
    order, key = _order(submission, "foerderung-abruf"), _about(submission, ids.GRANT)
    edits.add_call(asker, order, key, _call(submission.values))
    return _saved(submission, _("The call was entered."))


def change_call(asker: Asker, submission: Submission) -> Saved:
    """A call anew: what was paid on it, or a correction."""
    order, key = _order(submission, "foerderung-abruf-aendern"), _about(submission, ids.CALL)
    edits.change_call(asker, order, key, _call(submission.values))
    return _saved(submission, _("The call was changed."))


def withdraw_call(asker: Asker, submission: Submission) -> Saved:
    """A call that does not stand."""
    edits.withdraw_call(asker, _order(submission, "foerderung-abruf-weg"), _about(submission, ids.CALL))
    return _saved(submission, _("The call was withdrawn."))


def add_cost(asker: Asker, submission: Submission) -> Saved:
    """A new invoice."""
    order, key = _order(submission, "foerderung-kosten"), _about(submission, ids.GRANT)
    edits.add_cost(asker, order, key, _cost(submission.values))
    return _saved(submission, _("The cost was entered."))


def change_cost(asker: Asker, submission: Submission) -> Saved:
    """An invoice anew, or when it was paid."""
    order, key = _order(submission, "foerderung-kosten-aendern"), _about(submission, ids.COST)
    edits.change_cost(asker, order, key, _cost(submission.values))
    return _saved(submission, _("The cost was changed."))


def withdraw_cost(asker: Asker, submission: Submission) -> Saved:
    """An invoice that was entered by mistake."""
    edits.withdraw_cost(asker, _order(submission, "foerderung-kosten-weg"), _about(submission, ids.COST))
    return _saved(submission, _("The cost was withdrawn."))


def set_programme(asker: Asker, submission: Submission) -> Saved:
    """A programme with its terms, new or stated anew under its name."""
    values = submission.values
    plain = ("interest_from_month", "checked_after_months", "source")
    draft = ProgrammeDraft(
        key=values["key"] or "",
        funder=values["funder"] or "",
        is_interest_confirmed=bool(values["is_interest_confirmed"]),
        is_confirmed=bool(values["is_confirmed"]),
        **{name: values[name] for name in plain},
        **fields.shares(values, "usual_share", "least_share", "most_share"),
    )
    edits.set_programme(asker, _order(submission, "foerderprogramm"), draft)
    return _saved(submission, _("The programme was saved."))


# --- what they say ----------------------------------------------------------------------------------------------------


def _grant(values: Mapping[str, Any]) -> GrantDraft:
    plain = (
        "file_reference", "expected_on", "granted_on", "call_until_on", "binding_until_on", "proof_due_on", "goal",
        "interest_from_month", "checked_after_months",
    )  # fmt: skip
    amounts = fields.euros(values, "eligible_eur", "granted_eur")
    property_id, project_key, area_id = _place(values["place"] or "")
    return GrantDraft(
        programme=values["programme"] or "",
        title=values["title"] or "",
        eligible_eur=amounts["eligible_eur"],
        granted_eur=amounts["granted_eur"],
        share=fields.shares(values, "share")["share"],
        property_id=property_id,
        project_key=project_key,
        area_id=area_id,
        is_interest_confirmed=bool(values["is_interest_confirmed"]),
        **{name: values[name] for name in plain},
    )


def _place(chosen: str) -> tuple[int | None, str | None, int | None]:
    """Property, project and area of an entry of the menu: `city`, `area:7`, `property:12`, `property:12:RB-1/2020`."""
    if chosen == CITY:
        return None, None, None
    kind, _colon, rest = chosen.partition(":")
    number, _colon, project = rest.partition(":")
    if kind not in ("area", "property") or not number.isascii() or not number.isdecimal() or len(number) > _MOST_DIGITS:
        raise FormProblem({"place": _("Please choose one of the entries.")})
    return (None, None, int(number)) if kind == "area" else (int(number), project or None, None)


def _call(values: Mapping[str, Any]) -> CallDraft:
    amounts = fields.euros(values, "amount_eur", "paid_eur", "refunded_eur")
    return CallDraft(
        called_on=values["called_on"], paid_on=values["paid_on"], refunded_on=values["refunded_on"], **amounts
    )


def _cost(values: Mapping[str, Any]) -> CostDraft:
    return CostDraft(
        category=values["category"] or "",
        invoiced_on=values["invoiced_on"],
        paid_on=values["paid_on"],
        is_eligible=values["is_eligible"] is not False,
        **fields.euros(values, "amount_eur"),
    )


def _order(submission: Submission, kind: str) -> Order:
    return Order(submission.id, kind, expected=submission.expected)


def _about(submission: Submission, name: str) -> str:
    return submission.about.get(name, "")


def _saved(submission: Submission, message: str) -> Saved:
    key = _about(submission, ids.GRANT)
    return Saved(message, _back(submission, **({ids.GRANT: key} if key else {})))


def _back(submission: Submission, **more: str) -> str:
    """The page as the link before said it; only names that this page knows are taken over."""
    known = ("as_of", "lang", "area", *ids.RESTRICTING)
    before = {name: value for name, value in parse_qsl(_about(submission, "back")) if name in known}
    return href(ids.PATH, {**before, **more})


def _form(key: str, title: str, parts: Any, submit: str, save: Any) -> Form:
    return Form(key, title, PERMISSION, parts, submit, save)


ADD_GRANT: Final = _form("foerderung-neu", N_("Enter a grant"), fields.NOTICE, N_("Save the grant"), add_grant)
CHANGE_GRANT: Final = _form(
    "foerderung-aendern", N_("Change the grant"), fields.NOTICE, N_("Save the change"), change_grant
)
WITHDRAW_GRANT: Final = _form("foerderung-zurueckziehen", N_("Withdraw the grant"), (), N_("Withdraw"), withdraw_grant)
SEND_PROOF: Final = _form("foerderung-nachweis", N_("Enter the proof of use"), fields.PROOF, N_("Save"), send_proof)
RATE_GOAL: Final = _form("foerderung-ziel", N_("Rate the goal"), fields.RATING, N_("Save the rating"), rate_goal)
ADD_CALL: Final = _form("foerderung-abruf", N_("Enter a call"), fields.CALL, N_("Save the call"), add_call)
CHANGE_CALL: Final = _form(
    "foerderung-abruf-aendern", N_("Change the call"), fields.CALL, N_("Save the change"), change_call
)
WITHDRAW_CALL: Final = _form("foerderung-abruf-weg", N_("Withdraw the call"), (), N_("Withdraw"), withdraw_call)
ADD_COST: Final = _form("foerderung-kosten", N_("Enter a cost"), fields.COST, N_("Save the cost"), add_cost)
CHANGE_COST: Final = _form(
    "foerderung-kosten-aendern", N_("Change the cost"), fields.COST, N_("Save the change"), change_cost
)
WITHDRAW_COST: Final = _form("foerderung-kosten-weg", N_("Withdraw the cost"), (), N_("Withdraw"), withdraw_cost)
PROGRAMME: Final = _form(
    "foerderprogramm", N_("Terms of a programme"), fields.PROGRAMME, N_("Save the programme"), set_programme
)
FORMS: Final = (
    ADD_GRANT, CHANGE_GRANT, WITHDRAW_GRANT, SEND_PROOF, RATE_GOAL, ADD_CALL, CHANGE_CALL, WITHDRAW_CALL, ADD_COST,
    CHANGE_COST, WITHDRAW_COST, PROGRAMME,
)  # fmt: skip
