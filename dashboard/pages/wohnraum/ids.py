"""Ids and parts of the link of the page of housing."""

from typing import Final

BALANCE: Final = "wohnraum-balance"
# Parts of the link beside the filter: the view, one closed house by its key, a form, the question put to the pool, the
# span of the balance and the year of the survey.
VIEW: Final = "view"
HOUSE: Final = "house"
FORM: Final = "form"
NEED: Final = "need"
NEED_LARGE: Final = "need_large"
SPAN: Final = "span"
YEAR: Final = "year"
PARAMETERS: Final = (VIEW, HOUSE, FORM, NEED, NEED_LARGE, SPAN, YEAR)


def choice(name: str, code: str) -> str:
    """Id of a link that chooses one value of a part of the link."""
    return f"wohnraum-{name}-{code}"
