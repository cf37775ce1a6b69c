"""The form that a link has opened on the page of one proceeding, in the list, or among the cuts of supply.

A form shows what is recorded today, whichever date the page is asked for: saved on top of a past state, it would take
back what came later.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from dashboard.components import edit_form, notice
from dashboard.form import Form
from dashboard.formatting import format_date
from dashboard.i18n import code_label
from dashboard.i18n import gettext as _
from dashboard.page import PageContext
from dashboard.pages.verfahren import forms, ids, links, values
from dashboard.pages.verfahren.safeguards import pool_panel
from geodata.access import Asker
from geodata.calendar import today
from geodata.filters import PropertyFilter
from geodata.housing.reads import read_pool
from geodata.measures.kinds import MeasureKind
from geodata.measures.reads import Measure, read_measure, read_step_facts
from geodata.measures.steps import StepFact
from geodata.measures.supply import SupplyCut, read_supply_cuts

_OF_PROCEEDING: Final = (
    forms.CHANGE, forms.CHANGE_CLOSING, forms.CLOSE, forms.STEP, forms.CHANGE_STEP, forms.MEET,
)  # fmt: skip
_OF_STEP: Final = (forms.CHANGE_STEP, forms.MEET)


def open_form(
    asker: Asker, context: PageContext, shown: Measure, kinds: Mapping[str, MeasureKind], others: Sequence[Measure]
) -> list[Component]:
    """The form of the link on the page of a proceeding; words where what it speaks of is gone."""
    form = _wanted(context, _OF_PROCEEDING)
    if form is None:
        return []
    now = read_measure(asker, shown.key, max(context.as_of, today())) or shown
    about = forms.about_of(context.query, forms.TO_PROCEEDING, measure=now.key, expected=str(now.id))
    back = links.proceeding(now.key, context.query)
    if form in _OF_STEP:
        fact = _step(asker, now, context.query)
        if fact is None:
            return [_gone()]
        about |= {"step": fact.key, "expected": str(fact.id)}
        return [_drawn(form, _step_values(form, fact, context), about, back, values.step_options(kinds[now.kind], ()),
                       words=_step_words(fact))]  # fmt: skip
    if form is forms.STEP:
        del about["expected"]
        day = values.first_step_day(context.as_of, today())
        first = {"happened_on": day, "kind": context.query.get(ids.KIND) or None}
        return [_drawn(form, first, about, back, values.step_options(kinds[now.kind], now.steps))]
    if form is forms.CLOSE:
        first = {"closed_on": values.first_step_day(context.as_of, today()), "outcome": None}
        return [_drawn(form, first, about, back, {})]
    return [
        _changed(asker, context, now, about, back, values.follows_options(others), is_closing=_is_closing(now, kinds))
    ]


def _changed(
    asker: Asker, context: PageContext, now: Measure, about: Mapping[str, str], back: str, options: values.Options,
    *, is_closing: bool,
) -> Component:  # fmt: skip
    """The facts of a proceeding; of one that closes a house with its safeguards and the pool beside it."""
    form = forms.CHANGE_CLOSING if is_closing else forms.CHANGE
    drawn = _drawn(form, values.measure_values(now), about, back, options)
    return with_pool(drawn, asker) if is_closing else drawn


def with_pool(drawn: Component, asker: Asker) -> Component:
    """A form with the pool of replacement housing beside it."""
    pool = html.Div(pool_panel(read_pool(asker, today())), className="verfahren-aside")
    return html.Div([html.Div(drawn, className="verfahren-main"), pool], className="verfahren-pair")


def _is_closing(now: Measure, kinds: Mapping[str, MeasureKind]) -> bool:
    return now.kind in kinds and kinds[now.kind].needs_safeguards


def _wanted(context: PageContext, known: Sequence[Form]) -> Form | None:
    """The form of the link for who may send it."""
    form = next((one for one in known if one.key == context.query.get(ids.FORM)), None)
    return form if form is not None and context.scope.allows(form.permission) else None


def _drawn(
    form: Form,
    first: Mapping[str, Any],
    about: Mapping[str, str],
    back: str,
    options: values.Options,
    *,
    words: str = "",
) -> Component:
    drawn = edit_form(form, values=first, about=about, cancel=back, options=options)
    said = [html.P(words, className="quiet")] if words else []
    return html.Section([*said, drawn], className="panel verfahren-form")


def _gone() -> Component:
    return notice(_("This entry is not there any more, or it is not yours to change."), kind="bad")


def _step(asker: Asker, measure: Measure, query: Mapping[str, str]) -> StepFact | None:
    facts = read_step_facts(asker, [measure.key]).get(measure.key, ())
    return next((one for one in facts if one.key == query.get(ids.STEP)), None)


def _step_values(form: Form, fact: StepFact, context: PageContext) -> dict[str, Any]:
    if form is forms.MEET:
        return {"met_on": max(fact.happened_on, values.first_step_day(context.as_of, today()))}
    return values.step_values(fact)


def _step_words(fact: StepFact) -> str:
    return _("%(step)s of %(day)s", step=code_label("measure_step", fact.kind), day=format_date(fact.happened_on))


# --- in the list ------------------------------------------------------------------------------------------------------


def meet_in_list(asker: Asker, context: PageContext) -> list[Component]:
    """The quick way: a deadline of the list is marked as met, and the list with its filter comes back."""
    if _wanted(context, (forms.MEET,)) is None:
        return []
    measure = read_measure(asker, context.query.get(ids.MEASURE, ""), max(context.as_of, today()))
    fact = _step(asker, measure, context.query) if measure else None
    if measure is None or fact is None:
        return [_gone()]
    about = forms.about_of(context.query, forms.TO_LIST, step=fact.key, expected=str(fact.id))
    back = links.same_page(context.query)
    words = f"{measure.address}: {code_label('measure_kind', measure.kind)}, {_step_words(fact)}"
    return [_drawn(forms.MEET, _step_values(forms.MEET, fact, context), about, back, {}, words=words)]


def cut_form(asker: Asker, context: PageContext) -> list[Component]:
    """The form that changes a cut of supply."""
    if _wanted(context, (forms.CHANGE_CUT,)) is None:
        return []
    one = _cut(asker, context.query.get(ids.CUT, ""), max(context.as_of, today()))
    if one is None:
        return [_gone()]
    about = forms.about_of(context.query, forms.TO_LIST, cut=one.key, expected=str(one.id))
    words = f"{one.address}: {code_label('utility', one.utility)}"
    return [_drawn(forms.CHANGE_CUT, values.cut_values(one), about, links.same_page(context.query), {}, words=words)]


def _cut(asker: Asker, key: str, day: date) -> SupplyCut | None:
    return next((one for one in read_supply_cuts(asker, PropertyFilter(as_of=day)) if one.key == key), None)
