"""The forms of one project: its stages begun, done, planned, held up, going on, corrected, and the end of it all.

`about` holds property, project and stage, and as `expected` the version of the row that was shown (0 = there was none).
"""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.form import Form, FormField, FormWarning, Saved, Submission
from dashboard.i18n import N_, code_label
from dashboard.i18n import gettext as _
from dashboard.pages.rueckbau.form_parts import amount, blocker, day, euros, in_words, order, project_address
from geodata import codes
from geodata.access import Asker
from geodata.edits.order import REASON_LIMIT
from geodata.edits.projects import (
    PlanDraft,
    ReportDraft,
    block_stage,
    complete_stage,
    end_project,
    plan_stage,
    report_stage,
    start_stage,
    unblock_stage,
)

_PERMISSION: Final = "demolition:write"
_END: Final = "end"
_LEAVES_OUT: Final = "not_required"


def start(asker: Asker, submission: Submission) -> Saved:
    """A stage has begun."""
    owner, key, stage = _of(submission)
    with in_words(BY_KEY, START.key):
        start_stage(asker, order(submission, START.key), owner, key, stage, submission.values["actual_start_on"])
    return _saved(submission, _("Entered: %(stage)s has begun."))


def complete(asker: Asker, submission: Submission) -> Saved:
    """A stage is done."""
    owner, key, stage = _of(submission)
    cost = euros(submission, "cost_actual_eur")
    done_on = submission.values["actual_end_on"]
    with in_words(BY_KEY, COMPLETE.key):
        complete_stage(asker, order(submission, COMPLETE.key), owner, key, stage, done_on, cost_actual_eur=cost)
    return _saved(submission, _("Entered: %(stage)s is done."))


def plan(asker: Asker, submission: Submission) -> Saved:
    """The plan of a stage; leaving it out is asked once more, because it changes the progress."""
    owner, key, stage = _of(submission)
    values = submission.values
    is_required = bool(values["is_required"])
    if not is_required and _LEAVES_OUT not in submission.confirmed:
        text = _("A stage that is not required leaves both sums of the progress, and its planned dates and cost go.")
        raise FormWarning(_LEAVES_OUT, text)
    draft = PlanDraft(is_required, values["planned_start_on"], values["planned_end_on"],
                      euros(submission, "cost_planned_eur"))  # fmt: skip
    with in_words(BY_KEY, PLAN.key):
        plan_stage(asker, order(submission, PLAN.key), owner, key, stage, draft)
    return _saved(submission, _("The plan was saved: %(stage)s."))


def block(asker: Asker, submission: Submission) -> Saved:
    """Something holds a stage up."""
    owner, key, stage = _of(submission)
    values = submission.values
    with in_words(BY_KEY, BLOCK.key):
        block_stage(asker, order(submission, BLOCK.key), owner, key, stage, blocker=values["blocker"],
                    since_on=values["blocked_since_on"])  # fmt: skip
    return _saved(submission, _("Entered: %(stage)s is held up."))


def unblock(asker: Asker, submission: Submission) -> Saved:
    """A stage goes on."""
    owner, key, stage = _of(submission)
    with in_words(BY_KEY, UNBLOCK.key):
        unblock_stage(asker, order(submission, UNBLOCK.key), owner, key, stage, submission.values["blocked_until_on"])
    return _saved(submission, _("Entered: %(stage)s goes on."))


def report(asker: Asker, submission: Submission) -> Saved:
    """What happened in a stage, stated anew as a whole."""
    owner, key, stage = _of(submission)
    names = ("actual_start_on", "actual_end_on", "blocker", "blocked_since_on", "blocked_until_on")
    said = {name: submission.values[name] or None for name in names}
    draft = ReportDraft(**said, cost_actual_eur=euros(submission, "cost_actual_eur"))
    with in_words(BY_KEY, REPORT.key):
        report_stage(asker, order(submission, REPORT.key), owner, key, stage, draft)
    return _saved(submission, _("The correction was saved: %(stage)s."))


