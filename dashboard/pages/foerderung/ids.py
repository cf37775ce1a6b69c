"""Ids of the page and the parts of its link."""

from typing import Final

PATH: Final = "/foerderung"
FLOW, CLOCKS, TABLE = "foerderung-flow", "foerderung-clocks", "foerderung-table"
# Parts of the link: what restricts the grants, and what is opened.
PROGRAMME, STATE = "programme", "state_of_grant"
RESTRICTING: Final = (PROGRAMME, STATE)
GRANT, FORM, CALL, COST, PROPERTY = "grant", "form", "call", "cost", "property"
OPENED: Final = (GRANT, FORM, CALL, COST, PROPERTY)
PARAMETERS: Final = (*RESTRICTING, *OPENED)
NEW: Final = "neu"
PROGRAMME_FORM: Final = "programm"
