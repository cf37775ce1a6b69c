"""Reporting that something in the assessment of this property is wrong. `about`: "property" (id)."""

from typing import Final

from dashboard.form import Form, FormField, Saved, Submission
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from dashboard.routes import href
from geodata import codes
from geodata.access import Asker
from geodata.assessment.edits import NOTE_LIMIT, ReportDraft
from geodata.assessment.edits import report as report_error
from geodata.edits import Order


def report(asker: Asker, submission: Submission) -> Saved:
    """A report; building control decides it on the page of assessments."""
    values, property_id = submission.values, submission.number("property")
    draft = ReportDraft(values["contribution"], values["problem"] or "", values["note"])
    report_error(asker, Order(submission.id, REPORT.key), property_id, draft)
    dated = {"as_of": submission.about["as_of"]} if submission.about.get("as_of") else {}
    return Saved(_("The error was reported. Building control decides about it."), href(f"/objekt/{property_id}", dated))


REPORT: Final = Form(
    "bewertung-melden", N_("Report an error in the assessment"), "assessment:report",
    (
        FormField("contribution", N_("What is wrong"), "choice", code_list="assessment_contribution",
                  codes=codes.ASSESSMENT_CONTRIBUTIONS, hint=N_("Empty = the assessment as a whole.")),
        FormField("problem", N_("What is wrong with it"), "choice", code_list="report_problem",
                  codes=codes.REPORT_PROBLEMS, is_required=True),
        FormField("note", N_("In words"), "lines", max_length=NOTE_LIMIT,
                  hint=N_("Only case workers read it. No names of residents.")),
    ),
    N_("Report"), report,
)  # fmt: skip