def end(asker: Asker, submission: Submission) -> Saved:
    """The project ends without being completed; asked once more."""
    owner, key, _stage = _of(submission)
    values = submission.values
    if _END not in submission.confirmed:
        outcome = code_label("demolition_outcome", values["outcome"])
        text = _(
            "The project then counts as: %(outcome)s. Nothing more is entered for it, and its plan no longer counts.",
            outcome=outcome,
        )
        raise FormWarning(_END, text)
    with in_words(BY_KEY, END.key):
        end_project(asker, order(submission, END.key), owner, key, outcome=values["outcome"],
                    ended_on=values["ended_on"])  # fmt: skip
    return Saved(_("The project has ended."), project_address(owner, key))


def _of(submission: Submission) -> tuple[int, str, str]:
    return submission.number("property"), submission.about.get("project", ""), submission.about.get("stage", "")


def _saved(submission: Submission, words: str) -> Saved:
    owner, key, stage = _of(submission)
    return Saved(words % {"stage": code_label("demolition_stage", stage)}, project_address(owner, key))


START: Final = Form("rueckbau-begonnen", N_("The stage has begun"), _PERMISSION,
                    (day("actual_start_on", N_("Begun on")),), N_("Enter the begin"), start)  # fmt: skip
COMPLETE: Final = Form(
    "rueckbau-erledigt", N_("The stage is done"), _PERMISSION,
    (day("actual_end_on", N_("Done on")), amount("cost_actual_eur", N_("What it cost"))),
    N_("Enter as done"), complete,
)  # fmt: skip
PLAN: Final = Form(
    "rueckbau-plan", N_("Plan of the stage"), _PERMISSION,
    (
        FormField("is_required", N_("This stage is required"), "yes_no",
                  hint=N_("What is not required leaves the denominator of the progress.")),
        day("planned_start_on", N_("Planned begin"), is_required=False, is_plan=True),
        day("planned_end_on", N_("Planned end"), is_required=False, is_plan=True),
        amount("cost_planned_eur", N_("Cost planned")),
    ),
    N_("Save the plan"), plan,
)  # fmt: skip
BLOCK: Final = Form(
    "rueckbau-blockiert", N_("Something holds the stage up"), _PERMISSION,
    (blocker(is_required=True), day("blocked_since_on", N_("Held up since"))),
    N_("Enter as held up"), block,
)  # fmt: skip
UNBLOCK: Final = Form(
    "rueckbau-weiter", N_("The stage goes on"), _PERMISSION, (day("blocked_until_on", N_("Goes on since")),),
    N_("Enter that it goes on"), unblock,
)  # fmt: skip
REPORT: Final = Form(
    "rueckbau-berichtigen", N_("Correct what happened"), _PERMISSION,
    (
        day("actual_start_on", N_("Begun on"), is_required=False),
        day("actual_end_on", N_("Done on"), is_required=False),
        amount("cost_actual_eur", N_("What it cost")),
        blocker(is_required=False),
        day("blocked_since_on", N_("Held up since"), is_required=False),
        day("blocked_until_on", N_("Goes on since"), is_required=False),
        FormField("reason", N_("Why"), "lines", max_length=REASON_LIMIT,
                  hint=N_("Only case workers read it. No names of residents.")),
    ),
    N_("Save the correction"), report,
)  # fmt: skip
END: Final = Form(
    "rueckbau-beenden", N_("End the project without demolition"), _PERMISSION,
    (
        FormField("outcome", N_("How it ends"), "choice", code_list="demolition_outcome",
                  codes=codes.DEMOLITION_OUTCOMES, is_required=True),
        day("ended_on", N_("Ended on")),
        FormField("reason", N_("Why"), "lines", is_required=True, max_length=REASON_LIMIT,
                  hint=N_("Only case workers read it. No names of residents.")),
    ),
    N_("End the project"), end,
)  # fmt: skip
OF_STAGES: Final = (START, COMPLETE, PLAN, BLOCK, UNBLOCK, REPORT)
BY_KEY: Final[Mapping[str, Any]] = {form.key: form for form in (*OF_STAGES, END)}
