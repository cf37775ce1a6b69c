"""The acquisitions of a link, with the demolition project of their object where it has one."""

from collections.abc import Mapping, Sequence

from dashboard.pages.erwerb.question import Question
from geodata.access import Asker
from geodata.demolitions import read_projects
from geodata.measures.acquisitions import FAMILY, Acquisition, acquisition_of
from geodata.measures.reads import MeasureWish, read_measures


def read_acquisitions(asker: Asker, question: Question) -> list[Acquisition]:
    """The acquisitions of the filter, of the way and where they stand; those that began last come first."""
    wish = MeasureWish(
        families=(FAMILY,), kinds=(question.way,) if question.way else (), sort="opened_on", descending=True
    )
    found = [acquisition_of(one, question.chosen.as_of) for one in read_measures(asker, question.chosen, wish)]
    return [one for one in found if question.state in (None, one.state)]


def read_project_keys(asker: Asker, question: Question, found: Sequence[Acquisition]) -> Mapping[int, str]:
    """The demolition project of each object: the latest where there are several."""
    if not found or not asker.scope.allows("demolition:read"):
        return {}
    wanted = {one.measure.property_id for one in found}
    projects = sorted(read_projects(asker, question.chosen), key=lambda one: one.key)
    return {one.property_id: one.key for one in projects if one.property_id in wanted}
